/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.signalling.PayloadTypes;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.bridge.RequestEdit;
import org.perc4j.it.scripted.Arrival;
import org.perc4j.it.scripted.PacketContent;
import org.perc4j.it.scripted.Script;
import org.perc4j.it.scripted.ScriptedEndpoint;
import org.perc4j.it.scripted.ScriptedRoom;
import org.perc4j.it.scripted.SentPacket;

/** What describes the media goes from end to end, what describes the transport does not. */
@RequiresJvb
class HeaderExtensionTest {
  private static final String FRAME_MARKING_DRAFT =
      "http://tools.ietf.org/html/draft-ietf-avtext-framemarking-07";
  private static final String FRAME_MARKING_RFC = "urn:ietf:params:rtp-hdrext:framemarking";
  private static final int SEND_TIME = 3;
  private static final int TRANSPORT_SEQUENCE = 5;
  private static final byte[] SENT_SEND_TIME = {0x12, 0x34, 0x56};
  private static final byte[] SENT_TRANSPORT_SEQUENCE = {0x7E, 0x57};
  private static final int AUDIO_PACKETS = 80;
  private static final int VIDEO_PACKETS = 160;

  @Test
  void keepsMediaExtensionsAndReplacesTransportExtensions(JvbProcess jvb) throws Exception {
    keepsAndReplaces(jvb, "extensions-draft", FRAME_MARKING_DRAFT);
  }

  @Test
  void knowsFrameMarkingByItsRfcName(JvbProcess jvb) throws Exception {
    keepsAndReplaces(jvb, "extensions-rfc", FRAME_MARKING_RFC);
  }

  private static void keepsAndReplaces(JvbProcess jvb, String name, String frameMarking)
      throws Exception {
    try (ScriptedRoom room = new ScriptedRoom(jvb, name, announcing(frameMarking))) {
      ScriptedEndpoint sender = room.join(Script.number(1));
      ScriptedEndpoint receiver = room.join(Script.number(2));
      Account.startVideo(sender, receiver, HeaderExtensionTest::picture);
      Future<?> speech =
          sender.speak(
              AUDIO_PACKETS,
              i ->
                  Account.sound(i, i % 127)
                      .extension(SEND_TIME, SENT_SEND_TIME)
                      .extension(TRANSPORT_SEQUENCE, SENT_TRANSPORT_SEQUENCE));
      Future<?> picture = sender.show(VIDEO_PACKETS, HeaderExtensionTest::picture);
      Account.await(speech, picture);
      Account.awaitLast(receiver, sender, MediaKind.AUDIO);
      Account.awaitLast(receiver, sender, MediaKind.VIDEO);

      Map<Arrival, SentPacket> audio = Account.assertComplete(receiver, sender, MediaKind.AUDIO);
      audio.forEach((arrival, packet) -> assertKept(arrival, packet, MediaKind.AUDIO));
      Map<Arrival, SentPacket> video = Account.assertComplete(receiver, sender, MediaKind.VIDEO);
      assertTrue(video.size() > VIDEO_PACKETS, receiver.toString());
      video.forEach((arrival, packet) -> assertKept(arrival, packet, MediaKind.VIDEO));
      assertTransportSequence(receiver.arrivals(sender, MediaKind.VIDEO));
      Account.assertNothingRefused(sender, receiver);
    }
    Checks.assertHealthy(jvb);
  }

  private static PacketContent picture(int i) {
    byte first = Account.frameMarking(i);
    byte[] marking = i % 2 == 0 ? new byte[] {first} : new byte[] {first, 0, (byte) i};
    return PacketContent.video(Account.octets(i, 900), Account.isLastOfFrame(i), marking)
        .extension(PayloadTypes.DEPENDENCY_DESCRIPTOR_EXTENSION, dependencyDescriptor(i))
        .extension(SEND_TIME, SENT_SEND_TIME)
        .extension(TRANSPORT_SEQUENCE, SENT_TRANSPORT_SEQUENCE);
  }

  /** The mandatory octets; now and then many more, which takes elements with two-byte headers. */
  private static byte[] dependencyDescriptor(int i) {
    int frame = i / 4;
    byte[] mandatory =
        ByteBuffer.allocate(3)
            .put((byte) ((i % 4 == 0 ? 0x80 : 0) | (Account.isLastOfFrame(i) ? 0x40 : 0)))
            .putShort((short) frame)
            .array();
    byte[] descriptor = i % 40 == 0 ? Account.octets(frame, 40) : mandatory;
    System.arraycopy(mandatory, 0, descriptor, 0, mandatory.length);
    return descriptor;
  }

  private static void assertKept(Arrival arrival, SentPacket packet, MediaKind kind) {
    Set<Integer> kept =
        kind == MediaKind.AUDIO
            ? Set.of(PayloadTypes.AUDIO_LEVEL_EXTENSION)
            : Set.of(
                PayloadTypes.FRAME_MARKING_EXTENSION, PayloadTypes.DEPENDENCY_DESCRIPTOR_EXTENSION);
    for (int id : kept) {
      assertArrayEquals(
          packet.extensions().get(id), arrival.extensions().get(id), id + " of " + packet);
    }
    Set<Integer> expected = new HashSet<>(kept);
    expected.add(SEND_TIME);
    if (kind == MediaKind.VIDEO) {
      // The bridge numbers video only; the sender's own number must not reach anyone in any case.
      expected.add(TRANSPORT_SEQUENCE);
    }
    assertEquals(expected, arrival.extensions().keySet(), "ids of " + packet);
    byte[] sendTime = Objects.requireNonNull(arrival.extensions().get(SEND_TIME));
    assertEquals(SENT_SEND_TIME.length, sendTime.length);
    assertFalse(Arrays.equals(SENT_SEND_TIME, sendTime), "the sender's time");
  }

  private static void assertTransportSequence(List<Arrival> arrivals) {
    int expected = -1;
    for (Arrival arrival : arrivals) {
      byte[] octets = Objects.requireNonNull(arrival.extensions().get(TRANSPORT_SEQUENCE));
      int number = ByteBuffer.wrap(octets).getShort() & 0xFFFF;
      if (expected >= 0 && !arrival.repaired()) {
        // Probes take numbers, too.
        assertTrue(((number - expected) & 0xFFFF) < 100, number + " after " + expected);
      }
      expected = (number + 1) & 0xFFFF;
    }
  }

  private static RequestEdit announcing(String frameMarking) {
    return (id, endpoint) -> {
      for (JsonNode media : endpoint.path("medias")) {
        ArrayNode extensions = (ArrayNode) media.path("rtp-hdrexts");
        for (JsonNode extension : extensions) {
          if (extension.path("id").asInt() == PayloadTypes.FRAME_MARKING_EXTENSION) {
            ObjectNode unused = ((ObjectNode) extension).put("uri", frameMarking);
          }
        }
        extensions
            .addObject()
            .put("uri", "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time")
            .put("id", SEND_TIME);
        extensions
            .addObject()
            .put("uri", "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01")
            .put("id", TRANSPORT_SEQUENCE);
        ObjectNode unused = ((ObjectNode) media).put("extmap-allow-mixed", true);
      }
    };
  }
}
