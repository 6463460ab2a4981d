/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ElementSplitterTest {
  private static final int MAX_BYTES = 1000;

  private static final List<String> ELEMENTS =
      List.of(
          "<r xmlns='urn:xmpp:sm:3'/>",
          "<a xmlns='urn:xmpp:sm:3' h='1'/>",
          "<message to=\"a'>b\" id='\"/>'><body>x &lt; y</body><empty/></message>",
          "<iq><q xmlns='u'><![CDATA[</q>]]]]><![CDATA[>]]></q></iq>",
          "<m>\u00fc\u20ac\ud83d\ude00</m >",
          "<stream:features><b xmlns='urn'/></stream:features>",
          "<stream:streams/>");

  private static final String STREAM =
      "<?xml version='1.0'?><stream:stream xmlns='jabber:client' to='a' version='1.0'> \n"
          + String.join(" ", ELEMENTS)
          + "<stream:stream to='again'>\n\n</stream:stream> ";

  private static final List<String> EVENTS =
      List.of(
          "opened stream:stream to='a' version='1.0'",
          ELEMENTS.get(0),
          ELEMENTS.get(1),
          ELEMENTS.get(2),
          ELEMENTS.get(3),
          ELEMENTS.get(4),
          ELEMENTS.get(5),
          ELEMENTS.get(6),
          "opened stream:stream to='again'",
          "closed");

  private static ElementSplitter splitter(SplitEvents events) {
    return new ElementSplitter(StreamNames.ROOT, MAX_BYTES, events);
  }

  private static List<String> split(byte[] octets, int... cuts) throws IOException {
    SplitEvents events = new SplitEvents();
    ElementSplitter splitter = splitter(events);
    int start = 0;
    for (int cut : cuts) {
      splitter.write(octets, start, cut - start);
      start = cut;
    }
    splitter.write(octets, start, octets.length - start);
    return events.seen();
  }

  private static List<String> split(String xml) throws IOException {
    return split(xml.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void findsElementsWhereverItIsCut() throws Exception {
    byte[] octets = STREAM.getBytes(StandardCharsets.UTF_8);
    assertEquals(EVENTS, split(octets));
    for (int first = 0; first <= octets.length; first++) {
      assertEquals(EVENTS, split(octets, first), "cut at " + first);
      int second = Math.min(octets.length, first + 7);
      assertEquals(EVENTS, split(octets, first, second), "cut at " + first + " and " + second);
    }
  }

  @Test
  void findsElementsInSingleOctets() throws Exception {
    byte[] octets = STREAM.getBytes(StandardCharsets.UTF_8);
    SplitEvents events = new SplitEvents();
    ElementSplitter splitter = splitter(events);
    for (int i = 0; i < octets.length; i++) {
      splitter.write(octets, i, 1);
    }
    assertEquals(EVENTS, events.seen());
    assertTrue(splitter.isEnded());
  }

  @Test
  void whiteSpaceBetweenElementsIsNoElement() throws Exception {
    assertEquals(
        List.of("opened stream:stream", "<a/>"), split("<stream:stream>  \r\n\t<a/> \n \n"));
  }

  @Test
  void elementIsToldWithItsLastOctet() throws Exception {
    SplitEvents events = new SplitEvents();
    ElementSplitter splitter = splitter(events);
    byte[] octets = "<stream:stream><a><b/></a>".getBytes(StandardCharsets.UTF_8);
    splitter.write(octets, 0, octets.length - 1);
    assertEquals(List.of("opened stream:stream"), events.seen());
    splitter.write(octets, octets.length - 1, 1);
    assertEquals(List.of("opened stream:stream", "<a><b/></a>"), events.seen());
  }

  @Test
  void emptyRootStartsAndEnds() throws Exception {
    SplitEvents events = new SplitEvents();
    byte[] octets = "<body a='b'/>".getBytes(StandardCharsets.UTF_8);
    new ElementSplitter("body", MAX_BYTES, events).write(octets, 0, octets.length);
    assertEquals(List.of("opened body a='b'", "closed"), events.seen());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text",
        "<stream:stream>text",
        "<stream:stream>\u00a0",
        "<a/>",
        "<stream:stream><a></a>&amp;",
        "<stream:stream></stream:other>",
        "<stream:stream></stream:stream><a/>",
        "<stream:stream></a></a>",
        "</stream:stream>",
        "<stream:stream><a></></a>",
        "<stream:stream><!-- c -->",
        "<stream:stream><a><!-- c --></a>",
        "<stream:stream><!DOCTYPE a>",
        "<!DOCTYPE stream:stream>",
        "<stream:stream><a><!DOCTYPE a></a>",
        "<stream:stream><a><?php ?></a>",
        "<?php ?>",
        "<?xmlx ?>",
        "<?xml >",
        "<stream:stream><a b='<'/>",
        "<stream:stream><a <b/></a>",
        "<stream:stream><>",
        "<stream:stream>< a/>",
        "<stream:stream><1a/>",
        "<stream:stream><a/b>",
        "<stream:stream><a'b'/>",
        "<stream:stream><a></a b='c'>",
        "<stream:stream><a></a/>",
        "<stream:stream><a><![cdata[]]></a>",
        "<stream:stream to=a>",
        "<stream:stream to='a' to='b'>",
        "<stream:stream to='a'b='c'>",
      })
  void refusesWhatIsMalformed(String xml) {
    WebException refusal = assertThrows(WebException.class, () -> split(xml));
    assertEquals(WebException.Reason.MALFORMED, refusal.reason());
  }

  @Test
  void refusesWhatIsNotUtf8() {
    byte[] octets = "<stream:stream><a>x</a>".getBytes(StandardCharsets.UTF_8);
    octets["<stream:stream><a>".length()] = (byte) 0xC0;
    WebException refusal = assertThrows(WebException.class, () -> split(octets));
    assertEquals(WebException.Reason.MALFORMED, refusal.reason());
  }

  @ParameterizedTest
  @ValueSource(strings = {"<a>", "<a b='", "<a ", "<a><![CDATA[", "<aaa", "<a></a"})
  void refusesWhatIsTooLong(String start) {
    WebException refusal =
        assertThrows(
            WebException.class, () -> split("<stream:stream>" + start + "x".repeat(MAX_BYTES)));
    assertEquals(WebException.Reason.TOO_LARGE, refusal.reason());
  }

  @Test
  void takesWhatIsJustShortEnough() throws Exception {
    String element = "<a>" + "x".repeat(MAX_BYTES - "<a></a>".length()) + "</a>";
    assertEquals(List.of("opened stream:stream", element), split("<stream:stream>" + element));
  }
}
