/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.scripted.Script;
import org.perc4j.it.scripted.ScriptedEndpoint;
import org.perc4j.it.scripted.ScriptedRoom;

/** An endpoint sends under its own hop key what it says another one sent. */
@RequiresJvb
class ImpersonationTest {
  private static final int BEFORE = 20;
  private static final int AFTER = 50;

  @Test
  void neitherIsBelievedNorSilencesAnyone(JvbProcess jvb) throws Exception {
    long stopped = Checks.counters(jvb).path("perc_dropped_foreign_ssrc").asLong();
    List<Integer> forged = new ArrayList<>();
    try (ScriptedRoom room = new ScriptedRoom(jvb, "impersonation")) {
      ScriptedEndpoint sender = room.join(Script.number(1));
      ScriptedEndpoint attacker = room.join(Script.number(2));
      ScriptedEndpoint receiver = room.join(Script.number(3));
      Account.await(sender.speak(BEFORE, Account::voice));
      Account.awaitLast(receiver, sender, MediaKind.AUDIO);
      int ssrc = sender.ssrc(MediaKind.AUDIO);
      int first = sender.sent(MediaKind.AUDIO).get(0).sequenceNumber();
      // In order, or the bridge's own replay check would stop some.
      for (int i = -AFTER; i < 0; i++) {
        forged.add(first + i);
      }
      for (int i = 0; i < AFTER; i++) {
        forged.add(first + BEFORE + i);
      }
      // Far ahead: whoever took it for the newest would take the sender's next ones for old.
      forged.add(first + 30_000);
      for (int number : forged) {
        attacker.sendDamaged(Account.voice(0), octets -> as(ssrc, number, octets));
      }
      attacker.send(Account.voice(0));
      Account.awaitLast(receiver, attacker, MediaKind.AUDIO);

      Account.await(sender.speak(AFTER, i -> Account.voice(BEFORE + i)));
      Account.awaitLast(receiver, sender, MediaKind.AUDIO);
      assertEquals(
          BEFORE + AFTER, Account.assertComplete(receiver, sender, MediaKind.AUDIO).size());
      Account.assertNothingRefused(sender, attacker, receiver);
    }
    assertEquals(
        stopped + forged.size(), Checks.counters(jvb).path("perc_dropped_foreign_ssrc").asLong());
    Checks.assertHealthy(jvb);
  }

  private static byte[] as(int ssrc, int sequenceNumber, byte[] octets) {
    byte[] result = octets.clone();
    ByteBuffer unused = ByteBuffer.wrap(result).putShort(2, (short) sequenceNumber).putInt(8, ssrc);
    return result;
  }
}
