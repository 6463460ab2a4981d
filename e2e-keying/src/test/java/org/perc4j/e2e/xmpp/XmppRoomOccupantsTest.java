/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.xmpp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.perc4j.e2e.xmpp.ScriptedConnection.mark;
import static org.perc4j.e2e.xmpp.ScriptedConnection.presence;
import static org.perc4j.e2e.xmpp.ScriptedConnection.user;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.perc4j.e2e.room.OccupantName;
import org.perc4j.e2e.room.Occupants;
import org.perc4j.e2e.room.RoomEvent;

/** Who is in the room is seen, whatever it is called and however many there are. */
class XmppRoomOccupantsTest {
  private static final String LONG = "x".repeat(129);

  private final ScriptedConnection connection = ScriptedConnection.create();
  private final XmppRoom room = connection.room("me");
  private final Heard events = new Heard();

  @AfterEach
  void leave() {
    room.leave();
  }

  private RoomEvent.Entered enter(String... before) throws Exception {
    connection.onEntry(
        entry -> {
          for (String presence : before) {
            connection.arrives(presence);
          }
          connection.arrives(presence("me", "", user(110)));
        });
    room.enter(events);
    return (RoomEvent.Entered) events.next();
  }

  private String outsider(boolean present) throws InterruptedException {
    RoomEvent.Outsider outsider = (RoomEvent.Outsider) events.next();
    assertEquals(present, outsider.present());
    return outsider.occupant();
  }

  /** What happened before has been told when this has. */
  private List<RoomEvent> until(String nickname) throws InterruptedException {
    connection.arrives(presence(nickname, "", mark("")));
    List<RoomEvent> before = new ArrayList<>();
    for (RoomEvent event = events.next();
        !event.equals(new RoomEvent.Arrived(nickname));
        event = events.next()) {
      before.add(event);
    }
    return before;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alice\u200b",
        "focus\u2060",
        "\u00adfocus",
        "al\u00a0ice",
        "alice ",
        "e\u0301",
        "\u202eecila"
      })
  void nicknamesThatLookLikeOthersAreOutsidersWithNamesOfTheirOwn(String nickname)
      throws Exception {
    RoomEvent.Entered entered = enter();
    assertEquals(List.of(), entered.outsiders());
    connection.arrives(presence(nickname, ""));
    String told = outsider(true);
    assertTrue(told.matches("[ -~]+\u2026[0-9a-f]{40}"), told);
    connection.arrives(presence(nickname, "unavailable"));
    assertEquals(told, outsider(false));
  }

  @Test
  void tooLongNicknamesAreOutsidersWhoComeAndGo() throws Exception {
    RoomEvent.Entered entered =
        enter(presence(LONG, ""), presence("alice", "", mark("")), presence("bob", ""));
    assertEquals(List.of("alice"), entered.elders());
    assertEquals(2, entered.outsiders().size());
    String first = entered.outsiders().get(0);
    assertTrue(first.length() <= OccupantName.MAX_TOLD_CHARS, first);
    assertEquals("bob", entered.outsiders().get(1));
    connection.arrives(presence(LONG + "y", ""));
    String second = outsider(true);
    assertNotEquals(first, second);
    connection.arrives(presence(LONG, "unavailable"));
    assertEquals(first, outsider(false));
    connection.arrives(presence(LONG + "y", "unavailable"));
    assertEquals(second, outsider(false));
  }

  @Test
  void whoseNicknameNoMemberCanHaveDoesNotSpeak() throws Exception {
    RoomEvent.Entered entered = enter(presence(LONG, "", mark("AAAA")));
    assertEquals(List.of(), entered.elders());
    String told = entered.outsiders().get(0);
    connection.arrives(
        "<message xmlns='jabber:client' type='groupchat' from='"
            + ScriptedConnection.ROOM
            + "/"
            + LONG
            + "'><mls xmlns='urn:x-perc4j:mls:0' kind='commit' id='1' part='0' parts='1'>AAAA"
            + "</mls></message>");
    connection.arrives(presence(LONG, "", mark("")));
    assertEquals(
        List.of(new RoomEvent.Malformed(told, "a nickname that no member has")), until("alice"));
  }

  @Test
  void speakersBeyondTheMostAreOneOutsiderUntilTheLastIsGone() throws Exception {
    List<String> before = new ArrayList<>();
    for (int i = 0; i < XmppRoom.MAX_OCCUPANTS + 1; i++) {
      before.add(presence("o" + i, "", mark("")));
    }
    RoomEvent.Entered entered = enter(before.toArray(new String[0]));
    assertEquals(XmppRoom.MAX_OCCUPANTS, entered.elders().size());
    assertEquals(List.of(XmppRoom.BEYOND_MAX_OCCUPANTS), entered.outsiders());

    String last = "o" + XmppRoom.MAX_OCCUPANTS;
    connection.arrives(presence(last, "", mark("")));
    connection.arrives(presence("more", "", mark("")));
    connection.arrives(presence(last, "unavailable"));
    connection.arrives(presence("o0", "unavailable"));
    // there is a place now, and who has none is not forgotten
    assertEquals(List.of(new RoomEvent.Departed("o0")), until("alice"));
    connection.arrives(presence("more", "unavailable"));
    assertEquals(XmppRoom.BEYOND_MAX_OCCUPANTS, outsider(false));
  }

  @Test
  void outsidersBeyondTheMostAreOneTogetherUntilTheLastIsGone() throws Exception {
    List<String> before = new ArrayList<>();
    for (int i = 0; i < XmppRoom.MAX_OCCUPANTS; i++) {
      before.add(presence("o" + i, ""));
    }
    RoomEvent.Entered entered = enter(before.toArray(new String[0]));
    assertEquals(XmppRoom.MAX_OCCUPANTS, entered.outsiders().size());
    connection.arrives(presence("p", ""));
    assertEquals(XmppRoom.BEYOND_MAX_OCCUPANTS, outsider(true));
    connection.arrives(presence("q", ""));
    connection.arrives(presence("q", ""));
    connection.arrives(presence("p", "unavailable"));
    assertEquals(List.of(), until("alice"));
    // nobody can pass for all of them
    connection.arrives(presence(XmppRoom.BEYOND_MAX_OCCUPANTS, ""));
    connection.arrives(presence(XmppRoom.BEYOND_MAX_OCCUPANTS, "unavailable"));
    assertEquals(List.of(), until("bob"));
    // who speaks the protocol now is beyond nothing
    connection.arrives(presence("q", "", mark("")));
    assertEquals(new RoomEvent.Arrived("q"), events.next());
    assertEquals(XmppRoom.BEYOND_MAX_OCCUPANTS, outsider(false));
  }

  @Test
  void whatIsRememberedOfThoseBeyondIsBounded() throws Exception {
    Occupants occupants = new Occupants("me");
    int all = XmppRoom.MAX_OCCUPANTS + Occupants.MAX_BEYOND + 1;
    for (int i = 0; i < all; i++) {
      List<RoomEvent> unused = occupants.shown(OccupantName.of("o" + i), List.of());
    }
    List<RoomEvent> told = new ArrayList<>();
    for (int i = 0; i < all; i++) {
      told.addAll(occupants.gone(OccupantName.of("o" + i)));
    }
    // one was not remembered, and may be there still
    assertEquals(XmppRoom.MAX_OCCUPANTS, told.size());
    assertEquals(
        List.of(new RoomEvent.Entered(List.of(), List.of(XmppRoom.BEYOND_MAX_OCCUPANTS))),
        occupants.entered());
    occupants.clear();
    assertEquals(List.of(new RoomEvent.Entered(List.of(), List.of())), occupants.entered());
  }

  @ParameterizedTest
  @ValueSource(strings = {"me\u200b", "two  spaces"})
  void ownNicknameIsOneThatAMemberCanHave(String nickname) {
    assertThrows(IllegalArgumentException.class, () -> connection.room(nickname));
    InProcessRoom within = new InProcessRoom("room");
    assertThrows(IllegalArgumentException.class, () -> within.channel(nickname));
  }
}
