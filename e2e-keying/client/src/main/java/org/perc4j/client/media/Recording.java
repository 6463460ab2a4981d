/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.media;

import java.io.Closeable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.perc4j.client.gstreamer.Frame;
import org.perc4j.client.gstreamer.GStreamer;
import org.perc4j.client.gstreamer.MediaException;
import org.perc4j.client.gstreamer.Pipeline;

/**
 * Something that is recorded and encoded, and may be turned off and on again. Each time it has a
 * pipeline of its own: while it is off, its device is closed, and it begins with a key.
 * Thread-safe.
 */
final class Recording implements Closeable {
  private final GStreamer gstreamer;
  private final String description;
  private final Consumer<Pipeline> settings;
  private volatile @Nullable Pipeline running;
  private boolean closed;

  /** Says where what comes out of a pipeline goes. */
  @FunctionalInterface
  interface Connection {
    /**
     * Says it of one that does not run yet.
     *
     * @param sinceNanos how long after the first of all recordings this one begins
     */
    void connect(Pipeline pipeline, long sinceNanos);
  }

  /**
   * Something that is off.
   *
   * @param description as for {@code gst-launch-1.0}
   * @param settings sets properties that do not belong into a description
   */
  Recording(GStreamer gstreamer, String description, Consumer<Pipeline> settings) {
    this.gstreamer = gstreamer;
    this.description = description;
    this.settings = settings;
  }

  private Pipeline open() throws MediaException {
    Pipeline pipeline = Pipeline.launch(gstreamer, description);
    boolean opened = false;
    try {
      settings.accept(pipeline);
      pipeline.open();
      opened = true;
      return pipeline;
    } finally {
      if (!opened) {
        pipeline.close();
      }
    }
  }

  /**
   * Opens its device for a moment.
   *
   * @throws MediaException if that is not possible
   */
  void check() throws MediaException {
    open().close();
  }

  /**
   * Begins, if it is off.
   *
   * @param originNanos when the first of all recordings began, of {@link System#nanoTime}
   * @throws MediaException if it does not begin
   */
  synchronized void begin(Connection connection, long originNanos) throws MediaException {
    if (running != null || closed) {
      return;
    }
    Pipeline pipeline = open();
    boolean began = false;
    try {
      // a pipeline's time begins when it runs
      connection.connect(pipeline, System.nanoTime() - originNanos);
      pipeline.start();
      began = true;
    } finally {
      if (!began) {
        pipeline.close();
      }
    }
    running = pipeline;
  }

  /** Ends it; nothing more comes when this returns. */
  synchronized void end() {
    Pipeline pipeline = running;
    running = null;
    if (pipeline != null) {
      pipeline.close();
    }
  }

  /** Does something with its pipeline, if it is not off. */
  void whileOn(Consumer<Pipeline> action) {
    Pipeline pipeline = running;
    if (pipeline != null) {
      action.accept(pipeline);
    }
  }

  /** Hands out what went wrong with it since it was asked last, if anything. */
  @Nullable String error() {
    Pipeline pipeline = running;
    return pipeline == null ? null : pipeline.error();
  }

  /** Whether it came to its end by itself; said once. */
  boolean hasEnded() {
    Pipeline pipeline = running;
    return pipeline != null && pipeline.hasEnded();
  }

  /** Ends it for good. */
  @Override
  public synchronized void close() {
    closed = true;
    end();
  }

  /** Takes frames whose times count from the first of all recordings. */
  static void pull(Pipeline pipeline, String sink, long sinceNanos, Consumer<Frame> taker) {
    pipeline.pull(
        sink,
        frame ->
            taker.accept(
                new Frame(
                    frame.octets(), frame.ptsNanos() + sinceNanos, frame.width(), frame.height())));
  }
}
