/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.session;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.perc4j.e2e.xmpp.RoomEvent;

/**
 * Whatever happens to a conference, in any order: when it stops happening, those who are there
 * agree on one group.
 */
class ConvergenceTest {
  static List<Long> seeds() {
    List<Long> seeds = new ArrayList<>();
    for (long seed = 1; seed <= 10; seed++) {
      seeds.add(seed);
    }
    return seeds;
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void membersComeTogetherAfterTurmoil(long seed) {
    turmoil(seed, 0);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void membersComeTogetherAfterTurmoilWithMessagesLost(long seed) {
    turmoil(seed, 10);
  }

  private static void turmoil(long seed, int lossPercent) {
    Random random = new Random(seed);
    Party party = new Party();
    Set<String> away = new TreeSet<>();
    int names = 0;
    boolean[] losing = {true};
    Random losses = new Random(seed + 1000);
    party.room.intercept(
        (recipient, event) ->
            losing[0] && event instanceof RoomEvent.Received && losses.nextInt(100) < lossPercent
                ? List.of()
                : List.of(event));
    for (int i = 0; i < 60; i++) {
      List<String> present = new ArrayList<>(party.guests.keySet());
      present.removeAll(away);
      String somebody = present.isEmpty() ? null : present.get(random.nextInt(present.size()));
      switch (random.nextInt(8)) {
        case 0, 1, 2 -> {
          if (party.guests.size() < 8) {
            party.enter("m" + names++);
          }
        }
        case 3 -> {
          if (somebody != null) {
            party.leave(somebody);
          }
        }
        case 4 -> {
          if (somebody != null) {
            party.room.crash(somebody);
            party.guests.remove(somebody);
          }
        }
        case 5 -> {
          if (somebody != null && away.size() < 2) {
            party.room.disconnect(somebody);
            away.add(somebody);
          }
        }
        default -> {
          if (!away.isEmpty()) {
            String back = away.iterator().next();
            away.remove(back);
            party.room.reconnect(back, random.nextBoolean());
          }
        }
      }
      party.time.pass(Duration.ofMillis(random.nextInt(random.nextInt(4) == 0 ? 5000 : 300)));
    }
    losing[0] = false;
    for (String back : away) {
      party.room.reconnect(back, random.nextBoolean());
    }
    party.enter("last");
    party.time.pass(Duration.ofSeconds(90));
    party.assertTogether(party.guests.keySet());
  }
}
