/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.marking;

import java.util.Objects;
import org.perc4j.e2e.marking.PayloadFormatException.Reason;
import org.perc4j.header.BitReader;

/**
 * Marks VP9 (RFC 9628), in flexible mode (F) and without.
 *
 * <pre>
 *       0 1 2 3 4 5 6 7
 *      +-+-+-+-+-+-+-+-+
 *      |I|P|L|F|B|E|V|Z|  P: refers to earlier pictures; B, E: first, last packet of a layer frame
 *      +-+-+-+-+-+-+-+-+  Z: no higher spatial layer refers to it
 *   I: |M| PICTURE ID  |  a second octet if M
 *      +-+-+-+-+-+-+-+-+
 *   L: | TID |U| SID |D|  U: switching up point; D: refers to the spatial layer below
 *      +-+-+-+-+-+-+-+-+
 *      |   TL0PICIDX   |  not in flexible mode
 *      +-+-+-+-+-+-+-+-+
 * P,F: |   P_DIFF    |N|  up to three
 *      +-+-+-+-+-+-+-+-+
 *   V: | N_S |Y|G|-|-|-|  scalability structure
 *      +-+-+-+-+-+-+-+-+
 *   Y: |     WIDTH     |  2 octets each, for N_S + 1 layers
 *      |    HEIGHT     |
 *      +-+-+-+-+-+-+-+-+
 *   G: |      N_G      |
 *      +-+-+-+-+-+-+-+-+
 *      | TID |U| R |-|-|  N_G times, each with R times P_DIFF
 *      +-+-+-+-+-+-+-+-+
 * </pre>
 *
 * <p>What a frame refers to is read from its own header, which follows on this descriptor and names
 * three slots whether or not they are used. A reference to an earlier picture counts if P is set
 * and, where there are P_DIFFs for this picture, one of them matches; a reference within the
 * picture counts if D is set and it is to the next lower layer. If nothing of what the header says
 * would count, all of it does.
 *
 * <p>With one spatial and one temporal layer the markings are of the short form. With more the
 * descriptor has to name the layers. Sizes of layers are taken from the scalability structure, or
 * else from frames. Frames that are not shown are not understood in streams without spatial layers,
 * as they hide other frames behind them in the same payload: nothing is promised until the next key
 * frame.
 */
public final class Vp9Marker implements FrameMarker {
  private static final int I = 0x80;
  private static final int P = 0x40;
  private static final int L = 0x20;
  private static final int F = 0x10;
  private static final int B = 0x08;
  private static final int E = 0x04;
  private static final int V = 0x02;
  private static final int Z = 0x01;
  private static final int M = 0x80;
  private static final int TEMPORAL_ID_SHIFT = 5;
  private static final int U = 0x10;
  private static final int SPATIAL_ID_SHIFT = 1;
  private static final int LAYER_ID_MASK = 0x07;
  private static final int D = 0x01;
  private static final int N = 0x01;
  private static final int Y = 0x10;
  private static final int G = 0x08;
  private static final int R_SHIFT = 2;
  private static final int R_MASK = 0x03;
  private static final int MAX_REFERENCES = 3;
  private static final int MAX_GROUP = 255;
  private static final int UNKNOWN = -1;

  private final SvcLayers layers;
  private final SvcDependencies dependencies;
  private final BitReader<PayloadFormatException> bits =
      new BitReader<>(PayloadFormatException.of(Reason.FRAME_HEADER_TRUNCATED));
  private final Vp9FrameHeader header = new Vp9FrameHeader(bits);

  private final int[] slotPictureId = new int[SvcDependencies.SLOTS];
  private final long[] slotTimestamp = new long[SvcDependencies.SLOTS];
  private final int[] slotSpatialId = new int[SvcDependencies.SLOTS];

  // the group of pictures that repeats itself without flexible mode
  private final byte[] groupDiffs = new byte[MAX_GROUP * MAX_REFERENCES];
  private final byte[] groupDiffCounts = new byte[MAX_GROUP];
  private int groupLength;
  private int groupPictureId;
  private boolean sizesTold;

  // the descriptor of this packet
  private int at;
  private int flags;
  private int pictureId;
  private int pictureIdMask;
  private int layerOctet;
  private int toldTl0PicIdx;
  private final int[] pictureDiffs = new int[MAX_REFERENCES];
  private int pictureDiffCount;

  private boolean start;
  private boolean end;

  /** A marker for one stream of these layers. */
  public Vp9Marker(SvcLayers layers) {
    this.layers = Objects.requireNonNull(layers);
    dependencies = new SvcDependencies(layers, true);
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
    try {
      read(buffer, payloadOffset, payloadOffset + payloadLength, rtpTimestamp);
    } catch (PayloadFormatException e) {
      lose();
      throw e;
    } finally {
      bits.unwrap();
    }
    return dependencies.marking(start, end);
  }

  private void lose() {
    dependencies.lose();
    header.lose();
  }

  private void read(byte[] buffer, int from, int limit, long timestamp)
      throws PayloadFormatException {
    readDescriptor(buffer, from, limit);
    start = (flags & B) != 0;
    end = (flags & E) != 0;
    int spatialId = (layerOctet >> SPATIAL_ID_SHIFT) & LAYER_ID_MASK;
    int temporalId = layerOctet >> TEMPORAL_ID_SHIFT;
    dependencies.requireLayer(spatialId, temporalId);
    if (!start) {
      if (!dependencies.isCurrent(timestamp, spatialId)) {
        header.lose();
        dependencies.beginUnknown(timestamp, spatialId, temporalId, toldTl0PicIdx);
      }
      return;
    }
    bits.wrap(buffer, at, limit - at);
    header.parse();
    if (!header.shown() && layers.spatial() == 1) {
      header.lose();
      dependencies.beginUnknown(timestamp, spatialId, temporalId, toldTl0PicIdx);
      return;
    }
    if (!sizesTold && header.width() > 0) {
      dependencies.resize(spatialId, header.width(), header.height());
    }
    dependencies.begin(
        timestamp,
        spatialId,
        temporalId,
        toldTl0PicIdx,
        header.key(),
        (layerOctet & U) != 0,
        (flags & Z) == 0,
        references(timestamp, spatialId),
        header.refreshed());
    header.replace();
    for (int slot = 0; slot < SvcDependencies.SLOTS; slot++) {
      if ((header.refreshed() >> slot & 1) != 0) {
        slotPictureId[slot] = pictureId;
        slotTimestamp[slot] = timestamp;
        slotSpatialId[slot] = spatialId;
      }
    }
  }

  private void readDescriptor(byte[] buffer, int from, int limit) throws PayloadFormatException {
    if (from == limit) {
      throw PayloadFormatException.of(Reason.EMPTY);
    }
    flags = buffer[from];
    at = from + 1;
    pictureId = UNKNOWN;
    if ((flags & I) != 0) {
      pictureId = next(buffer, limit);
      pictureIdMask = M - 1;
      if ((pictureId & M) != 0) {
        pictureId = (pictureId & (M - 1)) << Byte.SIZE | next(buffer, limit);
        pictureIdMask = (M << Byte.SIZE) - 1;
      }
    }
    layerOctet = 0;
    toldTl0PicIdx = SvcDependencies.NOT_TOLD;
    if ((flags & L) != 0) {
      layerOctet = next(buffer, limit);
      if ((flags & F) == 0) {
        toldTl0PicIdx = next(buffer, limit);
      }
    } else if (layers.spatial() * layers.temporal() > 1) {
      throw PayloadFormatException.of(Reason.LAYER_MISSING);
    }
    pictureDiffCount = 0;
    if ((flags & P) != 0 && (flags & F) != 0) {
      boolean more = true;
      while (more) {
        if (pictureDiffCount == MAX_REFERENCES) {
          throw PayloadFormatException.of(Reason.VP9_TOO_MANY_REFERENCES);
        }
        int diff = next(buffer, limit);
        pictureDiffs[pictureDiffCount++] = diff >> 1;
        more = (diff & N) != 0;
      }
    }
    if ((flags & V) != 0) {
      readStructure(buffer, limit);
    }
    if ((flags & P) != 0 && (flags & F) == 0) {
      findGroupDiffs();
    }
  }

  private int next(byte[] buffer, int limit) throws PayloadFormatException {
    if (at >= limit) {
      throw PayloadFormatException.of(Reason.DESCRIPTOR_TRUNCATED);
    }
    return buffer[at++] & 0xFF;
  }

  private void readStructure(byte[] buffer, int limit) throws PayloadFormatException {
    int head = next(buffer, limit);
    int spatialLayers = 1 + (head >> TEMPORAL_ID_SHIFT);
    if (spatialLayers > layers.spatial()) {
      throw PayloadFormatException.of(Reason.LAYER_RANGE);
    }
    groupLength = 0;
    if ((head & Y) != 0) {
      for (int spatial = 0; spatial < spatialLayers; spatial++) {
        int width = next(buffer, limit) << Byte.SIZE | next(buffer, limit);
        int height = next(buffer, limit) << Byte.SIZE | next(buffer, limit);
        dependencies.resize(spatial, width, height);
      }
      sizesTold = true;
    }
    if ((head & G) == 0) {
      return;
    }
    int pictures = next(buffer, limit);
    for (int i = 0; i < pictures; i++) {
      int count = (next(buffer, limit) >> R_SHIFT) & R_MASK;
      groupDiffCounts[i] = (byte) count;
      for (int j = 0; j < count; j++) {
        groupDiffs[MAX_REFERENCES * i + j] = (byte) next(buffer, limit);
      }
    }
    groupLength = pictures;
    groupPictureId = pictureId;
  }

  /** The picture with the structure is the first of its group. */
  private void findGroupDiffs() {
    if (groupLength == 0 || groupPictureId == UNKNOWN || pictureId == UNKNOWN) {
      return;
    }
    int distance = (pictureId - groupPictureId) & pictureIdMask;
    int picture = distance % groupLength;
    // Picture IDs begin anew at some point, groups do not.
    groupPictureId = (pictureId - picture) & pictureIdMask;
    pictureDiffCount = groupDiffCounts[picture];
    for (int j = 0; j < pictureDiffCount; j++) {
      pictureDiffs[j] = groupDiffs[MAX_REFERENCES * picture + j] & 0xFF;
    }
  }

  private int references(long timestamp, int spatialId) {
    int all = 0;
    int counted = 0;
    for (int i = 0; i < header.referenceCount(); i++) {
      int slot = header.reference(i);
      all |= 1 << slot;
      boolean counts =
          slotTimestamp[slot] == timestamp
              ? (layerOctet & D) != 0 && slotSpatialId[slot] == spatialId - 1
              : (flags & P) != 0 && isPictureDiff(slotPictureId[slot]);
      counted |= counts ? 1 << slot : 0;
    }
    return counted != 0 ? counted : all;
  }

  private boolean isPictureDiff(int earlierPictureId) {
    if (pictureDiffCount == 0 || pictureId == UNKNOWN || earlierPictureId == UNKNOWN) {
      return true;
    }
    int diff = (pictureId - earlierPictureId) & pictureIdMask;
    for (int i = 0; i < pictureDiffCount; i++) {
      if (pictureDiffs[i] == diff) {
        return true;
      }
    }
    return false;
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
