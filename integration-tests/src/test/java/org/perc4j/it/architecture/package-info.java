/* SPDX-License-Identifier: Apache-2.0 */
/** How the modules and their libraries hang together. */
@NullMarked
@CheckReturnValue
package org.perc4j.it.architecture;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
