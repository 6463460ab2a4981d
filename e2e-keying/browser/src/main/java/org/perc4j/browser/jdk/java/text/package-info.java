/* SPDX-License-Identifier: Apache-2.0 */

/**
 * Classes of {@code java.text} that TeaVM's class library does not have, as far as the core and
 * Bouncy Castle need them.
 */
@NullMarked
@CheckReturnValue
package org.perc4j.browser.jdk.java.text;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
