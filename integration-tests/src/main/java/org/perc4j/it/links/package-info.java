/* SPDX-License-Identifier: Apache-2.0 */
/** Calls to a receiver whose network carries less than it is sent, and what it sees and hears. */
@NullMarked
@CheckReturnValue
package org.perc4j.it.links;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
