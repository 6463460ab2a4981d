/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.session;

import java.time.Clock;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.GroupPolicy;
import org.perc4j.e2e.protocol.ProtocolTiming;
import org.perc4j.e2e.protocol.SessionEvent;
import org.perc4j.e2e.session.ConferenceSession.PacketListener;
import org.perc4j.e2e.srtp.DoubleSrtpProfile;
import org.perc4j.e2e.srtp.EpochKeyring;

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
          null);

  /** Copies the nicknames. */
  public SessionOptions {
    tolerated = Set.copyOf(tolerated);
  }

  /** These options with another profile. */
  public SessionOptions withProfile(DoubleSrtpProfile other) {
    return new SessionOptions(
        other,
        maxMembers,
        timing,
        keyTiming,
        clock,
        privateRoom,
        tolerated,
        codeExecutor,
        heldPackets);
  }

  /** These options with other timers. */
  public SessionOptions withTiming(ProtocolTiming other) {
    return new SessionOptions(
        profile,
        maxMembers,
        other,
        keyTiming,
        clock,
        privateRoom,
        tolerated,
        codeExecutor,
        heldPackets);
  }

  /** These options with other timing of the keys. */
  public SessionOptions withKeyTiming(EpochKeyring.Timing other) {
    return new SessionOptions(
        profile,
        maxMembers,
        timing,
        other,
        clock,
        privateRoom,
        tolerated,
        codeExecutor,
        heldPackets);
  }

  /** These options for more or fewer members. */
  public SessionOptions withMaxMembers(int other) {
    return new SessionOptions(
        profile,
        other,
        timing,
        keyTiming,
        clock,
        privateRoom,
        tolerated,
        codeExecutor,
        heldPackets);
  }

  /** These options with another clock. */
  public SessionOptions withClock(Clock other) {
    return new SessionOptions(
        profile,
        maxMembers,
        timing,
        keyTiming,
        other,
        privateRoom,
        tolerated,
        codeExecutor,
        heldPackets);
  }

  /** These options for a room in which nothing is sent unless everybody is a member, or not so. */
  public SessionOptions withPrivateRoom(boolean other) {
    return new SessionOptions(
        profile, maxMembers, timing, keyTiming, clock, other, tolerated, codeExecutor, heldPackets);
  }

  /** These options with other occupants who may be outside of the group. */
  public SessionOptions withTolerated(String... nicknames) {
    return new SessionOptions(
        profile,
        maxMembers,
        timing,
        keyTiming,
        clock,
        privateRoom,
        Set.of(nicknames),
        codeExecutor,
        heldPackets);
  }

  /** These options with codes made elsewhere; a session asks for one at a time. */
  public SessionOptions withCodesMadeBy(Executor other) {
    return withCodeExecutor(other);
  }

  /** These options for endpoints that show no code to anybody: recorders, bots. */
  public SessionOptions withoutCodes() {
    return withCodeExecutor(null);
  }

  /**
   * These options with packets held that come ahead of their epoch's news.
   *
   * @param listener is given those of them that their epoch opens; not called concurrently for one
   *     session
   */
  public SessionOptions withHeldPackets(PacketListener listener) {
    return new SessionOptions(
        profile,
        maxMembers,
        timing,
        keyTiming,
        clock,
        privateRoom,
        tolerated,
        codeExecutor,
        listener);
  }

  private SessionOptions withCodeExecutor(@Nullable Executor other) {
    return new SessionOptions(
        profile, maxMembers, timing, keyTiming, clock, privateRoom, tolerated, other, heldPackets);
  }
}
