/* SPDX-License-Identifier: Apache-2.0 */
/** What tests know of the keys that a bridge has. */
@NullMarked
@CheckReturnValue
package org.perc4j.it.transport;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
