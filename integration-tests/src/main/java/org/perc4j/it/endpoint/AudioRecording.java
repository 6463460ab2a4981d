/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.endpoint;

import java.io.IOException;
import java.nio.file.Path;
import org.perc4j.endpoint.rtp.ReorderBuffer;
import org.perc4j.it.media.OggOpusWriter;
import org.perc4j.it.media.SpeechClip;

/** Opus in Ogg. */
final class AudioRecording implements Recording {
  private final Path file;
  private final OggOpusWriter writer;
  private boolean started;
  private int firstTimestamp;

  AudioRecording(Path file) throws IOException {
    this.file = file;
    this.writer = new OggOpusWriter(file);
  }

  @Override
  public void write(int ssrc, ReorderBuffer.Packet packet) throws IOException {
    int timestamp = (int) packet.timestamp();
    if (!started) {
      started = true;
      firstTimestamp = timestamp;
    }
    writer.write(
        packet.payload(),
        Integer.toUnsignedLong(timestamp - firstTimestamp) + SpeechClip.SAMPLES_PER_PACKET);
  }

  @Override
  public boolean needsKeyFrame() {
    return false;
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
