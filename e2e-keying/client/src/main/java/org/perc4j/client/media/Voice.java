/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.media;

import java.io.Closeable;
import java.util.concurrent.TimeUnit;
import org.perc4j.client.gstreamer.Feed;
import org.perc4j.client.gstreamer.MediaException;
import org.perc4j.client.gstreamer.Pipeline;

/** The sound of one source on its way to the loudspeaker. On one thread. */
final class Voice implements Closeable {
  private static final long SAMPLE_RATE = 48_000;
  private static final int BYTES_PER_SAMPLE = 4;

  /** More than waits here came too quickly to be heard. */
  private static final long MAX_WAITING_BYTES = 64 * 1024;

  private final Pipeline.Branch branch;
  private final Feed feed;

  Voice(Pipeline pipeline, int number, String owner, Tally tally) throws MediaException {
    branch =
        pipeline.add(
            """
            appsrc name=voice%1$d is-live=true format=time do-timestamp=true \
            caps="audio/x-opus,channel-mapping-family=0,channels=2,rate=48000" \
            ! opusdec plc=true ! audioconvert ! audioresample \
            ! audio/x-raw,format=S16LE,rate=48000,channels=2 ! tee name=heard%1$d \
            heard%1$d. ! queue leaky=downstream \
            ! appsink name=count%1$d sync=false async=false max-buffers=100 \
            heard%1$d. ! queue leaky=downstream max-size-time=500000000"""
                .formatted(number),
            "mixer");
    SoundMeter meter = new SoundMeter();
    branch.pull(
        "count" + number,
        frame -> {
          tally.sound(owner, frame.octets().length / BYTES_PER_SAMPLE);
          meter.add(frame.octets());
          if (meter.isVoice()) {
            tally.voice();
          }
        });
    feed = pipeline.feed("voice" + number);
  }

  /** Plays a packet of Opus. */
  void play(byte[] opus) {
    if (feed.waitingBytes() < MAX_WAITING_BYTES) {
      boolean unused = feed.push(opus, -1, -1);
    }
  }

  /**
   * Plays what may have been in a packet that did not come.
   *
   * @param samples at 48 kHz
   */
  void conceal(int samples) {
    feed.gap(samples * TimeUnit.SECONDS.toNanos(1) / SAMPLE_RATE);
  }

  @Override
  public void close() {
    branch.close();
  }
}
