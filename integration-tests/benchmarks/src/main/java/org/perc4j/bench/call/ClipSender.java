/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.call;

import java.io.Closeable;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.perc4j.endpoint.call.CallEvent;
import org.perc4j.endpoint.call.CallListener;
import org.perc4j.endpoint.call.JitsiRoom;
import org.perc4j.endpoint.call.JoinException;
import org.perc4j.endpoint.call.JoinOptions;
import org.perc4j.endpoint.call.VideoFormat;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.signalling.ReceiverConstraints;
import org.perc4j.it.deployment.PlayingApplication;
import org.perc4j.it.media.LayerFrame;
import org.perc4j.it.media.LayeredClip;
import org.perc4j.it.media.SpeechClip;

/** Somebody who sends a clip's pictures, and perhaps speech, and wants nobody's pictures. */
final class ClipSender implements CallListener, Closeable {
  /** The clip needs more at its key frames; it is not to be left out. */
  private static final int LEAST_BPS = 100_000;

  private final LayeredClip clip;
  private final AtomicLong position = new AtomicLong();
  private volatile boolean connected;
  private volatile @Nullable JitsiRoom room;

  private ClipSender(LayeredClip clip) {
    this.clip = clip;
  }

  /** Joins; nothing is sent yet. */
  static ClipSender join(URI url, JoinOptions options, LayeredClip clip, boolean speaks)
      throws JoinException, InterruptedException {
    ClipSender sender = new ClipSender(clip);
    VideoFormat format =
        new VideoFormat(
            VideoCodec.VP8,
            List.of(new VideoFormat.Layer(clip.width(0), clip.height(0), LEAST_BPS)),
            clip.temporalLayers());
    JoinOptions withMedia = options.withVideo(format);
    JitsiRoom joined = JitsiRoom.join(url, speaks ? withMedia.withAudio() : withMedia, sender);
    joined.constrain(ReceiverConstraints.lastN(0));
    sender.room = joined;
    return sender;
  }

  private JitsiRoom room() {
    return Objects.requireNonNull(room);
  }

  /** Whether there is a bridge. */
  boolean isConnected() {
    return connected;
  }

  /** Sends pictures from now on, the first one after a delay. */
  void show(ScheduledExecutorService player, long delayNanos) {
    PlayingApplication.show(
        room(),
        clip.framesPerSecond(),
        () -> clip.picture(position.getAndIncrement()).stream().map(LayerFrame::encoded).toList(),
        delayNanos,
        player);
  }

  /** Speaks from now on. */
  void speak(ScheduledExecutorService player, SpeechClip speech) {
    PlayingApplication.speak(room(), speech, player);
  }

  @Override
  public void event(CallEvent event) {
    if (event instanceof CallEvent.Connected) {
      connected = true;
    } else if (event instanceof CallEvent.KeyFrameWanted) {
      // Each round of the clip begins with a key.
      position.updateAndGet(at -> (at + clip.length() - 1) / clip.length() * clip.length());
    }
  }

  @Override
  public void close() {
    room().close();
  }
}
