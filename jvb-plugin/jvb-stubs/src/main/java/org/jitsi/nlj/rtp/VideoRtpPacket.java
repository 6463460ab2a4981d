/* SPDX-License-Identifier: Apache-2.0 */
package org.jitsi.nlj.rtp;

import org.jitsi.rtp.rtp.RtpPacket;

/**
 * Signature only. Upstream:
 * jitsi-media-transform/src/main/kotlin/org/jitsi/nlj/rtp/VideoRtpPacket.kt
 */
public class VideoRtpPacket extends RtpPacket {
  public VideoRtpPacket(byte[] buffer, int offset, int length, int encodingId) {
    super(buffer, offset, length);
  }

  public final int getEncodingId() {
    throw new AssertionError("stub");
  }
}
