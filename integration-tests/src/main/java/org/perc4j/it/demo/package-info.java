/* SPDX-License-Identifier: Apache-2.0 */
/** A conference to look at. */
@NullMarked
@CheckReturnValue
package org.perc4j.it.demo;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
