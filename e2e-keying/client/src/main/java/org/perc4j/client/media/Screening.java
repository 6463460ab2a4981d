/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.media;

import java.io.Closeable;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.perc4j.client.gstreamer.Feed;
import org.perc4j.client.gstreamer.GStreamer;
import org.perc4j.client.gstreamer.MediaException;
import org.perc4j.client.gstreamer.MediaException.Reason;
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

  Screening(
      GStreamer gstreamer,
      Source source,
      VideoCodec codec,
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
                + decoder(gstreamer, codec)
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

  private static String decoder(GStreamer gstreamer, VideoCodec codec) throws MediaException {
    List<String> known =
        switch (codec) {
          case VP8 -> List.of("vp8dec");
          case VP9 -> List.of("vp9dec");
          case AV1 -> List.of("dav1ddec", "av1dec");
          case H264 -> List.of("openh264dec", "avdec_h264");
        };
    for (String decoder : known) {
      if (gstreamer.has(decoder)) {
        return codec == VideoCodec.H264 ? "h264parse ! " + decoder : decoder;
      }
    }
    throw new MediaException(Reason.PART_MISSING, "GStreamer has no decoder for " + codec);
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
