/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.xmpp.provider;

import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jivesoftware.smack.packet.XmlEnvironment;
import org.jivesoftware.smack.provider.ExtensionElementProvider;
import org.jivesoftware.smack.xml.XmlPullParser;
import org.jivesoftware.smack.xml.XmlPullParserException;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.xmpp.element.MlsElement;

/**
 * Reads {@link MlsElement}. Whatever well-formed XML the element consists of, the result is an
 * element, if need be {@link MlsElement.Malformed}: an exception would end the connection. Keeps no
 * state.
 */
public final class MlsProvider extends ExtensionElementProvider<MlsElement> {
  private static final List<String> ATTRIBUTES = List.of("kind", "id", "part", "parts");
  private static final int MAX_DIGITS = 3;

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
        if (text.length() + more.length() > MlsElement.MAX_BASE64_CHARS) {
          tooLong = true;
        } else {
          text.append(more);
        }
      } else if (event == XmlPullParser.Event.END_ELEMENT && parser.getDepth() == initialDepth) {
        break;
      }
    }

    if (strange) {
      return new MlsElement.Malformed("unknown attribute");
    }
    if (nested) {
      return new MlsElement.Malformed("nested element");
    }
    if (tooLong) {
      return new MlsElement.Malformed("longer than " + MlsElement.MAX_BASE64_CHARS + " characters");
    }
    byte[] octets = decode(text.toString());
    if (octets == null) {
      return new MlsElement.Malformed("not canonical Base64");
    }
    return element(values, octets);
  }

  private static MlsElement element(@Nullable String[] values, byte[] octets) {
    if (Arrays.stream(values).allMatch(value -> value == null)) {
      return new MlsElement.Mark(octets);
    }
    String kind = values[0];
    String id = values[1];
    if (kind == null || id == null || values[2] == null || values[3] == null) {
      return new MlsElement.Malformed("missing attribute");
    }
    int part = number(values[2]);
    int parts = number(values[3]);
    String complaint = MlsElement.Part.complaintAbout(kind, id, part, parts, octets.length);
    return complaint != null
        ? new MlsElement.Malformed(complaint)
        : new MlsElement.Part(kind, id, part, parts, octets);
  }

  /** Returns a number of one to three ASCII digits without leading zeros, or -1. */
  private static int number(String text) {
    if (text.isEmpty()
        || text.length() > MAX_DIGITS
        || !text.chars().allMatch(character -> character >= '0' && character <= '9')
        || (text.length() > 1 && text.charAt(0) == '0')) {
      return -1;
    }
    return Integer.parseInt(text);
  }

  /** RFC 4648, section 4, with padding and nothing else: one text for given octets. */
  private static byte @Nullable [] decode(String text) {
    try {
      byte[] octets = Base64.getDecoder().decode(text);
      return Base64.getEncoder().encodeToString(octets).equals(text) ? octets : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
