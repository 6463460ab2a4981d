/* SPDX-License-Identifier: Apache-2.0 */
package org.jitsi.rtp.rtcp;

import org.jitsi.rtp.Packet;

/** Signature only. Upstream: rtp/src/main/kotlin/org/jitsi/rtp/rtcp/RtcpPacket.kt */
public abstract class RtcpPacket extends Packet {
  public RtcpPacket(byte[] buffer, int offset, int length) {
    super(buffer, offset, length);
  }

  public final long getSenderSsrc() {
    throw new AssertionError("stub");
  }
}
