/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.jingle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jivesoftware.smack.parsing.SmackParsingException;
import org.jivesoftware.smack.util.PacketParserUtils;
import org.jivesoftware.smack.xml.XmlPullParser;
import org.jivesoftware.smack.xml.XmlPullParserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.perc4j.endpoint.relay.RelayService;

class ExternalServicesTest {
  private static final String TURN = "type='turn' host='turn.example' username='u' password='p'";

  private static ExternalServicesIq answer(String children) {
    try {
      XmlPullParser parser =
          PacketParserUtils.getParserFor(
              "<services xmlns='urn:xmpp:extdisco:2'>" + children + "</services>");
      return new ExternalServicesIq.Provider().parse(parser, null, null);
    } catch (IOException | XmlPullParserException | SmackParsingException e) {
      throw new AssertionError(e);
    }
  }

  private static RelayService only(String attributes) {
    List<RelayService> services = answer("<service " + attributes + "/>").services();
    assertEquals(1, services.size(), attributes);
    return services.get(0);
  }

  @Test
  void readsAnAnswerOfTheSpecification() {
    // the structure of XEP-0215, example 2, with addresses for documentation
    ExternalServicesIq answer =
        answer(
            """
            <service host='stun.shakespeare.lit' port='9998' transport='udp' type='stun'/>
            <service host='relay.shakespeare.lit' password='jj929jkj5sadjfj93v3n'
             port='9999' transport='udp' type='turn' username='nb78932lkjlskjfdb7g8'
             expires='2026-11-30T20:00:00Z' name='a relay' restricted='1'/>
            <service host='192.0.2.1' port='8888' transport='udp' type='stun'/>
            <service host='ftp.shakespeare.lit' name='Shakespearean File Server' password='guest'
             port='20' transport='tcp' type='ftp' username='guest'/>
            """);
    assertEquals(List.of(), answer.complaints());
    assertEquals(
        List.of(
            new RelayService(
                RelayService.Kind.STUN,
                "stun.shakespeare.lit",
                9998,
                RelayService.Transport.UDP,
                null,
                null,
                null),
            new RelayService(
                RelayService.Kind.TURN,
                "relay.shakespeare.lit",
                9999,
                RelayService.Transport.UDP,
                "nb78932lkjlskjfdb7g8",
                "jj929jkj5sadjfj93v3n",
                Instant.parse("2026-11-30T20:00:00Z")),
            new RelayService(
                RelayService.Kind.STUN,
                "192.0.2.1",
                8888,
                RelayService.Transport.UDP,
                null,
                null,
                null)),
        answer.services());
  }

  @Test
  void readsARelayOverTls() {
    RelayService service =
        only(
            "type='turns' host='turn.example' port='443' transport='tcp'"
                + " username='1796073600:x' password='dGVzdA=='");
    assertEquals("turns:turn.example:443?transport=tcp", service.uri());
  }

  @ParameterizedTest
  @CsvSource({
    "stun, stun:h:3478?transport=udp",
    "stuns, stuns:h:5349?transport=tcp",
    "turn, turn:h:3478?transport=udp",
    "turns, turns:h:5349?transport=tcp"
  })
  void completesWhatIsNotTold(String type, String uri) {
    assertEquals(uri, only("type='" + type + "' host='h' username='u' password='p'").uri());
  }

  @Test
  void tellsNoSecret() {
    RelayService service =
        only("type='turn' host='turn.example' username='someone' password='secret'");
    assertEquals("turn:turn.example:3478?transport=udp", service.toString());
    ExternalServicesIq malformed =
        answer("<service type='turn' host='h' port='x' username='someone' password='secret'/>");
    assertFalse(malformed.complaints().toString().contains("secret"));
    assertFalse(malformed.toXML().toString().contains("secret"));
  }

  @Test
  void asksForAll() {
    assertEquals(
        "<services xmlns='urn:xmpp:extdisco:2'/>",
        new ExternalServicesIq().getChildElementXML().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"type='ftp' host='h'", "host='h'", "type='TURN' host='h'", "type=''"})
  void passesOverWhatIsNoStunOrTurn(String attributes) {
    ExternalServicesIq answer = answer("<service " + attributes + "/>");
    assertEquals(List.of(), answer.services());
    assertEquals(List.of(), answer.complaints());
  }

  @ParameterizedTest
  @CsvSource({
    "type='stun', stun: no host",
    "type='stun' host='', stun: not a host",
    "type='stun' host='a b', stun: not a host",
    "type='stun' host='a/b', stun: not a host",
    "type='stun' host='-a', stun: not a host",
    "type='stun' host='h' port='0', stun: port 0",
    "type='stun' host='h' port='65536', stun: port 65536",
    "type='stun' host='h' port='', stun: a port that is no number",
    "type='stun' host='h' port='-1', stun: a port that is no number",
    "type='stun' host='h' port='123456', stun: a port that is no number",
    "type='stun' host='h' port='٣', stun: a port that is no number",
    "type='stun' host='h' transport='sctp', stun: a transport other than udp and tcp",
    "type='stun' host='h' transport='', stun: a transport other than udp and tcp",
    "type='turn' host='h', turn: no user name or no password",
    "type='turn' host='h' username='u', turn: no user name or no password",
    "type='turns' host='h' password='p', turns: no user name or no password",
    "type='turn' host='h' username='' password='p', turn: a user name or password that can not be one",
    "type='turn' host='h' username='u' password='ü', turn: a user name or password that can not be one",
    "type='stun' host='h' expires='tomorrow', stun: a time that is none",
    "type='stun' host='h' expires='2026-11-30', stun: a time that is none"
  })
  void leavesOutWhatIsMalformed(String attributes, String complaint) {
    ExternalServicesIq answer = answer("<service " + attributes + "/><service " + TURN + "/>");
    assertEquals(List.of(complaint), answer.complaints());
    assertEquals(1, answer.services().size(), "the next one is read all the same");
  }

  @Test
  void leavesOutWhatIsTooLong() {
    String longest = "h".repeat(253);
    assertEquals(longest, only("type='stun' host='" + longest + "'").host());
    for (String attributes :
        List.of(
            "type='stun' host='h" + longest + "'",
            "type='turn' host='h' username='" + "u".repeat(509) + "' password='p'",
            "type='turn' host='h' username='u' password='" + "p".repeat(509) + "'",
            "type='stun' host='h' expires='" + "2".repeat(65) + "'")) {
      ExternalServicesIq answer = answer("<service " + attributes + "/>");
      assertEquals(List.of(), answer.services());
      assertEquals(1, answer.complaints().size());
    }
  }

  @Test
  void takesNoMoreThanSixteen() {
    ExternalServicesIq answer = answer(("<service " + TURN + "/>").repeat(1000));
    assertEquals(16, answer.services().size());
    assertEquals(List.of("more than 16 services"), answer.complaints());
  }

  @Test
  void takesOnlyChildrenOfTheNamespace() {
    ExternalServicesIq answer =
        answer(
            "<x><service "
                + TURN
                + "/></x><service xmlns='other' "
                + TURN
                + "/>text<services/><service "
                + TURN
                + "><service "
                + TURN
                + "/></service>");
    assertEquals(1, answer.services().size());
  }

  @Test
  void passesOverWhatIsDeleted() {
    assertEquals(List.of(), answer("<service action='delete' " + TURN + "/>").services());
  }

  @Test
  void refusesMalformedXml() {
    XmlPullParser parser;
    try {
      parser = PacketParserUtils.getParserFor("<services xmlns='urn:xmpp:extdisco:2'><service");
    } catch (IOException | XmlPullParserException e) {
      throw new AssertionError(e);
    }
    ExternalServicesIq.Provider provider = new ExternalServicesIq.Provider();
    assertThrows(XmlPullParserException.class, () -> provider.parse(parser, null, null));
  }
}
