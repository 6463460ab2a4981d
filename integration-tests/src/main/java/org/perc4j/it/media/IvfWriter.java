/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.media;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.perc4j.endpoint.media.VideoCodec;

/** Writes frames into an IVF file, with the clock of RTP. Not thread-safe. */
final class IvfWriter implements Closeable {
  private static final int FILE_HEADER_BYTES = 32;
  private static final int FRAME_HEADER_BYTES = 12;
  private static final int CLOCK_RATE = 90_000;
  private static final int SIZE_OFFSET = 6;
  private static final int SIZE_MASK = 0x3FFF;

  private final RandomAccessFile file;
  private final VideoCodec codec;
  private int frames;
  private long duration;
  private int width;
  private int height;

  /** Creates the file. */
  IvfWriter(Path path, VideoCodec codec) throws IOException {
    this.codec = codec;
    file = new RandomAccessFile(path.toFile(), "rw");
    file.setLength(0);
    file.write(header());
  }

  private byte[] header() {
    return ByteBuffer.allocate(FILE_HEADER_BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put("DKIF".getBytes(StandardCharsets.US_ASCII))
        .putShort((short) 0)
        .putShort((short) FILE_HEADER_BYTES)
        .put(codec.fourCc().getBytes(StandardCharsets.US_ASCII))
        .putShort((short) width)
        .putShort((short) height)
        .putInt(CLOCK_RATE)
        .putInt(1)
        .putInt((int) duration)
        .putInt(0)
        .array();
  }

  /**
   * Writes a frame. The first one is a key frame, whose size becomes the file's if it is VP8; those
   * of other codecs are left to who reads it.
   *
   * @param timestamp at 90 kHz from the start of the recording
   */
  void write(byte[] frame, long timestamp) throws IOException {
    if (frames == 0 && codec == VideoCodec.VP8 && frame.length >= SIZE_OFFSET + 4) {
      ByteBuffer key = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
      width = key.getShort(SIZE_OFFSET) & SIZE_MASK;
      height = key.getShort(SIZE_OFFSET + 2) & SIZE_MASK;
    }
    file.write(
        ByteBuffer.allocate(FRAME_HEADER_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(frame.length)
            .putLong(timestamp)
            .array());
    file.write(frame);
    duration = timestamp;
    frames++;
  }

  @Override
  public void close() throws IOException {
    file.seek(0);
    file.write(header());
    file.close();
  }
}
