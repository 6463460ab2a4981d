/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.transport;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.srtp.CryptexPolicy;
import org.perc4j.e2e.srtp.DoubleSrtpProfile;
import org.perc4j.e2e.srtp.DoubleSrtpResult;
import org.perc4j.e2e.srtp.InnerReceiver;
import org.perc4j.e2e.srtp.InnerSender;
import org.perc4j.e2e.srtp.MediaPacket;
import org.perc4j.e2e.srtp.OuterKeys;
import org.perc4j.e2e.srtp.OuterReceiver;
import org.perc4j.e2e.srtp.OuterSender;
import org.perc4j.e2e.srtp.SrtpMasterKey;

/** Double SRTP: the bridge sees headers only. */
final class DoubleProtection implements PacketProtection {
  private final DoubleSrtpProfile profile;
  private final KeyDirectory keys;
  private final InnerSender innerSender;
  private final OuterSender outerSender;
  private final OuterReceiver outerReceiver;
  private final SingleLayer rtcp;
  private final Map<String, InnerReceiver> innerReceivers = new HashMap<>();

  /**
   * Takes over the exporter's octets, of which the inner halves are erased unread.
   *
   * @param self whose key to send under
   */
  DoubleProtection(
      SrtpProfile profile,
      byte[] keyingMaterial,
      boolean isClient,
      String self,
      KeyDirectory keys,
      CryptexPolicy cryptex) {
    this.profile = DoubleSrtpProfile.fromId(profile.id());
    this.keys = keys;
    OuterKeys outer = OuterKeys.fromExporter(this.profile, keyingMaterial, isClient);
    outerSender = new OuterSender(this.profile, outer.send(), cryptex);
    outerReceiver = new OuterReceiver(this.profile, outer.receive(), cryptex);
    rtcp =
        SingleLayer.of(
            profile, outer.copySendKeyForHopByHopRtcp(), outer.copyReceiveKeyForHopByHopRtcp());
    outer.destroy();
    SrtpMasterKey own = keys.innerKey(self, this.profile);
    if (own == null) {
      throw new IllegalStateException("no key for " + self);
    }
    innerSender = new InnerSender(this.profile, own);
    own.destroy();
  }

  @Override
  public DoubleSrtpResult protectInner(MediaPacket packet) {
    return innerSender.protect(packet);
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
    InnerReceiver receiver = innerReceiver(sender);
    return receiver == null
        ? DoubleSrtpResult.INNER_AUTHENTICATION_FAILED
        : receiver.unprotect(packet);
  }

  private @Nullable InnerReceiver innerReceiver(String sender) {
    InnerReceiver receiver = innerReceivers.get(sender);
    if (receiver == null) {
      SrtpMasterKey key = keys.innerKey(sender, profile);
      if (key == null) {
        return null;
      }
      receiver = new InnerReceiver(profile, key);
      key.destroy();
      innerReceivers.put(sender, receiver);
    }
    return receiver;
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
