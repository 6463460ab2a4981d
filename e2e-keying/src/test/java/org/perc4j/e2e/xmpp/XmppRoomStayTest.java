/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.xmpp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.perc4j.e2e.xmpp.ScriptedConnection.ROOM;
import static org.perc4j.e2e.xmpp.ScriptedConnection.mark;
import static org.perc4j.e2e.xmpp.ScriptedConnection.presence;
import static org.perc4j.e2e.xmpp.ScriptedConnection.user;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.perc4j.e2e.room.RoomEvent;
import org.perc4j.e2e.room.RoomEvent.Ended.Cause;
import org.perc4j.e2e.room.RoomException;

/**
 * Entering, being in and leaving. What is said under other nicknames is never taken for oneself.
 */
class XmppRoomStayTest {
  private static final String DESTROYED =
      "<x xmlns='http://jabber.org/protocol/muc#user'><status code='110'/><destroy/></x>";
  private static final String REFUSED =
      "<error type='auth'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>";

  private final ScriptedConnection connection = ScriptedConnection.create();
  private final XmppRoom room = connection.room("me");
  private final Heard events = new Heard();

  @AfterEach
  void leave() {
    room.leave();
  }

  /** The room can still be spoken in, and heard. */
  private void assertIn() throws Exception {
    room.broadcast("test", new byte[0]);
    connection.arrives(presence("alice", "", mark("")));
    assertEquals(new RoomEvent.Arrived("alice"), events.next());
  }

  @Test
  void anotherNicknameThanAskedForEndsTheEntry() {
    connection.onEntry(entry -> connection.arrives(presence("other", "", user(110))));
    RoomException refusal = assertThrows(RoomException.class, () -> room.enter(events));
    assertEquals("the room gave another nickname: other", refusal.getMessage());
  }

  @Test
  void othersWhoAreCalledOneselfAreOthers() throws Exception {
    room.enter(events);
    assertInstanceOf(RoomEvent.Entered.class, events.next());
    connection.arrives(presence("mallory", "", user(110), mark("")));
    assertEquals(new RoomEvent.Arrived("mallory"), events.next());
    connection.arrives(presence("plain", "", user(110, 201)));
    assertEquals(new RoomEvent.Outsider("plain", true), events.next());
    assertIn();
  }

  @ParameterizedTest
  @ValueSource(ints = {110, 301, 303, 307, 321, 322, 332, 333, 999})
  void othersWhoLeaveDoNotTakeOneselfWithThem(int status) throws Exception {
    room.enter(events);
    assertInstanceOf(RoomEvent.Entered.class, events.next());
    connection.arrives(presence("mallory", "", mark("")));
    assertEquals(new RoomEvent.Arrived("mallory"), events.next());
    connection.arrives(presence("mallory", "unavailable", user(110, status)));
    assertEquals(new RoomEvent.Departed("mallory"), events.next());
    connection.arrives(presence("nobody", "unavailable", DESTROYED));
    connection.arrives(presence("mallory", "error", REFUSED));
    assertIn();
  }

  @Test
  void entryIsNotRefusedByOthers() throws Exception {
    connection.onEntry(
        entry -> {
          connection.arrives(presence("mallory", "error", REFUSED));
          connection.arrives(presence("mallory", "unavailable", user(110, 307)));
          connection.arrives(presence("me", "", user(110)));
        });
    room.enter(events);
    assertInstanceOf(RoomEvent.Entered.class, events.next());
    assertIn();
  }

  @Test
  void entryIsRefusedByTheRoom() {
    connection.onEntry(entry -> connection.arrives(presence("me", "error", REFUSED)));
    RoomException refusal = assertThrows(RoomException.class, () -> room.enter(events));
    assertEquals("banned from the room", refusal.getMessage());
  }

  @Test
  void newRoomIsUnlockedByItsOwnAnswerOnly() throws Exception {
    connection.onEntry(
        entry -> {
          connection.arrives(presence("me", "", user(110, 201)));
          connection.arrives(
              "<iq xmlns='jabber:client' type='result' id='unlock1' from='" + ROOM + "/mallory'/>");
          connection.arrives(presence("late", "", mark("")));
          connection.arrives(
              "<iq xmlns='jabber:client' type='result' id='unlock1' from='" + ROOM + "'/>");
        });
    room.enter(events);
    assertEquals(new RoomEvent.Entered(List.of(), List.of()), events.next());
    assertEquals(new RoomEvent.Arrived("late"), events.next());
  }

  @ParameterizedTest
  @ValueSource(ints = {110, 999})
  void whoeverIsRemovedIsNotIn(int status) throws Exception {
    room.enter(events);
    assertInstanceOf(RoomEvent.Entered.class, events.next());
    connection.arrives(presence("me", "unavailable", user(status)));
    assertInstanceOf(RoomEvent.Ended.class, events.next());
  }

  @ParameterizedTest
  @ValueSource(ints = {110, 999})
  void whoeverLeavesToEnterAnewEntersWhateverElseTheRoomSays(int status) throws Exception {
    room.enter(events);
    assertInstanceOf(RoomEvent.Entered.class, events.next());
    connection.onEntry(
        entry -> {
          // the same answer once more, late
          connection.arrives(presence("me", "unavailable", user(110)));
          connection.arrives(presence("me", "", user(110)));
        });
    room.reenter();
    assertEquals(new RoomEvent.Disconnected(), events.next());
    connection.arrives(presence("me", "unavailable", user(110, status)));
    assertInstanceOf(RoomEvent.Entered.class, events.next());
    assertIn();
  }

  @Test
  void whoeverIsKickedWhileLeavingToEnterAnewIsNotIn() throws Exception {
    room.enter(events);
    assertInstanceOf(RoomEvent.Entered.class, events.next());
    room.reenter();
    assertEquals(new RoomEvent.Disconnected(), events.next());
    connection.arrives(presence("me", "unavailable", user(110, 307)));
    assertEquals(new RoomEvent.Ended(Cause.REMOVED, "kicked from the room"), events.next());
  }

  @Test
  void leavingDoesNotWaitForTheConnectionToEnd() throws Exception {
    connection.blockEnding();
    room.enter(events);
    assertInstanceOf(RoomEvent.Entered.class, events.next());
    room.leave();
    room.leave();
    assertEquals(new RoomEvent.Ended(Cause.LEFT, "left"), events.next());
    connection.awaitEnding();
    assertFalse(connection.hasEnded());
    connection.letEnd();
  }
}
