/* SPDX-License-Identifier: Apache-2.0 */
/** Receivers that go through the layers of what a bridge forwards to them. */
@NullMarked
@CheckReturnValue
package org.perc4j.it.layers;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
