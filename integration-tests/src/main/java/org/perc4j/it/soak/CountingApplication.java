/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.soak;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.EndpointIdentity;
import org.perc4j.endpoint.call.CallEvent;
import org.perc4j.endpoint.call.CallListener;
import org.perc4j.endpoint.call.IncomingPicture;
import org.perc4j.endpoint.call.JitsiRoom;
import org.perc4j.endpoint.call.JoinOptions;
import org.perc4j.endpoint.call.VideoFormat;
import org.perc4j.endpoint.deployment.MeetingUrl;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.rtp.SoundBuffer;
import org.perc4j.endpoint.signalling.Source;
import org.perc4j.it.deployment.PlayingApplication;
import org.perc4j.it.deployment.WebDeployment;
import org.perc4j.it.media.Clips;
import org.perc4j.it.media.PictureClip;
import org.perc4j.it.media.SpeechClip;

/** An application that plays clips, and counts what comes without keeping it. Thread-safe. */
final class CountingApplication implements CallListener, AutoCloseable {
  private final String name;
  private final PictureClip clip;
  private final SpeechClip speech;
  private final ScheduledExecutorService player = Executors.newScheduledThreadPool(1);
  private final AtomicLong position = new AtomicLong();
  private final Map<String, AtomicLong> counts = new ConcurrentHashMap<>();
  private @Nullable JitsiRoom room;

  CountingApplication(String name, int clip) throws IOException {
    this.name = name;
    this.clip = Clips.picture(clip);
    this.speech = Clips.speech(clip);
  }

  /** Joins a room and plays; once. */
  void join(WebDeployment deployment, String meeting) throws Exception {
    VideoFormat format =
        new VideoFormat(VideoCodec.VP8, List.of(new VideoFormat.Layer(320, 180, 200_000)), 1);
    JitsiRoom joined =
        JitsiRoom.join(
            MeetingUrl.parse(deployment.front().meeting(meeting)),
            JoinOptions.of(EndpointIdentity.generate(name, new SecureRandom()), credential -> {})
                .withWeb(deployment.web())
                .withDisplayName(name)
                .withAudio()
                .withVideo(format),
            this);
    room = joined;
    PlayingApplication.speak(joined, speech, player);
    PlayingApplication.show(joined, clip, position, player);
  }

  @Override
  public void event(CallEvent event) {
    if (event instanceof CallEvent.KeyFrameWanted) {
      long unused = position.updateAndGet(clip::nextKeyFrame);
    }
  }

  private void count(String what, Source source) {
    long unused =
        counts
            .computeIfAbsent(name + ", " + what + " of " + source.owner(), key -> new AtomicLong())
            .incrementAndGet();
  }

  @Override
  public void sound(Source source, SoundBuffer.Piece piece, long senderNanos) {
    if (piece.payload() != null) {
      count("sound", source);
    }
  }

  @Override
  public void picture(Source source, IncomingPicture picture, long senderNanos) {
    count("pictures", source);
  }

  /** Returns how much came so far, by what it is and whose. */
  Map<String, Double> counts() {
    Map<String, Double> so = new TreeMap<>();
    counts.forEach((what, count) -> so.put(what, (double) count.get()));
    return so;
  }

  @Override
  public void close() {
    List<Runnable> unused = player.shutdownNow();
    if (room != null) {
      room.close();
    }
  }
}
