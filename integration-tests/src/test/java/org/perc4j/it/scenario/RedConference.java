/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.concurrent.Future;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.signalling.PayloadTypes;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.scripted.Arrival;
import org.perc4j.it.scripted.PacketContent;
import org.perc4j.it.scripted.Script;
import org.perc4j.it.scripted.ScriptedEndpoint;
import org.perc4j.it.scripted.ScriptedRoom;

/**
 * A conference on a bridge that adds or strips redundancy (RFC 2198): plain speech shows that it
 * does, double speech must not be touched.
 */
final class RedConference {
  static final int RED = 112;

  private static final int PACKETS = 60;

  private RedConference() {}

  /**
   * Holds the conference.
   *
   * @param plainSent the payload type that the plain endpoint sends
   * @param plainArrives the one that the bridge is to make of it
   */
  static void run(JvbProcess jvb, String name, int plainSent, int plainArrives) throws Exception {
    try (ScriptedRoom room = new ScriptedRoom(jvb, name, (id, node) -> announceRed(node))) {
      ScriptedEndpoint sender = room.join(Script.number(1));
      ScriptedEndpoint receiver = room.join(Script.number(2));
      ScriptedEndpoint plainSender = room.join(Script.number(3).plain());
      ScriptedEndpoint plainReceiver = room.join(Script.number(4).plain());
      Future<?> speech = sender.speak(PACKETS, i -> i % 2 == 0 ? Account.voice(i) : red(i));
      Future<?> plainSpeech =
          plainSender.speak(PACKETS, i -> plainSent == RED ? red(i) : Account.voice(i));
      Account.await(speech, plainSpeech);
      Account.awaitLast(receiver, sender, MediaKind.AUDIO);
      Account.await(plainReceiver, plainSender, MediaKind.AUDIO, PACKETS / 2);
      assertEquals(PACKETS, Account.assertComplete(receiver, sender, MediaKind.AUDIO).size());
      for (Arrival arrival : receiver.arrivals()) {
        assertEquals(arrival.payloadType(), arrival.wirePayloadType());
        assertEquals(arrival.sequenceNumber(), arrival.wireSequenceNumber());
      }
      List<Arrival> plain = plainReceiver.arrivals(plainSender, MediaKind.AUDIO);
      for (Arrival arrival : plain) {
        assertEquals(plainArrives, arrival.payloadType(), "this bridge does nothing about RED");
      }
      Account.assertNothingRefused(sender, receiver, plainSender, plainReceiver);
    }
    Checks.assertHealthy(jvb);
  }

  /** Speech without redundancy in RED: a last block's header, then the speech. */
  private static PacketContent red(int i) {
    byte[] payload = Account.octets(i, 81);
    payload[0] = PayloadTypes.OPUS;
    return PacketContent.audio(payload, 30).payloadType(RED);
  }

  private static void announceRed(ObjectNode endpoint) {
    for (JsonNode media : endpoint.path("medias")) {
      if (media.path("type").asText().equals(MediaKind.AUDIO.token())) {
        ObjectNode red =
            ((ArrayNode) media.path("payload-types"))
                .addObject()
                .put("name", "red")
                .put("id", Integer.toString(RED))
                .put("clockrate", "48000")
                .put("channels", "2");
        ObjectNode unused =
            red.putObject("parameters").put("null", PayloadTypes.OPUS + "/" + PayloadTypes.OPUS);
      }
    }
  }
}
