/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.scripted.Arrival;
import org.perc4j.it.scripted.Script;
import org.perc4j.it.scripted.ScriptedEndpoint;
import org.perc4j.it.scripted.ScriptedRoom;

/** The bridge drops silence by the audio level, and closes the gaps. */
@RequiresJvb(instance = SilenceTest.INSTANCE, configuration = SilenceTest.CONFIGURATION)
class SilenceTest {
  static final String INSTANCE = "audio";

  /** The second line is for {@link RedundancyAddedTest}. */
  static final String CONFIGURATION =
      """
      jmt.audio.level { discard-silence = true, forwarded-silence-packets-limit = 2 }
      jmt.audio.red { policy = PROTECT_ALL, vad-only = false }
      """;

  private static final int MUTED = 127;
  private static final int SPEECH = 30;
  private static final int SILENCE = 30;
  private static final int ROUNDS = 2;
  private static final int FORWARDED = 3;

  @Test
  void leavesNoGapsWhereItDropsSilence(JvbProcess jvb) throws Exception {
    speaksWithPauses(jvb, "silence", Script.number(1).startingAt(0xFFFF - SPEECH));
  }

  @Test
  void leavesNoGapsWhereItDropsSilenceThatTheNetworkDoesNotSee(JvbProcess jvb) throws Exception {
    speaksWithPauses(jvb, "silence-hidden", Script.number(1).hiding());
  }

  private static void speaksWithPauses(JvbProcess jvb, String name, Script script)
      throws Exception {
    try (ScriptedRoom room = new ScriptedRoom(jvb, name)) {
      ScriptedEndpoint sender = room.join(script);
      ScriptedEndpoint receiver = room.join(Script.number(2));
      Account.await(
          sender.speak(
              ROUNDS * (SPEECH + SILENCE) + SPEECH,
              i -> i % (SPEECH + SILENCE) < SPEECH ? Account.voice(i) : Account.sound(i, MUTED)));
      Account.awaitLast(receiver, sender, MediaKind.AUDIO);
      List<Arrival> arrivals =
          List.copyOf(Account.assertAuthentic(receiver, sender, MediaKind.AUDIO).keySet());
      assertEquals(ROUNDS * (SPEECH + FORWARDED) + SPEECH, arrivals.size());
      int skipped = 0;
      for (int i = 1; i < arrivals.size(); i++) {
        Arrival last = arrivals.get(i - 1);
        Arrival next = arrivals.get(i);
        assertEquals((last.wireSequenceNumber() + 1) & 0xFFFF, next.wireSequenceNumber());
        skipped += (next.sequenceNumber() - last.sequenceNumber() - 1) & 0xFFFF;
      }
      assertEquals(ROUNDS * (SILENCE - FORWARDED), skipped);
      assertTrue(
          arrivals.get(0).wireSequenceNumber() == arrivals.get(0).sequenceNumber(),
          "renumbered before anything was dropped");
      Account.assertNothingRefused(sender, receiver);
    }
    Checks.assertHealthy(jvb);
  }
}
