/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.marking;

import java.util.Objects;
import org.perc4j.e2e.marking.PayloadFormatException.Reason;
import org.perc4j.header.framemarking.FrameMarkingCodec;

/**
 * Marks VP8 (RFC 7741).
 *
 * <pre>
 *       0 1 2 3 4 5 6 7
 *      +-+-+-+-+-+-+-+-+
 *      |X|R|N|S|R| PID |  N: discardable; S with PID 0: start of frame
 *      +-+-+-+-+-+-+-+-+
 *   X: |I|L|T|K|  RSV  |
 *      +-+-+-+-+-+-+-+-+
 *   I: |M| PictureID   |  a second octet if M
 *      +-+-+-+-+-+-+-+-+
 *   L: |   TL0PICIDX   |
 *      +-+-+-+-+-+-+-+-+
 * T/K: |TID|Y| KEYIDX  |  Y: base layer sync
 *      +-+-+-+-+-+-+-+-+
 *      |Size0|H| VER |P|  only at the start of a frame; P is 0 in a key frame
 *      +-+-+-+-+-+-+-+-+
 * </pre>
 *
 * <p>All but the kind of the frame is in the descriptor of each of its packets. With one temporal
 * layer the markings are of the short form. With more the descriptor has to name the layer; frames
 * of the lowest one are counted here if it does not do that as well. No dependency descriptors are
 * written.
 */
public final class Vp8Marker implements FrameMarker {
  /** The most temporal layers that VP8's two bits have room for. */
  public static final int MAX_TEMPORAL_LAYERS = 4;

  private static final int X = 0x80;
  private static final int N = 0x20;
  private static final int S = 0x10;
  private static final int PID_MASK = 0x07;
  private static final int I = 0x80;
  private static final int L = 0x40;
  private static final int T = 0x20;
  private static final int K = 0x10;
  private static final int M = 0x80;
  private static final int TEMPORAL_ID_SHIFT = 6;
  private static final int Y = 0x20;
  private static final int INTER = 0x01;
  private static final int START_CODE_OFFSET = 3;
  private static final int START_CODE_END = 6;
  private static final int TL0_PIC_IDX_MASK = 0xFF;

  private final int temporalLayers;

  private boolean inFrame;
  private long timestamp;
  private boolean key;
  private int tl0PicIdx;

  /**
   * A marker for one encoding.
   *
   * @param temporalLayers that the encoder makes, 1 to 4
   */
  public Vp8Marker(int temporalLayers) {
    if (temporalLayers < 1 || temporalLayers > MAX_TEMPORAL_LAYERS) {
      throw new IllegalArgumentException(temporalLayers + " temporal layers");
    }
    this.temporalLayers = temporalLayers;
  }

  @Override
  public int mark(
      byte[] buffer, int payloadOffset, int payloadLength, boolean lastOfFrame, long rtpTimestamp)
      throws PayloadFormatException {
    Objects.checkFromIndexSize(payloadOffset, payloadLength, buffer.length);
    int end = payloadOffset + payloadLength;
    int at = payloadOffset;
    if (payloadLength == 0) {
      throw PayloadFormatException.of(Reason.EMPTY);
    }
    int flags = buffer[at++];
    boolean discardable = (flags & N) != 0;
    boolean start = (flags & S) != 0 && (flags & PID_MASK) == 0;
    int present = 0;
    if ((flags & X) != 0) {
      present = octet(buffer, at++, end);
    }
    if ((present & I) != 0) {
      at += (octet(buffer, at, end) & M) != 0 ? 2 : 1;
    }
    int count = -1;
    if ((present & L) != 0) {
      count = octet(buffer, at++, end);
    }
    int layer = 0;
    if ((present & (T | K)) != 0) {
      layer = octet(buffer, at++, end);
    }
    if (at > end) {
      throw PayloadFormatException.of(Reason.DESCRIPTOR_TRUNCATED);
    }
    int temporalId = (present & T) != 0 ? layer >> TEMPORAL_ID_SHIFT : 0;
    if (temporalLayers > 1 && (present & T) == 0) {
      throw PayloadFormatException.of(Reason.LAYER_MISSING);
    }
    if (temporalId >= temporalLayers) {
      throw PayloadFormatException.of(Reason.LAYER_RANGE);
    }
    if (start) {
      key = isKey(buffer, at, end);
      if (count >= 0) {
        tl0PicIdx = count;
      } else if (temporalId == 0) {
        tl0PicIdx = (tl0PicIdx + 1) & TL0_PIC_IDX_MASK;
      }
    } else if (!inFrame || timestamp != rtpTimestamp) {
      key = false;
      tl0PicIdx = count >= 0 ? count : tl0PicIdx;
    }
    timestamp = rtpTimestamp;
    inFrame = !lastOfFrame;
    if (temporalLayers == 1) {
      return FrameMarkingCodec.ofNonScalable(start, lastOfFrame, key, discardable);
    }
    boolean sync = temporalId > 0 && (present & T) != 0 && (layer & Y) != 0;
    return FrameMarkingCodec.ofScalable(
        start, lastOfFrame, key, discardable, sync, temporalId, 0, tl0PicIdx);
  }

  private static int octet(byte[] buffer, int at, int end) throws PayloadFormatException {
    if (at >= end) {
      throw PayloadFormatException.of(Reason.DESCRIPTOR_TRUNCATED);
    }
    return buffer[at] & 0xFF;
  }

  /** Reads the first octets of a frame (RFC 6386 section 9.1). */
  private static boolean isKey(byte[] buffer, int at, int end) throws PayloadFormatException {
    if (at == end) {
      throw PayloadFormatException.of(Reason.FRAME_HEADER_TRUNCATED);
    }
    if ((buffer[at] & INTER) != 0) {
      return false;
    }
    if (end - at < START_CODE_END) {
      throw PayloadFormatException.of(Reason.FRAME_HEADER_TRUNCATED);
    }
    int code = at + START_CODE_OFFSET;
    if (buffer[code] != (byte) 0x9D || buffer[code + 1] != 0x01 || buffer[code + 2] != 0x2A) {
      throw PayloadFormatException.of(Reason.FRAME_HEADER_INVALID);
    }
    return true;
  }

  @Override
  public int writeDescriptor(byte[] buffer, int offset) {
    return 0;
  }

  @Override
  public boolean keyFrameWanted() {
    return false;
  }
}
