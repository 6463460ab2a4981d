/* SPDX-License-Identifier: Apache-2.0 */
package org.jitsi.videobridge.cc;

import org.jitsi.nlj.PacketInfo;
import org.jitsi.rtp.rtcp.RtcpSrPacket;

/**
 * Signature only. Upstream:
 * jvb/src/main/java/org/jitsi/videobridge/cc/AdaptiveSourceProjectionContext.java; getDebugState,
 * whose return type differs between releases, is left out.
 */
public interface AdaptiveSourceProjectionContext {
  boolean accept(PacketInfo packetInfo, int targetIndex);

  boolean needsKeyframe();

  void rewriteRtp(PacketInfo packetInfo) throws RewriteException;

  boolean rewriteRtcp(RtcpSrPacket rtcpSrPacket);

  RtpState getRtpState();

  default Object getPersistentState() {
    return null;
  }
}
