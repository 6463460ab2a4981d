/* SPDX-License-Identifier: Apache-2.0 */
package org.jitsi.nlj.rtp;

/**
 * Signature only. Upstream:
 * jitsi-media-transform/src/main/kotlin/org/jitsi/nlj/rtp/PaddingVideoPacket.kt
 */
public final class PaddingVideoPacket extends VideoRtpPacket {
  private PaddingVideoPacket(byte[] buffer, int offset, int length) {
    super(buffer, offset, length, 0);
  }
}
