/* SPDX-License-Identifier: Apache-2.0 */
package org.jitsi.rtp.rtcp;

/** Signature only. Upstream: rtp/src/main/kotlin/org/jitsi/rtp/rtcp/RtcpSrPacket.kt */
public final class RtcpSrPacket extends RtcpPacket {
  public RtcpSrPacket(byte[] buffer, int offset, int length) {
    super(buffer, offset, length);
  }
}
