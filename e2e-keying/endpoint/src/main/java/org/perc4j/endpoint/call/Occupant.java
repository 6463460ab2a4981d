/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.call;

import org.jspecify.annotations.Nullable;

/**
 * What somebody in the room shows of itself. The server could change it: what is proven, the
 * group's roster has.
 *
 * @param nickname in the room, by which members of the group and sources are known
 * @param displayName for people, with nothing in it that does something to a terminal, at most 200
 *     characters; null if there is none
 * @param audioMuted whether it says that it sends no sound
 * @param videoMuted whether it says that it sends no pictures
 */
public record Occupant(
    String nickname, @Nullable String displayName, boolean audioMuted, boolean videoMuted) {}
