/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.session;

import java.time.Clock;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.GroupPolicy;
import org.perc4j.e2e.mls.Role;
import org.perc4j.e2e.mls.SpokenProtection;
import org.perc4j.e2e.protocol.ProtocolTiming;
import org.perc4j.e2e.protocol.SessionEvent;
import org.perc4j.e2e.session.ConferenceSession.PacketListener;
import org.perc4j.e2e.srtp.EpochKeyring;
import org.perc4j.header.srtp.DoubleSrtpProfile;

/**
 * What a session can be told. Members of one conference have to agree on the profile.
 *
 * @param profile says how long the inner keys are
 * @param maxMembers the most members of the group, 2 to 32768
 * @param timing the protocol's timers
 * @param keyTiming when keys are taken into use and erased
 * @param clock for the lifetimes of key packages
 * @param privateRoom whether nothing is sent while somebody is in the room who is no member of the
 *     group: a newcomer until it is let in, and any client that does not speak the protocol
 * @param tolerated nicknames of occupants who are expected not to speak the protocol, of whom
 *     nothing is told and for whom nothing waits. <b>A nickname proves nothing</b>: whoever has it
 *     is not waited for, and reads nothing all the same
 * @param codeExecutor makes the codes of {@link SessionEvent.CodeReady}, each of which takes some
 *     tens of milliseconds and 32 MiB; by default one thread for all sessions. Null if no codes are
 *     wanted
 * @param role what this endpoint says of itself: an audience of listeners is spared the work of
 *     changing keys
 * @param protection what this endpoint says of itself: how it can protect media
 * @param heldPackets is given packets that came ahead of their epoch's news, see {@link
 *     ConferenceSession#unprotect}; null if none are to be held
 */
public record SessionOptions(
    DoubleSrtpProfile profile,
    int maxMembers,
    ProtocolTiming timing,
    EpochKeyring.Timing keyTiming,
    Clock clock,
    boolean privateRoom,
    Set<String> tolerated,
    @Nullable Executor codeExecutor,
    Role role,
    SpokenProtection protection,
    @Nullable PacketListener heldPackets) {

  /** The nickname of Jitsi's conference focus, Jicofo. */
  public static final String JITSI_FOCUS = "focus";

  /** AES-128 and the default timers. */
  public static final SessionOptions DEFAULT =
      new SessionOptions(
          DoubleSrtpProfile.DOUBLE_AEAD_AES_128_GCM_AEAD_AES_128_GCM,
          GroupPolicy.DEFAULT_MAX_MEMBERS,
          ProtocolTiming.DEFAULT,
          EpochKeyring.Timing.DEFAULT,
          Clock.systemUTC(),
          false,
          Set.of(JITSI_FOCUS),
          CodeMaker.oneThread(),
          Role.SPEAKER,
          SpokenProtection.DOUBLE_ONLY,
          null);

  /** Copies the nicknames. */
  public SessionOptions {
    tolerated = Set.copyOf(tolerated);
  }

  /** These options with another profile. */
  public SessionOptions withProfile(DoubleSrtpProfile other) {
    return with(copy -> copy.profile = other);
  }

  /** These options with other timers. */
  public SessionOptions withTiming(ProtocolTiming other) {
    return with(copy -> copy.timing = other);
  }

  /** These options with other timing of the keys. */
  public SessionOptions withKeyTiming(EpochKeyring.Timing other) {
    return with(copy -> copy.keyTiming = other);
  }

  /** These options for more or fewer members. */
  public SessionOptions withMaxMembers(int other) {
    return with(copy -> copy.maxMembers = other);
  }

  /** These options with another clock. */
  public SessionOptions withClock(Clock other) {
    return with(copy -> copy.clock = other);
  }

  /** These options for a room in which nothing is sent unless everybody is a member, or not so. */
  public SessionOptions withPrivateRoom(boolean other) {
    return with(copy -> copy.privateRoom = other);
  }

  /** These options with other occupants who may be outside of the group. */
  public SessionOptions withTolerated(String... nicknames) {
    return with(copy -> copy.tolerated = Set.of(nicknames));
  }

  /** These options with codes made elsewhere; a session asks for one at a time. */
  public SessionOptions withCodesMadeBy(Executor other) {
    return with(copy -> copy.codeExecutor = other);
  }

  /** These options for endpoints that show no code to anybody: recorders, bots. */
  public SessionOptions withoutCodes() {
    return with(copy -> copy.codeExecutor = null);
  }

  /**
   * These options for an endpoint that only listens, or not so. It is asked to change keys only
   * when nobody is left who speaks. One that begins to speak may do so all the same; to be counted
   * among the speakers, it has to join again.
   */
  public SessionOptions withRole(Role other) {
    return with(copy -> copy.role = other);
  }

  /** These options for an endpoint that can protect media otherwise. */
  public SessionOptions withProtection(SpokenProtection other) {
    return with(copy -> copy.protection = other);
  }

  /**
   * These options with packets held that come ahead of their epoch's news.
   *
   * @param listener is given those of them that their epoch opens; not called concurrently for one
   *     session
   */
  public SessionOptions withHeldPackets(PacketListener listener) {
    return with(copy -> copy.heldPackets = listener);
  }

  private SessionOptions with(Consumer<Copy> change) {
    Copy copy = new Copy(this);
    change.accept(copy);
    return copy.options();
  }

  /** The same options, to be changed. */
  private static final class Copy {
    private DoubleSrtpProfile profile;
    private int maxMembers;
    private ProtocolTiming timing;
    private EpochKeyring.Timing keyTiming;
    private Clock clock;
    private boolean privateRoom;
    private Set<String> tolerated;
    private @Nullable Executor codeExecutor;
    private Role role;
    private SpokenProtection protection;
    private @Nullable PacketListener heldPackets;

    Copy(SessionOptions of) {
      this.profile = of.profile;
      this.maxMembers = of.maxMembers;
      this.timing = of.timing;
      this.keyTiming = of.keyTiming;
      this.clock = of.clock;
      this.privateRoom = of.privateRoom;
      this.tolerated = of.tolerated;
      this.codeExecutor = of.codeExecutor;
      this.role = of.role;
      this.protection = of.protection;
      this.heldPackets = of.heldPackets;
    }

    SessionOptions options() {
      return new SessionOptions(
          profile,
          maxMembers,
          timing,
          keyTiming,
          clock,
          privateRoom,
          tolerated,
          codeExecutor,
          role,
          protection,
          heldPackets);
    }
  }
}
