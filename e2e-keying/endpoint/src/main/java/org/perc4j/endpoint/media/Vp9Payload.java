/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.media;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * VP9 in RTP (RFC 9628) with 15-bit picture numbers and layer indices, in flexible mode (F = 1), in
 * which each frame names the pictures that it is predicted from, or in non-flexible mode, in which
 * the first packet of a key picture tells the structure of all that follow.
 *
 * <pre>
 *    0 1 2 3 4 5 6 7
 *   +-+-+-+-+-+-+-+-+
 *   |I|P|L|F|B|E|V|Z|   I = L = 1; V on the first packet of a key picture
 *   |M| PICTURE ID  |   M = 1: two octets
 *   |  PICTURE ID   |
 *   | TID |U| SID |D|
 *   |   TL0PICIDX   |   F = 0
 *   |   P_DIFF    |N|   P = F = 1, up to three times
 *   |      SS       |   V = 1
 *   +-+-+-+-+-+-+-+-+
 * </pre>
 */
public final class Vp9Payload {
  /** Which pictures a frame is predicted from, and how a receiver learns it. */
  public enum Mode {
    /** From the frame. */
    FLEXIBLE,
    /** From its place in a group of pictures. */
    NON_FLEXIBLE
  }

  private static final int MIN_ROOM_BYTES = 1;
  private static final int MAX_REFERENCES = 3;
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
  private static final int MORE = 0x01;
  private static final int Y = 0x10;
  private static final int G = 0x08;
  private static final int R_SHIFT = 2;
  private static final int R_MASK = 0x03;
  private static final int RESOLUTION_BYTES = 4;
  private static final int MAX_LAYERS = 8;
  private static final int MAX_GROUP = 255;

  private Vp9Payload() {}

  /**
   * What a payload begins with, as far as it matters for putting pictures together.
   *
   * @param length in octets
   * @param spatialId 0 if there are no layer indices
   * @param begins whether it begins a layer frame
   * @param ends whether it ends one
   */
  record Descriptor(int length, int spatialId, boolean begins, boolean ends) {
    /** Returns the descriptor, or null if it is cut off. */
    static @Nullable Descriptor parse(byte[] payload) {
      int at = 1;
      if (payload.length < at) {
        return null;
      }
      int flags = payload[0];
      if ((flags & I) != 0) {
        at += at < payload.length && (payload[at] & M) != 0 ? 2 : 1;
      }
      int spatialId = 0;
      if ((flags & L) != 0) {
        if (at >= payload.length) {
          return null;
        }
        spatialId = (payload[at] >> SPATIAL_ID_SHIFT) & LAYER_ID_MASK;
        at += (flags & F) != 0 ? 1 : 2;
      }
      if ((flags & P) != 0 && (flags & F) != 0) {
        int references = 0;
        boolean more = true;
        while (more) {
          if (at >= payload.length || references++ == MAX_REFERENCES) {
            return null;
          }
          more = (payload[at++] & MORE) != 0;
        }
      }
      if ((flags & V) != 0) {
        at = endOfStructure(payload, at);
      }
      return at < 0 || at > payload.length
          ? null
          : new Descriptor(at, spatialId, (flags & B) != 0, (flags & E) != 0);
    }

    private static int endOfStructure(byte[] payload, int start) {
      if (start >= payload.length) {
        return -1;
      }
      int head = payload[start] & 0xFF;
      int at = start + 1;
      if ((head & Y) != 0) {
        at += RESOLUTION_BYTES * (1 + (head >> TEMPORAL_ID_SHIFT));
      }
      if ((head & G) == 0) {
        return at;
      }
      if (at >= payload.length) {
        return -1;
      }
      int pictures = payload[at++] & 0xFF;
      for (int i = 0; i < pictures; i++) {
        if (at >= payload.length) {
          return -1;
        }
        at += 1 + ((payload[at] >> R_SHIFT) & R_MASK);
      }
      return at;
    }
  }

  /** Of a spatial layer, in pixels. */
  public record Size(int width, int height) {}

  /**
   * What the first packet of a key picture tells of those that follow.
   *
   * @param sizes of the spatial layers, lowest first; 1 to 8
   * @param group the lowest frames of a group of pictures, after which the structure repeats
   *     itself, for the non-flexible mode; none for the flexible mode
   */
  public record Structure(List<Size> sizes, List<EncodedFrame> group) {
    /** Copies the lists. */
    public Structure {
      sizes = List.copyOf(sizes);
      group = List.copyOf(group);
      if (sizes.isEmpty() || sizes.size() > MAX_LAYERS || group.size() > MAX_GROUP) {
        throw new IllegalArgumentException(
            sizes.size() + " layers, a group of " + group.size() + " pictures");
      }
    }

    byte[] octets() {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.write(((sizes.size() - 1) << TEMPORAL_ID_SHIFT) | Y | (group.isEmpty() ? 0 : G));
      for (Size layer : sizes) {
        for (int size : new int[] {layer.width(), layer.height()}) {
          out.write(size >> 8);
          out.write(size);
        }
      }
      if (!group.isEmpty()) {
        out.write(group.size());
        for (EncodedFrame base : group) {
          out.write(
              (base.temporalId() << TEMPORAL_ID_SHIFT)
                  | (base.switchingPoint() ? U : 0)
                  | (base.pictureDifferences().size() << R_SHIFT));
          base.pictureDifferences().forEach(out::write);
        }
      }
      return out.toByteArray();
    }
  }

  /**
   * Cuts a layer frame into payloads, in the flexible mode if the structure has no group of
   * pictures.
   *
   * @param pictureId 15 bits
   * @param tl0PicIdx 8 bits
   */
  static List<byte[]> packetize(
      Structure structure, EncodedFrame frame, int pictureId, int tl0PicIdx, int maxBytes) {
    boolean flexible = structure.group().isEmpty();
    List<Integer> differences = frame.pictureDifferences();
    int flags =
        I | L | (differences.isEmpty() ? 0 : P) | (flexible ? F : 0) | (frame.usedAbove() ? 0 : Z);
    ByteArrayOutputStream common = new ByteArrayOutputStream();
    common.write(M | (pictureId >> 8));
    common.write(pictureId);
    common.write(
        (frame.temporalId() << TEMPORAL_ID_SHIFT)
            | (frame.switchingPoint() ? U : 0)
            | (frame.spatialId() << SPATIAL_ID_SHIFT)
            | (frame.interLayer() ? D : 0));
    if (flexible) {
      for (int i = 0; i < differences.size(); i++) {
        common.write((differences.get(i) << 1) | (i < differences.size() - 1 ? MORE : 0));
      }
    } else {
      common.write(tl0PicIdx);
    }
    byte[] first = frame.key() && frame.spatialId() == 0 ? structure.octets() : new byte[0];

    List<byte[]> payloads = new ArrayList<>();
    byte[] octets = frame.octets();
    int from = 0;
    while (from < octets.length) {
      byte[] more = from == 0 ? first : new byte[0];
      int room = Math.max(MIN_ROOM_BYTES, maxBytes - 1 - common.size() - more.length);
      int length = Math.min(room, octets.length - from);
      ByteArrayOutputStream payload = new ByteArrayOutputStream();
      payload.write(
          flags
              | (from == 0 ? B : 0)
              | (from + length == octets.length ? E : 0)
              | (more.length > 0 ? V : 0));
      payload.writeBytes(common.toByteArray());
      payload.writeBytes(more);
      payload.write(octets, from, length);
      payloads.add(payload.toByteArray());
      from += length;
    }
    return payloads;
  }

  /**
   * Makes a superframe of a picture's layer frames (VP9 bitstream specification, annex B).
   *
   * <pre>
   *   frames
   *   |1 1 0|octets of a size - 1 (2)|frames - 1 (3)|
   *   sizes, little endian
   *   the first octet again
   * </pre>
   */
  public static byte[] superframe(List<byte[]> layerFrames) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    layerFrames.forEach(out::writeBytes);
    if (layerFrames.size() > 1) {
      int marker = 0xC0 | (3 << 3) | (layerFrames.size() - 1);
      out.write(marker);
      for (byte[] frame : layerFrames) {
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
          out.write(frame.length >> shift);
        }
      }
      out.write(marker);
    }
    return out.toByteArray();
  }

  /** Each layer frame begins and ends with a packet of its own. */
  static final class Assembly implements PictureAssembly {
    private final List<byte[]> frames = new ArrayList<>();
    private final ByteArrayOutputStream frame = new ByteArrayOutputStream();
    private boolean begun;
    private int spatialId = -1;

    @Override
    public void reset() {
      frames.clear();
      frame.reset();
      begun = false;
      spatialId = -1;
    }

    @Override
    public boolean add(byte[] payload) {
      Descriptor descriptor = Descriptor.parse(payload);
      if (descriptor == null || descriptor.begins() == begun || frames.size() == MAX_LAYERS) {
        return false;
      }
      boolean follows =
          begun ? descriptor.spatialId() == spatialId : descriptor.spatialId() > spatialId;
      if (!follows) {
        return false;
      }
      spatialId = descriptor.spatialId();
      frame.write(payload, descriptor.length(), payload.length - descriptor.length());
      begun = !descriptor.ends();
      if (!begun) {
        frames.add(frame.toByteArray());
        frame.reset();
      }
      return true;
    }

    @Override
    public List<byte[]> finish() {
      List<byte[]> picture = begun ? List.of() : List.copyOf(frames);
      reset();
      return picture;
    }
  }
}
