/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.perc4j.e2e.mls.RefusedException.Reason;

/** Groups that grow, shrink and go on, whose members agree after every step. */
class RandomWalkTest {
  private static final int OPERATIONS = 150;
  private static final List<String> NAMES =
      List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l");

  private int invalidTrees;

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  @Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void allAgree(long seed) throws RefusedException {
    Random random = new Random(seed);
    TestConference conference = TestConference.of("a", "b");
    for (int operation = 0; operation < OPERATIONS; operation++) {
      step(random, conference);
      conference.assertAgreement();
    }
    assertTrue(invalidTrees < OPERATIONS / 4, invalidTrees + " trees");
  }

  private void step(Random random, TestConference conference) throws RefusedException {
    List<String> inside = shuffled(conference.names(), random);
    List<String> outside = shuffled(NAMES, random);
    outside.removeAll(inside);
    String committer = inside.get(0);
    switch (random.nextInt(8)) {
      case 0, 1 -> {
        if (!outside.isEmpty()) {
          int count = 1 + random.nextInt(outside.size());
          conference.add(committer, outside.subList(0, count).toArray(String[]::new));
        }
      }
      case 2, 3, 4 -> {
        if (inside.size() > 2) {
          int count = 1 + random.nextInt(Math.min(3, inside.size() - 2));
          conference.remove(committer, inside.subList(1, 1 + count).toArray(String[]::new));
        }
      }
      case 5 -> {
        if (!outside.isEmpty()) {
          joinFromOutside(conference, outside.get(0), committer, outside);
        }
      }
      case 6 -> joinFromOutside(conference, inside.get(1), committer, outside);
      default -> conference.update(committer);
    }
  }

  /** With a left half that is blank, nobody can join until a member added somebody. */
  private void joinFromOutside(
      TestConference conference, String name, String helper, List<String> outside)
      throws RefusedException {
    try {
      conference.joinFromOutside(name, helper);
    } catch (RefusedException e) {
      if (e.reason() != Reason.INVALID_TREE) {
        throw e;
      }
      invalidTrees++;
      conference.add(helper, outside.get(0));
    }
  }

  private static List<String> shuffled(Iterable<String> names, Random random) {
    List<String> list = new ArrayList<>();
    names.forEach(list::add);
    Collections.shuffle(list, random);
    return list;
  }
}
