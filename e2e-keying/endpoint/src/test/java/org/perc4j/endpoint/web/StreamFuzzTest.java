/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.perc4j.fuzzing.FuzzInput;

/** What is cut into elements is cut in the same places, however it arrives. */
class StreamFuzzTest {
  private static final int MAX_BYTES = 200;

  private static final byte[] STREAM =
      ("<?xml version='1.0'?><stream:stream to='a'> <a b='>' c=\"'/\"><b/>x</a><c/>"
              + "<d><![CDATA[</d>]]></d>\u20ac</stream:stream>")
          .replace("\u20ac<", "<e>\u20ac</e><")
          .getBytes(StandardCharsets.UTF_8);

  private static final byte[] BODY =
      "<body type='x' sid=\"y\"><message xmlns='jabber:client'><body>x</body></message></body>"
          .getBytes(StandardCharsets.UTF_8);

  /** A stream to the server, in pieces: how long they are comes first, then changes to one. */
  @FuzzTest
  void pieces(byte[] octets) {
    FuzzInput input = new FuzzInput(octets);
    int pieceBytes = 1 + input.octet();
    byte[] stream = input.flag() ? input.take(Integer.MAX_VALUE / 2) : input.mutated(STREAM);
    assertEquals(told(stream, stream.length), told(stream, pieceBytes));
    assertEquals(told(stream, stream.length), told(stream, 1));
  }

  private static List<String> told(byte[] stream, int pieceBytes) {
    SplitEvents events = new SplitEvents();
    ElementSplitter splitter = new ElementSplitter(StreamNames.ROOT, MAX_BYTES, events);
    List<String> told;
    try {
      for (int start = 0; start < stream.length; start += pieceBytes) {
        splitter.write(stream, start, Math.min(pieceBytes, stream.length - start));
      }
      told = new ArrayList<>(events.seen());
    } catch (WebException e) {
      told = new ArrayList<>(events.seen());
      told.add("refused: " + e.getMessage());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    for (String element : events.seen()) {
      assertTrue(element.length() <= MAX_BYTES + "opened ".length(), element);
    }
    return told;
  }

  /** A message of a WebSocket's is one element, as it is written, or it is refused. */
  @FuzzTest
  void message(byte[] octets) throws InterruptedException {
    String message = new String(octets, StandardCharsets.UTF_8);
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    WebSocketFraming framing = new WebSocketFraming(sent -> {});
    try {
      framing.arrived(message, stream::writeBytes);
    } catch (WebException e) {
      assertEquals(0, stream.size());
      return;
    }
    String got = stream.toString(StandardCharsets.UTF_8);
    if (framing.isServerClosed()) {
      assertEquals("</stream:stream>", got);
    } else if (!got.startsWith("<?xml version='1.0'?><stream:stream ")) {
      assertEquals(message.strip(), got.strip());
    }
  }

  /** An answer of BOSH's gives elements that can stand alone, or it is refused. */
  @FuzzTest
  void body(byte[] octets) throws IOException {
    FuzzInput input = new FuzzInput(octets);
    byte[] body = input.flag() ? input.take(Integer.MAX_VALUE / 2) : input.mutated(BODY);
    List<String> elements = new ArrayList<>();
    StartTag tag;
    try {
      tag = BoshBody.read(new ByteArrayInputStream(body), elements::add);
    } catch (WebException e) {
      return;
    }
    assertEquals("body", tag.name());
    for (String element : elements) {
      assertTrue(element.startsWith("<") && element.endsWith(">"), element);
      try {
        String alone = StreamNames.standingAlone(element);
        assertEquals(alone, StreamNames.standingAlone(alone));
      } catch (WebException e) {
        // an attribute is malformed, which is found when it is looked at
      }
    }
  }
}
