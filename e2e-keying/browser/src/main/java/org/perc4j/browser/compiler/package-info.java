/* SPDX-License-Identifier: Apache-2.0 */

/** What compiles the core for browsers; runs on a JVM while the module is built. */
@NullMarked
@CheckReturnValue
package org.perc4j.browser.compiler;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
