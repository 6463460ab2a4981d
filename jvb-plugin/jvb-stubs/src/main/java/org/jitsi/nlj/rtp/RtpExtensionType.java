/* SPDX-License-Identifier: Apache-2.0 */
package org.jitsi.nlj.rtp;

/**
 * Signature only. Upstream:
 * jitsi-media-transform/src/main/kotlin/org/jitsi/nlj/rtp/RtpExtensions.kt
 */
public enum RtpExtensionType {
  CSRC_AUDIO_LEVEL,
  SSRC_AUDIO_LEVEL,
  ABS_SEND_TIME,
  FRAME_MARKING,
  ORIGINAL_HEADER_BLOCK,
  TRANSPORT_CC,
  RTP_STREAM_ID,
  TOF,
  VIDEO_CONTENT_TYPE,
  VIDEO_ORIENTATION,
  AV1_DEPENDENCY_DESCRIPTOR,
  VLA,
  MID
}
