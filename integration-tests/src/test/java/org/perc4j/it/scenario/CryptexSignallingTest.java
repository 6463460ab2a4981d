/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.header.rtp.ExtensionProfile;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.scripted.Arrival;
import org.perc4j.it.scripted.Script;
import org.perc4j.it.scripted.ScriptedEndpoint;
import org.perc4j.it.scripted.ScriptedRoom;

/** Cryptex by Jitsi's own signalling: an attribute of the fingerprint. */
@RequiresJvb(
    instance = "cryptex",
    configuration =
        """
        videobridge.cryptex.endpoint = true
        """)
class CryptexSignallingTest {
  private static final int PACKETS = 60;

  @Test
  void hidesFromTheFirstPacketForThoseWhoAnnouncedIt(JvbProcess jvb) throws Exception {
    Script speaker = Script.number(1).hiding();
    Script listener = Script.number(2).hiding();
    Set<String> announced = Set.of(speaker.id(), listener.id());
    try (ScriptedRoom room =
        new ScriptedRoom(
            jvb, "cryptex-announced", (id, node) -> announce(node, announced.contains(id)))) {
      ScriptedEndpoint hiding = room.join(speaker);
      ScriptedEndpoint hidingListener = room.join(listener);
      ScriptedEndpoint openListener = room.join(Script.number(3));
      ScriptedEndpoint plain = room.join(Script.number(4).plain());
      ScriptedEndpoint plainListener = room.join(Script.number(5).plain());
      Future<?> one = hiding.speak(PACKETS, Account::voice);
      Future<?> two = plain.speak(PACKETS, Account::voice);
      Account.await(one, two);
      assertProfiles(hidingListener, hiding, ExtensionProfile.CRYPTEX_ONE_BYTE);
      assertProfiles(openListener, hiding, ExtensionProfile.ONE_BYTE);
      assertProfiles(plainListener, plain, ExtensionProfile.ONE_BYTE);
      assertEquals(PACKETS, hiding.hiddenOnDeparture());
      assertEquals(List.of(), plain.arrivals());
      Account.assertNothingRefused(hiding, hidingListener, openListener, plain, plainListener);
    }
    Checks.assertHealthy(jvb);
  }

  private static void announce(ObjectNode endpoint, boolean cryptex) {
    for (JsonNode fingerprint : endpoint.path("transport").path("transport").path("fingerprints")) {
      if (cryptex) {
        ObjectNode unused = ((ObjectNode) fingerprint).put("cryptex", true);
      }
    }
  }

  private static void assertProfiles(
      ScriptedEndpoint receiver, ScriptedEndpoint sender, int profile) throws Exception {
    Account.awaitLast(receiver, sender, MediaKind.AUDIO);
    assertEquals(PACKETS, Account.assertComplete(receiver, sender, MediaKind.AUDIO).size());
    for (Arrival arrival : receiver.arrivals()) {
      assertEquals(profile, arrival.wireProfile(), receiver.toString());
    }
  }
}
