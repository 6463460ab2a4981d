/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.marking;

import java.util.Objects;
import org.perc4j.e2e.marking.PayloadFormatException.Reason;
import org.perc4j.header.framemarking.FrameMarkingCodec;

/**
 * Marks H.264 (RFC 6184): single NAL units, STAP-A and FU-A.
 *
 * <pre>
 *    0 1 2 3 4 5 6 7                    0 1 2 3 4 5 6 7
 *   +-+-+-+-+-+-+-+-+                  +-+-+-+-+-+-+-+-+
 *   |F|NRI|  Type   |  of a NAL unit   |S|E|R|  Type   |  behind it in a FU-A
 *   +-+-+-+-+-+-+-+-+                  +-+-+-+-+-+-+-+-+
 *
 *   +-+-+-----------+-+-----+-------+-----+-+-+-+---+
 *   |1|I|    PRID   |N| DID |  QID  | TID |U|D|O|RR |  behind that of types 14 and 20
 *   +-+-+-----------+-+-----+-------+-----+-+-+-+---+
 * </pre>
 *
 * <ul>
 *   <li>The frame is independent if its slices are IDR slices. Nothing else makes a frame a
 *       switching point: encoders repeat parameter sets before any picture, and delimiters that
 *       announce I slices do not say that these are IDR slices. Packets that come before the first
 *       slice, and before the prefix NAL unit (type 14) that announces it, are marked like the
 *       others if the frame was looked at ahead ({@link #look}).
 *   <li>It is discardable if its slices are no reference (NRI 0).
 *   <li>Its temporal layer is what the prefix NAL unit says. An encoder that makes none is known
 *       only by what is no reference, which is marked as of the highest layer; all else is of the
 *       lowest then, and so nothing is ever told to be droppable that is not.
 *   <li>Base layer sync is marked as long as no reference above the lowest layer came since the
 *       last IDR picture. Later ones would take the reference lists of slices to tell.
 * </ul>
 *
 * <p>With one temporal layer the markings are of the short form. Packetizers whose frames are not
 * looked at ahead have to put parameter sets, delimiters and SEI together with a slice or its
 * prefix: receivers cannot begin with a frame whose first packet holds nothing else, and its layer
 * is not known and marked as the lowest. No dependency descriptors are written.
 */
public final class H264Marker implements FrameMarker {
  /** The most temporal layers that a prefix NAL unit's three bits have room for. */
  public static final int MAX_TEMPORAL_LAYERS = 8;

  private static final int FORBIDDEN = 0x80;
  private static final int NRI_MASK = 0x60;
  private static final int TYPE_MASK = 0x1F;

  private static final int SLICE = 1;
  private static final int PARTITION_A = 2;
  private static final int IDR_SLICE = 5;
  private static final int PREFIX = 14;
  private static final int SLICE_EXTENSION = 20;
  private static final int LAST_SINGLE = 23;
  private static final int STAP_A = 24;
  private static final int FU_A = 28;

  private static final int FU_START = 0x80;
  private static final int FU_HEADER_BYTES = 2;
  private static final int UNIT_SIZE_BYTES = 2;
  private static final int EXTENSION_END = 4;
  private static final int SVC_EXTENSION = 0x80;
  private static final int IDR_FLAG = 0x40;
  private static final int LAYER_MASK = 0x7F;
  private static final int TEMPORAL_ID_SHIFT = 5;
  private static final int TL0_PIC_IDX_MASK = 0xFF;
  private static final int UNKNOWN = -1;

  private final int temporalLayers;

  private boolean inFrame;
  private long timestamp;

  /** Whether a packet of the frame was marked. */
  private boolean begun;

  private boolean sliceSeen;
  private boolean independent;
  private boolean discardable;
  private boolean sync;
  private int temporalId;

  private boolean idrSeen;
  private boolean higherReferenceSeen;
  private int tl0PicIdx;

  /**
   * A marker for one encoding.
   *
   * @param temporalLayers that the encoder makes, 1 to 8
   */
  public H264Marker(int temporalLayers) {
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
    if (payloadLength == 0) {
      throw PayloadFormatException.of(Reason.EMPTY);
    }
    enter(rtpTimestamp);
    boolean first = !begun;
    begun = true;
    inFrame = !lastOfFrame;
    boolean whole = readPacket(buffer, payloadOffset, payloadOffset + payloadLength);
    boolean start = first && whole;
    if (temporalLayers == 1) {
      return FrameMarkingCodec.ofNonScalable(start, lastOfFrame, independent, discardable);
    }
    return FrameMarkingCodec.ofScalable(
        start, lastOfFrame, independent, discardable, sync, temporalId, 0, tl0PicIdx);
  }

  @Override
  public void look(byte[] buffer, int payloadOffset, int payloadLength, long rtpTimestamp)
      throws PayloadFormatException {
    Objects.checkFromIndexSize(payloadOffset, payloadLength, buffer.length);
    if (payloadLength == 0) {
      throw PayloadFormatException.of(Reason.EMPTY);
    }
    enter(rtpTimestamp);
    boolean unused = readPacket(buffer, payloadOffset, payloadOffset + payloadLength);
  }

  private void enter(long rtpTimestamp) {
    if (!inFrame || timestamp != rtpTimestamp) {
      begun = false;
      sliceSeen = false;
      independent = false;
      discardable = false;
      sync = false;
      temporalId = 0;
    }
    timestamp = rtpTimestamp;
    inFrame = true;
  }

  /** Returns false if the packet begins within a NAL unit. */
  private boolean readPacket(byte[] buffer, int from, int end) throws PayloadFormatException {
    int header = header(buffer, from);
    int type = header & TYPE_MASK;
    if (type >= SLICE && type <= LAST_SINGLE) {
      readUnit(header, buffer, from, end);
      return true;
    }
    if (type == STAP_A) {
      readAggregate(buffer, from + 1, end);
      return true;
    }
    if (type != FU_A) {
      throw PayloadFormatException.of(Reason.H264_PACKET_TYPE);
    }
    if (end - from < FU_HEADER_BYTES) {
      throw PayloadFormatException.of(Reason.DESCRIPTOR_TRUNCATED);
    }
    int fragmented = buffer[from + 1] & TYPE_MASK;
    if (fragmented < SLICE || fragmented > LAST_SINGLE) {
      throw PayloadFormatException.of(Reason.H264_FRAGMENT_TYPE);
    }
    if ((buffer[from + 1] & FU_START) == 0) {
      return false;
    }
    // The unit follows without its first octet, which is composed of two of the fragment's.
    readUnit((header & NRI_MASK) | fragmented, buffer, from + 1, end);
    return true;
  }

  private void readAggregate(byte[] buffer, int from, int end) throws PayloadFormatException {
    int at = from;
    while (at < end) {
      int unit = at + UNIT_SIZE_BYTES;
      if (unit > end) {
        throw PayloadFormatException.of(Reason.H264_AGGREGATE);
      }
      int length = (buffer[at] & 0xFF) << Byte.SIZE | (buffer[at + 1] & 0xFF);
      if (length == 0 || length > end - unit) {
        throw PayloadFormatException.of(Reason.H264_AGGREGATE);
      }
      int header = header(buffer, unit);
      if ((header & TYPE_MASK) < SLICE || (header & TYPE_MASK) > LAST_SINGLE) {
        throw PayloadFormatException.of(Reason.H264_AGGREGATE);
      }
      readUnit(header, buffer, unit, unit + length);
      at = unit + length;
    }
    if (from == end) {
      throw PayloadFormatException.of(Reason.H264_AGGREGATE);
    }
  }

  private static int header(byte[] buffer, int at) throws PayloadFormatException {
    if ((buffer[at] & FORBIDDEN) != 0) {
      throw PayloadFormatException.of(Reason.H264_FORBIDDEN_BIT);
    }
    return buffer[at];
  }

  /**
   * Learns what a NAL unit says of its frame.
   *
   * @param header its first octet, which in the buffer may be another
   */
  private void readUnit(int header, byte[] buffer, int from, int end)
      throws PayloadFormatException {
    boolean reference = (header & NRI_MASK) != 0;
    switch (header & TYPE_MASK) {
      case SLICE, PARTITION_A -> readFrame(false, reference, UNKNOWN);
      case IDR_SLICE -> readFrame(true, reference, UNKNOWN);
      case PREFIX -> readPrefix(reference, buffer, from, end);
      case SLICE_EXTENSION -> throw PayloadFormatException.of(Reason.H264_SPATIAL_LAYER);
      default -> {
        // says nothing of layers
      }
    }
  }

  /** Learns what the first slice of a frame says, or the prefix before it. */
  private void readFrame(boolean idr, boolean reference, int toldTemporalId)
      throws PayloadFormatException {
    if (sliceSeen) {
      return;
    }
    int layer = toldTemporalId;
    if (layer == UNKNOWN) {
      layer = reference || idr ? 0 : temporalLayers - 1;
    }
    if (layer >= temporalLayers) {
      throw PayloadFormatException.of(Reason.LAYER_RANGE);
    }
    sliceSeen = true;
    independent = idr;
    discardable = !reference;
    temporalId = layer;
    if (idr) {
      idrSeen = true;
      higherReferenceSeen = false;
    }
    sync = layer > 0 && idrSeen && !higherReferenceSeen;
    higherReferenceSeen |= layer > 0 && reference;
    if (layer == 0) {
      tl0PicIdx = (tl0PicIdx + 1) & TL0_PIC_IDX_MASK;
    }
  }

  /** Reads an extended NAL unit header (RFC 6190 section 1.1.3). */
  private void readPrefix(boolean reference, byte[] buffer, int from, int end)
      throws PayloadFormatException {
    if (end - from < EXTENSION_END) {
      throw PayloadFormatException.of(Reason.FRAME_HEADER_TRUNCATED);
    }
    if ((buffer[from + 1] & SVC_EXTENSION) == 0) {
      return; // of multiview coding
    }
    if ((buffer[from + 2] & LAYER_MASK) != 0) {
      throw PayloadFormatException.of(Reason.H264_SPATIAL_LAYER);
    }
    readFrame(
        (buffer[from + 1] & IDR_FLAG) != 0,
        reference,
        (buffer[from + 3] & 0xFF) >> TEMPORAL_ID_SHIFT);
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
