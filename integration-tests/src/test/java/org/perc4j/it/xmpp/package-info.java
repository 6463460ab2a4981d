/* SPDX-License-Identifier: Apache-2.0 */
/** Rooms on a real XMPP server. */
@NullMarked
@CheckReturnValue
package org.perc4j.it.xmpp;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
