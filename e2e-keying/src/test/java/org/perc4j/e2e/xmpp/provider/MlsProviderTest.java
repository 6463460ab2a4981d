/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.xmpp.provider;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.jivesoftware.smack.packet.XmlEnvironment;
import org.jivesoftware.smack.util.PacketParserUtils;
import org.jivesoftware.smack.xml.XmlPullParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.perc4j.e2e.room.MessageParts;
import org.perc4j.e2e.room.RoomChannel;
import org.perc4j.e2e.room.RoomElement;
import org.perc4j.e2e.xmpp.element.MlsElement;

class MlsProviderTest {
  private static final String NAMESPACE = "xmlns='urn:x-perc4j:mls:0'";

  /** RFC 4648, section 10. */
  private static final byte[] FOOBAR = "foobar".getBytes(StandardCharsets.US_ASCII);

  private static RoomElement parse(String xml) throws Exception {
    XmlPullParser parser = PacketParserUtils.getParserFor("<outer>" + xml + "<after/></outer>");
    while (!"mls"
        .equals(
            parser.getEventType() == XmlPullParser.Event.START_ELEMENT ? parser.getName() : null)) {
      XmlPullParser.Event unused = parser.next();
    }
    MlsElement element = new MlsProvider().parse(parser);
    assertEquals(XmlPullParser.Event.END_ELEMENT, parser.getEventType());
    assertEquals("mls", parser.getName());
    assertEquals(XmlPullParser.Event.START_ELEMENT, parser.next());
    assertEquals("after", parser.getName());
    return element.form();
  }

  @Test
  void readsPart() throws Exception {
    RoomElement.Part part =
        assertInstanceOf(
            RoomElement.Part.class,
            parse(
                "<mls " + NAMESPACE + " kind='commit' id='k3' part='0' parts='3'>Zm9vYmFy</mls>"));
    assertEquals("commit", part.kind());
    assertEquals("k3", part.id());
    assertEquals(0, part.part());
    assertEquals(3, part.parts());
    assertArrayEquals(FOOBAR, part.octets());
  }

  @Test
  void readsMark() throws Exception {
    RoomElement.Mark mark =
        assertInstanceOf(RoomElement.Mark.class, parse("<mls " + NAMESPACE + ">Zm9vYmFy</mls>"));
    assertArrayEquals(FOOBAR, mark.octets());
    RoomElement.Mark empty =
        assertInstanceOf(RoomElement.Mark.class, parse("<mls " + NAMESPACE + "/>"));
    assertEquals(0, empty.octets().length);
  }

  @Test
  void readsEmptyMessage() throws Exception {
    RoomElement.Part part =
        assertInstanceOf(
            RoomElement.Part.class,
            parse("<mls " + NAMESPACE + " kind='a' id='0' part='0' parts='1'/>"));
    assertEquals(0, part.octets().length);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          id='1' part='0' parts='1'                                  | AA== | missing attribute
          kind='a' part='0' parts='1'                                | AA== | missing attribute
          kind='a' id='1' parts='1'                                  | AA== | missing attribute
          kind='a' id='1' part='0'                                   | AA== | missing attribute
          kind='' id='1' part='0' parts='1'                          | AA== | kind is not 1 to 16 letters a-z
          kind='A' id='1' part='0' parts='1'                         | AA== | kind is not 1 to 16 letters a-z
          kind='abcdefghijklmnopq' id='1' part='0' parts='1'         | AA== | kind is not 1 to 16 letters a-z
          kind='a' id='' part='0' parts='1'                          | AA== | id is not 1 to 32 of a-z and 0-9
          kind='a' id='_' part='0' parts='1'                         | AA== | id is not 1 to 32 of a-z and 0-9
          kind='a' id='123456789012345678901234567890123' part='0' parts='1' | AA== | id is not 1 to 32 of a-z and 0-9
          kind='a' id='1' part='x' parts='1'                         | AA== | part is not 0 to parts - 1
          kind='a' id='1' part='-1' parts='1'                        | AA== | part is not 0 to parts - 1
          kind='a' id='1' part='00' parts='1'                        | AA== | part is not 0 to parts - 1
          kind='a' id='1' part='1' parts='1'                         | AA== | part is not 0 to parts - 1
          kind='a' id='1' part='99999999999999' parts='1'            | AA== | part is not 0 to parts - 1
          kind='a' id='1' part='0' parts='0'                         | AA== | parts is not 1 to 512
          kind='a' id='1' part='0' parts='513'                       | AA== | parts is not 1 to 512
          kind='a' id='1' part='0' parts=''                          | AA== | parts is not 1 to 512
          kind='a' id='1' part='0' parts='2'                         | ''   | a part of several is empty
          kind='a' id='1' part='0' parts='1' more='1'                | AA== | unknown attribute
          more='1'                                                   | AA== | unknown attribute
          ''                                                         | AA   | not canonical Base64
          ''                                                         | AB== | not canonical Base64
          ''                                                         | A=== | not canonical Base64
          ''                                                         | AA_- | not canonical Base64
          ''                                                         | ' A A = = ' | not canonical Base64
          ''                                                         | <b>AA==</b> | nested element
          ''                                                         | AA==<mls/> | nested element
          """)
  void saysWhatIsMalformed(String attributes, String content, String reason) throws Exception {
    String xml = "<mls " + NAMESPACE + " " + attributes + ">" + content + "</mls>";
    assertEquals(new RoomElement.Malformed(reason), parse(xml));
  }

  @Test
  void rejectsTooLongContent() throws Exception {
    String most = "A".repeat(RoomElement.MAX_BASE64_CHARS);
    assertInstanceOf(RoomElement.Mark.class, parse("<mls " + NAMESPACE + ">" + most + "</mls>"));
    assertEquals(
        new RoomElement.Malformed("longer than 262144 characters"),
        parse("<mls " + NAMESPACE + ">" + most + "AAAA</mls>"));
  }

  @Test
  void writesPartAndMark() {
    assertEquals(
        "<mls " + NAMESPACE + " kind='commit' id='k3' part='0' parts='3'>Zm9vYmFy</mls>",
        new MlsElement(new RoomElement.Part("commit", "k3", 0, 3, FOOBAR))
            .toXML(XmlEnvironment.EMPTY)
            .toString());
    assertEquals(
        "<mls " + NAMESPACE + ">Zm9vYmFy</mls>",
        new MlsElement(new RoomElement.Mark(FOOBAR)).toXML(XmlEnvironment.EMPTY).toString());
    assertEquals(
        "<mls " + NAMESPACE + "/>",
        new MlsElement(new RoomElement.Mark(new byte[0])).toXML(XmlEnvironment.EMPTY).toString());
  }

  @Test
  void partsFitIntoTheirStanzasAsXml() {
    byte[] octets = new byte[RoomChannel.MAX_MESSAGE_BYTES];
    new Random(1).nextBytes(octets);
    int stanzaBytes = MessageParts.MIN_STANZA_BYTES;
    for (RoomElement.Part part : MessageParts.split("test", "1", octets, stanzaBytes)) {
      int length = new MlsElement(part).toXML(XmlEnvironment.EMPTY).length();
      assertTrue(length <= stanzaBytes - MessageParts.ENVELOPE_BYTES + 256, part.part() + "");
    }
  }

  @Test
  void refusesToWriteWhatIsMalformed() {
    assertThrows(
        IllegalArgumentException.class, () -> new RoomElement.Part("a", "1", 1, 1, new byte[1]));
  }
}
