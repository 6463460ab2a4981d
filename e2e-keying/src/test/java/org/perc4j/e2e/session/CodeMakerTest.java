/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.perc4j.e2e.mls.GroupMoment;
import org.perc4j.e2e.mls.VerificationCode;

class CodeMakerTest {
  private final VirtualTime time = new VirtualTime(() -> false);
  private final Deque<Runnable> work = new ArrayDeque<>();
  private final List<String> told = new ArrayList<>();
  private final CodeMaker maker =
      new CodeMaker(
          time, work::add, (moment, code) -> told.add(moment.epoch() + " " + code.digits()));

  private static byte[] authenticator(int epoch) {
    return new byte[] {(byte) epoch, 1, 2};
  }

  private void epoch(int epoch) {
    maker.epoch(new GroupMoment(new byte[] {7}, epoch), authenticator(epoch));
  }

  private static String code(int epoch) {
    return epoch + " " + VerificationCode.ofEpoch(authenticator(epoch)).digits();
  }

  private void work() {
    work.remove().run();
    time.settle();
  }

  @Test
  void tellsTheCodeOfEachEpochOnce() {
    epoch(1);
    work();
    epoch(2);
    work();
    assertEquals(List.of(code(1), code(2)), told);
    assertEquals(0, work.size());
  }

  @Test
  void makesOneAtATimeAndTheNewestOfThoseThatWait() {
    epoch(1);
    epoch(2);
    epoch(3);
    assertEquals(1, work.size());
    work();
    assertEquals(List.of(code(3)), told);
    assertEquals(0, work.size());
  }

  @Test
  void tellsNoCodeOfAnEpochThatIsPastWhenItIsMade() {
    epoch(1);
    work.remove().run(); // made, and not told yet
    epoch(2);
    time.settle();
    assertEquals(List.of(), told);
    work();
    assertEquals(List.of(code(2)), told);
  }

  @Test
  void afterTheEndMakesAndTellsNone() {
    epoch(1);
    maker.stop();
    work();
    assertEquals(0, work.size());
    epoch(2);
    assertEquals(0, work.size());
    assertEquals(List.of(), told);
  }

  @Test
  void tellsNoneThatWasBeingMadeAtTheEnd() {
    epoch(1);
    work.remove().run();
    maker.stop();
    time.settle();
    assertEquals(List.of(), told);
  }

  @Test
  void goesOnAfterAnExecutorThatTakesNothing() {
    List<String> codes = new ArrayList<>();
    Deque<Runnable> taken = new ArrayDeque<>();
    boolean[] full = {true};
    Executor executor =
        task -> {
          if (full[0]) {
            throw new RejectedExecutionException("full");
          }
          taken.add(task);
        };
    CodeMaker other = new CodeMaker(time, executor, (moment, code) -> codes.add(code.digits()));
    other.epoch(new GroupMoment(new byte[] {7}, 1), authenticator(1));
    full[0] = false;
    other.epoch(new GroupMoment(new byte[] {7}, 2), authenticator(2));
    taken.remove().run();
    time.settle();
    assertEquals(1, codes.size());
  }

  @Test
  void theUsualExecutorRunsOneTaskAtATime() throws InterruptedException {
    Executor executor = CodeMaker.oneThread();
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch both = new CountDownLatch(2);
    List<String> order = new ArrayList<>();
    executor.execute(
        () -> {
          await(first);
          order.add("first");
          both.countDown();
        });
    executor.execute(
        () -> {
          order.add("second");
          both.countDown();
        });
    first.countDown();
    both.await();
    assertEquals(List.of("first", "second"), order);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
