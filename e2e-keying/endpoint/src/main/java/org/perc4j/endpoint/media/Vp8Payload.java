/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.media;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * VP8 in RTP (RFC 7741), as browsers send it: 15-bit picture numbers, and always a temporal layer.
 *
 * <pre>
 *    0 1 2 3 4 5 6 7
 *   +-+-+-+-+-+-+-+-+
 *   |X|R|N|S|R| PID |   X = 1; S on the first packet of a frame
 *   |I|L|T|K|  RSV  |   I = L = T = 1
 *   |M| PictureID   |   M = 1: two octets
 *   |   PictureID   |
 *   |   TL0PICIDX   |
 *   |TID|Y| KEYIDX  |
 *   +-+-+-+-+-+-+-+-+
 * </pre>
 */
public final class Vp8Payload {
  /** The number of values that a picture number has. */
  public static final int PICTURE_IDS = 0x8000;

  private static final int DESCRIPTOR_BYTES = 6;
  private static final int MIN_ROOM_BYTES = 1;
  private static final int TEMPORAL_ID_SHIFT = 6;
  private static final int X = 0x80;
  private static final int N = 0x20;
  private static final int S = 0x10;
  private static final int PID = 0x07;
  private static final int I = 0x80;
  private static final int L = 0x40;
  private static final int T = 0x20;
  private static final int Y = 0x20;
  private static final int K = 0x10;
  private static final int M = 0x80;

  /** Of the frame header. */
  private static final int INTER_FRAME = 0x01;

  private Vp8Payload() {}

  /**
   * Cuts a frame of a stream without temporal layers into payloads.
   *
   * @param pictureId 15 bits
   * @param tl0PicIdx 8 bits
   * @param maxBytes octets of a payload, descriptor included
   */
  public static List<byte[]> packetize(byte[] frame, int pictureId, int tl0PicIdx, int maxBytes) {
    return packetize(frame, pictureId, tl0PicIdx, 0, false, false, maxBytes);
  }

  /**
   * Cuts a frame into payloads.
   *
   * @param pictureId 15 bits
   * @param tl0PicIdx 8 bits
   */
  static List<byte[]> packetize(EncodedFrame frame, int pictureId, int tl0PicIdx, int maxBytes) {
    return packetize(
        frame.octets(),
        pictureId,
        tl0PicIdx,
        frame.temporalId(),
        frame.layerSync(),
        frame.discardable(),
        maxBytes);
  }

  private static List<byte[]> packetize(
      byte[] frame,
      int pictureId,
      int tl0PicIdx,
      int temporalId,
      boolean layerSync,
      boolean discardable,
      int maxBytes) {
    List<byte[]> payloads = new ArrayList<>();
    int room = Math.max(MIN_ROOM_BYTES, maxBytes - DESCRIPTOR_BYTES);
    for (int from = 0; from < frame.length; from += room) {
      int length = Math.min(room, frame.length - from);
      byte[] payload = new byte[DESCRIPTOR_BYTES + length];
      payload[0] = (byte) (X | (discardable ? N : 0) | (from == 0 ? S : 0));
      payload[1] = (byte) (I | L | T);
      payload[2] = (byte) (M | (pictureId >> 8));
      payload[3] = (byte) pictureId;
      payload[4] = (byte) tl0PicIdx;
      payload[5] = (byte) ((temporalId << TEMPORAL_ID_SHIFT) | (layerSync ? Y : 0));
      System.arraycopy(frame, from, payload, DESCRIPTOR_BYTES, length);
      payloads.add(payload);
    }
    return payloads;
  }

  /** Tells whether a frame is a key frame (RFC 6386 section 9.1). */
  public static boolean isKeyFrame(byte[] frame) {
    return frame.length > 0 && (frame[0] & INTER_FRAME) == 0;
  }

  /** Tells whether a payload starts a frame. */
  public static boolean startsFrame(byte[] payload) {
    return payload.length > 0 && (payload[0] & S) != 0 && (payload[0] & PID) == 0;
  }

  /** Returns the octets of the descriptor that a payload starts with, or -1 if it is cut off. */
  public static int descriptorLength(byte[] payload) {
    int length = 1;
    if (payload.length > 1 && (payload[0] & X) != 0) {
      int present = payload[1];
      length = 2;
      if ((present & I) != 0) {
        length += payload.length > 2 && (payload[2] & M) != 0 ? 2 : 1;
      }
      if ((present & L) != 0) {
        length++;
      }
      if ((present & (T | K)) != 0) {
        length++;
      }
    }
    return length <= payload.length ? length : -1;
  }

  /** A picture is a frame here. */
  static final class Assembly implements PictureAssembly {
    private final ByteArrayOutputStream frame = new ByteArrayOutputStream();
    private boolean begun;

    @Override
    public void reset() {
      frame.reset();
      begun = false;
    }

    @Override
    public boolean add(byte[] payload) {
      int descriptor = descriptorLength(payload);
      if (descriptor < 0 || startsFrame(payload) == begun) {
        return false;
      }
      begun = true;
      frame.write(payload, descriptor, payload.length - descriptor);
      return true;
    }

    @Override
    public List<byte[]> finish() {
      List<byte[]> picture = begun ? List.of(frame.toByteArray()) : List.of();
      reset();
      return picture;
    }
  }
}
