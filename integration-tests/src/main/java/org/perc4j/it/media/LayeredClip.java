/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.perc4j.endpoint.media.EncodedFrame;
import org.perc4j.endpoint.media.LayerPacketizer;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.media.Vp9Payload;

/**
 * Pictures in temporal and spatial layers, of which the first one is the only key; played in a
 * loop. Immutable, apart from the octets.
 */
public final class LayeredClip {
  private static final int FILE_HEADER_BYTES = 32;
  private static final int FRAME_HEADER_BYTES = 12;
  private static final int COLUMNS = 4;

  /** After how many pictures the structure of all clips here repeats itself. */
  private static final int CYCLE = 8;

  /** Header, extensions, payload descriptor, two tags, a block. */
  private static final int PACKET_OVERHEAD_BYTES = 64;

  private final VideoCodec codec;
  private final int width;
  private final int height;
  private final int framesPerSecond;
  private final List<LayerFrame> frames;
  private final List<List<LayerFrame>> pictures;

  private LayeredClip(
      VideoCodec codec,
      int width,
      int height,
      int framesPerSecond,
      List<LayerFrame> frames,
      int pictures) {
    this.codec = codec;
    this.width = width;
    this.height = height;
    this.framesPerSecond = framesPerSecond;
    this.frames = frames;
    List<List<LayerFrame>> grouped = new ArrayList<>();
    for (int i = 0; i < pictures; i++) {
      int number = i;
      grouped.add(frames.stream().filter(frame -> frame.picture() == number).toList());
    }
    this.pictures = List.copyOf(grouped);
  }

  /**
   * Reads a clip.
   *
   * @param ivf one layer frame to an IVF frame
   * @param layers a line for each: picture, spatial layer, temporal layer, references
   */
  static LayeredClip parse(byte[] ivf, String layers) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(ivf).order(ByteOrder.LITTLE_ENDIAN);
    if (ivf.length < FILE_HEADER_BYTES
        || !new String(ivf, 0, 4, StandardCharsets.US_ASCII).equals("DKIF")) {
      throw new IOException("not an IVF file");
    }
    VideoCodec codec = codec(new String(ivf, 8, 4, StandardCharsets.US_ASCII));
    in.position(FILE_HEADER_BYTES);
    List<byte[]> octets = new ArrayList<>();
    while (in.remaining() >= FRAME_HEADER_BYTES) {
      byte[] frame = new byte[in.getInt()];
      in.getLong();
      in.get(frame);
      octets.add(frame);
    }
    List<Line> lines = new ArrayList<>();
    for (String line : layers.lines().toList()) {
      lines.add(Line.parse(line, lines.size()));
    }
    if (lines.isEmpty() || lines.size() != octets.size()) {
      throw new IOException(octets.size() + " layer frames, but lines for " + lines.size());
    }
    List<LayerFrame> frames = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      frames.add(frame(lines, i, octets.get(i)));
    }
    return new LayeredClip(
        codec,
        in.getShort(12),
        in.getShort(14),
        in.getInt(16) / Math.max(1, in.getInt(20)),
        List.copyOf(frames),
        lines.get(lines.size() - 1).picture() + 1);
  }

  private static VideoCodec codec(String fourCc) throws IOException {
    for (VideoCodec codec : VideoCodec.values()) {
      if (codec.fourCc().equals(fourCc)) {
        return codec;
      }
    }
    throw new IOException("no codec " + fourCc);
  }

  private record Line(int picture, int spatialId, int temporalId, List<Integer> references) {
    static Line parse(String line, int number) throws IOException {
      String[] columns = line.split(" ", -1);
      if (columns.length != COLUMNS) {
        throw new IOException("not a layer frame: " + line);
      }
      List<Integer> references =
          columns[3].equals("-")
              ? List.of()
              : Arrays.stream(columns[3].split(",", -1)).map(Integer::valueOf).toList();
      if (references.stream().anyMatch(reference -> reference >= number)) {
        throw new IOException("predicted from the future: " + line);
      }
      return new Line(
          Integer.parseInt(columns[0]),
          Integer.parseInt(columns[1]),
          Integer.parseInt(columns[2]),
          references);
    }
  }

  private static LayerFrame frame(List<Line> lines, int number, byte[] octets) {
    Line line = lines.get(number);
    List<Line> earlier =
        line.references().stream()
            .map(lines::get)
            .filter(reference -> reference.picture() != line.picture())
            .toList();
    List<Line> later = lines.stream().filter(other -> other.references().contains(number)).toList();
    return new LayerFrame(
        number,
        line.picture(),
        line.references(),
        new EncodedFrame(
            earlier.isEmpty(),
            line.spatialId(),
            line.temporalId(),
            earlier.stream()
                .map(reference -> line.picture() - reference.picture())
                .distinct()
                .toList(),
            earlier.size() < line.references().size(),
            later.stream().anyMatch(other -> other.picture() == line.picture()),
            later.isEmpty(),
            line.temporalId() > 0
                && earlier.stream().allMatch(reference -> reference.temporalId() == 0),
            isSwitchingPoint(lines, line),
            octets));
  }

  /**
   * Higher temporal layers after a switching point are predicted from none of them before it (RFC
   * 9628 section 4.2).
   */
  private static boolean isSwitchingPoint(List<Line> lines, Line point) {
    return lines.stream()
        .filter(later -> later.picture() > point.picture())
        .filter(later -> later.temporalId() > point.temporalId())
        .flatMap(later -> later.references().stream())
        .map(lines::get)
        .noneMatch(
            reference ->
                reference.picture() < point.picture()
                    && reference.temporalId() > point.temporalId());
  }

  /**
   * Returns what makes payloads of the clip, at the beginning of a stream.
   *
   * @param vp9Mode does not matter to other codecs
   * @param pictureId of the first picture, 15 bits
   * @param maxBytes octets of a payload
   */
  public LayerPacketizer packetizer(Vp9Payload.Mode vp9Mode, int pictureId, int maxBytes) {
    return codec == VideoCodec.VP9
        ? LayerPacketizer.ofVp9(structure(vp9Mode), pictureId, maxBytes)
        : new LayerPacketizer(codec, pictureId, maxBytes);
  }

  /** The first pictures of all lack what the others have before them. */
  private Vp9Payload.Structure structure(Vp9Payload.Mode mode) {
    List<Vp9Payload.Size> sizes = new ArrayList<>();
    for (int layer = 0; layer < spatialLayers(); layer++) {
      sizes.add(new Vp9Payload.Size(width(layer), height(layer)));
    }
    return new Vp9Payload.Structure(
        sizes,
        mode == Vp9Payload.Mode.FLEXIBLE
            ? List.of()
            : pictures.subList(CYCLE, 2 * CYCLE).stream()
                .map(picture -> picture.get(0).encoded())
                .toList());
  }

  /** Returns how it is encoded. */
  public VideoCodec codec() {
    return codec;
  }

  /** Returns the width of a spatial layer, in pixels; each is twice as wide as the one below. */
  public int width(int spatialId) {
    return width >> (spatialLayers() - 1 - spatialId);
  }

  /** Returns the height of a spatial layer, in pixels; each is twice as high as the one below. */
  public int height(int spatialId) {
    return height >> (spatialLayers() - 1 - spatialId);
  }

  /** Returns how fast to play it. */
  public int framesPerSecond() {
    return framesPerSecond;
  }

  /** Returns the number of pictures, after which it begins again. */
  public int length() {
    return pictures.size();
  }

  /** Returns how many spatial layers there are. */
  public int spatialLayers() {
    return 1 + frames.stream().mapToInt(LayerFrame::spatialId).max().orElseThrow();
  }

  /** Returns how many temporal layers there are. */
  public int temporalLayers() {
    return 1 + frames.stream().mapToInt(LayerFrame::temporalId).max().orElseThrow();
  }

  /**
   * Returns what it takes to send a spatial layer and all below it, in all temporal layers, with
   * RTP's headers and those of two layers of protection, in bits per second.
   *
   * @param maxBytes octets of a payload
   */
  public double bitsPerSecond(int spatialId, int maxBytes) {
    long octets =
        frames.stream()
            .filter(frame -> frame.spatialId() <= spatialId)
            .mapToLong(
                frame ->
                    frame.octets().length
                        + PACKET_OVERHEAD_BYTES
                            * (long) ((frame.octets().length + maxBytes - 1) / maxBytes))
            .sum();
    return 8.0 * octets * framesPerSecond / length();
  }

  /** Returns all layer frames, in the order of their numbers. */
  public List<LayerFrame> frames() {
    return frames;
  }

  /**
   * Returns the layer frames of a picture, lowest first.
   *
   * @param position counts from 0 without end
   */
  public List<LayerFrame> picture(long position) {
    return pictures.get((int) (position % pictures.size()));
  }
}
