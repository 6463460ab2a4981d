/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.xmpp.provider;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jivesoftware.smack.packet.XmlEnvironment;
import org.jivesoftware.smack.util.PacketParserUtils;
import org.jivesoftware.smack.xml.XmlPullParser;
import org.jivesoftware.smack.xml.XmlPullParserException;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.room.RoomElement;
import org.perc4j.e2e.xmpp.element.MlsElement;
import org.perc4j.fuzzing.FuzzInput;

/**
 * Elements as a server may send them, through Smack's parser. What is well-formed XML gives an
 * element and leaves the parser at its end; what is read as a part or a mark is in the one form
 * that it is written in.
 */
class MlsProviderFuzzTest {
  private static final List<String> NAMES =
      List.of("kind", "id", "part", "parts", "xml:lang", "KIND", "x");
  private static final List<String> VALUES =
      List.of("0", "1", "2", "511", "512", "513", "00", "-1", "commit", "announce", "k3", "");
  private static final List<String> CONTENTS =
      List.of(
          "AA==", "Zm9vYmFy", "AB==", " ", "\n", "<a/>", "<!-- -->", "<![CDATA[AA==]]>", "&#65;");

  /** Any text in the place of the element. */
  @FuzzTest
  void document(byte[] octets) throws IOException {
    String text = new String(octets, StandardCharsets.UTF_8);
    try {
      var unused = parse("<outer>" + text + "<after/></outer>");
    } catch (XmlPullParserException e) {
      // The stream is not well-formed, and ends.
    }
  }

  /** A well-formed element with any attributes and content. */
  @FuzzTest
  void element(byte[] octets) throws IOException, XmlPullParserException {
    FuzzInput input = new FuzzInput(octets);
    StringBuilder xml = new StringBuilder("<outer><mls xmlns='urn:x-perc4j:mls:0'");
    int given = 0;
    for (int i = input.below(8); i > 0; i--) {
      int name = input.below(NAMES.size());
      if ((given & 1 << name) == 0) {
        given |= 1 << name;
        xml.append(' ').append(NAMES.get(name)).append("='").append(value(input)).append('\'');
      }
    }
    xml.append('>');
    for (int i = input.below(8); i > 0; i--) {
      int content = input.below(CONTENTS.size() + 1);
      xml.append(content < CONTENTS.size() ? CONTENTS.get(content) : text(input));
    }
    xml.append("</mls><after/></outer>");
    MlsElement element = parse(xml.toString());
    assertTrue(element != null, xml.toString());
  }

  private static String value(FuzzInput input) {
    int value = input.below(VALUES.size() + 1);
    return value < VALUES.size() ? VALUES.get(value) : text(input);
  }

  /** Letters and the like, without what XML gives a meaning or does not allow. */
  private static String text(FuzzInput input) {
    String text = new String(input.take(input.below(40)), StandardCharsets.ISO_8859_1);
    return text.replaceAll("[^ -~\\u00A1-\\u00FF]|[<>&'\"]", "_");
  }

  private static @Nullable MlsElement parse(String xml) throws XmlPullParserException, IOException {
    XmlPullParser parser = PacketParserUtils.getParserFor(xml);
    while (!isMls(parser)) {
      if (parser.next() == XmlPullParser.Event.END_DOCUMENT) {
        return null;
      }
    }
    int depth = parser.getDepth();
    MlsElement element = new MlsProvider().parse(parser, depth, null);
    assertEquals(XmlPullParser.Event.END_ELEMENT, parser.getEventType());
    assertEquals(depth, parser.getDepth());
    assertEquals(RoomElement.ELEMENT, parser.getName());
    writeAndReadAgain(element);
    return element;
  }

  private static boolean isMls(XmlPullParser parser) throws XmlPullParserException {
    return parser.getEventType() == XmlPullParser.Event.START_ELEMENT
        && RoomElement.ELEMENT.equals(parser.getName())
        && RoomElement.NAMESPACE.equals(parser.getNamespace());
  }

  private static void writeAndReadAgain(MlsElement element)
      throws XmlPullParserException, IOException {
    if (element.form() instanceof RoomElement.Malformed malformed) {
      assertTrue(malformed.reason().length() < 100);
      return;
    }
    String xml = element.toXML(XmlEnvironment.EMPTY).toString();
    XmlPullParser parser = PacketParserUtils.getParserFor(xml);
    RoomElement again = new MlsProvider().parse(parser, parser.getDepth(), null).form();
    if (element.form() instanceof RoomElement.Part part) {
      assertNull(
          RoomElement.Part.complaintAbout(
              part.kind(), part.id(), part.part(), part.parts(), part.octets().length));
      RoomElement.Part other = (RoomElement.Part) again;
      assertEquals(part.kind(), other.kind());
      assertEquals(part.id(), other.id());
      assertEquals(part.part(), other.part());
      assertEquals(part.parts(), other.parts());
      assertArrayEquals(part.octets(), other.octets());
    } else if (element.form() instanceof RoomElement.Mark mark) {
      assertArrayEquals(mark.octets(), ((RoomElement.Mark) again).octets());
    }
  }
}
