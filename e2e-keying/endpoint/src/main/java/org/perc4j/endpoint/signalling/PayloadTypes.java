/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.signalling;

import org.jspecify.annotations.Nullable;
import org.perc4j.endpoint.media.VideoCodec;

/**
 * RTP payload types and header extension identifiers, the same for all endpoints of all
 * conferences.
 */
public final class PayloadTypes {
  /** Opus (RFC 7587). */
  public static final int OPUS = 111;

  /** VP8 (RFC 7741). */
  public static final int VP8 = 100;

  /** Repair packets for VP8 (RFC 4588). */
  public static final int RTX = 96;

  private static final int VP9 = 101;
  private static final int VP9_RTX = 97;
  private static final int AV1 = 41;
  private static final int AV1_RTX = 42;
  private static final int H264 = 107;
  private static final int H264_RTX = 99;

  /** Audio level (RFC 6464). */
  public static final int AUDIO_LEVEL_EXTENSION = 1;

  /** Absolute send time. */
  public static final int SEND_TIME_EXTENSION = 3;

  /** Transport-wide sequence number. */
  public static final int TRANSPORT_SEQUENCE_EXTENSION = 5;

  /** Frame marking (RFC 9626). */
  public static final int FRAME_MARKING_EXTENSION = 9;

  /** Dependency descriptor (RTP Payload Format for AV1, appendix A). */
  public static final int DEPENDENCY_DESCRIPTOR_EXTENSION = 11;

  private PayloadTypes() {}

  /** Returns the payload type of a codec. */
  public static int of(VideoCodec codec) {
    return switch (codec) {
      case VP8 -> VP8;
      case VP9 -> VP9;
      case AV1 -> AV1;
      case H264 -> H264;
    };
  }

  /** Returns the payload type of repair packets for a codec (RFC 4588). */
  public static int repairOf(VideoCodec codec) {
    return switch (codec) {
      case VP8 -> RTX;
      case VP9 -> VP9_RTX;
      case AV1 -> AV1_RTX;
      case H264 -> H264_RTX;
    };
  }

  /** Returns the codec of a payload type, or null if it is none of video. */
  public static @Nullable VideoCodec codec(int payloadType) {
    for (VideoCodec codec : VideoCodec.values()) {
      if (of(codec) == payloadType) {
        return codec;
      }
    }
    return null;
  }

  /** Returns the payload type of what a repair packet carries, or -1 if it is none. */
  public static int repaired(int payloadType) {
    for (VideoCodec codec : VideoCodec.values()) {
      if (repairOf(codec) == payloadType) {
        return of(codec);
      }
    }
    return -1;
  }
}
