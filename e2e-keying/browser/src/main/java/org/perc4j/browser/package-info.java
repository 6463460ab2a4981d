/* SPDX-License-Identifier: Apache-2.0 */

/** What of the core a page sees. */
@NullMarked
@CheckReturnValue
package org.perc4j.browser;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
