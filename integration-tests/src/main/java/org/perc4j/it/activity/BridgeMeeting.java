/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.activity;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.perc4j.e2e.activity.ActivityMode;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.signalling.ReceiverConstraints;
import org.perc4j.it.bridge.Bridge;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.endpoint.EndpointOptions;
import org.perc4j.it.endpoint.ReceivedStream;
import org.perc4j.it.layers.PayloadMarkings;
import org.perc4j.it.media.Clips;
import org.perc4j.it.media.LayeredClip;
import org.perc4j.it.media.SpeechClip;

/**
 * A meeting in a conference of its own on a bridge: participants who speak, hear each other and
 * show a small picture, and a viewer who wants to see one of them only, and notes whom the bridge
 * takes for the speaker, and whom it shows. Timelines are those of {@link SpeakerAgreement}; they
 * begin when the participants begin to send. Used by one thread.
 */
public final class BridgeMeeting implements Closeable {
  private static final long STEP_NANOS =
      TimeUnit.MILLISECONDS.toNanos(SpeakerAgreement.STEP_MILLIS);

  /** How much longer than the meeting it may take before it counts as stuck. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Conference conference;
  private final List<Endpoint> participants = new ArrayList<>();
  private final Endpoint viewer;
  private int[] speakers = {};
  private int step;
  private int longestGap;
  private long startNanos;

  /**
   * Lets everyone in; nobody sends yet.
   *
   * @param name of the room, as {@link Bridge#createRoom} wants it
   * @param activity what the participants tell the bridge of their speech
   * @param speech of each participant
   * @param output folder for what they receive
   */
  public BridgeMeeting(
      Bridge bridge, String name, ActivityMode activity, List<SpeechClip> speech, Path output)
      throws IOException, InterruptedException {
    conference = new Conference(bridge, name);
    boolean complete = false;
    try {
      LayeredClip picture = Clips.layered(VideoCodec.VP8);
      Path recordings = output.resolve(name);
      for (SpeechClip clip : speech) {
        Endpoint participant =
            join(
                endpoint(participants.size() + 1, recordings)
                    .speech(clip)
                    .activity(activity)
                    .layers(picture)
                    .markings(PayloadMarkings.frameMarkings(List.of(picture))),
                0);
        participants.add(participant);
      }
      viewer = join(endpoint(participants.size() + 1, recordings), 1);
      complete = true;
    } finally {
      if (!complete) {
        conference.close();
      }
    }
  }

  private static EndpointOptions endpoint(int number, Path recordings) {
    return new EndpointOptions(String.format(Locale.ROOT, "e%07d", number), recordings)
        .seed(number);
  }

  private Endpoint join(EndpointOptions options, int lastN)
      throws IOException, InterruptedException {
    Endpoint endpoint = conference.join(options);
    conference.room().setConstraints(endpoint.id(), ReceiverConstraints.lastN(lastN));
    return endpoint;
  }

  /**
   * Holds meetings at the same time, and returns when they are over.
   *
   * @param steps of 20 ms: how long they last
   */
  public static void hold(List<BridgeMeeting> meetings, int steps)
      throws IOException, InterruptedException {
    ScheduledExecutorService observer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "observer");
              thread.setDaemon(true);
              return thread;
            });
    CompletableFuture<Boolean> over = new CompletableFuture<>();
    try {
      for (BridgeMeeting meeting : meetings) {
        meeting.start(steps);
      }
      ScheduledFuture<?> unused =
          observer.scheduleAtFixedRate(
              () -> observe(meetings, over), 0, STEP_NANOS, TimeUnit.NANOSECONDS);
      boolean complete = over.get(steps * STEP_NANOS + PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
      if (!complete) {
        throw new IllegalStateException("over, but not complete");
      }
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the meetings could not be watched", e);
    } finally {
      observer.shutdownNow();
      meetings.forEach(meeting -> meeting.conference.endpoints().forEach(Endpoint::stopSending));
    }
  }

  private static void observe(List<BridgeMeeting> meetings, CompletableFuture<Boolean> over) {
    try {
      meetings.forEach(BridgeMeeting::observe);
      if (meetings.stream().allMatch(meeting -> meeting.step == meeting.speakers.length)) {
        over.complete(true);
      }
    } catch (RuntimeException e) {
      over.completeExceptionally(e);
    }
  }

  private void start(int steps) throws IOException, InterruptedException {
    speakers = new int[steps];
    step = 0;
    longestGap = 0;
    startNanos = System.nanoTime();
    conference.startSending();
  }

  /** Notes the speaker, for what has passed since the last time. */
  private void observe() {
    int speaker = SpeakerAgreement.NOBODY;
    String id = conference.room().dominantSpeaker(viewer.id());
    for (int i = 0; i < participants.size(); i++) {
      if (participants.get(i).id().equals(id)) {
        speaker = i;
      }
    }
    int now = (int) Math.min(speakers.length, (System.nanoTime() - startNanos) / STEP_NANOS);
    if (now > step) {
      Arrays.fill(speakers, step, now, speaker);
      longestGap = Math.max(longestGap, now - step);
      step = now;
    }
  }

  /** Returns whom the bridge told the viewer to be the speaker, after the meeting. */
  public int[] speakers() {
    return speakers.clone();
  }

  /**
   * Returns how long it took at most until the speaker was looked at again, which should be {@link
   * SpeakerAgreement#STEP_MILLIS} or little more: else the machine is too busy for this.
   */
  public int longestGapMillis() {
    return longestGap * SpeakerAgreement.STEP_MILLIS;
  }

  /** Returns whose video came last to the viewer, after the meeting. */
  public int[] shown() {
    long[] lastNanos = new long[speakers.length];
    int[] shown = new int[speakers.length];
    Arrays.fill(shown, SpeakerAgreement.NOBODY);
    for (int i = 0; i < participants.size(); i++) {
      ReceivedStream video = viewer.received(participants.get(i).id(), MediaKind.VIDEO);
      List<ReceivedStream.Arrival> arrivals = video == null ? List.of() : video.arrivals();
      for (ReceivedStream.Arrival arrival : arrivals) {
        long nanos = arrival.nanos() - startNanos;
        int at = (int) (nanos / STEP_NANOS);
        if (nanos >= 0 && at < shown.length && nanos >= lastNanos[at]) {
          lastNanos[at] = nanos;
          shown[at] = i;
        }
      }
    }
    // Pictures do not come every 20 ms.
    for (int i = 1; i < shown.length; i++) {
      if (shown[i] == SpeakerAgreement.NOBODY) {
        shown[i] = shown[i - 1];
      }
    }
    return shown;
  }

  /** Returns the conference: participants in the order of their speech, then the viewer. */
  public Conference conference() {
    return conference;
  }

  /** Lets everyone go. */
  @Override
  public void close() throws IOException {
    conference.close();
  }
}
