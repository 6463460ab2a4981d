/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.xmpp.provider;

import java.io.IOException;
import java.util.List;
import org.jivesoftware.smack.packet.XmlEnvironment;
import org.jivesoftware.smack.provider.ExtensionElementProvider;
import org.jivesoftware.smack.xml.XmlPullParser;
import org.jivesoftware.smack.xml.XmlPullParserException;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.room.RoomElement;
import org.perc4j.e2e.xmpp.element.MlsElement;

/**
 * Reads {@link MlsElement}. Whatever well-formed XML the element consists of, the result is an
 * element, if need be {@link MlsElement.Malformed}: an exception would end the connection. Keeps no
 * state.
 */
public final class MlsProvider extends ExtensionElementProvider<MlsElement> {
  private static final List<String> ATTRIBUTES = List.of("kind", "id", "part", "parts");

  @Override
  public MlsElement parse(
      XmlPullParser parser, int initialDepth, @Nullable XmlEnvironment environment)
      throws XmlPullParserException, IOException {
    @Nullable String[] values = new @Nullable String[ATTRIBUTES.size()];
    boolean strange = false;
    for (int i = 0; i < parser.getAttributeCount(); i++) {
      String namespace = parser.getAttributeNamespace(i);
      int known = ATTRIBUTES.indexOf(parser.getAttributeName(i));
      if (known < 0 || (namespace != null && !namespace.isEmpty())) {
        strange = true;
      } else {
        values[known] = parser.getAttributeValue(i);
      }
    }

    StringBuilder text = new StringBuilder();
    boolean nested = false;
    boolean tooLong = false;
    while (true) {
      XmlPullParser.Event event = parser.next();
      if (event == XmlPullParser.Event.START_ELEMENT) {
        nested = true;
      } else if (event == XmlPullParser.Event.TEXT_CHARACTERS) {
        String more = parser.getText();
        if (text.length() + more.length() > RoomElement.MAX_BASE64_CHARS) {
          tooLong = true;
        } else {
          text.append(more);
        }
      } else if (event == XmlPullParser.Event.END_ELEMENT && parser.getDepth() == initialDepth) {
        break;
      }
    }

    if (strange) {
      return malformed("unknown attribute");
    }
    if (nested) {
      return malformed("nested element");
    }
    if (tooLong) {
      return malformed("longer than " + RoomElement.MAX_BASE64_CHARS + " characters");
    }
    return new MlsElement(
        RoomElement.read(values[0], values[1], values[2], values[3], text.toString()));
  }

  private static MlsElement malformed(String reason) {
    return new MlsElement(new RoomElement.Malformed(reason));
  }
}
