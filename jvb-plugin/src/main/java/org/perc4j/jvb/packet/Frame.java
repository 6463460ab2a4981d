/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.packet;

import java.util.List;
import java.util.stream.IntStream;
import org.perc4j.header.framemarking.FrameMarkingCodec;

/**
 * What a packet's header extensions say of the frame it belongs to, packed into one int so that
 * copying it with the packet costs nothing.
 *
 * <pre>
 *  31 30 29 28 27 26 25 24 23 22 21 20 19 18 17 16 15 ............ 0
 * +-----+--+--+--+--+--------+--------+--+-----+--------------------+
 * |kind |S |E |I |B |  SID   |  TID   |U |  0  |  frame number (16) |
 * +-----+--+--+--+--+--------+--------+--+-----+--------------------+
 * </pre>
 *
 * <p>U: no extension, in a stream that has them. S: first packet of the frame; E: its last. I: can
 * be decoded without any earlier frame of its layer. B: depends on the base temporal layer only.
 * SID, TID: spatial and temporal layer, 0 to 7. The number is a dependency descriptor's, 0
 * otherwise.
 *
 * <p>Stateless and thread-safe; allocates nothing.
 */
public final class Frame {
  /** No extension ever said anything of this stream: it is forwarded whole. */
  public static final int UNMARKED = 0;

  /** A frame marking (RFC 9626). */
  public static final int KIND_MARKED = 1;

  /** A dependency descriptor, with its structure known. */
  public static final int KIND_DESCRIBED = 2;

  /**
   * A descriptor whose structure is not known, an extension that is malformed, or none in a stream
   * that has them otherwise.
   */
  public static final int KIND_UNKNOWN = 3;

  private static final int KIND_SHIFT = 30;
  private static final int START = 1 << 29;
  private static final int END = 1 << 28;
  private static final int INDEPENDENT = 1 << 27;
  private static final int SYNC = 1 << 26;
  private static final int SPATIAL_SHIFT = 23;
  private static final int TEMPORAL_SHIFT = 20;
  private static final int LAYER_MASK = 0x7;
  private static final int UNSAID = 1 << 19;
  private static final int NUMBER_MASK = 0xffff;

  private static final List<List<Integer>> LAYER_IDS =
      IntStream.range(0, 64).mapToObj(List::of).toList();

  private Frame() {}

  /** A frame that has a marking, as {@link FrameMarkingCodec#parse} packs it. */
  public static int marked(int marking) {
    return pack(
        KIND_MARKED,
        FrameMarkingCodec.startOfFrame(marking),
        FrameMarkingCodec.endOfFrame(marking),
        FrameMarkingCodec.independent(marking),
        FrameMarkingCodec.baseLayerSync(marking),
        FrameMarkingCodec.spatialId(marking),
        FrameMarkingCodec.temporalId(marking),
        0);
  }

  /** A frame that has a dependency descriptor. */
  public static int described(boolean start, boolean end, int number, LayerFrame layers) {
    return pack(
        KIND_DESCRIBED,
        start,
        end,
        layers.independent(),
        false,
        layers.spatialId(),
        layers.temporalId(),
        number);
  }

  /** A frame of which nothing can be told. */
  public static int unknown() {
    return KIND_UNKNOWN << KIND_SHIFT;
  }

  /**
   * A packet without a usable extension in a stream that has them otherwise: it belongs to the
   * frame that others of its timestamp belong to.
   */
  public static int unsaid() {
    return unknown() | UNSAID;
  }

  private static int pack(
      int kind,
      boolean start,
      boolean end,
      boolean independent,
      boolean sync,
      int spatialId,
      int temporalId,
      int number) {
    return kind << KIND_SHIFT
        | (start ? START : 0)
        | (end ? END : 0)
        | (independent ? INDEPENDENT : 0)
        | (sync ? SYNC : 0)
        | (spatialId & LAYER_MASK) << SPATIAL_SHIFT
        | (temporalId & LAYER_MASK) << TEMPORAL_SHIFT
        | (number & NUMBER_MASK);
  }

  /** The layer that a frame with a marking, or without any, counts to: SID times 8 plus TID. */
  public static List<Integer> layerIds(int frame) {
    return LAYER_IDS.get(spatialId(frame) << 3 | temporalId(frame));
  }

  /** Who says it: {@link #UNMARKED} or one of the kinds. */
  public static int kind(int frame) {
    return frame >>> KIND_SHIFT;
  }

  /** Whether this is {@link #unsaid}. */
  public static boolean isUnsaid(int frame) {
    return (frame & UNSAID) != 0;
  }

  /** Whether the packet is its frame's first. */
  public static boolean start(int frame) {
    return (frame & START) != 0;
  }

  /** Whether the packet is its frame's last. */
  public static boolean end(int frame) {
    return (frame & END) != 0;
  }

  /** Whether no earlier frame of its layer is needed. */
  public static boolean independent(int frame) {
    return (frame & INDEPENDENT) != 0;
  }

  /** Whether it depends on the base temporal layer only. */
  public static boolean sync(int frame) {
    return (frame & SYNC) != 0;
  }

  /** The spatial layer, 0 to 7. */
  public static int spatialId(int frame) {
    return (frame >>> SPATIAL_SHIFT) & LAYER_MASK;
  }

  /** The temporal layer, 0 to 7. */
  public static int temporalId(int frame) {
    return (frame >>> TEMPORAL_SHIFT) & LAYER_MASK;
  }

  /** The descriptor's frame number, 0 to 65535. */
  public static int number(int frame) {
    return frame & NUMBER_MASK;
  }

  /** Whether a stream can be received from this packet on, the frame's earlier ones aside. */
  public static boolean startsStream(int frame) {
    return independent(frame)
        && (kind(frame) == KIND_DESCRIBED || (kind(frame) == KIND_MARKED && spatialId(frame) == 0));
  }

  /**
   * What tells this packet's frame apart from others of its stream.
   *
   * @param timestamp the packet's, 32 bits
   */
  public static long key(int frame, long timestamp) {
    return kind(frame) == KIND_DESCRIBED
        ? 1L << 40 | number(frame)
        : (long) spatialId(frame) << 32 | (timestamp & 0xffff_ffffL);
  }
}
