/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.media;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * AV1 in RTP (RTP Payload Format for AV1, version 1.0, of the Alliance for Open Media): OBUs
 * without sizes, gathered and cut.
 *
 * <pre>
 *    0 1 2 3 4 5 6 7
 *   +-+-+-+-+-+-+-+-+
 *   |Z|Y| W |N|-|-|-|   Z, Y: the first element continues one, the last one is continued
 *   +-+-+-+-+-+-+-+-+   W: elements, of which the last has no length; 0: all have one
 *                       N: begins a coded video sequence
 * </pre>
 */
public final class Av1Payload {
  private static final int TEMPORAL_DELIMITER = 2;
  private static final int TILE_LIST = 8;
  private static final int PADDING = 15;
  private static final int TYPE_SHIFT = 3;
  private static final int TYPE_MASK = 0x0F;
  private static final int HAS_EXTENSION = 0x04;
  private static final int HAS_SIZE = 0x02;
  private static final int TEMPORAL_ID_SHIFT = 5;
  private static final int SPATIAL_ID_SHIFT = 3;
  private static final int SPATIAL_ID_MASK = 0x03;
  private static final int Z = 0x80;
  private static final int Y = 0x40;
  private static final int W_SHIFT = 4;
  private static final int W_MASK = 0x03;
  private static final int N = 0x08;
  private static final int MAX_LEB128_BYTES = 5;
  private static final int MIN_PACKET_BYTES = 8;

  private Av1Payload() {}

  /**
   * An OBU (AV1 bitstream specification section 5.3).
   *
   * @param header without the size flag, one or two octets
   * @param payload not copied
   */
  @SuppressWarnings("ArrayRecordComponent") // not compared
  record Obu(byte[] header, byte[] payload) {
    int type() {
      return (header[0] >> TYPE_SHIFT) & TYPE_MASK;
    }

    int temporalId() {
      return header.length > 1 ? (header[1] & 0xFF) >> TEMPORAL_ID_SHIFT : 0;
    }

    int spatialId() {
      return header.length > 1 ? (header[1] >> SPATIAL_ID_SHIFT) & SPATIAL_ID_MASK : 0;
    }

    byte[] withoutSize() {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.writeBytes(header);
      out.writeBytes(payload);
      return out.toByteArray();
    }

    void writeWithSize(ByteArrayOutputStream out) {
      out.write(header[0] | HAS_SIZE);
      out.write(header, 1, header.length - 1);
      writeLeb128(payload.length, out);
      out.writeBytes(payload);
    }
  }

  /** Where the next thing is read. */
  private static final class Cursor {
    private final byte[] octets;
    private int at;

    Cursor(byte[] octets) {
      this.octets = octets;
    }

    int remaining() {
      return octets.length - at;
    }

    /** Returns the number, or -1 if it is cut off or larger than anything here. */
    int leb128() {
      long value = 0;
      for (int i = 0; i < MAX_LEB128_BYTES; i++) {
        if (at >= octets.length) {
          return -1;
        }
        int octet = octets[at++];
        value |= (long) (octet & 0x7F) << (7 * i);
        if ((octet & 0x80) == 0) {
          return value > Integer.MAX_VALUE ? -1 : (int) value;
        }
      }
      return -1;
    }

    byte[] take(int length) {
      byte[] taken = new byte[length];
      System.arraycopy(octets, at, taken, 0, length);
      at += length;
      return taken;
    }
  }

  private static void writeLeb128(int value, ByteArrayOutputStream out) {
    int rest = value;
    while (rest > 0x7F) {
      out.write(rest | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }

  private static int leb128Length(int value) {
    int length = 1;
    for (int rest = value >>> 7; rest > 0; rest >>>= 7) {
      length++;
    }
    return length;
  }

  /** Takes OBUs with sizes apart; none if anything is wrong with them. */
  static List<Obu> obus(byte[] octets) {
    List<Obu> obus = new ArrayList<>();
    Cursor in = new Cursor(octets);
    while (in.remaining() > 0) {
      Obu obu = read(in);
      if (obu == null) {
        return List.of();
      }
      obus.add(obu);
    }
    return obus;
  }

  /** Reads one OBU, which goes on to the end if it has no size. */
  private static @Nullable Obu read(Cursor in) {
    int flags = in.octets[in.at];
    int headerLength = (flags & HAS_EXTENSION) != 0 ? 2 : 1;
    if (in.remaining() < headerLength) {
      return null;
    }
    byte[] header = in.take(headerLength);
    header[0] = (byte) (header[0] & ~HAS_SIZE);
    int size = (flags & HAS_SIZE) != 0 ? in.leb128() : in.remaining();
    return size < 0 || size > in.remaining() ? null : new Obu(header, in.take(size));
  }

  /**
   * Gathers and cuts the OBUs of a layer frame. Delimiters and padding are left out, as the
   * specification asks.
   *
   * @param frame OBUs with sizes
   * @param beginsSequence whether the frame is the first of a coded video sequence
   */
  static List<byte[]> packetize(byte[] frame, boolean beginsSequence, int maxBytes) {
    List<byte[]> elements =
        obus(frame).stream()
            .filter(obu -> obu.type() != TEMPORAL_DELIMITER)
            .filter(obu -> obu.type() != TILE_LIST && obu.type() != PADDING)
            .map(Obu::withoutSize)
            .toList();
    int limit = Math.max(MIN_PACKET_BYTES, maxBytes);
    List<byte[]> payloads = new ArrayList<>();
    int element = 0;
    int offset = 0;
    while (element < elements.size()) {
      boolean continues = offset > 0;
      boolean continued = false;
      List<byte[]> pieces = new ArrayList<>();
      int used = 1;
      while (element < elements.size() && !continued) {
        byte[] octets = elements.get(element);
        int rest = octets.length - offset;
        // What has no length may turn out to need one, when more elements follow it.
        int room = limit - used - leb128Length(limit);
        if (room <= 0) {
          break;
        }
        int length = Math.min(rest, room);
        byte[] piece = new byte[length];
        System.arraycopy(octets, offset, piece, 0, length);
        pieces.add(piece);
        used += leb128Length(length) + length;
        continued = length < rest;
        offset = continued ? offset + length : 0;
        element += continued ? 0 : 1;
      }
      payloads.add(payload(pieces, continues, continued, beginsSequence && payloads.isEmpty()));
    }
    return payloads;
  }

  private static byte[] payload(
      List<byte[]> pieces, boolean continues, boolean continued, boolean beginsSequence) {
    int count = pieces.size() <= W_MASK ? pieces.size() : 0;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(
        (continues ? Z : 0) | (continued ? Y : 0) | (count << W_SHIFT) | (beginsSequence ? N : 0));
    for (int i = 0; i < pieces.size(); i++) {
      if (count == 0 || i < count - 1) {
        writeLeb128(pieces.get(i).length, out);
      }
      out.writeBytes(pieces.get(i));
    }
    return out.toByteArray();
  }

  /** Makes a temporal unit, as files have it, of a picture's layer frames. */
  public static byte[] temporalUnit(List<byte[]> layerFrames) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write((TEMPORAL_DELIMITER << TYPE_SHIFT) | HAS_SIZE);
    out.write(0);
    layerFrames.forEach(out::writeBytes);
    return out.toByteArray();
  }

  /** A layer frame is a run of OBUs with the same spatial layer. */
  static final class Assembly implements PictureAssembly {
    private final List<byte[]> elements = new ArrayList<>();
    private final ByteArrayOutputStream element = new ByteArrayOutputStream();
    private boolean continued;

    @Override
    public void reset() {
      elements.clear();
      element.reset();
      continued = false;
    }

    @Override
    public boolean add(byte[] payload) {
      if (payload.length < 2 || ((payload[0] & Z) != 0) != continued) {
        return false;
      }
      Cursor in = new Cursor(payload);
      in.at = 1;
      int count = (payload[0] >> W_SHIFT) & W_MASK;
      boolean lastIsContinued = (payload[0] & Y) != 0;
      for (int i = 0; in.remaining() > 0; i++) {
        if (count > 0 && i == count) {
          return false;
        }
        int length = count > 0 && i == count - 1 ? in.remaining() : in.leb128();
        if (length < 0 || length > in.remaining()) {
          return false;
        }
        element.writeBytes(in.take(length));
        continued = lastIsContinued && in.remaining() == 0;
        if (!continued) {
          elements.add(element.toByteArray());
          element.reset();
        }
      }
      return true;
    }

    @Override
    public List<byte[]> finish() {
      List<byte[]> picture = continued ? List.of() : layerFrames();
      reset();
      return picture;
    }

    private List<byte[]> layerFrames() {
      List<byte[]> frames = new ArrayList<>();
      ByteArrayOutputStream frame = new ByteArrayOutputStream();
      int spatialId = 0;
      for (byte[] octets : elements) {
        Obu obu = octets.length > 0 ? read(new Cursor(octets)) : null;
        if (obu == null) {
          return List.of();
        }
        if (obu.spatialId() != spatialId && frame.size() > 0) {
          frames.add(frame.toByteArray());
          frame.reset();
        }
        spatialId = obu.spatialId();
        obu.writeWithSize(frame);
      }
      if (frame.size() > 0) {
        frames.add(frame.toByteArray());
      }
      return frames;
    }
  }
}
