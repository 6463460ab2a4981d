/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jxmpp.jid.impl.JidCreate;
import org.perc4j.endpoint.deployment.MeetingUrlException.Fault;

class MeetingUrlTest {
  @Test
  void readsAllParts() throws Exception {
    MeetingUrl url =
        MeetingUrl.parse(
            " HTTPS://Meet.Example:8443/Team.A/My%20Room?lang=en&jwt=a.b-_c#config.p2p=false ");
    assertEquals("meet.example", url.host());
    assertEquals(8443, url.port());
    assertEquals("Team.A", url.tenant());
    assertEquals("my%20room", url.room());
    assertEquals("a.b-_c", url.token());
    assertEquals("https://meet.example:8443/config.js", url.at("/config.js").toString());
    assertEquals("https://meet.example:8443/Team.A/my%20room", url.toString());
    assertFalse(url.toString().contains("a.b"));
  }

  @Test
  void hostMayBeAddressOrInternationalized() throws Exception {
    assertEquals("[::1]", MeetingUrl.parse("https://[::1]:1/r").host());
    assertEquals("192.0.2.1", MeetingUrl.parse("https://192.0.2.1/r").host());
    assertEquals("xn--bcher-kva.example", MeetingUrl.parse("https://B\u00fccher.example/r").host());
  }

  @Test
  void leavesOutWhatIsNotThere() throws Exception {
    MeetingUrl url = MeetingUrl.parse("https://meet.example/room");
    assertEquals(-1, url.port());
    assertNull(url.tenant());
    assertNull(url.token());
  }

  @ParameterizedTest
  @CsvSource({"jitsi-meet", "org.jitsi.meet", "JITSI-MEET"})
  void linkToJitsisApplicationIsSameMeeting(String scheme) throws Exception {
    MeetingUrl url = MeetingUrl.parse(scheme + "://meet.example:8443/Team/Room?jwt=a.b");
    assertEquals("https://meet.example:8443/Team/room", url.toString());
    assertEquals("https://meet.example:8443/config.js", url.at("/config.js").toString());
    assertEquals("a.b", url.token());
  }

  /** As browsers make them: {@code encodeURIComponent} of NFKC in lower case, in lower case. */
  @ParameterizedTest
  @CsvSource({
    "Room, room",
    "My_Room-2.x~, my_room-2.x~",
    "%C3%9Cber%20alles, %c3%bcber%20alles",
    "\u00dcber, %c3%bcber",
    "\ufb01sh, fish",
    "a%2Fb%40c, a%2fb%40c",
    "a@b:c&d, abcd",
    "it%27s, its",
    "%F0%9F%98%80, %f0%9f%98%80"
  })
  void roomIsAddressOfJitsi(String written, String room) throws Exception {
    MeetingUrl url = MeetingUrl.parse("https://meet.example/" + written);
    assertEquals(room, url.room());
    assertEquals(
        room, JidCreate.entityBareFrom(url.room() + "@conference.a").getLocalpart().toString());
  }

  @ParameterizedTest
  @CsvSource({
    "'', NO_SCHEME",
    "meet.example/room, NO_SCHEME",
    "room, NO_SCHEME",
    "//meet.example/room, NO_SCHEME",
    "http://meet.example/room, NOT_SECURE",
    "xmpp://meet.example/room, OTHER_SCHEME",
    "jitsi-meets://meet.example/room, OTHER_SCHEME",
    "jitsi-meet:meet.example/room, NO_SCHEME",
    "jitsi-meet://user@meet.example/room, USER_INFO",
    "jitsi-meet://http://meet.example/room, PATH",
    "https://user:secret@meet.example/room, USER_INFO",
    "https:///room, HOST",
    "https://meet_.example/room, HOST",
    "https://-a.example/room, HOST",
    "https://a..b/room, HOST",
    "https://a b/room, HOST",
    "https://[::1/room, HOST",
    "https://[1]/room, HOST",
    "https://1.2.3.999/room, HOST",
    "https://meet.example:0/room, PORT",
    "https://meet.example:65536/room, PORT",
    "https://meet.example:999999999999/room, PORT",
    "https://meet.example:x/room, HOST",
    "https://meet.example, NO_ROOM",
    "https://meet.example/, NO_ROOM",
    "https://meet.example/tenant/, NO_ROOM",
    "https://meet.example?jwt=a, NO_ROOM",
    "https://meet.example/#room, NO_ROOM",
    "https://meet.example/@@, NO_ROOM",
    "https://meet.example/a/b/c, PATH",
    "https://meet.example//room, TENANT",
    "https://meet.example/a%20b/room, TENANT",
    "https://meet.example/../room, TENANT",
    "https://meet.example/100%, ENCODING",
    "https://meet.example/%4, ENCODING",
    "https://meet.example/%zz, ENCODING",
    "https://meet.example/%C3%28, ENCODING",
    "https://meet.example/a%00b, ROOM",
    "https://meet.example/a%0Ab, ROOM",
    "https://meet.example/room?jwt=, TOKEN",
    "https://meet.example/room?jwt=a%20b, TOKEN",
    "https://meet.example/room?jwt=a/b, TOKEN"
  })
  void refusesWhatIsNone(String text, Fault fault) {
    MeetingUrlException refusal =
        assertThrows(MeetingUrlException.class, () -> MeetingUrl.parse(text));
    assertEquals(fault, refusal.fault());
    assertEquals(1, String.valueOf(refusal.getMessage()).lines().count());
    assertFalse(String.valueOf(refusal.getMessage()).contains("secret"));
  }

  @Test
  void refusesWhatIsTooLong() {
    MeetingUrlException refusal =
        assertThrows(
            MeetingUrlException.class,
            () -> MeetingUrl.parse("https://meet.example/" + "x".repeat(1024)));
    assertEquals(Fault.ROOM, refusal.fault());
    refusal =
        assertThrows(
            MeetingUrlException.class,
            () -> MeetingUrl.parse("https://meet.example/" + "x".repeat(20_000)));
    assertEquals(Fault.PATH, refusal.fault());
  }
}
