/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.deployment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.identity.TrustStore;
import org.perc4j.e2e.mls.EndpointIdentity;
import org.perc4j.e2e.mls.Member;
import org.perc4j.e2e.mls.Roster;
import org.perc4j.e2e.mls.TrustOnFirstUse;
import org.perc4j.e2e.protocol.SessionEvent;
import org.perc4j.endpoint.call.CallEvent;
import org.perc4j.endpoint.call.CallListener;
import org.perc4j.endpoint.call.IncomingPicture;
import org.perc4j.endpoint.call.JitsiRoom;
import org.perc4j.endpoint.call.JoinOptions;
import org.perc4j.endpoint.call.Occupant;
import org.perc4j.endpoint.call.OutgoingVideo;
import org.perc4j.endpoint.call.VideoFormat;
import org.perc4j.endpoint.deployment.MeetingUrl;
import org.perc4j.endpoint.media.EncodedFrame;
import org.perc4j.endpoint.media.Vp8Payload;
import org.perc4j.endpoint.rtp.SoundBuffer;
import org.perc4j.endpoint.signalling.Source;
import org.perc4j.it.harness.Await;
import org.perc4j.it.harness.TimedOutException;
import org.perc4j.it.media.Clips;
import org.perc4j.it.media.PictureClip;
import org.perc4j.it.media.SpeechClip;

/** An application that plays clips and keeps what comes. */
public final class PlayingApplication implements CallListener, AutoCloseable {
  /** So many make sure that somebody is heard. */
  public static final int SOUNDS = 100;

  /** So many make sure that somebody is seen. */
  public static final int PICTURES = 60;

  /** What it was told. */
  public final Queue<CallEvent> events = new ConcurrentLinkedQueue<>();

  /** Pieces of sound, by the nickname of whoever sent them. */
  public final Map<String, AtomicLong> sounds = new ConcurrentHashMap<>();

  /** Pictures, by the nickname of whoever sent them. */
  public final Map<String, List<byte[]>> pictures = new ConcurrentHashMap<>();

  /** Which picture of its clip comes next. */
  public final AtomicLong picturePosition = new AtomicLong();

  private final ScheduledExecutorService player = Executors.newScheduledThreadPool(1);
  private final PictureClip clip;
  private @Nullable JitsiRoom room;
  private @Nullable TrustStore met;

  /** With a clip of pictures. */
  public PlayingApplication(int number) throws IOException {
    this(Clips.picture(number));
  }

  /** With pictures of its own. */
  public PlayingApplication(PictureClip clip) {
    this.clip = clip;
  }

  /** Joins a room. */
  public JitsiRoom join(MeetingUrl url, JoinOptions options) throws Exception {
    JitsiRoom joined = JitsiRoom.join(url, options, this);
    room = joined;
    return joined;
  }

  /**
   * Joins a room as somebody whom nobody knows, with sound and pictures, and believes whomever it
   * meets for the first time.
   *
   * @param folder where it keeps whom it met
   */
  public JitsiRoom join(
      WebDeployment deployment, Path folder, String meeting, String name, VideoFormat format)
      throws Exception {
    TrustStore store = TrustStore.open(folder.resolve(name + "-met"));
    met = store;
    return join(
        MeetingUrl.parse(deployment.front().meeting(meeting)),
        JoinOptions.of(
                EndpointIdentity.generate(name, new SecureRandom()),
                new TrustOnFirstUse(store, TrustOnFirstUse.WhenChanged.TELL))
            .withWeb(deployment.web())
            .withAudio()
            .withVideo(format));
  }

  /** Sends its pictures, and speech, again and again. */
  public void play(SpeechClip speech) {
    speak(speech);
    show();
  }

  /** Sends speech, again and again. */
  public void speak(SpeechClip speech) {
    speak(Objects.requireNonNull(room), speech, player);
  }

  /** Sends a clip's speech, again and again, until the player is shut down. */
  public static void speak(JitsiRoom joined, SpeechClip speech, ScheduledExecutorService player) {
    AtomicLong position = new AtomicLong();
    Future<?> unusedSound =
        player.scheduleAtFixedRate(
            () -> {
              long at = position.getAndIncrement();
              Objects.requireNonNull(joined.sound())
                  .send(
                      speech.packet(at),
                      SpeechClip.SAMPLES_PER_PACKET,
                      speech.levelMinusDbov(at),
                      speech.voice(at),
                      false);
            },
            0,
            20,
            TimeUnit.MILLISECONDS);
  }

  private void show() {
    show(Objects.requireNonNull(room), clip, picturePosition, player);
  }

  /**
   * Sends a clip's pictures, again and again, until the player is shut down.
   *
   * @param position which picture comes next
   */
  public static void show(
      JitsiRoom joined, PictureClip clip, AtomicLong position, ScheduledExecutorService player) {
    show(
        joined,
        clip.framesPerSecond(),
        () -> {
          byte[] frame = clip.frame(position.getAndIncrement());
          return List.of(EncodedFrame.withoutLayers(Vp8Payload.isKeyFrame(frame), frame));
        },
        0,
        player);
  }

  /**
   * Sends pictures of one encoding until the player is shut down.
   *
   * @param next returns the layers of each, lowest first
   * @param delayNanos before the first one
   */
  public static void show(
      JitsiRoom joined,
      int framesPerSecond,
      Supplier<List<EncodedFrame>> next,
      long delayNanos,
      ScheduledExecutorService player) {
    OutgoingVideo video = Objects.requireNonNull(joined.video());
    AtomicLong ticks = new AtomicLong();
    Future<?> unusedPictures =
        player.scheduleAtFixedRate(
            () -> video.send(0, next.get(), ticks.getAndAdd(90_000 / framesPerSecond)),
            delayNanos,
            TimeUnit.SECONDS.toNanos(1) / framesPerSecond,
            TimeUnit.NANOSECONDS);
  }

  @Override
  public void event(CallEvent event) {
    events.add(event);
    if (event instanceof CallEvent.KeyFrameWanted) {
      picturePosition.updateAndGet(clip::nextKeyFrame);
    }
  }

  @Override
  public void sound(Source source, SoundBuffer.Piece piece, long senderNanos) {
    if (piece.payload() != null) {
      long unused =
          sounds.computeIfAbsent(source.owner(), key -> new AtomicLong()).incrementAndGet();
    }
  }

  @Override
  public void picture(Source source, IncomingPicture picture, long senderNanos) {
    pictures
        .computeIfAbsent(source.owner(), key -> new CopyOnWriteArrayList<>())
        .add(picture.layerFrames().get(0));
  }

  /** Tells whether there was an event of a kind. */
  public boolean wasTold(Class<? extends CallEvent> kind) {
    return events.stream().anyMatch(kind::isInstance);
  }

  /** Tells whether it was told that somebody shows this. */
  public boolean shows(Occupant occupant) {
    return events.contains(new CallEvent.OccupantShown(occupant));
  }

  /** Tells whether enough came of another one to say that it is heard and seen. */
  public boolean has(JitsiRoom other) {
    return hasOf(other.nickname());
  }

  private boolean hasOf(String nickname) {
    return sounds.getOrDefault(nickname, new AtomicLong()).get() >= SOUNDS
        && pictures.getOrDefault(nickname, List.of()).size() >= PICTURES;
  }

  /** Whether it heard and saw somebody who proved to have this name. */
  public boolean has(String name) {
    Roster roster = Objects.requireNonNull(room).session().roster();
    return roster != null
        && roster.members().stream()
            .anyMatch(member -> member.name().equals(name) && hasOf(member.occupant()));
  }

  /** Returns the digits of the newest code, empty before there is one. */
  public String code() {
    String newest = "";
    for (CallEvent event : events) {
      if (event instanceof CallEvent.Group group
          && group.event() instanceof SessionEvent.CodeReady ready) {
        newest = ready.code().digits();
      }
    }
    return newest;
  }

  /** Returns the names of all members. */
  public Set<String> members() {
    Roster roster = Objects.requireNonNull(room).session().roster();
    return roster == null
        ? Set.of()
        : roster.members().stream().map(Member::name).collect(Collectors.toSet());
  }

  /** Waits until these are the members, by their names. */
  public void awaitMembers(String... names) throws TimedOutException, InterruptedException {
    Await.until(
        "members are " + Set.of(names), Await.PATIENCE, () -> members().equals(Set.of(names)));
  }

  /** Ends playing, and leaves. */
  public void leave() {
    List<Runnable> unused = player.shutdownNow();
    if (room != null) {
      room.close();
    }
  }

  /** Forgets what came so far. */
  public void forget() {
    sounds.clear();
    pictures.clear();
  }

  @Override
  public void close() {
    leave();
    TrustStore store = met;
    if (store != null) {
      try {
        store.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
