/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.room;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.perc4j.fuzzing.FuzzInput;

/**
 * Parts of messages in any order by several occupants. What is received is what one occupant sent
 * from its first part to its last; nobody can take another's messages away; what is kept is
 * bounded.
 */
class MessagePartsFuzzTest {
  private static final int MAX_STEPS = 400;
  private static final int OCCUPANTS = 5;
  private static final String HONEST = "honest";
  private static final int MOST_PART_BYTES = 192 * 1024;

  private final byte[] zeros = new byte[MOST_PART_BYTES];

  @FuzzTest
  void parts(byte[] octets) {
    FuzzInput input = new FuzzInput(octets);
    MessageParts parts = new MessageParts();
    Map<String, List<RoomElement.Part>> runs = new HashMap<>();
    byte[] message = new byte[3 * MessageParts.partBytes(MessageParts.MIN_STANZA_BYTES)];
    Arrays.fill(message, (byte) input.octet());
    List<RoomElement.Part> honest =
        MessageParts.split("commit", "0", message, MessageParts.MIN_STANZA_BYTES);
    int sent = 0;
    for (int step = 0; step < MAX_STEPS && input.hasMore(); step++) {
      int what = input.below(16);
      if (what == 0) {
        parts.forget(occupant(input));
      } else if (what == 1) {
        List<RoomEvent> events = parts.accept(HONEST, true, honest.get(sent++));
        sent = checkHonest(events, sent, message);
      } else {
        String occupant = occupant(input);
        boolean toAll = input.below(8) != 0;
        RoomElement.Part part = part(input);
        run(runs, occupant, toAll, part);
        check(parts.accept(occupant, toAll, part), occupant, toAll, part, runs);
        assertTrue(parts.unfinishedBytes() <= MessageParts.MAX_UNFINISHED_BYTES);
      }
    }
    while (sent > 0) {
      sent = checkHonest(parts.accept(HONEST, true, honest.get(sent)), sent + 1, message);
    }
  }

  private static String occupant(FuzzInput input) {
    return "o" + input.below(OCCUPANTS);
  }

  private RoomElement.Part part(FuzzInput input) {
    int count = input.below(4) == 0 ? 1 + input.octet() : 1 + input.below(4);
    int part = input.octet() % count;
    int size = input.octet();
    int length = Math.max(1, size < 128 ? size : (size - 127) * (MOST_PART_BYTES / 128));
    byte[] octets = Arrays.copyOf(zeros, length);
    octets[0] = (byte) input.octet();
    return new RoomElement.Part(
        input.below(8) == 0 ? "welcome" : "commit", "m" + input.below(6), part, count, octets);
  }

  /** Notes what the occupant sent under this identifier since the last first part. */
  private static void run(
      Map<String, List<RoomElement.Part>> runs,
      String occupant,
      boolean toAll,
      RoomElement.Part part) {
    List<RoomElement.Part> run =
        runs.computeIfAbsent(occupant + toAll + part.id(), unused -> new ArrayList<>());
    if (part.part() == 0) {
      run.clear();
    }
    run.add(part);
  }

  private static void check(
      List<RoomEvent> events,
      String occupant,
      boolean toAll,
      RoomElement.Part part,
      Map<String, List<RoomElement.Part>> runs) {
    assertTrue(events.size() <= 2 + OCCUPANTS * MessageParts.MAX_UNFINISHED);
    for (RoomEvent event : events) {
      if (event instanceof RoomEvent.Received received) {
        assertEquals(occupant, received.occupant());
        assertEquals(toAll, received.toAll());
        assertEquals(part.kind(), received.kind());
        assertTrue(received.octets().length <= RoomChannel.MAX_MESSAGE_BYTES);
        List<RoomElement.Part> run = runs.getOrDefault(occupant + toAll + part.id(), List.of());
        assertEquals(part.parts(), run.size());
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < run.size(); i++) {
          assertEquals(i, run.get(i).part());
          all.writeBytes(run.get(i).octets());
        }
        assertArrayEquals(all.toByteArray(), received.octets());
      } else if (event instanceof RoomEvent.Malformed malformed) {
        assertTrue(!malformed.occupant().equals(HONEST));
      } else {
        throw new AssertionError(event);
      }
    }
  }

  /** Returns how many parts of the next message were sent. */
  private static int checkHonest(List<RoomEvent> events, int sent, byte[] message) {
    if (sent < 3) {
      assertTrue(events.isEmpty());
      return sent;
    }
    assertEquals(1, events.size());
    RoomEvent.Received received = (RoomEvent.Received) events.get(0);
    assertArrayEquals(message, received.octets());
    return 0;
  }
}
