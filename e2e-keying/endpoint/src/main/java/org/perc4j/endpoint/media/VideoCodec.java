/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.media;

import java.util.List;

/** How video is encoded, and what others call it. */
public enum VideoCodec {
  /** RFC 6386, in RTP by RFC 7741. */
  VP8("VP80"),
  /** In RTP by RFC 9628. */
  VP9("VP90"),
  /** AV1, in RTP by the Alliance for Open Media's specification. */
  AV1("AV01"),
  /** In RTP by RFC 6184. */
  H264("H264");

  private static final int VP9_FRAME_MARKER = 0x80;
  private static final int AV1_SEQUENCE_HEADER = 1;
  private static final int H264_IDR = 5;

  private final String fourCc;

  VideoCodec(String fourCc) {
    this.fourCc = fourCc;
  }

  /** Returns the four characters by which container files know it. */
  public String fourCc() {
    return fourCc;
  }

  /** Returns what puts a stream's payloads together. */
  public PictureAssembly assembly() {
    return switch (this) {
      case VP8 -> new Vp8Payload.Assembly();
      case VP9 -> new Vp9Payload.Assembly();
      case AV1 -> new Av1Payload.Assembly();
      case H264 -> new H264Payload.Assembly();
    };
  }

  /** Returns the octets of a payload that a bridge may rewrite; 0 if it is malformed. */
  public int descriptorLength(byte[] payload) {
    return switch (this) {
      case VP8 -> Math.max(0, Vp8Payload.descriptorLength(payload));
      case VP9 -> {
        Vp9Payload.Descriptor descriptor = Vp9Payload.Descriptor.parse(payload);
        yield descriptor == null ? 0 : descriptor.length();
      }
      case AV1, H264 -> 0;
    };
  }

  /** Tells whether a receiver can begin with a picture, from the picture itself. */
  public boolean isKey(List<byte[]> layerFrames) {
    if (layerFrames.isEmpty() || layerFrames.get(0).length == 0) {
      return false;
    }
    byte[] lowest = layerFrames.get(0);
    return switch (this) {
      case VP8 -> Vp8Payload.isKeyFrame(lowest);
      case VP9 -> isVp9Key(lowest[0] & 0xFF);
      case AV1 ->
          Av1Payload.obus(lowest).stream().anyMatch(obu -> obu.type() == AV1_SEQUENCE_HEADER);
      case H264 ->
          H264Payload.units(lowest).stream().anyMatch(unit -> (unit[0] & 0x1F) == H264_IDR);
    };
  }

  /**
   * The first bits of the uncompressed header, for profiles below 3: marker (2), profile (2), show
   * existing frame (1), frame type (1), of which 0 is a key frame.
   */
  private static boolean isVp9Key(int first) {
    return (first & 0xC0) == VP9_FRAME_MARKER && (first & 0x0C) == 0;
  }
}
