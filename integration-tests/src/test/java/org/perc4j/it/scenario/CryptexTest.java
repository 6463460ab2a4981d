/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.signalling.PayloadTypes;
import org.perc4j.header.rtp.ExtensionProfile;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.harness.Await;
import org.perc4j.it.scripted.Arrival;
import org.perc4j.it.scripted.Script;
import org.perc4j.it.scripted.ScriptedEndpoint;
import org.perc4j.it.scripted.ScriptedRoom;
import org.perc4j.it.scripted.SentPacket;

/** Endpoints hide header extensions from the network (RFC 9335) without having announced it. */
@RequiresJvb
class CryptexTest {
  private static final int MANY = 2000;
  private static final int QUIET = 100;
  private static final int LOUD = 20;

  @Test
  void hidesFromTheMomentTheEndpointDid(JvbProcess jvb) throws Exception {
    try (ScriptedRoom room = new ScriptedRoom(jvb, "cryptex-answer")) {
      ScriptedEndpoint hiding = room.join(Script.number(1).hiding());
      ScriptedEndpoint open = room.join(Script.number(2));

      Account.await(open.speak(40, Account::voice));
      Account.awaitLast(hiding, open, MediaKind.AUDIO);
      for (Arrival arrival : hiding.arrivals()) {
        assertEquals(ExtensionProfile.ONE_BYTE, arrival.wireProfile());
      }
      int before = hiding.arrivals().size();

      Account.await(hiding.speak(10, Account::voice));
      Account.awaitLast(open, hiding, MediaKind.AUDIO);
      assertEquals(10, hiding.hiddenOnDeparture());

      Future<?> speech = open.speak(40, i -> Account.voice(40 + i));
      Future<?> answer = hiding.speak(40, i -> Account.voice(10 + i));
      Account.await(speech, answer);
      Account.awaitLast(hiding, open, MediaKind.AUDIO);
      Account.awaitLast(open, hiding, MediaKind.AUDIO);
      List<Arrival> after = hiding.arrivals().subList(before, hiding.arrivals().size());
      assertEquals(40, after.size());
      for (Arrival arrival : after) {
        assertEquals(ExtensionProfile.CRYPTEX_ONE_BYTE, arrival.wireProfile());
      }
      for (Arrival arrival : open.arrivals()) {
        assertEquals(ExtensionProfile.ONE_BYTE, arrival.wireProfile());
      }
      assertLevels(Account.assertComplete(hiding, open, MediaKind.AUDIO));
      assertLevels(Account.assertComplete(open, hiding, MediaKind.AUDIO));
      Account.assertNothingRefused(hiding, open);
    }
    Checks.assertHealthy(jvb);
  }

  private static void assertLevels(Map<Arrival, SentPacket> pairs) {
    pairs.forEach(
        (arrival, packet) ->
            assertArrayEquals(
                packet.extensions().get(PayloadTypes.AUDIO_LEVEL_EXTENSION),
                arrival.extensions().get(PayloadTypes.AUDIO_LEVEL_EXTENSION)));
  }

  @Test
  void tellsTheBridgeWhoSpeaks(JvbProcess jvb) throws Exception {
    try (ScriptedRoom room = new ScriptedRoom(jvb, "cryptex-speaker")) {
      ScriptedEndpoint one = room.join(Script.number(1).hiding());
      ScriptedEndpoint two = room.join(Script.number(2).hiding());
      AtomicReference<ScriptedEndpoint> speaker = new AtomicReference<>(one);
      Future<?> first = one.speak(MANY, i -> Account.sound(i, level(i, speaker.get() == one)));
      Future<?> second = two.speak(MANY, i -> Account.sound(i, level(i, speaker.get() == two)));
      awaitSpeaker(room, one, two);
      // The bridge announces somebody before it can know; but it can't guess who is next.
      for (ScriptedEndpoint next : List.of(two, one, two)) {
        speaker.set(next);
        awaitSpeaker(room, next, next == one ? two : one);
      }
      assertTrue(first.cancel(false) && second.cancel(false), "spoke too short");
      Account.assertNothingRefused(one, two);
    }
  }

  /** Syllables: a constant tone is no speech to the bridge. */
  private static int level(int i, boolean speaks) {
    return !speaks || i / 8 % 3 == 2 ? QUIET : LOUD + i % 5;
  }

  private static void awaitSpeaker(
      ScriptedRoom room, ScriptedEndpoint speaker, ScriptedEndpoint listener) throws Exception {
    Await.until(
        speaker.id() + " to be the dominant speaker",
        Checks.PATIENCE,
        () -> speaker.id().equals(room.room().dominantSpeaker(listener.id())));
  }
}
