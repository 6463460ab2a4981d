/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.perc4j.e2e.mls.EndpointIdentity;
import org.perc4j.endpoint.call.CallEvent;
import org.perc4j.endpoint.call.CallListener;
import org.perc4j.endpoint.call.IncomingPicture;
import org.perc4j.endpoint.call.JitsiRoom;
import org.perc4j.endpoint.call.JoinOptions;
import org.perc4j.endpoint.call.OutgoingVideo;
import org.perc4j.endpoint.call.VideoFormat;
import org.perc4j.endpoint.deployment.MeetingUrl;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.rtp.SoundBuffer;
import org.perc4j.endpoint.signalling.Source;
import org.perc4j.it.deployment.PlayingApplication;
import org.perc4j.it.deployment.WebDeployment;
import org.perc4j.it.harness.Alone;
import org.perc4j.it.harness.Await;
import org.perc4j.it.harness.LimitedLink;
import org.perc4j.it.harness.LinkConditions;
import org.perc4j.it.harness.RequiresLinks;
import org.perc4j.it.harness.ServedTime;
import org.perc4j.it.media.Clips;
import org.perc4j.it.media.LayerFrame;
import org.perc4j.it.media.LayeredClip;
import org.perc4j.it.media.SpeechClip;
import org.perc4j.it.xmpp.RequiresWebFront;

/**
 * A conversation over a bad network: one packet of ten is lost both ways, and there is little room.
 */
@Alone
@RequiresJitsi
@RequiresWebFront
@RequiresLinks
class LossyRoomTest {
  private static final LinkConditions UP =
      LinkConditions.ofRate(1_000_000)
          .withDelay(Duration.ofMillis(30), Duration.ofMillis(10))
          .withLoss(0.1);

  private static final LinkConditions DOWN = UP.withRate(2_000_000);
  private static final Duration MAX_GAP = Duration.ofMillis(200);
  private static final double MAX_CONCEALED = 0.15;
  private static final int CLOCK_RATE = 90_000;

  /** A bridge may take that long to see that a higher encoding is not sent any more. */
  private static final Duration MAX_STILL = Duration.ofSeconds(12);

  private static final int SOUND_SAMPLES = 30 * 48_000;
  private static final int MIN_PICTURES = 150;

  /** What is heard and seen of one source, by the sender's time. */
  private static final class Reception {
    long packets;
    long samples;
    long concealedSamples;
    long longestGapSamples;
    long gapAtSamples;
    long pictures;
    long longestStillTicks;
    private int nextTimestamp;
    private int lastPicture;

    synchronized void sound(SoundBuffer.Piece piece) {
      if (piece.payload() == null) {
        concealedSamples += piece.samples();
        return;
      }
      if (packets > 0) {
        int gap = (int) piece.timestamp() - nextTimestamp;
        if (gap > longestGapSamples) {
          longestGapSamples = gap;
          gapAtSamples = samples + concealedSamples;
        }
      }
      packets++;
      samples += piece.samples();
      nextTimestamp = (int) piece.timestamp() + piece.samples();
    }

    synchronized void picture(IncomingPicture picture) {
      if (pictures > 0) {
        longestStillTicks = Math.max(longestStillTicks, (int) picture.timestamp() - lastPicture);
      }
      pictures++;
      lastPicture = (int) picture.timestamp();
    }

    synchronized boolean isLong() {
      return samples >= SOUND_SAMPLES && pictures >= MIN_PICTURES;
    }

    @Override
    public synchronized String toString() {
      return "%d packets, %.1f %% concealed, longest gap %d ms at %d ms; %d pictures, still for %d ms at most"
          .formatted(
              packets,
              100.0 * concealedSamples / Math.max(1, samples + concealedSamples),
              longestGapSamples / 48,
              gapAtSamples / 48,
              pictures,
              longestStillTicks / 90);
    }
  }

  /** Speaks and shows clips in three encodings, and measures what it gets. */
  private static final class Talker implements CallListener, AutoCloseable {
    final Map<String, Reception> received = new ConcurrentHashMap<>();
    private final ScheduledExecutorService player = Executors.newScheduledThreadPool(2);
    private final List<LayeredClip> clips;
    private final AtomicBoolean keyWanted = new AtomicBoolean();
    private @Nullable JitsiRoom room;

    Talker(List<LayeredClip> clips) {
      this.clips = clips;
    }

    JitsiRoom join(MeetingUrl url, JoinOptions options) throws Exception {
      List<VideoFormat.Layer> layers =
          clips.stream()
              .map(
                  clip ->
                      new VideoFormat.Layer(
                          clip.width(0), clip.height(0), (int) clip.bitsPerSecond(0, 1100)))
              .toList();
      JitsiRoom joined =
          JitsiRoom.join(
              url,
              options
                  .withAudio()
                  .withVideo(
                      new VideoFormat(VideoCodec.VP8, layers, clips.get(0).temporalLayers())),
              this);
      room = joined;
      return joined;
    }

    void talk(SpeechClip speech) {
      JitsiRoom joined = Objects.requireNonNull(room);
      PlayingApplication.speak(joined, speech, player);
      int perSecond = clips.get(0).framesPerSecond();
      AtomicLong picture = new AtomicLong();
      AtomicLong time = new AtomicLong();
      Future<?> unusedPictures =
          player.scheduleAtFixedRate(
              () -> {
                if (keyWanted.getAndSet(false)) {
                  picture.set(0);
                }
                show(Objects.requireNonNull(joined.video()), picture.getAndIncrement(), time);
              },
              0,
              1_000_000 / perSecond,
              TimeUnit.MICROSECONDS);
    }

    private void show(OutgoingVideo video, long picture, AtomicLong time) {
      long ticks = time.getAndAdd(CLOCK_RATE / clips.get(0).framesPerSecond());
      for (int i = 0; i < clips.size(); i++) {
        video.send(
            i, clips.get(i).picture(picture).stream().map(LayerFrame::encoded).toList(), ticks);
      }
    }

    @Override
    public void event(CallEvent event) {
      if (event instanceof CallEvent.KeyFrameWanted) {
        keyWanted.set(true);
      }
    }

    Reception of(JitsiRoom sender) {
      return received.computeIfAbsent(sender.nickname(), key -> new Reception());
    }

    @Override
    public void sound(Source source, SoundBuffer.Piece piece, long senderNanos) {
      received.computeIfAbsent(source.owner(), key -> new Reception()).sound(piece);
    }

    @Override
    public void picture(Source source, IncomingPicture picture, long senderNanos) {
      received.computeIfAbsent(source.owner(), key -> new Reception()).picture(picture);
    }

    @Override
    public void close() {
      List<Runnable> unused = player.shutdownNow();
      if (room != null) {
        room.close();
      }
    }
  }

  private static JoinOptions options(String name, WebDeployment deployment) {
    return JoinOptions.of(EndpointIdentity.generate(name, new SecureRandom()), credential -> {})
        .withWeb(deployment.web());
  }

  @Test
  void speechIsIntelligibleAndPicturesMove() throws Exception {
    List<LayeredClip> clips = Clips.camera(VideoCodec.VP8);
    try (WebDeployment deployment =
            WebDeployment.start("lossy-room", WebDeployment.Way.WEB_SOCKET);
        LimitedLink link = LimitedLink.open(DOWN, UP, 20);
        Talker near = new Talker(clips);
        Talker far = new Talker(clips)) {
      MeetingUrl url = MeetingUrl.parse(deployment.front().meeting("lossy"));
      JitsiRoom one = near.join(url, options("near", deployment));
      JitsiRoom other = far.join(url, options("far", deployment).withSockets(link.network()));
      ServedTime.Span span = ServedTime.span();
      near.talk(Clips.speech(1));
      far.talk(Clips.speech(2));
      Await.until(
          "both hear and see each other for a while",
          Await.PATIENCE,
          () -> near.of(other).isLong() && far.of(one).isLong());
      assertGood("up", near.of(other), span);
      assertGood("down", far.of(one), span);
    }
  }

  private static void assertGood(String way, Reception reception, ServedTime.Span span) {
    String seen = "%s: %s; slower by %.2f".formatted(way, reception, span.slowdown());
    assertTrue(reception.longestGapSamples / 48 <= span.stretch(MAX_GAP).toMillis(), seen);
    assertTrue(reception.concealedSamples <= MAX_CONCEALED * reception.samples, seen);
    assertTrue(reception.longestStillTicks / 90 <= span.stretch(MAX_STILL).toMillis(), seen);
  }
}
