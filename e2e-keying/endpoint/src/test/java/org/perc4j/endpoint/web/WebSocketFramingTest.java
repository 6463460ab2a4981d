/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketFramingTest {
  private final List<String> sent = new ArrayList<>();
  private final WebSocketFraming framing = new WebSocketFraming(sent::add);
  private final ByteArrayOutputStream stream = new ByteArrayOutputStream();

  private void write(String xml) throws Exception {
    byte[] octets = xml.getBytes(StandardCharsets.UTF_8);
    framing.write(octets, 0, octets.length);
  }

  private void arrived(String message) throws Exception {
    framing.arrived(message, stream::writeBytes);
  }

  /** The messages are those of RFC 7395 section 3.4 and the following ones. */
  @Test
  void streamBecomesMessages() throws Exception {
    write(
        "<stream:stream xmlns='jabber:client' to='example.com' version='1.0' xml:lang='en'"
            + " xmlns:stream='http://etherx.jabber.org/streams'>");
    write("<message to='a'><body>b</body></message> ");
    write("<r xmlns='urn:xmpp:sm:3'/>");
    write("<presence/>");
    write("<stream:error><x xmlns='y'/></stream:error>");
    write("</stream:stream>");
    assertEquals(
        List.of(
            "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='example.com' version='1.0'"
                + " xml:lang='en'/>",
            "<message xmlns='jabber:client' to='a'><body>b</body></message>",
            "<r xmlns='urn:xmpp:sm:3'/>",
            "<presence xmlns='jabber:client'/>",
            "<stream:error xmlns:stream='http://etherx.jabber.org/streams'><x xmlns='y'/>"
                + "</stream:error>",
            "<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>"),
        sent);
  }

  @Test
  void messagesBecomeStream() throws Exception {
    arrived("<open xmlns=\"urn:ietf:params:xml:ns:xmpp-framing\" from=\"a&amp;b\" id='1' />");
    arrived("<message xmlns='jabber:client'/>");
    assertFalse(framing.isServerClosed());
    arrived(
        " <close xmlns='urn:ietf:params:xml:ns:xmpp-framing' see-other-uri='wss://evil'></close>");
    assertTrue(framing.isServerClosed());
    assertEquals(
        "<?xml version='1.0'?><stream:stream xmlns='jabber:client'"
            + " xmlns:stream='http://etherx.jabber.org/streams' from=\"a&amp;b\" id='1'>"
            + "<message xmlns='jabber:client'/></stream:stream>",
        stream.toString(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "text",
        "<a",
        "<a>",
        "</stream:stream>",
        "<a/><b/>",
        "<a/>text",
        "<?xml version='1.0'?><a/>",
        "<other xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>"
      })
  void refusesMessagesThatAreNotOneElement(String message) {
    WebException refusal = assertThrows(WebException.class, () -> arrived(message));
    assertEquals(WebException.Reason.MALFORMED, refusal.reason());
    assertEquals(0, stream.size());
  }
}
