/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.protocol;

import java.time.Duration;

/** Runs tasks one at a time, in order, and knows the time. Several sessions may share one. */
public interface EventLoop {
  /** Runs a task after those that came before. */
  void execute(Runnable task);

  /** Runs a task when some time has passed. */
  Timer schedule(Duration delay, Runnable task);

  /** Returns a time in nanoseconds that never goes back, from an origin of its own. */
  long nanoTime();

  /** A task that is to run later. */
  interface Timer {
    /** Has it not run, if it has not begun; may be called more than once. */
    void cancel();
  }
}
