/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.activity;

import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Time that passes when it is told to, and what is to be done in it, on the caller's thread. Serves
 * {@link #execute} and {@link #schedule} only, and no thread is ever started. Not thread-safe.
 */
final class VirtualExecutor extends ScheduledThreadPoolExecutor {
  /** Long enough after 1970 for code to which 0 means never. */
  private static final long START_MILLIS = 1_000_000;

  private record Task(Runnable runnable, long dueMillis, long order) {}

  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(Comparator.comparingLong(Task::dueMillis).thenComparing(Task::order));
  private long nowMillis = START_MILLIS;
  private long order;

  VirtualExecutor() {
    super(0);
  }

  Clock clock() {
    InstantSource now = () -> Instant.ofEpochMilli(nowMillis);
    return now.withZone(ZoneOffset.UTC);
  }

  /** Lets time pass; does what is due, at its time. */
  void advance(long millis) {
    long end = nowMillis + millis;
    for (Task next = tasks.peek(); next != null && next.dueMillis <= end; next = tasks.peek()) {
      Task unused = tasks.poll();
      nowMillis = Math.max(nowMillis, next.dueMillis);
      next.runnable.run();
    }
    nowMillis = end;
  }

  private void add(Runnable command, long delayMillis) {
    tasks.add(new Task(command, nowMillis + Math.max(0, delayMillis), order++));
  }

  @Override
  public void execute(Runnable command) {
    add(command, 0);
  }

  @Override
  @SuppressWarnings("NullAway") // those who schedule here do not look at the future
  public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
    add(command, unit.toMillis(delay));
    return null;
  }
}
