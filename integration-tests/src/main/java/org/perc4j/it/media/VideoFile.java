/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.media;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.perc4j.endpoint.media.Av1Payload;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.media.Vp9Payload;

/**
 * Writes pictures into a file that others can decode: IVF, or for H.264 a byte stream without
 * times. Not thread-safe.
 */
public final class VideoFile implements Closeable {
  private final Path path;
  private final VideoCodec codec;
  private final @Nullable IvfWriter ivf;
  private final @Nullable OutputStream stream;
  private final List<byte[]> written = new ArrayList<>();
  private long lastTimestamp = -1;

  /**
   * Creates the file.
   *
   * @param name without the ending
   */
  public VideoFile(Path directory, String name, VideoCodec codec) throws IOException {
    this.codec = codec;
    if (codec == VideoCodec.H264) {
      path = directory.resolve(name + ".h264");
      ivf = null;
      stream = Files.newOutputStream(path);
    } else {
      path = directory.resolve(name + ".ivf");
      ivf = new IvfWriter(path, codec);
      stream = null;
    }
  }

  /**
   * Writes a picture; the first one is a key.
   *
   * @param layerFrames lowest first
   * @param timestamp at 90 kHz; one that is not later than the last picture's becomes so
   */
  public void write(List<byte[]> layerFrames, long timestamp) throws IOException {
    byte[] octets =
        switch (codec) {
          case VP8, H264 -> layerFrames.get(0);
          case VP9 -> Vp9Payload.superframe(layerFrames);
          case AV1 -> Av1Payload.temporalUnit(layerFrames);
        };
    // Two encodings of one picture can come after each other, where a receiver goes from one to the
    // other.
    lastTimestamp = Math.max(lastTimestamp + 1, timestamp);
    if (ivf != null) {
      ivf.write(octets, lastTimestamp);
    }
    if (stream != null) {
      stream.write(octets);
    }
    written.add(octets);
  }

  /** Returns the pictures as they were written, not copies. */
  public List<byte[]> written() {
    return List.copyOf(written);
  }

  /** Returns where the file is. */
  public Path path() {
    return path;
  }

  /** Returns what has to decode it. */
  public VideoCodec codec() {
    return codec;
  }

  @Override
  public void close() throws IOException {
    if (ivf != null) {
      ivf.close();
    }
    if (stream != null) {
      stream.close();
    }
  }
}
