/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.endpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.perc4j.endpoint.media.PictureAssembly;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.rtp.ReorderBuffer;
import org.perc4j.it.media.VideoFile;

/**
 * Video that can be decoded: complete pictures only, and after a packet that the bridge numbered
 * and that did not come, none before the next key. Of several encodings the one goes on that last
 * had a key.
 */
final class VideoRecording implements Recording {
  private static final long UNKNOWN = -1;

  /** One encoding. */
  private static final class Track {
    final PictureAssembly assembly;
    long lastOrder = UNKNOWN;
    boolean inPicture;
    boolean marked;
    boolean damaged;
    boolean needsKey = true;
    int timestamp;

    Track(PictureAssembly assembly) {
      this.assembly = assembly;
    }
  }

  private final VideoFile file;
  private final Map<Integer, Track> tracks = new HashMap<>();
  private @Nullable Track latest;
  private @Nullable Track current;
  private boolean started;
  private int firstTimestamp;

  /**
   * Creates the file.
   *
   * @param name without the ending
   */
  VideoRecording(Path directory, String name, VideoCodec codec) throws IOException {
    file = new VideoFile(directory, name, codec);
  }

  @Override
  public void write(int ssrc, ReorderBuffer.Packet packet) throws IOException {
    Track track = tracks.computeIfAbsent(ssrc, unused -> new Track(file.codec().assembly()));
    if (latest != null && latest != track) {
      completeIfMarked(latest);
    }
    latest = track;
    int timestamp = (int) packet.timestamp();
    boolean gap = track.lastOrder != UNKNOWN && packet.order() != track.lastOrder + 1;
    track.lastOrder = packet.order();
    boolean padding = packet.payload().length == 0;
    if (track.inPicture && timestamp != track.timestamp && !padding) {
      // The marker may be missing, as it is with a layer that the bridge left out, and may come
      // early, if the bridge goes up to a higher layer within a picture.
      track.damaged |= gap && !track.marked;
      complete(track);
    }
    if (gap) {
      track.needsKey = true;
      track.inPicture = false;
    }
    if (padding) {
      return;
    }
    if (!track.inPicture) {
      track.assembly.reset();
      track.inPicture = true;
      track.marked = false;
      track.damaged = false;
      track.timestamp = timestamp;
    }
    track.damaged = track.damaged || !track.assembly.add(packet.payload());
    track.marked |= packet.marker();
  }

  private void completeIfMarked(Track track) throws IOException {
    if (track.inPicture && track.marked) {
      complete(track);
    }
  }

  private void complete(Track track) throws IOException {
    track.inPicture = false;
    List<byte[]> picture = track.damaged ? List.of() : track.assembly.finish();
    boolean key = file.codec().isKey(picture);
    if (picture.isEmpty()) {
      track.needsKey = true;
    } else if (key || (track == current && !track.needsKey)) {
      if (current != null && current != track) {
        current.needsKey = true;
      }
      current = track;
      track.needsKey = false;
      if (!started) {
        started = true;
        firstTimestamp = track.timestamp;
      }
      file.write(picture, Integer.toUnsignedLong(track.timestamp - firstTimestamp));
    }
  }

  @Override
  public boolean needsKeyFrame() {
    return latest == null || latest != current || latest.needsKey;
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
    if (latest != null) {
      completeIfMarked(latest);
    }
    file.close();
  }
}
