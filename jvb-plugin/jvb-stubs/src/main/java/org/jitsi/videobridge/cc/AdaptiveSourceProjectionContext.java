/* SPDX-License-Identifier: Apache-2.0 */
package org.jitsi.videobridge.cc;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jitsi.nlj.PacketInfo;
import org.jitsi.rtp.rtcp.RtcpSrPacket;

/**
 * Signature only. Upstream:
 * jvb/src/main/java/org/jitsi/videobridge/cc/AdaptiveSourceProjectionContext.java
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

  ObjectNode getDebugState();
}
