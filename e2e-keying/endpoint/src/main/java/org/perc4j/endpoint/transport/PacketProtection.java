/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.transport;

import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.srtp.CryptexPolicy;
import org.perc4j.e2e.srtp.DoubleSrtpResult;
import org.perc4j.e2e.srtp.MediaPacket;

/**
 * What protects the packets of one transport. RTP has an end-to-end step, which does nothing where
 * there is one layer, and a hop-by-hop step; RTCP has the latter only. Packets are changed in
 * place. Not thread-safe.
 */
public interface PacketProtection {
  /**
   * Makes what a profile asks for.
   *
   * @param keyingMaterial what the DTLS exporter yielded; zeroed
   * @param isClient whether this side was the DTLS client
   * @param endToEnd the inner layer if the profile is a double one; null if none can be negotiated
   */
  static PacketProtection of(
      SrtpProfile profile,
      byte[] keyingMaterial,
      boolean isClient,
      @Nullable EndToEnd endToEnd,
      CryptexPolicy cryptex) {
    if (!profile.isDouble()) {
      return new PlainProtection(profile, keyingMaterial, isClient);
    }
    if (endToEnd == null) {
      throw new IllegalStateException("a double profile without an inner layer");
    }
    return new DoubleProtection(profile, keyingMaterial, isClient, endToEnd, cryptex);
  }

  /** Protects an RTP packet from everyone but the conference's members. */
  DoubleSrtpResult protectInner(MediaPacket packet);

  /** Protects an RTP packet on its way to the bridge. */
  DoubleSrtpResult protectOuter(MediaPacket packet);

  /** Undoes what the bridge did when it sent an RTP packet. */
  DoubleSrtpResult unprotectOuter(MediaPacket packet);

  /**
   * Undoes what the sender did for the conference's members.
   *
   * @param sender whose packet it should be
   */
  DoubleSrtpResult unprotectInner(MediaPacket packet, String sender);

  /** Protects a compound RTCP packet; the result says whether that was possible. */
  boolean protectRtcp(OctetBuffer packet);

  /** Undoes it; the result says whether the packet is authentic. */
  boolean unprotectRtcp(OctetBuffer packet);
}
