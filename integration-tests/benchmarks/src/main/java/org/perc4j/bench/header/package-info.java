/* SPDX-License-Identifier: Apache-2.0 */
/** What header extensions cost a packet. */
@NullMarked
@CheckReturnValue
package org.perc4j.bench.header;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
