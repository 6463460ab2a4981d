/* SPDX-License-Identifier: Apache-2.0 */
/** How long members take to agree on keys, and what it costs on the wire. */
@NullMarked
@CheckReturnValue
package org.perc4j.bench.keying;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
