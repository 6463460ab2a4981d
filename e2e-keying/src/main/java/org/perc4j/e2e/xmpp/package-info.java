/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Octets over the conference's room: a {@link org.perc4j.e2e.room.RoomChannel} carries them, a
 * {@link org.perc4j.e2e.room.RoomEvent} tells what happened in the room, in the room's order. What
 * the octets mean is not known here.
 */
@NullMarked
@CheckReturnValue
package org.perc4j.e2e.xmpp;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
