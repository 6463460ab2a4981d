/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.xmpp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.perc4j.e2e.room.OccupantName;
import org.perc4j.e2e.room.RoomChannel;
import org.perc4j.e2e.room.RoomEvent;
import org.perc4j.e2e.room.RoomException;

class InProcessRoomTest {
  private final InProcessRoom room = new InProcessRoom("room");
  private final List<String> seenByAlice = new ArrayList<>();
  private final List<String> seenByBob = new ArrayList<>();

  private static Consumer<RoomEvent> into(List<String> seen) {
    return event -> seen.add(words(event));
  }

  private static String words(RoomEvent event) {
    if (event instanceof RoomEvent.Received received) {
      return received.occupant() + (received.toAll() ? " says " : " whispers ") + received.kind();
    }
    if (event instanceof RoomEvent.Published published) {
      return published.occupant() + " shows " + published.octets().length;
    }
    return event.toString();
  }

  private RoomChannel enter(String occupant, List<String> seen) throws RoomException {
    RoomChannel channel = room.channel(occupant);
    channel.enter(into(seen));
    return channel;
  }

  @Test
  void allSeeOneOrderAndTheirOwnEcho() throws Exception {
    RoomChannel alice = enter("alice", seenByAlice);
    alice.publish(new byte[3]);
    RoomChannel bob = enter("bob", seenByBob);
    bob.broadcast("b", new byte[0]);
    alice.broadcast("a", new byte[0]);
    alice.sendTo("bob", "c", new byte[0]);
    bob.leave();
    assertEquals(List.of(), seenByBob);
    room.runUntilIdle();
    assertEquals(
        List.of(
            "Entered[elders=[], outsiders=[]]",
            "Arrived[occupant=bob]",
            "bob says b",
            "alice says a",
            "Departed[occupant=bob]"),
        seenByAlice);
    assertEquals(
        List.of(
            "Entered[elders=[alice], outsiders=[]]",
            "alice shows 3",
            "bob says b",
            "alice says a",
            "alice whispers c",
            "Ended[cause=LEFT, detail=left]"),
        seenByBob);
    assertThrows(RoomException.class, () -> bob.broadcast("b", new byte[0]));
  }

  @Test
  void listenersMaySendAndFail() throws Exception {
    RoomChannel alice = room.channel("alice");
    alice.enter(
        event -> {
          seenByAlice.add(words(event));
          if (event instanceof RoomEvent.Entered) {
            try {
              alice.broadcast("hello", new byte[0]);
            } catch (RoomException e) {
              throw new IllegalStateException(e);
            }
            room.runUntilIdle();
            throw new IllegalStateException("on purpose");
          }
        });
    room.runUntilIdle();
    assertEquals(List.of("Entered[elders=[], outsiders=[]]", "alice says hello"), seenByAlice);
  }

  @Test
  void kickAndCrashAreDepartures() throws Exception {
    RoomChannel unused = enter("alice", seenByAlice);
    enter("bob", seenByBob).broadcast("b", new byte[0]);
    room.channel("carol").enter(event -> {});
    room.kick("bob");
    room.crash("carol");
    room.runUntilIdle();
    assertEquals(
        List.of("Departed[occupant=bob]", "Departed[occupant=carol]"),
        seenByAlice.subList(seenByAlice.size() - 2, seenByAlice.size()));
    assertEquals(
        "Ended[cause=REMOVED, detail=kicked from the room]", seenByBob.get(seenByBob.size() - 1));
  }

  @Test
  void resumedOccupantMissesNothing() throws Exception {
    RoomChannel alice = enter("alice", seenByAlice);
    RoomChannel bob = enter("bob", seenByBob);
    room.disconnect("bob");
    assertThrows(RoomException.class, () -> bob.broadcast("b", new byte[0]));
    alice.broadcast("a", new byte[0]);
    room.runUntilIdle();
    room.reconnect("bob", true);
    room.runUntilIdle();
    assertEquals(
        List.of(
            "Entered[elders=[alice], outsiders=[]]", "Disconnected[]", "Resumed[]", "alice says a"),
        seenByBob);
  }

  @Test
  void occupantThatIsNotResumedEntersAnew() throws Exception {
    RoomChannel alice = enter("alice", seenByAlice);
    enter("bob", seenByBob).publish(new byte[1]);
    room.disconnect("bob");
    alice.broadcast("a", new byte[0]);
    room.reconnect("bob", false);
    room.runUntilIdle();
    assertEquals(
        List.of(
            "Entered[elders=[alice], outsiders=[]]",
            "Disconnected[]",
            "Entered[elders=[alice], outsiders=[]]"),
        seenByBob);
    assertEquals(
        List.of("alice says a", "Departed[occupant=bob]", "Arrived[occupant=bob]"),
        seenByAlice.subList(3, 6));
  }

  @Test
  void interceptorWithholdsAndInjects() throws Exception {
    RoomChannel unused = enter("alice", seenByAlice);
    room.runUntilIdle();
    room.intercept(
        (recipient, event) ->
            event instanceof RoomEvent.Arrived
                ? List.of(
                    new RoomEvent.Received("mallory", true, "forged", new byte[0]),
                    new RoomEvent.Departed("nobody"))
                : List.of());
    unused.broadcast("withheld", new byte[0]);
    room.channel("bob").enter(into(seenByBob));
    room.runUntilIdle();
    assertEquals(
        List.of(
            "Entered[elders=[], outsiders=[]]", "mallory says forged", "Departed[occupant=nobody]"),
        seenByAlice);
    assertEquals(List.of(), seenByBob);
  }

  @Test
  void fiveHundredOccupantsOnAnExecutorSeeTheSame() throws Exception {
    ExecutorService executor = Executors.newSingleThreadExecutor();
    InProcessRoom large = new InProcessRoom("large", executor);
    List<List<String>> seen = new ArrayList<>();
    List<RoomChannel> channels = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      seen.add(new ArrayList<>());
      channels.add(large.channel("o" + i));
      channels.get(i).enter(into(seen.get(i)));
    }
    for (RoomChannel channel : channels) {
      channel.broadcast("x", new byte[0]);
    }
    executor.shutdown();
    assertEquals(true, executor.awaitTermination(60, TimeUnit.SECONDS));
    List<String> expected = seen.get(499).subList(1, 501);
    for (List<String> one : seen) {
      assertEquals(expected, one.subList(one.size() - 500, one.size()));
    }
  }

  @Test
  void takenNicknameIsRefused() throws Exception {
    RoomChannel unused = enter("alice", seenByAlice);
    RoomChannel second = room.channel("alice");
    assertThrows(RoomException.class, () -> second.enter(event -> {}));
  }

  @Test
  void outsidersAreNamedAsOnAServer() throws Exception {
    RoomChannel unused = enter("alice", seenByAlice);
    room.outsider("focus\u200b", true);
    room.outsider("x".repeat(129), true);
    room.outsider("focus\u200b", false);
    room.runUntilIdle();
    String focus = OccupantName.of("focus\u200b").told();
    assertEquals(
        List.of(
            "Entered[elders=[], outsiders=[]]",
            "Outsider[occupant=" + focus + ", present=true]",
            "Outsider[occupant=" + OccupantName.of("x".repeat(129)).told() + ", present=true]",
            "Outsider[occupant=" + focus + ", present=false]"),
        seenByAlice);
  }
}
