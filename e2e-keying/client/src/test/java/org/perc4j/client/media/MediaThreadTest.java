/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class MediaThreadTest {
  @RepeatedTest(10)
  void doesWhatWasOfferedBeforeTheEndInOrder() {
    List<Integer> done = new CopyOnWriteArrayList<>();
    try (MediaThread thread = new MediaThread("test")) {
      for (int i = 0; i < 3; i++) {
        int number = i;
        assertTrue(thread.offer(() -> done.add(number)));
      }
    }
    assertEquals(List.of(0, 1, 2), done);
  }

  @Test
  void goesOnWhenSomethingFails() {
    List<Integer> done = new CopyOnWriteArrayList<>();
    try (MediaThread thread = new MediaThread("test")) {
      assertTrue(
          thread.offer(
              () -> {
                throw new IllegalStateException("of the test");
              }));
      assertTrue(thread.offer(() -> done.add(1)));
    }
    assertEquals(List.of(1), done);
  }

  @Test
  void takesNoMoreThanThereIsRoomFor() {
    CountDownLatch held = new CountDownLatch(1);
    try (MediaThread thread = new MediaThread("test")) {
      boolean taken = true;
      for (int i = 0; taken; i++) {
        assertTrue(i < 1_000);
        taken = thread.offer(() -> awaitUninterruptibly(held));
      }
      held.countDown();
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void takesNothingAfterTheEnd() {
    MediaThread thread = new MediaThread("test");
    thread.close();
    assertFalse(thread.offer(() -> {}));
  }
}
