/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ServedTimeTest {
  private static final int PROCESSORS = 2;

  private long nowNanos = 17;
  private int runnable;
  private final ServedTime time = new ServedTime(() -> nowNanos, () -> runnable, PROCESSORS);

  private Duration served(Duration step) {
    long before = time.served();
    nowNanos += step.toNanos();
    time.step();
    return Duration.ofNanos(time.served() - before);
  }

  @Test
  void goesOnAsTheClockWhileThereAreProcessorsForAll() {
    for (runnable = 0; runnable <= PROCESSORS; runnable++) {
      assertEquals(Duration.ofMillis(20), served(Duration.ofMillis(20)));
    }
  }

  @Test
  void goesOnByTheShareOfEachWhereMoreWantToRun() {
    runnable = 3 * PROCESSORS;
    assertEquals(Duration.ofMillis(7), served(Duration.ofMillis(21)));
    runnable = PROCESSORS;
    assertEquals(Duration.ofMillis(21), served(Duration.ofMillis(21)));
  }

  @Test
  void hardlyGoesOnWhileNobodyRan() {
    assertTrue(served(Duration.ofMinutes(5)).toMillis() < 100);
    assertEquals(Duration.ofMillis(20), served(Duration.ofMillis(20)));
  }

  @Test
  void stretchesLimitsByHowMuchSlowerTheMachineWas() {
    ServedTime.Span span = time.new Span();
    Duration limit = Duration.ofMillis(500);
    runnable = PROCESSORS;
    Duration unused = served(Duration.ofMillis(21));
    assertEquals(limit, span.stretch(limit));
    runnable = 3 * PROCESSORS;
    for (int i = 0; i < 3; i++) {
      unused = served(Duration.ofMillis(21));
    }
    assertEquals(limit.multipliedBy(2), span.stretch(limit));
  }

  @Test
  void goesOnByItselfOnThisMachine() throws Exception {
    long before = ServedTime.nanos();
    assertTrue(
        Await.holdsWithin(Duration.ofSeconds(1), () -> ServedTime.nanos() - before > 100_000_000));
  }
}
