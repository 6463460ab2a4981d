/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header.framemarking;

import java.util.Objects;
import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.MalformedPacketException.Reason;

/**
 * The video frame marking of RFC 9626 section 3: which part of which frame a packet carries, and
 * what can be done without it.
 *
 * <pre>{@code
 *  0                   1                   2
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |S|E|I|D|B| TID |      LID      |   TL0PICIDX   |  long form, scalable streams (section 3.1)
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |S|E|I|D|B| TID |      LID      |                  the same without TL0PICIDX
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |S|E|I|D|B| TID |                                  the same without LID and TL0PICIDX
 * +-+-+-+-+-+-+-+-+
 * |S|E|I|D|0 0 0 0|                                  short form, other streams (section 3.2)
 * +-+-+-+-+-+-+-+-+
 * }</pre>
 *
 * <ul>
 *   <li>{@code S}, {@code E}: the first, the last packet of a frame within its layer.
 *   <li>{@code I}: the frame can be decoded without any frame of an earlier time. It may need lower
 *       layers of its own time.
 *   <li>{@code D}: the sender knows that nothing else needs this frame.
 *   <li>{@code B}: of a frame with a {@code TID} above 0, that it needs no layer of an earlier time
 *       but the lowest temporal one; 0 with {@code TID} 0.
 *   <li>{@code TID}: the temporal layer, 0 is the lowest.
 *   <li>{@code LID}: the spatial and quality layer, 0 is the lowest; 0 if omitted. What its bits
 *       are is the codec's matter: the tail of a VP9 {@code SID} of 3 bits, the {@code LayerId} of
 *       6 bits of H.265, or the {@code DID} of 3 and the {@code QID} of 4 bits of H.264 SVC, in
 *       this order; 0 for H.264 AVC and for VP8, whose layers are temporal (section 3.3).
 *   <li>{@code TL0PICIDX}: a counter modulo 256 of the frames of {@code TID} 0 and {@code LID} 0:
 *       of such a frame its own, of another frame that of the one that it needs.
 * </ul>
 *
 * <p>In code a marking is an {@code int}, so that none is ever allocated: the octets as drawn, the
 * first one in bits 0 to 7, and their number in bits 24 and 25. What is omitted is 0, so that two
 * markings are equal if and only if their {@code int}s are, and no marking is 0. Methods that take
 * a marking take those that methods here return; any other {@code int} is the caller's bug, which
 * {@link #write} refuses and the others do not look for. This class reads and writes the
 * <em>data</em> of an extension element, the same in both forms of RFC 8285.
 *
 * <p>Where the RFC leaves a choice:
 *
 * <ul>
 *   <li>The short form and the long form of one octet look alike, and a receiver is to ignore the
 *       last four bits of the former. As their sender sets these to 0, reading them as {@code B}
 *       and {@code TID} is right for both.
 *   <li>It names three lengths and says nothing of others: those are malformed here. The padding
 *       behind an element is not part of its data.
 *   <li>It does not say what a receiver does with {@code B} set although {@code TID} is 0. It is
 *       let through here, as nothing depends on it; no such marking is composed.
 *   <li>It lets senders omit {@code TL0PICIDX} only, or {@code LID} as well, but not {@code LID}
 *       alone; the lengths leave no room for that either.
 * </ul>
 *
 * <p>Stateless, allocates nothing.
 */
public final class FrameMarkingCodec {

  /** What this extension is called in signalling (RFC 9626 section 5). */
  public static final String URI = "urn:ietf:params:rtp-hdrext:framemarking";

  /** What an early draft of the RFC called it, and some signalling still does. */
  public static final String DRAFT_URI =
      "http://tools.ietf.org/html/draft-ietf-avtext-framemarking-07";

  /** Octets of the longest marking. */
  public static final int MAX_LENGTH = 3;

  /** The greatest temporal layer. */
  public static final int MAX_TEMPORAL_ID = 7;

  /** The greatest layer ID. */
  public static final int MAX_LAYER_ID = 255;

  /** The greatest index of a frame of the lowest layer. */
  public static final int MAX_TL0_PIC_IDX = 255;

  private static final int START = 0x80;
  private static final int END = 0x40;
  private static final int INDEPENDENT = 0x20;
  private static final int DISCARDABLE = 0x10;
  private static final int BASE_LAYER_SYNC = 0x08;
  private static final int TEMPORAL_ID_MASK = 0x07;
  private static final int LAYER_ID_SHIFT = 8;
  private static final int TL0_PIC_IDX_SHIFT = 16;
  private static final int LENGTH_SHIFT = 24;
  private static final int SPATIAL_ID_MASK = 0x07;

  private FrameMarkingCodec() {}

  /**
   * Reads the data of an extension element. Nothing is written.
   *
   * @param buffer holds the data
   * @param offset index of the first octet of the data
   * @param length octets of the data
   * @return a marking of {@code length} octets
   * @throws MalformedPacketException with {@link Reason#FRAME_MARKING_EMPTY} or {@link
   *     Reason#FRAME_MARKING_TOO_LONG} unless there are 1 to 3 octets
   * @throws IndexOutOfBoundsException if the region is not inside the array, the caller's bug
   */
  public static int parse(byte[] buffer, int offset, int length) throws MalformedPacketException {
    Objects.checkFromIndexSize(offset, length, buffer.length);
    if (length == 0) {
      throw MalformedPacketException.of(Reason.FRAME_MARKING_EMPTY);
    }
    if (length > MAX_LENGTH) {
      throw MalformedPacketException.of(Reason.FRAME_MARKING_TOO_LONG);
    }
    int marking = length << LENGTH_SHIFT | (buffer[offset] & 0xFF);
    if (length > 1) {
      marking |= (buffer[offset + 1] & 0xFF) << LAYER_ID_SHIFT;
    }
    if (length > 2) {
      marking |= (buffer[offset + 2] & 0xFF) << TL0_PIC_IDX_SHIFT;
    }
    return marking;
  }

  /**
   * Writes the data of an extension element.
   *
   * @param buffer where to write; {@link #encodedLength} octets are overwritten
   * @param offset index of the first of them
   * @return octets written, 1 to 3
   * @throws IllegalArgumentException if the {@code int} is not a marking; nothing is written
   * @throws IndexOutOfBoundsException if the octets are not inside the array; nothing is written
   */
  public static int write(int marking, byte[] buffer, int offset) {
    int length = encodedLength(marking);
    if (length < 1 || length > MAX_LENGTH || octets(marking) >>> (8 * length) != 0) {
      throw new IllegalArgumentException("not a marking: 0x" + Integer.toHexString(marking));
    }
    Objects.checkFromIndexSize(offset, length, buffer.length);
    for (int i = 0; i < length; i++) {
      buffer[offset + i] = (byte) (marking >>> (8 * i));
    }
    return length;
  }

  /** Returns the octets of a marking, 1 to 3. */
  public static int encodedLength(int marking) {
    return marking >>> LENGTH_SHIFT;
  }

  /** Composes the marking of a packet of a stream without layers: one octet. */
  public static int ofNonScalable(
      boolean start, boolean end, boolean independent, boolean discardable) {
    return 1 << LENGTH_SHIFT
        | (start ? START : 0)
        | (end ? END : 0)
        | (independent ? INDEPENDENT : 0)
        | (discardable ? DISCARDABLE : 0);
  }

  /**
   * Composes the marking of a packet of a stream with temporal layers only whose frames of layer 0
   * are not counted: one octet.
   *
   * @param temporalId 0 to 7
   * @throws IllegalArgumentException if it is not in that range, or is 0 with {@code baseLayerSync}
   */
  public static int ofScalable(
      boolean start,
      boolean end,
      boolean independent,
      boolean discardable,
      boolean baseLayerSync,
      int temporalId) {
    requireRange(temporalId, MAX_TEMPORAL_ID, "temporal ID");
    if (baseLayerSync && temporalId == 0) {
      throw new IllegalArgumentException("base layer sync of the base layer");
    }
    return ofNonScalable(start, end, independent, discardable)
        | (baseLayerSync ? BASE_LAYER_SYNC : 0)
        | temporalId;
  }

  /**
   * Composes the marking of a packet of a stream with layers whose frames of layer 0 are not
   * counted: two octets.
   *
   * @param temporalId 0 to 7
   * @param layerId 0 to 255
   * @throws IllegalArgumentException if an argument is not in its range, or the temporal ID is 0
   *     with {@code baseLayerSync}
   */
  public static int ofScalable(
      boolean start,
      boolean end,
      boolean independent,
      boolean discardable,
      boolean baseLayerSync,
      int temporalId,
      int layerId) {
    requireRange(layerId, MAX_LAYER_ID, "layer ID");
    int oneOctet = ofScalable(start, end, independent, discardable, baseLayerSync, temporalId);
    return 2 << LENGTH_SHIFT | octets(oneOctet) | layerId << LAYER_ID_SHIFT;
  }

  /**
   * Composes the marking of a packet of a stream with layers: three octets.
   *
   * @param temporalId 0 to 7
   * @param layerId 0 to 255
   * @param tl0PicIdx 0 to 255
   * @throws IllegalArgumentException if an argument is not in its range, or the temporal ID is 0
   *     with {@code baseLayerSync}
   */
  public static int ofScalable(
      boolean start,
      boolean end,
      boolean independent,
      boolean discardable,
      boolean baseLayerSync,
      int temporalId,
      int layerId,
      int tl0PicIdx) {
    requireRange(tl0PicIdx, MAX_TL0_PIC_IDX, "TL0PICIDX");
    int twoOctets =
        ofScalable(start, end, independent, discardable, baseLayerSync, temporalId, layerId);
    return 3 << LENGTH_SHIFT | octets(twoOctets) | tl0PicIdx << TL0_PIC_IDX_SHIFT;
  }

  /** Tells whether the packet is the first of its frame. */
  public static boolean startOfFrame(int marking) {
    return (marking & START) != 0;
  }

  /** Tells whether the packet is the last of its frame. */
  public static boolean endOfFrame(int marking) {
    return (marking & END) != 0;
  }

  /** Tells whether the frame needs no frame of an earlier time. */
  public static boolean independent(int marking) {
    return (marking & INDEPENDENT) != 0;
  }

  /** Tells whether nothing needs the frame. */
  public static boolean discardable(int marking) {
    return (marking & DISCARDABLE) != 0;
  }

  /**
   * Tells whether the frame, of a higher temporal layer, needs of earlier times the lowest only.
   */
  public static boolean baseLayerSync(int marking) {
    return (marking & BASE_LAYER_SYNC) != 0;
  }

  /**
   * Tells whether the marking says anything of layers. {@code false} is no proof that there are
   * none: a sender that knows little of its layers may use the short form (section 3.2), and a
   * packet of the lowest temporal layer looks the same if the rest is omitted.
   */
  public static boolean scalable(int marking) {
    return hasLayerId(marking) || (marking & (BASE_LAYER_SYNC | TEMPORAL_ID_MASK)) != 0;
  }

  /** Returns the temporal layer, 0 to 7. */
  public static int temporalId(int marking) {
    return marking & TEMPORAL_ID_MASK;
  }

  /** Tells whether the layer ID is not omitted. */
  public static boolean hasLayerId(int marking) {
    return encodedLength(marking) > 1;
  }

  /** Returns the layer ID, 0 to 255; 0 if it is omitted, as section 3.1 has it. */
  public static int layerId(int marking) {
    return (marking >>> LAYER_ID_SHIFT) & 0xFF;
  }

  /**
   * Returns the spatial layer, 0 to 7, provided that the layer ID is composed as for VP9: in its
   * three lowest bits (section 3.3). So it is in perc4j for every codec, as the bridge does not
   * look at payloads to tell codecs apart and JVB knows no quality layers. For the codecs whose
   * layer ID is 0 it is right as well, and for H.265 as long as there are no more than eight
   * layers; of H.264 SVC it would be three bits of the quality layer.
   */
  public static int spatialId(int marking) {
    return layerId(marking) & SPATIAL_ID_MASK;
  }

  /** Tells whether TL0PICIDX is not omitted. */
  public static boolean hasTl0PicIdx(int marking) {
    return encodedLength(marking) > 2;
  }

  /** Returns TL0PICIDX, 0 to 255; 0 if it is omitted, which is also a value that it can have. */
  public static int tl0PicIdx(int marking) {
    return (marking >>> TL0_PIC_IDX_SHIFT) & 0xFF;
  }

  private static int octets(int marking) {
    return marking & ((1 << LENGTH_SHIFT) - 1);
  }

  private static void requireRange(int value, int max, String name) {
    if (value < 0 || value > max) {
      throw new IllegalArgumentException(name + " " + value);
    }
  }
}
