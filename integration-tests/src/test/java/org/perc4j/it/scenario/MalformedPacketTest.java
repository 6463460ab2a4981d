/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.rtp.RtpPacketView;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.harness.Await;
import org.perc4j.it.scripted.Script;
import org.perc4j.it.scripted.ScriptedEndpoint;
import org.perc4j.it.scripted.ScriptedRoom;

/** Somebody with a hop key, and somebody without one, send nonsense into a conference. */
@RequiresJvb
class MalformedPacketTest {
  private static final int TAG_BYTES = 16;
  private static final int ROUNDS = 10;
  private static final int AUDIO_PACKETS = 100;
  private static final int VIDEO_PACKETS = 160;

  /** What can be wrong behind the outer layer. */
  private static final List<UnaryOperator<byte[]>> NONSENSE =
      List.of(
          // reserved bits
          octets -> withConfig(octets, 0x10),
          octets -> withConfig(octets, 0x80),
          octets -> withConfig(octets, 0xF0),
          // a marker that was not changed
          octets -> withConfig(octets, 0x08),
          // a payload type of eight bits
          octets -> withBlock(octets, 0xFF, 0x02),
          // nothing at all, only a block, a block that is longer than what there is
          octets -> withPayload(octets, new byte[0]),
          octets -> withPayload(octets, new byte[1]),
          octets -> withPayload(octets, new byte[] {0x07}),
          // no room for an inner tag
          octets -> withPayload(octets, new byte[TAG_BYTES]),
          octets -> withBlock(withPayload(octets, new byte[TAG_BYTES]), 0, 0, 0, 0x03));

  @Test
  void harmsNobodyElse(JvbProcess jvb) throws Exception {
    try (ScriptedRoom room = new ScriptedRoom(jvb, "malformed")) {
      ScriptedEndpoint sender = room.join(Script.number(1));
      ScriptedEndpoint attacker = room.join(Script.number(2));
      ScriptedEndpoint receiver = room.join(Script.number(3));
      Account.startVideo(sender, receiver, Account::picture);
      long malformedBefore = malformed(jvb);

      Future<?> speech = sender.speak(AUDIO_PACKETS, Account::voice);
      Future<?> picture = sender.show(VIDEO_PACKETS, Account::picture);
      for (int round = 0; round < ROUNDS; round++) {
        attacker.send(Account.voice(round));
        for (UnaryOperator<byte[]> damage : NONSENSE) {
          attacker.sendDamaged(Account.voice(round), damage);
        }
        sendGarbage(attacker, sender, round);
      }
      Account.await(speech, picture);
      attacker.send(Account.voice(ROUNDS));
      Account.awaitLast(receiver, sender, MediaKind.AUDIO);
      Account.awaitLast(receiver, sender, MediaKind.VIDEO);
      Account.awaitLast(receiver, attacker, MediaKind.AUDIO);

      Account.assertComplete(receiver, sender, MediaKind.AUDIO);
      Account.assertComplete(receiver, sender, MediaKind.VIDEO);
      assertEquals(ROUNDS + 1, Account.assertComplete(receiver, attacker, MediaKind.AUDIO).size());
      Account.assertNothingRefused(sender, attacker, receiver);
      int expected = ROUNDS * NONSENSE.size();
      Await.until(
          "malformed packets to be counted",
          Checks.PATIENCE,
          () -> malformed(jvb) - malformedBefore >= expected);
      assertEquals(expected, malformed(jvb) - malformedBefore);
      JsonNode page = DebugPages.endpoint(jvb, attacker.id());
      int unauthentic = sum(page, "num_srtp_auth_fail");
      assertTrue(unauthentic >= ROUNDS, "unauthentic: " + unauthentic);
    }
    Checks.assertHealthy(jvb);
  }

  private static int sum(JsonNode page, String field) {
    return page.findValues(field).stream().mapToInt(JsonNode::asInt).sum();
  }

  private static long malformed(JvbProcess jvb) {
    return DebugPages.counter(jvb, "perc_dropped_malformed");
  }

  /** Under no key: noise, noise under an own and under somebody else's SSRC, and pieces. */
  private static void sendGarbage(ScriptedEndpoint attacker, ScriptedEndpoint victim, int round) {
    byte[] noise = Account.octets(round, 200);
    noise[0] = (byte) 0x90;
    noise[1] = 111;
    attacker.sendDatagram(noise);
    for (int ssrc : List.of(attacker.ssrc(MediaKind.AUDIO), victim.ssrc(MediaKind.AUDIO))) {
      byte[] forged = Account.octets(~round, 120);
      forged[0] = (byte) 0x80;
      forged[1] = 111;
      for (int i = 0; i < 4; i++) {
        forged[8 + i] = (byte) (ssrc >>> (24 - 8 * i));
      }
      attacker.sendDatagram(forged);
      for (int length : List.of(1, 11, 12, 13, 27, 28, 29)) {
        attacker.sendDatagram(Arrays.copyOf(forged, length));
      }
    }
  }

  private static byte[] withConfig(byte[] octets, int config) {
    return withBlock(octets, config);
  }

  /** With other last octets. */
  private static byte[] withBlock(byte[] octets, int... block) {
    byte[] result = octets.clone();
    for (int i = 0; i < block.length; i++) {
      result[result.length - block.length + i] = (byte) block[i];
    }
    return result;
  }

  /** With another payload; header and extensions stay. */
  private static byte[] withPayload(byte[] octets, byte[] payload) {
    try {
      RtpPacketView view = new RtpPacketView();
      view.wrap(octets, 0, octets.length);
      byte[] result = Arrays.copyOf(octets, view.headerLength() + payload.length);
      System.arraycopy(payload, 0, result, view.headerLength(), payload.length);
      return result;
    } catch (MalformedPacketException e) {
      throw new IllegalStateException(e);
    }
  }
}
