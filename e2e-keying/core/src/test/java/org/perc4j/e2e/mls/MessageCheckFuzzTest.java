/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Any octets: taken or refused, at a cost that is linear in their number. What is taken is read by
 * Bouncy Castle to the last octet. The corpus was written by {@link FuzzCorpus}.
 */
class MessageCheckFuzzTest {
  private static final MessageCheck CHECK = new MessageCheck(64);

  private interface Check {
    @Nullable Object read(byte[] message) throws RefusedException;
  }

  @FuzzTest
  void keyPackage(byte[] input) throws IOException {
    check(input, CHECK::keyPackage);
  }

  @FuzzTest
  void commit(byte[] input) throws IOException {
    check(input, CHECK::commit);
  }

  @FuzzTest
  void welcome(byte[] input) throws IOException {
    check(input, CHECK::welcome);
  }

  @FuzzTest
  void groupInfo(byte[] input) throws IOException {
    check(input, CHECK::groupInfoMessage);
  }

  private static void check(byte[] input, Check check) throws IOException {
    byte[] before = input.clone();
    boolean taken = isTaken(input, check); // and classes are loaded
    long allocated =
        Allocation.of(
            () -> {
              boolean unused = isTaken(input, check);
            });
    assertArrayEquals(before, input);
    assertTrue(
        allocated < (1 << 16) + 64L * input.length, allocated + " octets for " + input.length);
    if (taken) {
      assertArrayEquals(input, Forgery.encode(Forgery.decode(input)));
    }
  }

  private static boolean isTaken(byte[] input, Check check) {
    try {
      Object unused = check.read(input);
      return true;
    } catch (RefusedException e) {
      return false;
    }
  }
}
