/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.harness;

import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/**
 * Waiting for a condition, never longer than a deadline. Deadlines are in {@link ServedTime}: a
 * machine that is busy has as much more time as it is slower.
 */
public final class Await {
  /**
   * For what has to come, but by no promised time: only that nobody waits for ever. Long enough by
   * the clock, too, where there is no other way to measure it.
   */
  public static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final long POLL_MILLIS = 5;

  private Await() {}

  /**
   * Waits until a condition holds.
   *
   * @param what is waited for, for the message
   * @throws TimedOutException if it did not hold in time
   */
  public static void until(String what, Duration timeout, BooleanSupplier condition)
      throws TimedOutException, InterruptedException {
    long startNanos = System.nanoTime();
    boolean held = holdsWithin(timeout, condition);
    Duration passed = Duration.ofNanos(System.nanoTime() - startNanos);
    if (!held) {
      throw new TimedOutException(
          what
              + ": not within "
              + timeout.toMillis()
              + " ms, in which the clock went on by "
              + passed.toMillis());
    }
    if (passed.compareTo(timeout) > 0) {
      System.out.printf(
          Locale.ROOT,
          "%s: took %.1f s on a busy machine, less than %.1f s on a quiet one%n",
          what,
          passed.toMillis() / 1e3,
          timeout.toMillis() / 1e3);
    }
  }

  /** Waits until a condition holds, and tells whether it did in time. */
  public static boolean holdsWithin(Duration timeout, BooleanSupplier condition)
      throws InterruptedException {
    long deadlineNanos = ServedTime.nanos() + timeout.toNanos();
    while (!condition.getAsBoolean()) {
      if (ServedTime.nanos() - deadlineNanos > 0) {
        return false;
      }
      Thread.sleep(POLL_MILLIS);
    }
    return true;
  }

  /** Lets some time pass, in which everything can happen that does on a quiet machine. */
  public static void pass(Duration time) throws InterruptedException {
    boolean unused = holdsWithin(time, () -> false);
  }

  /**
   * Takes what a queue gets next, waiting for it if need be, for as long as {@link #PATIENCE}.
   *
   * @param what is waited for, for the message
   * @throws TimedOutException if nothing came in time
   */
  public static <T> T next(String what, Queue<T> queue)
      throws TimedOutException, InterruptedException {
    AtomicReference<T> head = new AtomicReference<>();
    until(
        what,
        PATIENCE,
        () -> {
          head.set(queue.poll());
          return head.get() != null;
        });
    return Objects.requireNonNull(head.get());
  }

  /**
   * Waits for a result, for as long as {@link #PATIENCE}.
   *
   * @param what is waited for, for the message
   * @throws TimedOutException if it did not come in time
   * @throws ExecutionException if it failed
   */
  public static <T> T result(String what, Future<T> future)
      throws TimedOutException, ExecutionException, InterruptedException {
    until(what, PATIENCE, future::isDone);
    return future.get();
  }
}
