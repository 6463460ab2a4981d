/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.scripted.Arrival;
import org.perc4j.it.scripted.Script;
import org.perc4j.it.scripted.ScriptedEndpoint;
import org.perc4j.it.scripted.ScriptedRoom;

/**
 * A receiver does not want to hear anybody for so long that more than half of the sequence numbers
 * go by, which makes eleven minutes; then it does. Another one hears all.
 */
@RequiresJvb
class WithheldAudioTest {
  private static final int PACKETS = 50;
  private static final int IN_A_ROW = 10;

  /** As many as a receiver follows that misses them. */
  private static final int STEP = 20_000;

  @Test
  void isHeardAtOnceWhenItIsWantedAgainAfterHalfACycle(JvbProcess jvb) throws Exception {
    isHeardAtOnceAgain(jvb, "withheld-half", STEP, STEP);
  }

  /** The numbers come round to some that were sent last, which they could be late packets of. */
  @Test
  void isHeardAtOnceWhenItIsWantedAgainAfterACycle(JvbProcess jvb) throws Exception {
    isHeardAtOnceAgain(jvb, "withheld-whole", STEP, STEP, STEP, 4_500);
  }

  private static void isHeardAtOnceAgain(JvbProcess jvb, String name, int... steps)
      throws Exception {
    try (ScriptedRoom room = new ScriptedRoom(jvb, name)) {
      ScriptedEndpoint sender = room.join(Script.number(1));
      ScriptedEndpoint listening = room.join(Script.number(2));
      ScriptedEndpoint away = room.join(Script.number(3));
      speak(sender, 0, 0);
      Account.awaitLast(listening, sender, MediaKind.AUDIO);
      Account.awaitLast(away, sender, MediaKind.AUDIO);

      room.room().setAudioWanted(away.id(), false);
      awaitHearing(false, away, listening, sender);
      for (int i = 0; i < steps.length; i++) {
        speak(sender, 1 + i, steps[i]);
        Account.awaitLast(listening, sender, MediaKind.AUDIO);
      }
      int before = away.arrivals(sender, MediaKind.AUDIO).size();
      room.room().setAudioWanted(away.id(), true);
      awaitHearing(true, away, listening, sender);
      speak(sender, 1 + steps.length, 0);
      Account.awaitLast(listening, sender, MediaKind.AUDIO);
      Account.awaitLast(away, sender, MediaKind.AUDIO);

      List<Arrival> all = away.arrivals(sender, MediaKind.AUDIO);
      Arrival last = all.get(before - 1);
      for (Arrival arrival : all.subList(before, all.size())) {
        // For the receiver nothing is missing, and its own numbers are not the sender's.
        assertEquals((last.wireSequenceNumber() + 1) & 0xFFFF, arrival.wireSequenceNumber());
        assertNotEquals(arrival.sequenceNumber(), arrival.wireSequenceNumber());
        last = arrival;
      }
      assertTrue(all.size() >= before + PACKETS, all.size() + " after " + before);
      for (Arrival arrival : listening.arrivals(sender, MediaKind.AUDIO)) {
        assertEquals(arrival.sequenceNumber(), arrival.wireSequenceNumber());
      }
      Account.assertAuthentic(away, sender, MediaKind.AUDIO);
      Account.assertNothingRefused(listening, away);
      assertEquals(0, Checks.counters(jvb).path("perc_dropped_outer_index_reuse").asLong());
    }
    Checks.assertHealthy(jvb);
  }

  /** Sends packets until a receiver has got some in a row, or none, of those that another got. */
  private static void awaitHearing(
      boolean wanted, ScriptedEndpoint receiver, ScriptedEndpoint other, ScriptedEndpoint sender)
      throws Exception {
    long deadlineNanos = System.nanoTime() + Checks.PATIENCE.toNanos();
    for (int inARow = 0; inARow < IN_A_ROW; ) {
      int before = receiver.arrivals(sender, MediaKind.AUDIO).size();
      sender.send(Account.voice(before));
      Account.awaitLast(other, sender, MediaKind.AUDIO);
      boolean hears = receiver.arrivals(sender, MediaKind.AUDIO).size() > before;
      inARow = hears == wanted ? inARow + 1 : 0;
      assertTrue(System.nanoTime() - deadlineNanos < 0, receiver + ", wanted: " + wanted);
    }
  }

  private static void speak(ScriptedEndpoint sender, int part, int skipped) throws Exception {
    Account.await(
        sender.speak(
            PACKETS, i -> Account.voice(1000 * part + i).skippingBefore(i == 0 ? skipped : 0)));
  }
}
