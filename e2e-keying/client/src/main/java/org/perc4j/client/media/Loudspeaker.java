/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.media;

import java.io.Closeable;
import org.perc4j.client.gstreamer.GStreamer;
import org.perc4j.client.gstreamer.MediaException;
import org.perc4j.client.gstreamer.Pipeline;

/** Where all voices are mixed and heard; nowhere, if there is no sound device. Thread-safe. */
final class Loudspeaker implements Closeable {
  /** The mixer waits so long for voices that come late. */
  private static final String LATENCY_NANOS = "60000000";

  /** Without anybody who speaks, a mixer has no time; silence gives it one. */
  private static final String MIXER =
      "audiotestsrc is-live=true wave=silence ! audio/x-raw,rate=48000,channels=2"
          + " ! audiomixer name=mixer latency="
          + LATENCY_NANOS
          + " ! audioconvert ! audioresample ! ";

  /**
   * What a sound device has in advance, in microseconds: all that is heard comes so much later.
   * Left to themselves, these elements take 200 ms.
   */
  private static final String DEVICE_BUFFER = " buffer-time=50000 latency-time=10000";

  private static final String NOWHERE = "fakesink sync=true";

  private final Pipeline pipeline;
  private final boolean heard;
  private int voices;

  private Loudspeaker(Pipeline pipeline, boolean heard) {
    this.pipeline = pipeline;
    this.heard = heard;
  }

  /** Opens the sound device, or none if there is none. */
  static Loudspeaker open(GStreamer gstreamer) throws MediaException {
    gstreamer.require("audiomixer", "opusdec", "audioresample");
    for (String sink : new String[] {"pulsesink", "alsasink"}) {
      if (gstreamer.has(sink)) {
        Pipeline pipeline = Pipeline.launch(gstreamer, MIXER + sink + DEVICE_BUFFER);
        try {
          pipeline.open();
          pipeline.start();
          return new Loudspeaker(pipeline, true);
        } catch (MediaException e) {
          pipeline.close();
        }
      }
    }
    Pipeline pipeline = Pipeline.launch(gstreamer, MIXER + NOWHERE);
    pipeline.start();
    return new Loudspeaker(pipeline, false);
  }

  /** Whether there is a sound device. */
  boolean isHeard() {
    return heard;
  }

  /** Adds somebody who speaks. */
  synchronized Voice voice(String owner, Tally tally) throws MediaException {
    int number = voices++;
    return new Voice(pipeline, number, owner, tally);
  }

  @Override
  public void close() {
    pipeline.close();
  }
}
