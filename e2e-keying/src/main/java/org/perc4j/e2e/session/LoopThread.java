/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.session;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.perc4j.e2e.protocol.EventLoop;

/** An event loop with a thread of its own. */
public final class LoopThread implements EventLoop, AutoCloseable {
  private static final Logger LOGGER = Logger.getLogger(LoopThread.class.getName());

  private final ScheduledThreadPoolExecutor executor;

  /** Starts a daemon thread of this name. */
  public LoopThread(String name) {
    executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            });
    executor.setRemoveOnCancelPolicy(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  @Override
  public void execute(Runnable task) {
    try {
      executor.execute(logged(task));
    } catch (RejectedExecutionException e) {
      LOGGER.log(Level.FINE, "event loop is closed", e);
    }
  }

  @Override
  public Timer schedule(Duration delay, Runnable task) {
    try {
      var future = executor.schedule(logged(task), delay.toNanos(), TimeUnit.NANOSECONDS);
      return () -> {
        boolean unused = future.cancel(false);
      };
    } catch (RejectedExecutionException e) {
      LOGGER.log(Level.FINE, "event loop is closed", e);
      return () -> {};
    }
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  private static Runnable logged(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException e) {
        LOGGER.log(Level.SEVERE, "task failed", e);
      }
    };
  }

  /** Ends the thread after what was to be run by now; what was to run later does not run. */
  @Override
  public void close() {
    try {
      executor.execute(executor::shutdown);
    } catch (RejectedExecutionException e) {
      LOGGER.log(Level.FINE, "event loop is closed", e);
    }
  }
}
