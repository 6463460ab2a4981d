/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.xmpp;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The one thread that a room's state belongs to: whatever happens to the room is a task of its own
 * here, in the order in which it happened. Thread-safe.
 */
final class RoomThread {
  private static final Logger LOGGER = Logger.getLogger(RoomThread.class.getName());

  private final String name;
  private final ScheduledThreadPoolExecutor tasks;

  RoomThread(String name) {
    this.name = name;
    this.tasks =
        new ScheduledThreadPoolExecutor(1, this::newThread, new ThreadPoolExecutor.DiscardPolicy());
    this.tasks.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  private Thread newThread(Runnable work) {
    Thread made = new Thread(work, name);
    made.setDaemon(true);
    return made;
  }

  /** Runs a task after those that came before; what it throws is logged. */
  void execute(Runnable task) {
    tasks.execute(
        () -> {
          try {
            task.run();
          } catch (RuntimeException e) {
            LOGGER.log(Level.SEVERE, name, e);
          }
        });
  }

  /** Puts a task behind the others when some time has passed. */
  void executeLater(Duration delay, Runnable task) {
    Object unused = tasks.schedule(() -> execute(task), delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Ends the thread after the tasks that came before; takes none any more. */
  void shutdown() {
    tasks.shutdown();
  }
}
