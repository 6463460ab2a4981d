/* SPDX-License-Identifier: Apache-2.0 */
/** Conferences as Jitsi clients hold them: rooms on an XMPP server, set up by Jicofo in Jingle. */
@NullMarked
@CheckReturnValue
package org.perc4j.it.jingle;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
