/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.xmpp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.perc4j.e2e.xmpp.ScriptedConnection.ROOM;
import static org.perc4j.e2e.xmpp.ScriptedConnection.presence;
import static org.perc4j.e2e.xmpp.ScriptedConnection.user;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jivesoftware.smack.packet.Presence;
import org.jivesoftware.smackx.muc.packet.MUCInitialPresence;
import org.jivesoftware.smackx.nick.packet.Nick;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.perc4j.e2e.room.RoomEvent;
import org.perc4j.e2e.room.RoomException;

/** What a room wants of those who enter, and how they are let in by people. */
class XmppRoomEntryTest {
  private static final String LOBBY = "talk@lobby.example.org";
  private static final String STANZAS = "urn:ietf:params:xml:ns:xmpp-stanzas";
  private static final String INVITATION =
      "<message xmlns='jabber:client' from='"
          + ROOM
          + "' to='me@example.org/x'><x xmlns='http://jabber.org/protocol/muc#user'>"
          + "<invite from='owner@example.org/y'/></x></message>";

  private final ScriptedConnection connection = ScriptedConnection.create();
  private final XmppRoom room = connection.room("me");
  private final Heard events = new Heard();
  private final List<Presence> entries = new CopyOnWriteArrayList<>();
  private final AtomicInteger waits = new AtomicInteger();

  @AfterEach
  void leave() {
    room.leave();
  }

  private static String error(String condition, String... more) {
    return "<error type='auth'><"
        + condition
        + " xmlns='"
        + STANZAS
        + "'/>"
        + String.join("", more)
        + "</error>";
  }

  private static String lobby(String address) {
    return "<lobbyroom xmlns='http://jitsi.org/jitmeet'>" + address + "</lobbyroom>";
  }

  private static String lobbyPresence(String type, String... elements) {
    return presence("me", type, elements).replace(ROOM, LOBBY);
  }

  /** Each attempt to enter, of the room or of its lobby, is answered in turn. */
  private void answer(List<Consumer<Presence>> answers) {
    Queue<Consumer<Presence>> left = new ArrayDeque<>(answers);
    connection.onEntry(
        entry -> {
          entries.add(entry);
          Consumer<Presence> next = left.poll();
          assertTrue(next != null, "entry too often: " + entry);
          next.accept(entry);
        });
  }

  private void refuseForMembersOnly(Presence entry) {
    connection.arrives(presence("me", "error", error("registration-required", lobby(LOBBY))));
  }

  private void letIn(Presence entry) {
    connection.arrives(presence("me", "", user(110)));
  }

  private RoomRefusedException refusal() {
    return assertThrows(RoomRefusedException.class, () -> room.enter(events));
  }

  @ParameterizedTest
  @CsvSource({
    "conflict, NICKNAME_TAKEN",
    "forbidden, BANNED",
    "not-authorized, PASSWORD",
    "registration-required, MEMBERS_ONLY",
    "service-unavailable, FULL",
    "item-not-found, NO_SUCH_ROOM",
    "not-allowed, MAY_NOT_BE_MADE",
    "jid-malformed, OTHER"
  })
  void tellsWhyTheRoomRefuses(String condition, RoomRefusedException.Reason reason) {
    connection.onEntry(entry -> connection.arrives(presence("me", "error", error(condition))));
    assertEquals(reason, refusal().reason());
  }

  @Test
  void tellsThatTheRoomWantsAName() {
    connection.onEntry(
        entry ->
            connection.arrives(
                presence(
                    "me",
                    "error",
                    error(
                        "not-acceptable",
                        "<displayname-required xmlns='http://jitsi.org/jitmeet'/>"))));
    assertEquals(RoomRefusedException.Reason.NAME_REQUIRED, refusal().reason());
  }

  @Test
  void showsThePasswordToTheRoomWheneverItEnters() throws Exception {
    room.usePassword("open sesame");
    answer(List.of(this::letIn, this::letIn));
    room.enter(events);
    assertInstanceOf(RoomEvent.Entered.class, events.next());
    room.reenter();
    assertEquals(new RoomEvent.Disconnected(), events.next());
    connection.arrives(presence("me", "unavailable", user(110)));
    assertInstanceOf(RoomEvent.Entered.class, events.next());
    assertEquals(2, entries.size());
    for (Presence entry : entries) {
      assertEquals("open sesame", MUCInitialPresence.from(entry).getPassword());
    }
  }

  @Test
  void doesNotWaitInALobbyUnlessItIsToldTo() {
    connection.onEntry(this::refuseForMembersOnly);
    assertEquals(RoomRefusedException.Reason.MEMBERS_ONLY, refusal().reason());
  }

  @Test
  void waitsInTheLobbyUntilItIsInvited() throws Exception {
    room.waitInLobby("Me", waits::incrementAndGet);
    answer(
        List.of(
            this::refuseForMembersOnly,
            inLobby -> {
              connection.arrives(lobbyPresence("", user(110)));
              // Only the room invites, and only oneself is oneself.
              connection.arrives(INVITATION.replace("from='" + ROOM, "from='" + ROOM + "/mallory"));
              connection.arrives(
                  INVITATION.replace("from='" + ROOM, "from='other@muc.example.org"));
              connection.arrives(INVITATION.replace("<message", "<message type='error'"));
              connection.arrives(presence("other", "unavailable", user(307)).replace(ROOM, LOBBY));
              assertEquals(2, entries.size());
              connection.arrives(INVITATION);
            },
            this::letIn));
    room.enter(events);
    assertInstanceOf(RoomEvent.Entered.class, events.next());
    assertEquals(3, entries.size());
    assertEquals(LOBBY + "/me", entries.get(1).getTo().toString());
    assertEquals("Me", Nick.class.cast(entries.get(1).getExtension(Nick.QNAME)).getName());
    assertNull(entries.get(2).getExtension(Nick.QNAME));
    assertEquals(1, waits.get());
  }

  @Test
  void triesAgainWhenTheLobbyIsClosed() throws Exception {
    room.waitInLobby("Me", waits::incrementAndGet);
    answer(
        List.of(
            this::refuseForMembersOnly,
            inLobby ->
                connection.arrives(
                    lobbyPresence(
                        "unavailable",
                        "<x xmlns='http://jabber.org/protocol/muc#user'><destroy/></x>")),
            this::letIn));
    room.enter(events);
    assertInstanceOf(RoomEvent.Entered.class, events.next());
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 307})
  void isRefusedWhenSomebodyTurnsItAway(int status) {
    room.waitInLobby("Me", waits::incrementAndGet);
    answer(
        List.of(
            this::refuseForMembersOnly,
            inLobby -> {
              connection.arrives(lobbyPresence("", user(110)));
              connection.arrives(lobbyPresence("unavailable", user(110, status)));
            }));
    assertEquals(RoomRefusedException.Reason.MEMBERS_ONLY, refusal().reason());
    assertEquals(1, waits.get());
  }

  @Test
  void isRefusedWhenTheLobbyRefuses() {
    room.waitInLobby("Me", waits::incrementAndGet);
    answer(
        List.of(
            this::refuseForMembersOnly,
            inLobby -> connection.arrives(lobbyPresence("error", error("service-unavailable")))));
    assertEquals(RoomRefusedException.Reason.MEMBERS_ONLY, refusal().reason());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "lobby.example.org", "a@b/c", "@", "talk@", "TALK@lobby.example.org"})
  void doesNotGoWhereNoLobbyIs(String address) {
    room.waitInLobby("Me", waits::incrementAndGet);
    connection.onEntry(
        entry ->
            connection.arrives(
                presence("me", "error", error("registration-required", lobby(address)))));
    assertEquals(RoomRefusedException.Reason.MEMBERS_ONLY, refusal().reason());
    assertEquals(0, waits.get());
  }

  @Test
  void doesNotGoRoundInCirclesForEver() {
    room.waitInLobby("Me", waits::incrementAndGet);
    connection.onEntry(
        entry -> {
          if (entry.getTo().asBareJid().toString().equals(LOBBY)) {
            connection.arrives(lobbyPresence("", user(110)));
            connection.arrives(lobbyPresence("unavailable", user(110)));
          } else {
            refuseForMembersOnly(entry);
          }
        });
    assertEquals(RoomRefusedException.Reason.MEMBERS_ONLY, refusal().reason());
    assertTrue(waits.get() > 1 && waits.get() < 100, waits + " times");
  }

  @Test
  void whoLeavesWaitsNoLonger() throws Exception {
    room.waitInLobby("Me", room::leave);
    answer(
        List.of(
            this::refuseForMembersOnly,
            inLobby -> connection.arrives(lobbyPresence("", user(110)))));
    RoomException end = assertThrows(RoomException.class, () -> room.enter(events));
    assertEquals("left", end.getMessage());
  }
}
