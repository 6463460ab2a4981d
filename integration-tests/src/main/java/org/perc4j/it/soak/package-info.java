/* SPDX-License-Identifier: Apache-2.0 */

/**
 * A conference that goes on for as long as asked, with people who come, go and die, a bad network
 * and a server that restarts, and what became of it; and a long meeting of clients and
 * applications.
 */
@NullMarked
@CheckReturnValue
package org.perc4j.it.soak;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
