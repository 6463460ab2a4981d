/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.jingle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jitsi.xmpp.extensions.jingle.ContentPacketExtension;
import org.jitsi.xmpp.extensions.jingle.JingleIQ;
import org.jitsi.xmpp.extensions.jingle.JingleIQProvider;
import org.jivesoftware.smack.parsing.SmackParsingException;
import org.jivesoftware.smack.provider.ProviderManager;
import org.jivesoftware.smack.util.PacketParserUtils;
import org.jivesoftware.smack.xml.XmlPullParserException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.signalling.CongestionFeedback;
import org.perc4j.endpoint.signalling.DtlsSetup;
import org.perc4j.endpoint.signalling.SignallingException;
import org.perc4j.endpoint.signalling.Source;
import org.perc4j.endpoint.signalling.TransportDescription;
import org.perc4j.endpoint.signalling.TransportDescription.Candidate;

class JingleDescriptionsTest {
  static {
    ProviderManager.addIQProvider(JingleIQ.ELEMENT, JingleIQ.NAMESPACE, new JingleIQProvider());
  }

  /** Of the kind that Jicofo sends, with what matters here. */
  private static final String OFFER =
      """
      <iq xmlns='jabber:client' type='set' id='i1' from='room@conference.example/focus'>
      <jingle xmlns='urn:xmpp:jingle:1' action='session-initiate' sid='s1' initiator='focus@x'>
      <content creator='initiator' name='audio' senders='both'>
      <description xmlns='urn:xmpp:jingle:apps:rtp:1' media='audio'>
      <payload-type id='111' name='opus' clockrate='48000' channels='2'>
      <rtcp-fb xmlns='urn:xmpp:jingle:apps:rtp:rtcp-fb:0' type='transport-cc'/></payload-type>
      <rtp-hdrext xmlns='urn:xmpp:jingle:apps:rtp:rtp-hdrext:0' id='1'
       uri='urn:ietf:params:rtp-hdrext:ssrc-audio-level'/>
      <source xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' ssrc='4000000001' name='e0000001-a0'/>
      <source xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' ssrc='77' name='jvb'/>
      </description>
      <transport xmlns='urn:xmpp:jingle:transports:ice-udp:1' ufrag='uf' pwd='secret'>
      <rtcp-mux/><web-socket xmlns='http://jitsi.org/protocol/colibri'
       url='wss://meet.example/colibri-ws/one/c/e?pwd=p'/>
      <fingerprint xmlns='urn:xmpp:jingle:apps:dtls:0' hash='sha-256' setup='actpass'>0a:FF</fingerprint>
      <candidate component='1' foundation='1' generation='0' id='c1' network='0' port='10000'
       priority='2130706431' protocol='udp' type='host' ip='10.0.0.1'/>
      <candidate component='1' foundation='2' generation='0' id='c2' network='0' port='10000'
       priority='1677724415' protocol='udp' type='srflx' rel-addr='10.0.0.1' rel-port='10000'
       ip='203.0.113.7'/>
      <candidate component='1' foundation='3' generation='0' id='c3' network='0' port='4443'
       priority='2113932031' protocol='ssltcp' type='host' ip='10.0.0.1'/>
      <candidate component='1' foundation='4' generation='0' id='c4' network='0' port='10000'
       priority='5' protocol='udp' type='host' ip='evil.example'/>
      </transport></content>
      <content creator='initiator' name='video' senders='both'>
      <description xmlns='urn:xmpp:jingle:apps:rtp:1' media='video'>
      <payload-type id='100' name='VP8' clockrate='90000'>
      <rtcp-fb xmlns='urn:xmpp:jingle:apps:rtp:rtcp-fb:0' type='transport-cc'/>
      <rtcp-fb xmlns='urn:xmpp:jingle:apps:rtp:rtcp-fb:0' type='goog-remb'/></payload-type>
      <rtp-hdrext xmlns='urn:xmpp:jingle:apps:rtp:rtp-hdrext:0' id='5'
       uri='http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01'/>
      <rtp-hdrext xmlns='urn:xmpp:jingle:apps:rtp:rtp-hdrext:0' id='3'
       uri='http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time'/>
      <source xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' ssrc='21' name='e0000001-v0'/>
      <source xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' ssrc='22' name='e0000001-v0'/>
      <source xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' ssrc='23' name='e0000001-v0'/>
      <source xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' ssrc='24' name='e0000001-v0'/>
      <ssrc-group xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' semantics='FID'>
      <source ssrc='21'/><source ssrc='22'/></ssrc-group>
      <ssrc-group xmlns='urn:xmpp:jingle:apps:rtp:ssma:0' semantics='FID'>
      <source ssrc='23'/><source ssrc='24'/></ssrc-group>
      </description></content>
      <content creator='initiator' name='data'>
      <description xmlns='urn:xmpp:jingle:apps:rtp:1' media='application'/></content>
      </jingle></iq>
      """
          .replace("\n", "");

  private static List<ContentPacketExtension> contents(String stanza)
      throws XmlPullParserException, IOException, SmackParsingException {
    JingleIQ iq = PacketParserUtils.parseStanza(stanza);
    return iq.getContentList();
  }

  private static TransportDescription transport(String stanza) throws Exception {
    return JingleDescriptions.transport(contents(stanza));
  }

  @Test
  void knowsWhatMayBeSent() throws Exception {
    assertTrue(JingleDescriptions.offersPayloadType(contents(OFFER), 100));
    assertTrue(JingleDescriptions.offersPayloadType(contents(OFFER), 111));
    assertFalse(JingleDescriptions.offersPayloadType(contents(OFFER), 101));
  }

  @Test
  void readsTransports() throws Exception {
    TransportDescription transport = transport(OFFER);
    assertEquals("uf", transport.ufrag());
    assertEquals("secret", transport.password());
    assertEquals("0A:FF", transport.fingerprint());
    assertEquals(DtlsSetup.ACTPASS, transport.setup());
    assertEquals(
        URI.create("wss://meet.example/colibri-ws/one/c/e?pwd=p"),
        JingleDescriptions.channel(contents(OFFER)));
  }

  /** A public address behind a translator counts; TCP does not, and no name is looked up. */
  @Test
  void takesAddressesOfUdpOnly() throws Exception {
    assertEquals(
        List.of("10.0.0.1", "203.0.113.7"),
        transport(OFFER).candidates().stream()
            .map(TransportDescription.Candidate::address)
            .toList());
  }

  @Test
  void readsSourcesWithTheirRepairStreamsAndLeavesTheBridgesOut() throws Exception {
    assertEquals(
        List.of(
            new Source("e0000001", "e0000001-a0", MediaKind.AUDIO, (int) 4000000001L, 0),
            new Source(
                "e0000001",
                "e0000001-v0",
                MediaKind.VIDEO,
                List.of(new Source.Encoding(21, 22), new Source.Encoding(23, 24)))),
        JingleDescriptions.sources(contents(OFFER)));
  }

  @Test
  void readsHowCongestionCanBeToldOf() throws Exception {
    List<ContentPacketExtension> offer = contents(OFFER);
    assertEquals(
        CongestionFeedback.TRANSPORT_WIDE,
        JingleDescriptions.feedback(offer, CongestionFeedback.TRANSPORT_WIDE));
    assertEquals(
        CongestionFeedback.RECEIVER_ESTIMATE,
        JingleDescriptions.feedback(offer, CongestionFeedback.RECEIVER_ESTIMATE));
    assertEquals(
        CongestionFeedback.NONE, JingleDescriptions.feedback(offer, CongestionFeedback.NONE));
    assertEquals(
        CongestionFeedback.RECEIVER_ESTIMATE,
        JingleDescriptions.feedback(
            contents(OFFER.replace("id='5'", "id='6'")), CongestionFeedback.TRANSPORT_WIDE));
  }

  @ParameterizedTest
  @CsvSource({
    "hash='sha-256',hash='sha-1'",
    "setup='actpass',setup='sideways'",
    "setup='actpass',''",
    "ufrag='uf',''",
    "pwd='secret',''",
    "urn:xmpp:jingle:apps:dtls:0,urn:other",
  })
  void refusesTransportsThatLackSomething(String from, String to) throws Exception {
    assertTrue(OFFER.contains(from));
    List<ContentPacketExtension> offer = contents(OFFER.replace(from, to == null ? "" : to));
    assertThrows(SignallingException.class, () -> JingleDescriptions.transport(offer));
  }

  @ParameterizedTest
  @CsvSource({
    "wss://meet.example/,http://meet.example/",
    "wss://meet.example/,wss:meet",
    "wss://meet.example/,wss://meet example/",
    "wss://meet.example/,"
  })
  void refusesWhatIsNoWebSocketsAddress(String from, String to) throws Exception {
    List<ContentPacketExtension> offer = contents(OFFER.replace(from, to == null ? "" : to));
    assertThrows(SignallingException.class, () -> JingleDescriptions.channel(offer));
  }

  @Test
  void livesWithoutAWebSocket() throws Exception {
    assertNull(JingleDescriptions.channel(contents(OFFER.replace("<web-socket", "<other"))));
  }

  @Test
  void tellsHowCandidatesWereFound() {
    TransportDescription own =
        new TransportDescription(
            "mine",
            "pass",
            "AA",
            DtlsSetup.ACTIVE,
            List.of(
                new Candidate("1", 3, "192.0.2.2", 5000),
                new Candidate(
                    "2",
                    2,
                    "198.51.100.7",
                    5001,
                    Candidate.Type.SERVER_REFLEXIVE,
                    new Candidate.Related("192.0.2.2", 5000)),
                new Candidate(
                    "3",
                    1,
                    "203.0.113.9",
                    50000,
                    Candidate.Type.RELAYED,
                    new Candidate.Related("198.51.100.7", 5002))));
    String written = JingleDescriptions.candidates(own).toXML().toString().replace('"', '\'');
    for (String[] expected :
        new String[][] {
          {"ip='192.0.2.2'", "port='5000'", "type='host'"},
          {
            "ip='198.51.100.7'",
            "port='5001'",
            "type='srflx'",
            "rel-addr='192.0.2.2'",
            "rel-port='5000'"
          },
          {
            "ip='203.0.113.9'",
            "port='50000'",
            "type='relay'",
            "rel-addr='198.51.100.7'",
            "rel-port='5002'"
          }
        }) {
      String element =
          Pattern.compile("<candidate [^>]*>")
              .matcher(written)
              .results()
              .map(MatchResult::group)
              .filter(candidate -> candidate.contains(" " + expected[0]))
              .findFirst()
              .orElseThrow();
      for (String attribute : expected) {
        assertTrue(element.contains(" " + attribute), element);
      }
      assertEquals(expected.length == 5, element.contains("rel-"), element);
    }
  }

  @Test
  void answersWithOwnSidesOnly() throws Exception {
    TransportDescription own =
        new TransportDescription("mine", "pass", "AA", DtlsSetup.ACTIVE, List.of());
    List<Source> sources = List.of(new Source("me", "me-v0", MediaKind.VIDEO, 5, 6));
    List<ContentPacketExtension> answer =
        JingleDescriptions.answer(contents(OFFER), CongestionFeedback.TRANSPORT_WIDE, own, sources);
    assertEquals(sources, JingleDescriptions.sources(answer));
    assertEquals(own, JingleDescriptions.transport(answer));
    assertEquals(
        CongestionFeedback.TRANSPORT_WIDE,
        JingleDescriptions.feedback(answer, CongestionFeedback.TRANSPORT_WIDE));
    assertEquals(2, answer.size());
    String withoutOpus = OFFER.replace("id='111'", "id='112'");
    List<ContentPacketExtension> other = contents(withoutOpus);
    assertThrows(
        SignallingException.class,
        () -> JingleDescriptions.answer(other, CongestionFeedback.NONE, own, sources));
  }

  /**
   * The XMPP server can say anything: whatever Smack can parse is read, or refused as it should.
   */
  @Test
  void readsOrRefusesWhateverIsChanged() throws Exception {
    Random random = new Random(11);
    List<MatchResult> values = Pattern.compile("='[^']*'").matcher(OFFER).results().toList();
    List<MatchResult> elements =
        Pattern.compile("<(?!iq|/|jingle)[^>]*/>").matcher(OFFER).results().toList();
    String[] others = {"", "-1", "0", "99999999999999999999", "x", "audio", "http://", "ä\u0301"};
    int read = 0;
    for (int round = 0; round < 3000; round++) {
      boolean removes = random.nextInt(4) == 0;
      List<MatchResult> places = removes ? elements : values;
      MatchResult place = places.get(random.nextInt(places.size()));
      String other = removes ? "" : "='" + others[random.nextInt(others.length)] + "'";
      String changed = OFFER.substring(0, place.start()) + other + OFFER.substring(place.end());
      List<ContentPacketExtension> contents = parsed(changed);
      if (contents != null && isRead(contents)) {
        read++;
      }
    }
    assertTrue(read > 1000, read + " were read");
  }

  /** What Smack fails at never comes here: the connection leaves it out. */
  private static @Nullable List<ContentPacketExtension> parsed(String stanza) {
    try {
      return new ArrayList<>(contents(stanza));
    } catch (XmlPullParserException | IOException | SmackParsingException | RuntimeException e) {
      return null;
    }
  }

  private static boolean isRead(List<ContentPacketExtension> contents) {
    try {
      List<Source> unused = JingleDescriptions.sources(contents);
      CongestionFeedback feedback =
          JingleDescriptions.feedback(contents, CongestionFeedback.TRANSPORT_WIDE);
      TransportDescription transport = JingleDescriptions.transport(contents);
      Object unusedChannel = JingleDescriptions.channel(contents);
      Object unusedAnswer = JingleDescriptions.answer(contents, feedback, transport, List.of());
      return true;
    } catch (SignallingException e) {
      return false;
    }
  }
}
