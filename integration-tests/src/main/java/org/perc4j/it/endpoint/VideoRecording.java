/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.endpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.rtp.PictureReader;
import org.perc4j.endpoint.rtp.ReorderBuffer;
import org.perc4j.it.media.VideoFile;

/** Video that can be decoded, in a file. */
final class VideoRecording implements Recording {
  private final VideoFile file;
  private final PictureReader reader;
  private boolean started;
  private int firstTimestamp;

  /**
   * Creates the file.
   *
   * @param name without the ending
   */
  VideoRecording(Path directory, String name, VideoCodec codec) throws IOException {
    file = new VideoFile(directory, name, codec);
    reader =
        new PictureReader(
            codec,
            PictureReader.Marker.OF_BRIDGE,
            (frames, isKey, timestamp) -> write(frames, (int) timestamp));
  }

  private void write(List<byte[]> picture, int timestamp) throws IOException {
    if (!started) {
      started = true;
      firstTimestamp = timestamp;
    }
    file.write(picture, Integer.toUnsignedLong(timestamp - firstTimestamp));
  }

  @Override
  public void write(int ssrc, ReorderBuffer.Packet packet) throws IOException {
    reader.add(ssrc, packet);
  }

  @Override
  public boolean needsKeyFrame() {
    return reader.needsKeyFrame();
  }

  List<byte[]> frames() {
    return file.written();
  }

  VideoCodec codec() {
    return file.codec();
  }

  @Override
  public Path file() {
    return file.path();
  }

  @Override
  public void close() throws IOException {
    reader.finish();
    file.close();
  }
}
