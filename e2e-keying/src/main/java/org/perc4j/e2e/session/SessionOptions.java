/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.session;

import java.time.Clock;
import org.perc4j.e2e.mls.GroupPolicy;
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
 */
public record SessionOptions(
    DoubleSrtpProfile profile,
    int maxMembers,
    ProtocolTiming timing,
    EpochKeyring.Timing keyTiming,
    Clock clock) {

  /** AES-128 and the default timers. */
  public static final SessionOptions DEFAULT =
      new SessionOptions(
          DoubleSrtpProfile.DOUBLE_AEAD_AES_128_GCM_AEAD_AES_128_GCM,
          GroupPolicy.DEFAULT_MAX_MEMBERS,
          ProtocolTiming.DEFAULT,
          EpochKeyring.Timing.DEFAULT,
          Clock.systemUTC());

  /** These options with another profile. */
  public SessionOptions withProfile(DoubleSrtpProfile other) {
    return new SessionOptions(other, maxMembers, timing, keyTiming, clock);
  }

  /** These options with other timers. */
  public SessionOptions withTiming(ProtocolTiming other) {
    return new SessionOptions(profile, maxMembers, other, keyTiming, clock);
  }

  /** These options with other timing of the keys. */
  public SessionOptions withKeyTiming(EpochKeyring.Timing other) {
    return new SessionOptions(profile, maxMembers, timing, other, clock);
  }

  /** These options for more or fewer members. */
  public SessionOptions withMaxMembers(int other) {
    return new SessionOptions(profile, other, timing, keyTiming, clock);
  }
}
