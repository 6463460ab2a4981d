/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.keying;

import java.time.Duration;
import org.perc4j.e2e.protocol.EventLoop;
import org.perc4j.it.harness.ServedTime;

/**
 * An event loop whose time is {@link ServedTime}, for many members on one machine: each has one of
 * its own elsewhere, and its timers do not end only since it waits for a processor.
 */
public final class ServedLoop implements EventLoop {
  private final EventLoop thread;

  /** Goes on in another loop, which stays its owner's. */
  public ServedLoop(EventLoop thread) {
    this.thread = thread;
  }

  private final class Task implements Timer, Runnable {
    private final Runnable task;
    private final long dueNanos;
    private Timer next;
    private boolean cancelled;

    Task(Duration delay, Runnable task) {
      this.task = task;
      this.dueNanos = nanoTime() + delay.toNanos();
      this.next = thread.schedule(delay, this);
    }

    @Override
    public void run() {
      if (isDue()) {
        task.run();
      }
    }

    /** Otherwise looks again, when it may be. */
    private synchronized boolean isDue() {
      long restNanos = dueNanos - nanoTime();
      if (!cancelled && restNanos > 0) {
        next = thread.schedule(Duration.ofNanos(restNanos), this);
      }
      return !cancelled && restNanos <= 0;
    }

    @Override
    public synchronized void cancel() {
      cancelled = true;
      next.cancel();
    }
  }

  @Override
  public void execute(Runnable task) {
    thread.execute(task);
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    return new Task(delay, task);
  }

  @Override
  public long nanoTime() {
    return ServedTime.nanos();
  }
}
