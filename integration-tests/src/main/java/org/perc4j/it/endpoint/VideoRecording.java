/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.endpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.perc4j.it.media.IvfWriter;
import org.perc4j.it.media.PictureClip;
import org.perc4j.it.media.Vp8Payload;

/** VP8 in IVF: complete frames only, and after a lost packet none before the next key frame. */
final class VideoRecording implements Recording {
  private static final long UNKNOWN = -1;

  private final Path file;
  private final IvfWriter writer;
  private final ByteArrayOutputStream frame = new ByteArrayOutputStream();
  private final List<byte[]> frames = new ArrayList<>();
  private boolean inFrame;
  private boolean needsKeyFrame = true;
  private long lastOrder = UNKNOWN;
  private int firstTimestamp;

  VideoRecording(Path file) throws IOException {
    this.file = file;
    this.writer = new IvfWriter(file);
  }

  @Override
  public void write(ReorderBuffer.Packet packet) throws IOException {
    if (lastOrder != UNKNOWN && packet.order() != lastOrder + 1) {
      inFrame = false;
      needsKeyFrame = true;
    }
    lastOrder = packet.order();
    byte[] payload = packet.payload();
    int descriptor = Vp8Payload.descriptorLength(payload);
    if (descriptor < 0) {
      inFrame = false;
      return;
    }
    if (Vp8Payload.startsFrame(payload)) {
      frame.reset();
      inFrame = true;
    }
    if (!inFrame) {
      return;
    }
    frame.write(payload, descriptor, payload.length - descriptor);
    if (packet.marker()) {
      inFrame = false;
      complete(frame.toByteArray(), (int) packet.timestamp());
    }
  }

  private void complete(byte[] octets, int timestamp) throws IOException {
    if (needsKeyFrame && !PictureClip.isKeyFrame(octets)) {
      return;
    }
    needsKeyFrame = false;
    if (writer.frames() == 0) {
      firstTimestamp = timestamp;
    }
    writer.write(octets, Integer.toUnsignedLong(timestamp - firstTimestamp));
    frames.add(octets);
  }

  @Override
  public boolean needsKeyFrame() {
    return needsKeyFrame;
  }

  List<byte[]> frames() {
    return List.copyOf(frames);
  }

  @Override
  public Path file() {
    return file;
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }
}
