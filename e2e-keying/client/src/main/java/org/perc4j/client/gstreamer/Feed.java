/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.gstreamer;

import com.sun.jna.Pointer;
import org.perc4j.client.gstreamer.MediaException.Reason;

/** A way into a pipeline: one of its {@code appsrc} elements. Thread-safe; never blocks. */
public final class Feed {
  private static final int FLOW_OK = 0;

  private final Pipeline pipeline;
  private final Pointer source;

  Feed(Pipeline pipeline, Pointer source) {
    this.pipeline = pipeline;
    this.source = source;
  }

  /** Says what the octets are from now on. */
  public void setCaps(String caps) throws MediaException {
    GStreamer gstreamer = pipeline.gstreamer();
    Pointer parsed = gstreamer.core().gstCapsFromString(caps);
    if (parsed == null) {
      throw new MediaException(Reason.FAILED, "not caps: " + caps);
    }
    pipeline.whileOpen(() -> gstreamer.app().gstAppSrcSetCaps(source, parsed));
    gstreamer.core().gstMiniObjectUnref(parsed);
  }

  /**
   * Pushes a buffer.
   *
   * @param octets copied
   * @param ptsNanos presentation time, or -1 to leave it to the element
   * @param durationNanos how long it lasts, or -1 if that is not known
   * @return whether it was taken
   */
  public boolean push(byte[] octets, long ptsNanos, long durationNanos) {
    boolean[] taken = {false};
    pipeline.whileOpen(
        () -> {
          NativeGStreamer.Core core = pipeline.gstreamer().core();
          NativeSize size = new NativeSize(octets.length);
          Pointer buffer = core.gstBufferNewAllocate(null, size, null);
          if (octets.length > 0) {
            NativeSize unused = core.gstBufferFill(buffer, new NativeSize(0), octets, size);
          }
          NativeBuffer.setTimes(buffer, ptsNanos, durationNanos);
          // takes the buffer, whatever it answers
          taken[0] = pipeline.gstreamer().app().gstAppSrcPushBuffer(source, buffer) == FLOW_OK;
        });
    return taken[0];
  }

  /**
   * Says that something of this length is missing now, which decoders may make up for. Only where
   * times are left to the element.
   */
  public void gap(long durationNanos) {
    pipeline.whileOpen(
        () -> {
          NativeGStreamer.Core core = pipeline.gstreamer().core();
          long now = core.gstElementGetCurrentRunningTime(source);
          if (now != NativeGStreamer.NO_TIME) {
            // takes the event, whatever it answers
            int unused = core.gstElementSendEvent(source, core.gstEventNewGap(now, durationNanos));
          }
        });
  }

  /** Returns how many octets were pushed and not taken yet. */
  public long waitingBytes() {
    long[] bytes = {0};
    pipeline.whileOpen(
        () -> bytes[0] = pipeline.gstreamer().app().gstAppSrcGetCurrentLevelBytes(source));
    return bytes[0];
  }

  /** Nothing more comes. */
  public void end() {
    pipeline.whileOpen(
        () -> {
          int unused = pipeline.gstreamer().app().gstAppSrcEndOfStream(source);
        });
  }
}
