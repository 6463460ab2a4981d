/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.jivesoftware.smack.packet.Presence;
import org.jivesoftware.smack.util.PacketParserUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoomPresenceTest {
  private static Occupant read(String... elements) throws Exception {
    Presence presence =
        PacketParserUtils.parseStanza(
            "<presence xmlns='jabber:client' from='talk@muc.example.org/a1b2c3d4'>"
                + String.join("", elements)
                + "</presence>");
    return RoomPresence.read("a1b2c3d4", presence);
  }

  private static String sources(String json) {
    return "<SourceInfo>" + json.replace("&", "&amp;").replace("<", "&lt;") + "</SourceInfo>";
  }

  private static String nick(String name) {
    return "<nick xmlns='http://jabber.org/protocol/nick'>" + name + "</nick>";
  }

  @Test
  void readsWhatJitsisClientsShow() throws Exception {
    assertEquals(
        new Occupant("a1b2c3d4", "Zo\u00eb", false, true),
        read(
            nick("Zo\u00eb"),
            sources(
                "{\"a1b2c3d4-a0\":{\"muted\":false},"
                    + "\"a1b2c3d4-v0\":{\"muted\":true,\"videoType\":\"camera\"}}")));
    assertEquals(
        new Occupant("a1b2c3d4", null, true, false),
        read(sources("{\"a1b2c3d4-a0\":{\"muted\":true},\"a1b2c3d4-v1\":{}}")));
  }

  @Test
  void whoShowsNothingSendsNothing() throws Exception {
    assertEquals(new Occupant("a1b2c3d4", null, true, true), read());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "7", "null", "{\"a1b2c3d4-a0\":", "\"a1b2c3d4-a0\""})
  void whoSaysWhatCannotBeReadSaysNothing(String json) throws Exception {
    assertEquals(new Occupant("a1b2c3d4", null, true, true), read(sources(json)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"a1b2c3d4-a0\":7}", "{\"a1b2c3d4-a0\":[{\"muted\":true}]}"})
  void whatDoesNotSayThatItIsMuteIsNot(String json) throws Exception {
    assertEquals(new Occupant("a1b2c3d4", null, false, true), read(sources(json)));
  }

  @Test
  void readsNoLongAccounts() throws Exception {
    String padding = "x".repeat(20_000);
    assertEquals(
        new Occupant("a1b2c3d4", null, true, true),
        read(sources("{\"a1b2c3d4-a0\":{\"muted\":false},\"" + padding + "\":{}}")));
  }

  @Test
  void namesDoNothingToTerminals() throws Exception {
    assertEquals("a?[31mred?", read(nick("a\u009b[31mred\u202e")).displayName());
  }

  @Test
  void namesAreShort() throws Exception {
    assertEquals("x".repeat(200) + "...", read(nick("x".repeat(5_000))).displayName());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t\n"})
  void blankNamesAreNone(String name) throws Exception {
    assertNull(read(nick(name)).displayName());
  }
}
