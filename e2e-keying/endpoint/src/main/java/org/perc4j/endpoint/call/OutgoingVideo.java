/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.call;

import java.io.IOException;
import java.util.List;
import org.perc4j.endpoint.media.EncodedFrame;
import org.perc4j.endpoint.rtp.MediaEngine;

/**
 * Pictures that are sent: encoded frames of one source, in one or more encodings. An encoding, or a
 * spatial layer, for which the network has no room is left out, and begins again with a key: {@link
 * CallEvent.KeyFrameWanted} asks for one. Thread-safe.
 */
public final class OutgoingVideo {
  private final MediaEngine engine;
  private final VideoFormat format;
  private final VideoLadder ladder;
  private final List<PictureSender> encodings;

  /** Which layers go out, as there was a key. On the thread of the media. */
  private final boolean[] flows;

  private volatile boolean muted;

  OutgoingVideo(
      MediaEngine engine, VideoFormat format, VideoLadder ladder, List<PictureSender> encodings) {
    this.engine = engine;
    this.format = format;
    this.ladder = ladder;
    this.encodings = List.copyOf(encodings);
    this.flows = new boolean[format.layers().size()];
  }

  /** Returns how the pictures are encoded. */
  public VideoFormat format() {
    return format;
  }

  /**
   * Sends a picture; nothing if there are no keys or no bridge now. Returns at once.
   *
   * @param encoding of {@link VideoFormat#encodings}, 0 the lowest
   * @param layerFrames lowest spatial layer first, one if the format has none; the octets are not
   *     copied and must not change
   * @param ticks when it was taken, at 90 kHz from any origin, the same for all encodings
   */
  public void send(int encoding, List<EncodedFrame> layerFrames, long ticks) {
    PictureSender sender = encodings.get(encoding);
    List<EncodedFrame> frames = List.copyOf(layerFrames);
    if (frames.isEmpty() || frames.size() > (format.isScalable() ? format.layers().size() : 1)) {
      throw new IllegalArgumentException(frames.size() + " frames in a picture");
    }
    engine.execute(() -> sendNow(sender, encoding, frames, ticks));
  }

  private void sendNow(PictureSender sender, int encoding, List<EncodedFrame> frames, long ticks)
      throws IOException {
    if (muted) {
      return;
    }
    int highest = -1;
    boolean isKey = frames.get(0).key();
    for (int i = 0; i < frames.size(); i++) {
      int layer = encoding + i;
      flows[layer] = layer <= ladder.allowed() && (flows[layer] || isKey);
      if (flows[layer] && highest == i - 1) {
        highest = i;
      }
    }
    sender.send(frames, highest, ticks);
  }

  /** Sends nothing from now on, or goes on with the next key. */
  void setMuted(boolean mutes) {
    muted = mutes;
    engine.execute(
        () -> {
          for (int i = 0; i < flows.length; i++) {
            flows[i] = false;
          }
        });
  }
}
