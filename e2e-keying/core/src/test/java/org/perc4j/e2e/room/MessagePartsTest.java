/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.room;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MessagePartsTest {
  private static final int STANZA = MessageParts.MIN_STANZA_BYTES;

  private final MessageParts parts = new MessageParts();

  private static RoomElement.Part part(String id, int part, int parts) {
    return new RoomElement.Part("test", id, part, parts, new byte[] {(byte) part});
  }

  private static RoomEvent malformed(String occupant, String reason) {
    return new RoomEvent.Malformed(occupant, reason);
  }

  @Test
  void messageIsReceivedWithItsLastPart() {
    byte[] octets = new byte[RoomChannel.MAX_MESSAGE_BYTES];
    new Random(1).nextBytes(octets);
    List<RoomElement.Part> split = MessageParts.split("test", "1", octets, STANZA);
    assertTrue(split.size() <= RoomElement.MAX_PARTS);
    for (RoomElement.Part part : split.subList(0, split.size() - 1)) {
      assertTrue((part.octets().length + 2) / 3 * 4 <= STANZA - MessageParts.ENVELOPE_BYTES);
      assertEquals(List.of(), parts.accept("a", true, part));
    }
    List<RoomEvent> events = parts.accept("a", true, split.get(split.size() - 1));
    assertEquals(1, events.size());
    assertArrayEquals(octets, assertInstanceOf(RoomEvent.Received.class, events.get(0)).octets());
  }

  @Test
  void emptyMessageHasOnePart() {
    assertEquals(1, MessageParts.split("test", "1", new byte[0], STANZA).size());
    assertInstanceOf(
        RoomEvent.Received.class,
        parts.accept("a", true, new RoomElement.Part("test", "1", 0, 1, new byte[0])).get(0));
  }

  @Test
  void messagesOfOneOccupantMayInterleave() {
    assertEquals(List.of(), parts.accept("a", true, part("1", 0, 2)));
    assertEquals(List.of(), parts.accept("a", false, part("2", 0, 2)));
    assertInstanceOf(RoomEvent.Received.class, parts.accept("a", true, part("1", 1, 2)).get(0));
    assertInstanceOf(RoomEvent.Received.class, parts.accept("a", false, part("2", 1, 2)).get(0));
  }

  @Test
  void gapRepetitionAndChangeDropTheMessage() {
    RoomEvent dropped = malformed("a", "a part that does not continue its message");
    List<RoomElement.Part> wrong =
        List.of(
            part("1", 2, 3),
            part("1", 0, 3),
            part("1", 1, 4),
            new RoomElement.Part("other", "1", 1, 3, new byte[1]));
    for (RoomElement.Part second : wrong) {
      assertEquals(List.of(), parts.accept("a", true, part("1", 0, 3)));
      assertEquals(List.of(dropped), parts.accept("a", true, second));
    }
    assertEquals(List.of(), parts.accept("a", true, part("1", 0, 3)));
    assertEquals(List.of(dropped), parts.accept("a", false, part("1", 1, 3)));
  }

  @Test
  void messageWithoutStartIsReportedOnce() {
    assertEquals(List.of(), parts.accept("a", true, part("1", 1, 3)));
    assertEquals(
        List.of(malformed("a", "a message without its start")),
        parts.accept("a", true, part("1", 2, 3)));
  }

  @Test
  void fifthUnfinishedMessageDropsTheOldest() {
    for (int i = 0; i < MessageParts.MAX_UNFINISHED; i++) {
      assertEquals(List.of(), parts.accept("a", true, part("m" + i, 0, 2)));
    }
    assertEquals(
        List.of(malformed("a", "more than 4 unfinished messages")),
        parts.accept("a", true, part("m4", 0, 2)));
    assertEquals(
        List.of(malformed("a", "a message without its start")),
        parts.accept("a", true, part("m0", 1, 2)));
    assertInstanceOf(RoomEvent.Received.class, parts.accept("a", true, part("m1", 1, 2)).get(0));
    assertInstanceOf(RoomEvent.Received.class, parts.accept("a", true, part("m4", 1, 2)).get(0));
  }

  @Test
  void tooLongMessageIsDropped() {
    byte[] half = new byte[RoomChannel.MAX_MESSAGE_BYTES / 2];
    for (int i = 0; i < 2; i++) {
      assertEquals(
          List.of(), parts.accept("a", true, new RoomElement.Part("test", "1", i, 4, half)));
    }
    assertEquals(
        List.of(malformed("a", "a message longer than 524288 octets")),
        parts.accept("a", true, new RoomElement.Part("test", "1", 2, 4, new byte[1])));
  }

  @Test
  void whoeverFillsTheMemoryLosesMessages() {
    byte[] most = new byte[RoomChannel.MAX_MESSAGE_BYTES];
    assertEquals(List.of(), parts.accept("honest", true, part("1", 0, 2)));
    int count = 0;
    for (int i = 0; i < MessageParts.MAX_UNFINISHED_BYTES / most.length; i++) {
      List<RoomEvent> events =
          parts.accept(
              "greedy" + i / 4, true, new RoomElement.Part("test", "m" + i % 4, 0, 2, most));
      count += events.size();
      assertEquals(
          i == 15
              ? List.of(malformed("greedy0", "too many octets of unfinished messages"))
              : List.of(),
          events);
    }
    assertEquals(1, count);
    assertInstanceOf(
        RoomEvent.Received.class, parts.accept("honest", true, part("1", 1, 2)).get(0));
  }

  @Test
  void departureDropsWhatIsUnfinished() {
    assertEquals(List.of(), parts.accept("a", true, part("1", 0, 2)));
    parts.forget("a");
    assertEquals(
        List.of(malformed("a", "a message without its start")),
        parts.accept("a", true, part("1", 1, 2)));
  }
}
