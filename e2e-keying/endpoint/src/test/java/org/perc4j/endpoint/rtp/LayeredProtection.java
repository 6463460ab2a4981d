/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.rtp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.perc4j.e2e.srtp.DoubleSrtpResult;
import org.perc4j.e2e.srtp.MediaPacket;
import org.perc4j.endpoint.transport.OctetBuffer;
import org.perc4j.endpoint.transport.PacketProtection;

/** Layers that change nothing, and decide what they are told to; counts what it was asked. */
final class LayeredProtection implements PacketProtection {
  final List<String> senders = new ArrayList<>();
  final Map<Integer, DoubleSrtpResult> outer = new HashMap<>();
  DoubleSrtpResult inner = DoubleSrtpResult.OK;
  DoubleSrtpResult sending = DoubleSrtpResult.OK;
  boolean authenticReports = true;

  private static int sequenceNumber(MediaPacket packet) {
    byte[] octets = packet.buffer();
    return (octets[packet.offset() + 2] & 0xFF) << 8 | (octets[packet.offset() + 3] & 0xFF);
  }

  @Override
  public DoubleSrtpResult protectInner(MediaPacket packet) {
    return sending;
  }

  @Override
  public DoubleSrtpResult protectOuter(MediaPacket packet) {
    return DoubleSrtpResult.OK;
  }

  @Override
  public DoubleSrtpResult unprotectOuter(MediaPacket packet) {
    return outer.getOrDefault(sequenceNumber(packet), DoubleSrtpResult.OK);
  }

  @Override
  public DoubleSrtpResult unprotectInner(MediaPacket packet, String sender) {
    senders.add(sender);
    return inner;
  }

  @Override
  public boolean protectRtcp(OctetBuffer packet) {
    return true;
  }

  @Override
  public boolean unprotectRtcp(OctetBuffer packet) {
    return authenticReports;
  }
}
