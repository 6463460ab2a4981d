/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.session;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;
import org.perc4j.e2e.protocol.EventLoop;

/** An event loop whose time passes when the test says so. */
final class VirtualTime implements EventLoop {
  private final class Task {
    final long atNanos;
    final long order;
    final Runnable runnable;
    boolean cancelled;

    Task(long atNanos, Runnable runnable) {
      this.atNanos = atNanos;
      this.order = count++;
      this.runnable = runnable;
    }
  }

  private final Deque<Runnable> ready = new ArrayDeque<>();
  private final PriorityQueue<Task> later =
      new PriorityQueue<>(
          Comparator.<Task>comparingLong(task -> task.atNanos)
              .thenComparingLong(task -> task.order));
  private final Instant origin = Instant.now();
  private final BooleanSupplier otherWork;
  private long nowNanos = 1_000_000_000L;
  private long count;

  /**
   * A loop beside something else that may have work.
   *
   * @param otherWork does what there is to do and tells whether there was something
   */
  VirtualTime(BooleanSupplier otherWork) {
    this.otherWork = otherWork;
  }

  @Override
  public void execute(Runnable task) {
    ready.add(task);
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    Task entry = new Task(nowNanos + delay.toNanos(), task);
    later.add(entry);
    return () -> entry.cancelled = true;
  }

  @Override
  public long nanoTime() {
    return nowNanos;
  }

  /** Runs what can be run without time passing. */
  void settle() {
    boolean worked = true;
    while (worked) {
      worked = otherWork.getAsBoolean();
      Runnable task = ready.poll();
      if (task != null) {
        task.run();
        worked = true;
      }
    }
  }

  /** Has time pass, with all that falls due in it. */
  void pass(Duration duration) {
    long untilNanos = nowNanos + duration.toNanos();
    settle();
    while (!later.isEmpty() && later.peek().atNanos <= untilNanos) {
      Task task = later.poll();
      nowNanos = Math.max(nowNanos, task.atNanos);
      if (!task.cancelled) {
        task.runnable.run();
      }
      settle();
    }
    nowNanos = untilNanos;
  }

  /** Returns a clock of this time, near the system's, which Bouncy Castle looks at as well. */
  Clock clock() {
    InstantSource now = () -> origin.plusNanos(nowNanos);
    return now.withZone(ZoneOffset.UTC);
  }

  /** Returns the options of a session in this time, with up to 100 members and no codes made. */
  SessionOptions sessionOptions() {
    SessionOptions usual = SessionOptions.DEFAULT;
    return usual.withMaxMembers(100).withClock(clock()).withoutCodes();
  }
}
