/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.protocol;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A timer that runs once, or not at all if it is set again or stopped. When it is due, what has
 * come from the room by then is handled first: a member that lags must not act on old news. Belongs
 * to one event loop.
 */
final class OneTimer {
  private final EventLoop loop;
  private EventLoop.@Nullable Timer timer;

  OneTimer(EventLoop loop) {
    this.loop = loop;
  }

  void set(Duration delay, Runnable task) {
    stop();
    AtomicReference<EventLoop.Timer> self = new AtomicReference<>();
    Runnable last =
        () -> {
          if (timer == self.get()) {
            timer = null;
            task.run();
          }
        };
    self.set(loop.schedule(delay, () -> loop.execute(last)));
    timer = self.get();
  }

  boolean isSet() {
    return timer != null;
  }

  void stop() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }
}
