/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.marking;

import java.util.Objects;
import org.perc4j.e2e.marking.PayloadFormatException.Reason;
import org.perc4j.header.BitReader;

/**
 * Marks AV1 (RTP Payload Format for AV1, version 1.0).
 *
 * <pre>
 *    0 1 2 3 4 5 6 7
 *   +-+-+-+-+-+-+-+-+
 *   |Z|Y| W |N|-|-|-|  Z: the first element continues one, Y: the last element is continued
 *   +-+-+-+-+-+-+-+-+  W: number of elements, of which the last has no length; 0: all have one
 *
 *   +-+-+-+-+-+-+-+-+  an element is an OBU, or a piece of one
 *   |0| type  |X|S|-|
 *   +-+-+-+-+-+-+-+-+
 * X:| TID |SID|- - -|
 *   +-+-+-+-+-+-+-+-+
 * S:|  size, leb128 |
 *   +-+-+-+-+-+-+-+-+
 * </pre>
 *
 * <p>What a frame refers to and replaces is read from its own header, with the help of the sequence
 * header before it. The first packet of a layer frame has to hold both as far as they are needed,
 * unless the frame was looked at ahead ({@link #look}). Layers are named by the OBU that holds the
 * frame header; one that names none is of the lowest. A packet must not hold OBUs of two layer
 * frames; where one ends, the caller has to say.
 *
 * <p>A header names seven references whether or not they are used. Encoders repeat one that they
 * use for the others; libaom lets the seventh point at what the frame is going to replace. Such a
 * one is not counted, unless it is the same as another or the frame takes its statistics from
 * there.
 *
 * <p>Key frames that are not shown are not marked as keys, nor is showing them later. If a second
 * frame header comes before the end of a layer frame, nothing is promised until the next key frame.
 *
 * <p>A key frame's own size is that of the lowest layer and its sequence header's that of the
 * highest. The one between is taken to be half as large as the highest if the lowest is half as
 * large again; if not, it is not told before it is seen.
 */
public final class Av1Marker implements FrameMarker {
  private static final int Z = 0x80;
  private static final int W_SHIFT = 4;
  private static final int W_MASK = 0x03;

  private static final int FORBIDDEN = 0x80;
  private static final int TYPE_SHIFT = 3;
  private static final int TYPE_MASK = 0x0F;
  private static final int HAS_EXTENSION = 0x04;
  private static final int HAS_SIZE = 0x02;
  private static final int TEMPORAL_ID_SHIFT = 5;
  private static final int SPATIAL_ID_SHIFT = 3;
  private static final int SPATIAL_ID_MASK = 0x03;

  private static final int SEQUENCE_HEADER = 1;
  private static final int FRAME_HEADER = 3;
  private static final int TILE_GROUP = 4;
  private static final int FRAME = 6;
  private static final int TILE_LIST = 8;

  /** The last of the seven references. */
  private static final int ALTERNATE = 6;

  private static final int LEB128_BITS = 7;
  private static final int LEB128_MASK = 0x7F;
  private static final int LEB128_MORE = 0x80;
  private static final int MAX_LEB128_BYTES = 5;

  private final SvcLayers layers;
  private final SvcDependencies dependencies;
  private final BitReader<PayloadFormatException> bits =
      new BitReader<>(PayloadFormatException.of(Reason.FRAME_HEADER_TRUNCATED));
  private final Av1SequenceHeader sequence = new Av1SequenceHeader();
  private final Av1FrameHeader header = new Av1FrameHeader(bits, sequence);
  private int keyWidth;
  private int keyHeight;
  private int keyMaxWidth;
  private int keyMaxHeight;

  // the element that is read
  private int at;
  private int elementEnd;
  private int payloadEnd;
  private int spatialId;
  private int temporalId;
  private boolean tilesSeen;

  private boolean start;
  private boolean end;

  /** What {@link #look} found of the frame that comes, or is being marked. */
  private enum Ahead {
    NOTHING,
    HEADER_SEEN,
    FRAME_BEGUN
  }

  private Ahead ahead = Ahead.NOTHING;

  /** A marker for one stream of these layers. */
  public Av1Marker(SvcLayers layers) {
    this.layers = Objects.requireNonNull(layers);
    dependencies = new SvcDependencies(layers, layers.switchingUp());
  }

  /**
   * Tells which layers the encoder sends from the next picture of temporal layer 0 on: the lowest
   * ones of those that it was made for. Descriptors say so then.
   *
   * @throws IllegalArgumentException if there are not as many
   */
  public void activate(int spatialLayers, int temporalLayers) {
    dependencies.activate(spatialLayers, temporalLayers);
  }

  @Override
  public int mark(
      byte[] buffer, int payloadOffset, int payloadLength, boolean lastOfFrame, long rtpTimestamp)
      throws PayloadFormatException {
    Objects.checkFromIndexSize(payloadOffset, payloadLength, buffer.length);
    end = lastOfFrame;
    if (ahead != Ahead.NOTHING && dependencies.isCurrent(rtpTimestamp)) {
      start = ahead == Ahead.HEADER_SEEN;
      ahead = lastOfFrame ? Ahead.NOTHING : Ahead.FRAME_BEGUN;
      return dependencies.marking(start, lastOfFrame);
    }
    ahead = Ahead.NOTHING;
    if (!readHeader(buffer, payloadOffset, payloadLength, rtpTimestamp)) {
      dependencies.markNothing();
      throw PayloadFormatException.of(Reason.AV1_FRAME_HEADER_MISSING);
    }
    return dependencies.marking(start, lastOfFrame);
  }

  @Override
  public void look(byte[] buffer, int payloadOffset, int payloadLength, long rtpTimestamp)
      throws PayloadFormatException {
    Objects.checkFromIndexSize(payloadOffset, payloadLength, buffer.length);
    if (ahead == Ahead.HEADER_SEEN && dependencies.isCurrent(rtpTimestamp)) {
      return;
    }
    ahead = Ahead.NOTHING;
    if (readHeader(buffer, payloadOffset, payloadLength, rtpTimestamp) && start) {
      ahead = Ahead.HEADER_SEEN;
    }
  }

  /** Returns false if what was read is but ahead of the frame's header. */
  private boolean readHeader(byte[] buffer, int payloadOffset, int payloadLength, long timestamp)
      throws PayloadFormatException {
    try {
      return read(buffer, payloadOffset, payloadOffset + payloadLength, timestamp);
    } catch (PayloadFormatException e) {
      lose();
      throw e;
    } finally {
      bits.unwrap();
    }
  }

  private void lose() {
    dependencies.lose();
    header.lose();
  }

  private boolean read(byte[] buffer, int from, int limit, long timestamp)
      throws PayloadFormatException {
    if (from == limit) {
      throw PayloadFormatException.of(Reason.EMPTY);
    }
    int flags = buffer[from];
    int count = (flags >> W_SHIFT) & W_MASK;
    boolean continues = (flags & Z) != 0;
    at = from + 1;
    payloadEnd = limit;
    start = !continues && !dependencies.isCurrent(timestamp);
    boolean headerSeen = !start;
    if (continues && !dependencies.isCurrent(timestamp)) {
      header.lose();
      dependencies.beginUnknown(timestamp, 0, 0, SvcDependencies.NOT_TOLD);
    }
    tilesSeen = false;
    int element = 0;
    do {
      findElement(buffer, count != 0 && element == count - 1);
      if (element > 0 || !continues) {
        headerSeen = readObu(buffer, timestamp, headerSeen);
      }
      at = elementEnd;
      element++;
    } while (count == 0 ? at < limit : element < count);
    if (at != limit) {
      throw PayloadFormatException.of(Reason.AV1_ELEMENT_OVERRUN);
    }
    if (!headerSeen && tilesSeen) {
      throw PayloadFormatException.of(Reason.AV1_FRAME_HEADER_MISSING);
    }
    return headerSeen;
  }

  private void findElement(byte[] buffer, boolean withoutLength) throws PayloadFormatException {
    int length = withoutLength ? payloadEnd - at : leb128(buffer, payloadEnd);
    if (length <= 0 || length > payloadEnd - at) {
      throw PayloadFormatException.of(Reason.AV1_ELEMENT_OVERRUN);
    }
    elementEnd = at + length;
  }

  /** Returns a number, or -1 if it is too large for an int. */
  private int leb128(byte[] buffer, int limit) throws PayloadFormatException {
    long value = 0;
    for (int i = 0; i < MAX_LEB128_BYTES; i++) {
      if (at >= limit) {
        throw PayloadFormatException.of(Reason.AV1_ELEMENT_OVERRUN);
      }
      int octet = buffer[at++];
      value |= (long) (octet & LEB128_MASK) << (LEB128_BITS * i);
      if ((octet & LEB128_MORE) == 0) {
        return value > Integer.MAX_VALUE ? -1 : (int) value;
      }
    }
    return -1;
  }

  /** Returns whether the frame's header was seen, in this OBU or before. */
  private boolean readObu(byte[] buffer, long timestamp, boolean headerSeen)
      throws PayloadFormatException {
    int head = buffer[at++];
    if ((head & FORBIDDEN) != 0) {
      throw PayloadFormatException.of(Reason.AV1_OBU_HEADER);
    }
    spatialId = 0;
    temporalId = 0;
    if ((head & HAS_EXTENSION) != 0) {
      if (at == elementEnd) {
        throw PayloadFormatException.of(Reason.AV1_OBU_HEADER);
      }
      int extension = buffer[at++] & 0xFF;
      temporalId = extension >> TEMPORAL_ID_SHIFT;
      spatialId = (extension >> SPATIAL_ID_SHIFT) & SPATIAL_ID_MASK;
    }
    int obuEnd = elementEnd;
    if ((head & HAS_SIZE) != 0) {
      int size = leb128(buffer, elementEnd);
      // What is cut into pieces may have a size that this piece does not reach.
      obuEnd = size < 0 ? elementEnd : Math.min(elementEnd, at + Math.min(size, elementEnd - at));
    }
    int type = (head >> TYPE_SHIFT) & TYPE_MASK;
    if (type == SEQUENCE_HEADER) {
      bits.wrap(buffer, at, obuEnd - at);
      sequence.parse(bits);
    } else if (type == FRAME || type == FRAME_HEADER) {
      if (headerSeen) {
        header.lose();
        dependencies.beginUnknown(timestamp, spatialId, temporalId, SvcDependencies.NOT_TOLD);
        return true;
      }
      dependencies.requireLayer(spatialId, temporalId);
      bits.wrap(buffer, at, obuEnd - at);
      header.parse(temporalId, spatialId);
      beginFrame(timestamp);
      return true;
    }
    tilesSeen |= type == TILE_GROUP || type == TILE_LIST;
    return headerSeen;
  }

  private void beginFrame(long timestamp) throws PayloadFormatException {
    if (header.key()) {
      expectSizes();
    }
    if (header.width() > 0) {
      dependencies.resize(spatialId, header.width(), header.height());
    }
    dependencies.begin(
        timestamp,
        spatialId,
        temporalId,
        SvcDependencies.NOT_TOLD,
        header.key(),
        false,
        usedAbove(),
        references(),
        header.refreshed());
    header.replace();
  }

  private int references() {
    int refers = 0;
    for (int i = 0; i < header.referenceCount(); i++) {
      int slot = 1 << header.reference(i);
      boolean idle = i == ALTERNATE && (header.refreshed() & slot) != 0 && !header.isPrimary(i);
      refers |= idle ? 0 : slot;
    }
    return refers;
  }

  private boolean usedAbove() {
    return spatialId < layers.spatial() - 1;
  }

  /** The layers above that of the key frame are yet to come, but their sizes are due now. */
  private void expectSizes() {
    int maxWidth = sequence.maxWidth();
    int maxHeight = sequence.maxHeight();
    if (header.width() == keyWidth
        && header.height() == keyHeight
        && maxWidth == keyMaxWidth
        && maxHeight == keyMaxHeight) {
      return;
    }
    keyWidth = header.width();
    keyHeight = header.height();
    keyMaxWidth = maxWidth;
    keyMaxHeight = maxHeight;
    int top = layers.spatial() - 1;
    boolean halves = maxWidth >> top == keyWidth && maxHeight >> top == keyHeight;
    for (int layer = 0; layer < top; layer++) {
      dependencies.resize(
          layer,
          halves ? Math.max(1, maxWidth >> (top - layer)) : 0,
          halves ? Math.max(1, maxHeight >> (top - layer)) : 0);
    }
    dependencies.resize(top, maxWidth, maxHeight);
  }

  @Override
  public int writeDescriptor(byte[] buffer, int offset) {
    return dependencies.write(start, end, buffer, offset);
  }

  @Override
  public boolean keyFrameWanted() {
    return dependencies.keyFrameWanted();
  }
}
