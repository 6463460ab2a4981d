/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.perc4j.endpoint.media.Vp8Payload;

/** VP8 frames out of an IVF file, the first one a key frame; played in a loop. */
public final class PictureClip {
  private static final int FILE_HEADER_BYTES = 32;
  private static final int FRAME_HEADER_BYTES = 12;

  private final List<byte[]> frames;
  private final int framesPerSecond;

  private PictureClip(List<byte[]> frames, int framesPerSecond) {
    this.frames = frames;
    this.framesPerSecond = framesPerSecond;
  }

  /**
   * Reads one.
   *
   * @param file all octets of an IVF file
   * @throws IOException if it is none
   */
  public static PictureClip parse(byte[] file) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    if (file.length < FILE_HEADER_BYTES
        || !new String(file, 0, 4, StandardCharsets.US_ASCII).equals("DKIF")) {
      throw new IOException("not an IVF file");
    }
    int rate = in.getInt(16) / Math.max(1, in.getInt(20));
    in.position(FILE_HEADER_BYTES);
    List<byte[]> frames = new ArrayList<>();
    while (in.remaining() >= FRAME_HEADER_BYTES) {
      byte[] frame = new byte[in.getInt()];
      in.getLong();
      in.get(frame);
      frames.add(frame);
    }
    if (frames.isEmpty() || !Vp8Payload.isKeyFrame(frames.get(0)) || rate <= 0) {
      throw new IOException("an IVF file that does not start with a key frame");
    }
    return new PictureClip(frames, rate);
  }

  /**
   * Returns a frame, not a copy.
   *
   * @param position counts from 0 without end
   */
  public byte[] frame(long position) {
    return frames.get((int) (position % frames.size()));
  }

  /** Returns the first position from the given one on that has a key frame. */
  public long nextKeyFrame(long position) {
    long next = position;
    while (!Vp8Payload.isKeyFrame(frame(next))) {
      next++;
    }
    return next;
  }

  /** Returns how fast to play it. */
  public int framesPerSecond() {
    return framesPerSecond;
  }
}
