/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.gstreamer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PipelineTest {
  private static final long PATIENCE_SECONDS = 20;

  private final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
  private final GStreamer gstreamer = start();

  private static GStreamer start() {
    try {
      GStreamer there = GStreamer.start();
      there.require("videotestsrc", "vp8enc", "vp8dec", "audiomixer");
      return there;
    } catch (MediaException e) {
      return abort(String.valueOf(e.getMessage()));
    }
  }

  private Frame next() throws InterruptedException {
    return Objects.requireNonNull(frames.poll(PATIENCE_SECONDS, TimeUnit.SECONDS), "nothing came");
  }

  @Test
  void handsOutPicturesWithSizeAndTime() throws Exception {
    try (Pipeline pipeline =
        Pipeline.launch(
            gstreamer,
            "videotestsrc num-buffers=3 ! video/x-raw,format=BGRx,width=64,height=48,framerate=25/1"
                + " ! appsink name=out sync=false")) {
      pipeline.pull("out", frames::add);
      pipeline.start();
      for (int i = 0; i < 3; i++) {
        Frame frame = next();
        assertEquals(64 * 48 * 4, frame.octets().length);
        assertEquals(64, frame.width());
        assertEquals(48, frame.height());
        assertEquals(i * 40_000_000L, frame.ptsNanos());
      }
      assertTrue(pipeline.awaitEnd(Duration.ofSeconds(PATIENCE_SECONDS)));
    }
  }

  @Test
  void takesWhatItIsFed() throws Exception {
    try (Pipeline pipeline =
        Pipeline.launch(
            gstreamer,
            "appsrc name=in format=time caps=\"audio/x-raw,format=S16LE,rate=48000,channels=1,"
                + "layout=interleaved\" ! appsink name=out sync=false")) {
      pipeline.pull("out", frames::add);
      pipeline.start();
      Feed feed = pipeline.feed("in");
      assertTrue(feed.push(new byte[] {1, 2, 3, 4}, 7, 5));
      Frame frame = next();
      assertEquals(4, frame.octets().length);
      assertEquals(3, frame.octets()[2]);
      assertEquals(7, frame.ptsNanos());
      feed.end();
      assertTrue(pipeline.awaitEnd(Duration.ofSeconds(PATIENCE_SECONDS)));
    }
  }

  /** The first picture is a key by itself; later ones only if asked for. Bit 0 is 0 in VP8's. */
  @Test
  void hasAnEncoderBeginAnew() throws Exception {
    try (Pipeline pipeline =
        Pipeline.launch(
            gstreamer,
            "videotestsrc is-live=true ! video/x-raw,width=64,height=48,framerate=25/1"
                + " ! vp8enc name=encoder deadline=1 keyframe-max-dist=10000"
                + " ! appsink name=out sync=false")) {
      pipeline.pull("out", frames::add);
      pipeline.start();
      assertEquals(0, next().octets()[0] & 1);
      assertEquals(1, next().octets()[0] & 1);
      pipeline.forceKey("encoder");
      boolean came = false;
      for (int i = 0; i < 50 && !came; i++) {
        came = (next().octets()[0] & 1) == 0;
      }
      assertTrue(came);
    }
  }

  @Test
  void addsAndTakesAwayBranchesWhileItRuns() throws Exception {
    try (Pipeline pipeline =
        Pipeline.launch(
            gstreamer,
            "audiotestsrc is-live=true wave=silence ! audio/x-raw,rate=48000,channels=2"
                + " ! audiomixer name=mixer ! fakesink")) {
      pipeline.start();
      for (int i = 0; i < 3; i++) {
        try (Pipeline.Branch branch =
            pipeline.add(
                "audiotestsrc is-live=true ! audio/x-raw,rate=48000,channels=2 ! tee name=t%1$d"
                        .formatted(i)
                    + " t%1$d. ! queue ! appsink name=out%1$d async=false t%1$d. ! queue"
                        .formatted(i),
                "mixer")) {
          branch.pull("out" + i, frames::add);
          assertTrue(next().octets().length > 0);
        }
        frames.clear();
      }
      assertNull(pipeline.error());
    }
  }

  @Test
  void saysWhatIsMissing() {
    MediaException missing =
        assertThrows(
            MediaException.class,
            () -> Pipeline.launch(gstreamer, "videotestsrc ! no-such-element").close());
    assertTrue(String.valueOf(missing.getMessage()).contains("no-such-element"));
    assertThrows(MediaException.class, () -> gstreamer.require("no-such-element"));
  }

  @Test
  void saysWhyAFileDoesNotOpen() throws Exception {
    try (Pipeline pipeline = Pipeline.launch(gstreamer, "filesrc name=file ! fakesink")) {
      pipeline.set("file", "location", "/no/such/file");
      MediaException failed = assertThrows(MediaException.class, pipeline::start);
      assertEquals(1, String.valueOf(failed.getMessage()).lines().count());
    }
  }

  @Test
  void doesNothingAfterItsEnd() throws Exception {
    Pipeline pipeline = Pipeline.launch(gstreamer, "appsrc name=in ! appsink name=out");
    Feed feed = pipeline.feed("in");
    pipeline.close();
    pipeline.close();
    assertEquals(0, feed.waitingBytes());
    assertTrue(!feed.push(new byte[1], -1, -1));
    assertNull(pipeline.error());
    assertThrows(MediaException.class, pipeline::start);
  }
}
