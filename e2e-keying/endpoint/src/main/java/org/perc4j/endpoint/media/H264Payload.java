/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.media;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * H.264 in RTP (RFC 6184), non-interleaved: parameter sets together in a STAP-A, other NAL units
 * alone or, if too large, in FU-As.
 *
 * <pre>
 *    0 1 2 3 4 5 6 7     0 1 2 3 4 5 6 7
 *   +-+-+-+-+-+-+-+-+   +-+-+-+-+-+-+-+-+
 *   |F|NRI|  Type   |   |S|E|R|  Type   |   the latter in FU-As
 *   +-+-+-+-+-+-+-+-+   +-+-+-+-+-+-+-+-+
 * </pre>
 */
public final class H264Payload {
  private static final int TYPE_MASK = 0x1F;
  private static final int NRI_MASK = 0x60;
  private static final int SEQUENCE_PARAMETERS = 7;
  private static final int PREFIX = 14;
  private static final int UNIT_SIZE_BYTES = 2;
  private static final int PICTURE_PARAMETERS = 8;
  private static final int LAST_SINGLE = 23;
  private static final int STAP_A = 24;
  private static final int FU_A = 28;
  private static final int FU_START = 0x80;
  private static final int FU_END = 0x40;
  private static final int FU_HEADER_BYTES = 2;
  private static final byte[] START_CODE = {0, 0, 0, 1};

  private H264Payload() {}

  /** Takes the NAL units out of a byte stream (H.264 annex B). */
  static List<byte[]> units(byte[] stream) {
    List<byte[]> units = new ArrayList<>();
    int begin = -1;
    for (int i = 0; i + 2 < stream.length; i++) {
      if (stream[i] == 0 && stream[i + 1] == 0 && stream[i + 2] == 1) {
        addUnit(units, stream, begin, i);
        begin = i + 3;
      }
    }
    addUnit(units, stream, begin, stream.length);
    return units;
  }

  private static void addUnit(List<byte[]> units, byte[] stream, int begin, int limit) {
    if (begin < 0) {
      return;
    }
    int end = limit;
    while (end > begin && stream[end - 1] == 0) {
      end--;
    }
    if (end > begin) {
      units.add(Arrays.copyOfRange(stream, begin, end));
    }
  }

  /**
   * Packs the NAL units of a frame.
   *
   * @param frame in the form of annex B
   */
  static List<byte[]> packetize(byte[] frame, int maxBytes) {
    List<byte[]> payloads = new ArrayList<>();
    List<byte[]> together = new ArrayList<>();
    for (byte[] unit : units(frame)) {
      int type = unit[0] & TYPE_MASK;
      if (type == SEQUENCE_PARAMETERS || type == PICTURE_PARAMETERS || type == PREFIX) {
        together.add(unit);
        continue;
      }
      if (endsWithPrefix(together) && aggregateLength(together, unit) <= maxBytes) {
        together.add(unit);
        continue;
      }
      aggregate(together, payloads);
      if (unit.length <= maxBytes) {
        payloads.add(unit);
      } else {
        fragment(unit, maxBytes, payloads);
      }
    }
    aggregate(together, payloads);
    return payloads;
  }

  private static boolean endsWithPrefix(List<byte[]> units) {
    return !units.isEmpty() && (units.get(units.size() - 1)[0] & TYPE_MASK) == PREFIX;
  }

  private static int aggregateLength(List<byte[]> units, byte[] next) {
    return 1
        + units.stream().mapToInt(unit -> UNIT_SIZE_BYTES + unit.length).sum()
        + UNIT_SIZE_BYTES
        + next.length;
  }

  private static void aggregate(List<byte[]> units, List<byte[]> payloads) {
    if (units.size() == 1) {
      payloads.add(units.get(0));
    } else if (!units.isEmpty()) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      int importance = units.stream().mapToInt(unit -> unit[0] & NRI_MASK).max().orElseThrow();
      out.write(importance | STAP_A);
      for (byte[] unit : units) {
        out.write(unit.length >> 8);
        out.write(unit.length);
        out.writeBytes(unit);
      }
      payloads.add(out.toByteArray());
    }
    units.clear();
  }

  private static void fragment(byte[] unit, int maxBytes, List<byte[]> payloads) {
    int room = Math.max(1, maxBytes - FU_HEADER_BYTES);
    for (int from = 1; from < unit.length; from += room) {
      int length = Math.min(room, unit.length - from);
      byte[] payload = new byte[FU_HEADER_BYTES + length];
      payload[0] = (byte) ((unit[0] & ~TYPE_MASK) | FU_A);
      payload[1] =
          (byte)
              ((unit[0] & TYPE_MASK)
                  | (from == 1 ? FU_START : 0)
                  | (from + length == unit.length ? FU_END : 0));
      System.arraycopy(unit, from, payload, FU_HEADER_BYTES, length);
      payloads.add(payload);
    }
  }

  /** A picture is a run of NAL units. */
  static final class Assembly implements PictureAssembly {
    private final ByteArrayOutputStream frame = new ByteArrayOutputStream();
    private boolean inFragments;

    @Override
    public void reset() {
      frame.reset();
      inFragments = false;
    }

    @Override
    public boolean add(byte[] payload) {
      int type = payload.length == 0 ? 0 : payload[0] & TYPE_MASK;
      if (type == FU_A) {
        return addFragment(payload);
      }
      if (inFragments) {
        return false;
      }
      if (type == STAP_A) {
        return addAggregate(payload);
      }
      if (type == 0 || type > LAST_SINGLE) {
        return false;
      }
      frame.writeBytes(START_CODE);
      frame.writeBytes(payload);
      return true;
    }

    private boolean addAggregate(byte[] payload) {
      int at = 1;
      while (at + 2 < payload.length) {
        int length = ((payload[at] & 0xFF) << 8) | (payload[at + 1] & 0xFF);
        at += 2;
        if (length == 0 || at + length > payload.length) {
          return false;
        }
        frame.writeBytes(START_CODE);
        frame.write(payload, at, length);
        at += length;
      }
      return at > 1 && at == payload.length;
    }

    private boolean addFragment(byte[] payload) {
      if (payload.length <= FU_HEADER_BYTES || ((payload[1] & FU_START) != 0) == inFragments) {
        return false;
      }
      if (!inFragments) {
        frame.writeBytes(START_CODE);
        frame.write((payload[0] & ~TYPE_MASK) | (payload[1] & TYPE_MASK));
      }
      frame.write(payload, FU_HEADER_BYTES, payload.length - FU_HEADER_BYTES);
      inFragments = (payload[1] & FU_END) == 0;
      return true;
    }

    @Override
    public List<byte[]> finish() {
      List<byte[]> picture =
          inFragments || frame.size() == 0 ? List.of() : List.of(frame.toByteArray());
      reset();
      return picture;
    }
  }
}
