/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What the protocol adds to XMPP stanzas, all of it in the namespace {@code urn:x-perc4j:mls:0}.
 *
 * <p>In a message to the room or to one occupant, a part of a message:
 *
 * <pre>{@code
 * <mls xmlns='urn:x-perc4j:mls:0' kind='commit' id='k3' part='0' parts='3'>BASE64</mls>
 * }</pre>
 *
 * <p>In presence, the mark of an occupant that speaks the protocol, with what it publishes:
 *
 * <pre>{@code
 * <mls xmlns='urn:x-perc4j:mls:0'>BASE64</mls>
 * }</pre>
 */
@NullMarked
@CheckReturnValue
package org.perc4j.e2e.xmpp.element;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
