/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.call;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.Member;
import org.perc4j.e2e.protocol.SessionEvent;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.signalling.Source;

/** What happens in a room that is being joined, or was. */
public sealed interface CallEvent {
  /** Somebody has to let this one in: it waits in the room's lobby. */
  record WaitsInLobby() implements CallEvent {}

  /** Something happened to the group: who is a member, codes, trust, keys, its end. */
  record Group(SessionEvent event) implements CallEvent {}

  /** There is a bridge, and media can flow; another one than before after a move. */
  record Connected() implements CallEvent {}

  /**
   * The bridge is not reached, or not any more. It is tried again by itself.
   *
   * @param detail a line for people
   */
  record Disconnected(String detail) implements CallEvent {}

  /**
   * The deployment does not take the codec of the own pictures: nobody sees them. All else goes on.
   */
  record CodecRefused(VideoCodec codec) implements CallEvent {}

  /**
   * Somebody is in the room, or shows something else of itself than before. It need not be a member
   * of the group, and nothing of it is proven: the server may have made it up.
   */
  record OccupantShown(Occupant occupant) implements CallEvent {}

  /**
   * Somebody is not in the room any more.
   *
   * @param nickname in the room
   */
  record OccupantGone(String nickname) implements CallEvent {}

  /**
   * Somebody speaks, as the bridge says.
   *
   * @param occupant nickname in the room
   * @param member who proved to be that, to the group; null for whoever is no member of it
   */
  record Speaker(String occupant, @Nullable Member member) implements CallEvent {}

  /**
   * Whose video the bridge forwards, of what is wanted and there is room for.
   *
   * @param sources their names
   */
  record Forwarded(Set<String> sources) implements CallEvent {
    /** Copies the set. */
    public Forwarded {
      sources = Set.copyOf(sources);
    }
  }

  /**
   * Somebody needs a key frame of the own pictures, or there is room again for a layer that was
   * left out.
   *
   * @param layer an encoding or, if there is one only, a spatial layer; 0 the lowest
   */
  record KeyFrameWanted(int layer) implements CallEvent {}

  /**
   * So much the network carries of what is sent; told when it has changed by some percent.
   *
   * @param bitsPerSecond for all that is sent together
   */
  record SendingRate(long bitsPerSecond) implements CallEvent {}

  /** A source is not there any more. */
  record SourceGone(Source source) implements CallEvent {}

  /** Something went wrong that should not; the call goes on. */
  record Failed(Exception cause) implements CallEvent {}
}
