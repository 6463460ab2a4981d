/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.transport;

import org.perc4j.e2e.srtp.CryptexPolicy;
import org.perc4j.e2e.srtp.DoubleSrtpResult;
import org.perc4j.e2e.srtp.MediaPacket;
import org.perc4j.e2e.srtp.OuterKeys;
import org.perc4j.e2e.srtp.OuterReceiver;
import org.perc4j.e2e.srtp.OuterSender;
import org.perc4j.header.srtp.DoubleSrtpProfile;

/** Double SRTP: the bridge sees headers only. */
final class DoubleProtection implements PacketProtection {
  private final EndToEnd endToEnd;
  private final OuterSender outerSender;
  private final OuterReceiver outerReceiver;
  private final SingleLayer rtcp;

  /**
   * Takes over the exporter's octets, of which the inner halves are erased unread.
   *
   * @param endToEnd the other layer
   */
  DoubleProtection(
      SrtpProfile profile,
      byte[] keyingMaterial,
      boolean isClient,
      EndToEnd endToEnd,
      CryptexPolicy cryptex) {
    this.endToEnd = endToEnd;
    DoubleSrtpProfile both = DoubleSrtpProfile.fromId(profile.id());
    OuterKeys outer = OuterKeys.fromExporter(both, keyingMaterial, isClient);
    outerSender = new OuterSender(both, outer.send(), cryptex);
    outerReceiver = new OuterReceiver(both, outer.receive(), cryptex);
    rtcp =
        SingleLayer.of(
            profile, outer.copySendKeyForHopByHopRtcp(), outer.copyReceiveKeyForHopByHopRtcp());
    outer.destroy();
  }

  @Override
  public DoubleSrtpResult protectInner(MediaPacket packet) {
    return endToEnd.protect(packet);
  }

  @Override
  public DoubleSrtpResult protectOuter(MediaPacket packet) {
    return outerSender.protect(packet);
  }

  @Override
  public DoubleSrtpResult unprotectOuter(MediaPacket packet) {
    return outerReceiver.unprotect(packet);
  }

  @Override
  public DoubleSrtpResult unprotectInner(MediaPacket packet, String sender) {
    return endToEnd.unprotect(packet, sender);
  }

  @Override
  public boolean protectRtcp(OctetBuffer packet) {
    return rtcp.protectRtcp(packet);
  }

  @Override
  public boolean unprotectRtcp(OctetBuffer packet) {
    return rtcp.unprotectRtcp(packet);
  }
}
