/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.meeting;

import java.io.Closeable;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.perc4j.client.gstreamer.MediaException;
import org.perc4j.client.media.Capture;
import org.perc4j.client.media.MediaTaker;
import org.perc4j.client.media.Outgoing;
import org.perc4j.e2e.protocol.SessionEvent;
import org.perc4j.e2e.room.RoomException;
import org.perc4j.endpoint.call.CallEvent;
import org.perc4j.endpoint.call.CallListener;
import org.perc4j.endpoint.call.IncomingPicture;
import org.perc4j.endpoint.call.JitsiRoom;
import org.perc4j.endpoint.call.JoinException;
import org.perc4j.endpoint.call.JoinOptions;
import org.perc4j.endpoint.deployment.MeetingUrl;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.rtp.SoundBuffer;
import org.perc4j.endpoint.signalling.Source;

/**
 * A person's part in a meeting, whatever shows it: what is recorded goes to the call once it was
 * told who is there, what comes of it is played. Nothing is recorded or sent before {@link #begin}.
 * Thread-safe.
 */
public final class Attendance implements Closeable {
  private static final long WATCH_MILLIS = 500;

  /** What sound takes of the network. */
  private static final long SOUND_BPS = 64_000;

  private final @Nullable Capture capture;
  private final List<MediaTaker> takers;
  private final Meeting meeting;
  private final BooleanSupplier othersSpeak;
  private final Consumer<String> lines;
  private final Runnable changed;
  private final CompletableFuture<Void> told = new CompletableFuture<>();
  private final CompletableFuture<Void> over = new CompletableFuture<>();
  private final Set<MediaKind> sendable = EnumSet.noneOf(MediaKind.class);

  /** What a person turned off; before it begins, all is off. */
  private final Set<MediaKind> off = EnumSet.noneOf(MediaKind.class);

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread one = new Thread(task, "attendance");
            one.setDaemon(true);
            return one;
          });

  private volatile @Nullable JitsiRoom room;
  private @Nullable Outgoing outgoing;
  private boolean began;

  /**
   * Somebody who is in no room yet.
   *
   * @param capture what is sent, not started; null if nothing is. Closed with this
   * @param takers what comes goes to all of them. Closed with this
   * @param meeting is told what happens
   * @param othersSpeak whether the voice of somebody else is being heard
   * @param lines is told, in lines for people, what happens to media
   * @param changed is told that something may look different now, on any thread
   */
  public Attendance(
      @Nullable Capture capture,
      List<MediaTaker> takers,
      Meeting meeting,
      BooleanSupplier othersSpeak,
      Consumer<String> lines,
      Runnable changed) {
    this.capture = capture;
    this.takers = List.copyOf(takers);
    this.meeting = meeting;
    this.othersSpeak = othersSpeak;
    this.lines = lines;
    this.changed = changed;
  }

  /**
   * Joins a room, with everything muted.
   *
   * @throws JoinException if that is not possible
   */
  public void join(MeetingUrl url, JoinOptions options) throws JoinException, InterruptedException {
    JitsiRoom joined = JitsiRoom.join(url, options, new Listener());
    synchronized (this) {
      room = joined;
      outgoing = new Outgoing(joined, othersSpeak);
      meeting.setSelf(joined.nickname());
      if (capture != null) {
        if (capture.hasSound() && joined.sound() != null) {
          sendable.add(MediaKind.AUDIO);
        }
        if (capture.hasPictures() && joined.video() != null) {
          sendable.add(MediaKind.VIDEO);
        }
      }
      for (MediaKind kind : sendable) {
        mute(joined, kind, true);
      }
    }
    Object unused =
        thread.scheduleWithFixedDelay(
            this::watch, WATCH_MILLIS, WATCH_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void mute(JitsiRoom in, MediaKind kind, boolean mutes) {
    try {
      in.mute(kind, mutes);
    } catch (RoomException e) {
      lines.accept("the others were not told: " + Printable.line(String.valueOf(e.getMessage())));
    }
  }

  // ---------------------------------------------------------------- what a person does

  /** Returns what completes when it was told who is there. */
  public CompletableFuture<Void> whoIsThereWasTold() {
    return told;
  }

  /** Returns what completes when the meeting is over for this client. */
  public CompletableFuture<Void> over() {
    return over;
  }

  /** Begins to record and to send; once, and not before it was told who is there. */
  public synchronized void begin() {
    JitsiRoom in = room;
    if (began || capture == null || in == null || !told.isDone()) {
      return;
    }
    began = true;
    for (MediaKind kind : sendable) {
      if (!off.contains(kind)) {
        mute(in, kind, false);
        later(() -> record(kind));
      }
    }
    lines.accept(ownLine());
    changed.run();
  }

  /**
   * Records what is on, and has the device of what is off closed. On the thread: a device may let
   * it wait.
   */
  private void record(MediaKind kind) {
    Capture from = capture;
    Outgoing to;
    synchronized (this) {
      to = isMuted(kind) ? null : outgoing;
    }
    if (from == null) {
      return;
    }
    if (to == null) {
      from.end(kind);
      return;
    }
    try {
      from.begin(kind, to);
    } catch (MediaException e) {
      lines.accept(
          "the %s does not start: %s"
              .formatted(
                  kind == MediaKind.AUDIO ? "microphone" : "camera",
                  Printable.line(String.valueOf(e.getMessage()))));
      turnOff(kind);
    }
  }

  private synchronized void turnOff(MediaKind kind) {
    JitsiRoom in = room;
    if (in != null && off.add(kind)) {
      mute(in, kind, true);
      lines.accept(ownLine());
      changed.run();
    }
  }

  /** Whether {@link #begin} still has to be said. */
  public synchronized boolean waitsForBeginning() {
    return !began && !sendable.isEmpty() && told.isDone();
  }

  /** Sends nothing of a kind any more, or goes on; before the beginning, says what it will be. */
  public synchronized void toggle(MediaKind kind) {
    JitsiRoom in = room;
    if (in == null || !sendable.contains(kind)) {
      lines.accept(kind == MediaKind.AUDIO ? "there is no microphone" : "there is no camera");
      return;
    }
    boolean mutes = off.add(kind);
    if (!mutes) {
      boolean unused = off.remove(kind);
    }
    if (began) {
      mute(in, kind, mutes);
      later(() -> record(kind));
      lines.accept(ownLine());
    } else {
      lines.accept("when you begin, " + ownLine(off));
    }
    changed.run();
  }

  /** Whether nothing of a kind is sent. */
  public synchronized boolean isMuted(MediaKind kind) {
    return !began || !sendable.contains(kind) || off.contains(kind);
  }

  /** Returns a line about what is sent. */
  public synchronized String ownLine() {
    Set<MediaKind> muted = EnumSet.noneOf(MediaKind.class);
    for (MediaKind kind : MediaKind.values()) {
      if (isMuted(kind)) {
        muted.add(kind);
      }
    }
    return ownLine(muted);
  }

  private String ownLine(Set<MediaKind> muted) {
    return "you: microphone %s, camera %s"
        .formatted(word(MediaKind.AUDIO, muted), word(MediaKind.VIDEO, muted));
  }

  private String word(MediaKind kind, Set<MediaKind> muted) {
    return !sendable.contains(kind) ? "none" : muted.contains(kind) ? "off" : "on";
  }

  /** Returns what is known. */
  public Meeting meeting() {
    return meeting;
  }

  // ---------------------------------------------------------------- what happens

  private void watch() {
    if (capture == null) {
      return;
    }
    String error = capture.error();
    if (error != null) {
      lines.accept("recording: " + Printable.line(error));
    }
    if (capture.hasEnded()) {
      lines.accept("the file came to its end");
    }
  }

  private void later(Runnable task) {
    try {
      thread.execute(task);
    } catch (RejectedExecutionException e) {
      if (!thread.isShutdown()) {
        throw e;
      }
    }
  }

  private final class Listener implements CallListener {
    @Override
    public void event(CallEvent event) {
      meeting.apply(event);
      if (event instanceof CallEvent.KeyFrameWanted wanted) {
        if (capture != null) {
          capture.forceKey(wanted.layer());
        }
      } else if (event instanceof CallEvent.SendingRate rate) {
        if (capture != null) {
          capture.setRate(Math.max(0, rate.bitsPerSecond() - SOUND_BPS));
        }
      } else if (event instanceof CallEvent.SourceGone gone) {
        takers.forEach(taker -> taker.gone(gone.source()));
      } else if (event instanceof CallEvent.Group group) {
        group(group.event());
      }
      changed.run();
    }

    private void group(SessionEvent event) {
      if (event instanceof SessionEvent.CodeReady) {
        later(
            () -> {
              boolean unused = told.complete(null);
              changed.run();
            });
      } else if (event instanceof SessionEvent.Ended) {
        over.complete(null);
      }
    }

    @Override
    public void sound(Source source, SoundBuffer.Piece piece, long senderNanos) {
      takers.forEach(taker -> taker.sound(source, piece));
    }

    @Override
    public void picture(Source source, IncomingPicture picture, long senderNanos) {
      boolean taken = true;
      for (MediaTaker taker : takers) {
        taken &= taker.picture(source, picture);
      }
      JitsiRoom from = room;
      if (!taken && from != null) {
        from.requestKeyFrame(source);
      }
    }
  }

  /** Leaves the room and closes what was given. */
  @Override
  public void close() {
    JitsiRoom joined;
    synchronized (this) {
      joined = room;
    }
    if (joined != null) {
      joined.close();
    }
    List<Runnable> unused = thread.shutdownNow();
    if (capture != null) {
      capture.close();
    }
    takers.forEach(MediaTaker::close);
  }
}
