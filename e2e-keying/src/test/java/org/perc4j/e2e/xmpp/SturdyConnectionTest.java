/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.xmpp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.perc4j.e2e.xmpp.ScriptedConnection.presence;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jivesoftware.smack.packet.Presence;
import org.jivesoftware.smack.packet.Stanza;
import org.jivesoftware.smack.parsing.ExceptionLoggingCallback;
import org.jivesoftware.smack.roster.Roster;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;
import org.jivesoftware.smack.util.PacketParserUtils;
import org.jivesoftware.smack.xml.XmlPullParser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SturdyConnectionTest {
  private static final String STREAM =
      "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'"
          + " from='example.org' id='1' version='1.0' xml:lang='en'/>";

  private final BlockingQueue<Stanza> arrived = new LinkedBlockingQueue<>();
  private SturdyConnection connection;

  /** Has a stream, and no server. */
  private static final class Unconnected extends SturdyConnection {
    Unconnected() throws Exception {
      super(
          XMPPTCPConnectionConfiguration.builder()
              .setXmppDomain("example.org")
              .setHost("127.0.0.1")
              .performSaslAnonymousAuthentication()
              .build(),
          Duration.ofSeconds(20));
      onStreamOpen(PacketParserUtils.getParserFor(STREAM));
    }
  }

  @BeforeEach
  void listen() throws Exception {
    connection = new Unconnected();
    Roster.getInstanceFor(connection).setRosterLoadedAtLogin(false);
    connection.setParsingExceptionCallback(new ExceptionLoggingCallback());
    connection.addSyncStanzaListener(arrived::add, stanza -> true);
  }

  private void read(String xml) throws Exception {
    XmlPullParser parser = PacketParserUtils.getParserFor(xml);
    connection.parseAndProcessStanza(parser);
    assertEquals(XmlPullParser.Event.END_ELEMENT, parser.getEventType());
    assertEquals(1, parser.getDepth());
  }

  private Stanza next() throws InterruptedException {
    Stanza next = arrived.poll(60, TimeUnit.SECONDS);
    assertNotNull(next);
    return next;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<priority>high</priority>",
        "<priority>1000</priority>",
        "<show>nothing</show>",
      })
  void whoSendsPresenceThatCannotBeParsedIsSeen(String element) throws Exception {
    read(presence("mallory", "", element, "<x xmlns='a'><y/></x>"));
    Presence came = (Presence) next();
    assertEquals(Presence.Type.available, came.getType());
    assertEquals(ScriptedConnection.ROOM + "/mallory", came.getFrom().toString());
    assertTrue(came.getExtensions().isEmpty());
    read(presence("mallory", "unavailable", element));
    assertEquals(Presence.Type.unavailable, ((Presence) next()).getType());
  }

  @Test
  void whatCanBeParsedArrivesOnce() throws Exception {
    read(presence("alice", "", "<status>here</status>"));
    read("<message xmlns='jabber:client'><delay xmlns='urn:xmpp:delay'/></message>");
    read(presence("bob", "error", "<priority>high</priority>"));
    read(presence("carol", ""));
    assertEquals("here", ((Presence) next()).getStatus());
    assertEquals(ScriptedConnection.ROOM + "/carol", next().getFrom().toString());
  }
}
