/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A member's part in a private conference: {@link org.perc4j.e2e.session.ConferenceSession} is what
 * an application uses. Data flows one way:
 *
 * <pre>
 *   room (xmpp) -&gt; protocol -&gt; group (mls) -&gt; epoch keyring (srtp) -&gt; protect, unprotect
 * </pre>
 *
 * <p>docs/protocol.md specifies the messages, the timers and the states.
 */
@NullMarked
@CheckReturnValue
package org.perc4j.e2e.session;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
