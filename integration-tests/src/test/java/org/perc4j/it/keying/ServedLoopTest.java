/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.keying;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.perc4j.e2e.protocol.EventLoop;
import org.perc4j.e2e.session.LoopThread;
import org.perc4j.it.harness.ServedTime;

class ServedLoopTest {
  private static final Duration DELAY = Duration.ofMillis(60);

  @Test
  void runsTasksInServedTimeAndNoneThatWasCancelled() throws Exception {
    List<String> ran = new ArrayList<>();
    CountDownLatch last = new CountDownLatch(1);
    try (LoopThread thread = new LoopThread("served")) {
      ServedLoop loop = new ServedLoop(thread);
      long beganNanos = ServedTime.nanos();
      EventLoop.Timer cancelled = loop.schedule(DELAY, () -> ran.add("cancelled"));
      EventLoop.Timer unused =
          loop.schedule(
              DELAY,
              () -> ran.add(ServedTime.nanos() - beganNanos >= DELAY.toNanos() ? "due" : "early"));
      unused = loop.schedule(DELAY.multipliedBy(2), last::countDown);
      loop.execute(() -> ran.add("at once"));
      cancelled.cancel();
      last.await();
    }
    assertEquals(List.of("at once", "due"), ran);
  }

  @Test
  void looksAgainWhereTheClockWasFaster() {
    List<Runnable> scheduled = new ArrayList<>();
    List<String> ran = new ArrayList<>();
    EventLoop hasty =
        new EventLoop() {
          @Override
          public void execute(Runnable task) {
            task.run();
          }

          @Override
          public Timer schedule(Duration delay, Runnable task) {
            scheduled.add(task);
            return () -> {};
          }

          @Override
          public long nanoTime() {
            return 0;
          }
        };
    EventLoop.Timer unused =
        new ServedLoop(hasty).schedule(Duration.ofHours(1), () -> ran.add("early"));
    scheduled.get(0).run();
    assertTrue(ran.isEmpty(), ran.toString());
    assertEquals(2, scheduled.size());
  }
}
