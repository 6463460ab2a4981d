/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.web;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The start tag of an XML element, as it is written: names with their prefixes, values in their
 * quotes with their references. Immutable.
 */
final class StartTag {
  private static final int MAX_ATTRIBUTES = 64;

  private final String name;
  private final int nameEnd;
  private final Map<String, String> quotedValues;

  private StartTag(String name, int nameEnd, Map<String, String> quotedValues) {
    this.name = name;
    this.nameEnd = nameEnd;
    this.quotedValues = quotedValues;
  }

  /**
   * Reads the start tag that a text begins with.
   *
   * @param xml begins with {@code <}; may go on behind the tag
   * @throws WebException if it is malformed or has more than 64 attributes
   */
  static StartTag parse(String xml) throws WebException {
    int position = 1;
    while (position < xml.length() && isInName(xml.charAt(position))) {
      position++;
    }
    if (position == 1 || xml.charAt(0) != '<') {
      throw WebException.malformed("not an XML element");
    }
    int nameEnd = position;
    Map<String, String> quotedValues = new LinkedHashMap<>();
    while (true) {
      int start = skipSpace(xml, position);
      char next = at(xml, start);
      if (next == '>' || (next == '/' && at(xml, start + 1) == '>')) {
        return new StartTag(
            xml.substring(1, nameEnd), nameEnd, Collections.unmodifiableMap(quotedValues));
      }
      int end = start;
      while (isInName(at(xml, end))) {
        end++;
      }
      int equals = skipSpace(xml, end);
      int quote = skipSpace(xml, equals + 1);
      int close =
          at(xml, quote) == '"' || at(xml, quote) == '\''
              ? xml.indexOf(xml.charAt(quote), quote + 1)
              : -1;
      if (start == position || end == start || at(xml, equals) != '=' || close < 0) {
        throw WebException.malformed("an XML attribute is not well-formed");
      }
      String before = quotedValues.put(xml.substring(start, end), xml.substring(quote, close + 1));
      if (before != null || quotedValues.size() > MAX_ATTRIBUTES) {
        throw WebException.malformed("an XML attribute is there twice, or there are too many");
      }
      position = close + 1;
    }
  }

  private static int skipSpace(String xml, int position) {
    int end = position;
    while (end < xml.length() && isSpace(xml.charAt(end))) {
      end++;
    }
    return end;
  }

  private static char at(String xml, int position) {
    return position < xml.length() ? xml.charAt(position) : 0;
  }

  static boolean isSpace(int octet) {
    return octet == ' ' || octet == '\t' || octet == '\r' || octet == '\n';
  }

  /** What may stand in a name, and no more than that ends one; XML's parser is stricter. */
  private static boolean isInName(char character) {
    return character > ' ' && "<>/='\"&".indexOf(character) < 0;
  }

  /** The name with its prefix. */
  String name() {
    return name;
  }

  /** The prefix, empty if there is none. */
  String prefix() {
    int colon = name.indexOf(':');
    return colon < 0 ? "" : name.substring(0, colon);
  }

  /** The value as it is written, without its quotes, or null. */
  @Nullable String value(String attribute) {
    String quoted = quotedValues.get(attribute);
    return quoted == null ? null : quoted.substring(1, quoted.length() - 1);
  }

  /** An attribute as it is written, behind a space; nothing if it is not there. */
  String attribute(String attribute) {
    String quoted = quotedValues.get(attribute);
    return quoted == null ? "" : " " + attribute + "=" + quoted;
  }

  /** The attributes as they are written, each behind a space, without those that declare names. */
  String attributesWithoutNamespaces() {
    StringBuilder attributes = new StringBuilder();
    for (String attribute : quotedValues.keySet()) {
      if (!attribute.equals("xmlns") && !attribute.startsWith("xmlns:")) {
        attributes.append(attribute(attribute));
      }
    }
    return attributes.toString();
  }

  /** Returns an element that begins with this tag, with more attributes in it. */
  String insertInto(String xml, String attributes) {
    return xml.substring(0, nameEnd) + attributes + xml.substring(nameEnd);
  }
}
