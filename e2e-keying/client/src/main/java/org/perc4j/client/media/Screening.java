/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.media;

import java.io.Closeable;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.perc4j.client.gstreamer.Feed;
import org.perc4j.client.gstreamer.GStreamer;
import org.perc4j.client.gstreamer.MediaException;
import org.perc4j.client.gstreamer.Pipeline;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.signalling.Source;

/** The pictures of one source on their way to the screen. On one thread. */
final class Screening implements Closeable {
  /** When more waits, pictures are left out up to the next key. */
  private static final long MAX_WAITING_BYTES = 4 << 20;

  private final VideoCodec codec;
  private final Pipeline pipeline;
  private final Feed feed;
  private boolean needsKey = true;

  /**
   * Opens it.
   *
   * @param decoder part of a pipeline that decodes the codec
   */
  Screening(
      GStreamer gstreamer,
      Source source,
      VideoCodec codec,
      String decoder,
      Tally tally,
      @Nullable PictureTaker taker)
      throws MediaException {
    this.codec = codec;
    pipeline =
        Pipeline.launch(
            gstreamer,
            "appsrc name=pictures is-live=true format=time do-timestamp=true caps=\""
                + Pictures.caps(codec)
                + "\" ! "
                + decoder
                + (taker == null ? "" : " ! videoconvert ! video/x-raw,format=BGRx")
                + " ! appsink name=decoded sync=false async=false max-buffers=4 drop="
                + (taker != null));
    feed = pipeline.feed("pictures");
    pipeline.pull(
        "decoded",
        frame -> {
          tally.picture(source.owner());
          if (taker != null) {
            taker.picture(source, frame);
          }
        });
    pipeline.start();
  }

  VideoCodec codec() {
    return codec;
  }

  /** Shows a picture. */
  void show(List<byte[]> layerFrames, boolean isKey) {
    if (isKey) {
      needsKey = false;
    } else if (feed.waitingBytes() > MAX_WAITING_BYTES) {
      needsKey = true;
    }
    if (!needsKey) {
      boolean unused = feed.push(Pictures.octets(codec, layerFrames), -1, -1);
    }
  }

  /** Returns what went wrong with it, a line for people, or null. */
  @Nullable String error() {
    return pipeline.error();
  }

  @Override
  public void close() {
    pipeline.close();
  }
}
