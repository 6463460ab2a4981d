/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.xmpp.element;

import java.util.Base64;
import javax.xml.namespace.QName;
import org.jivesoftware.smack.packet.ExtensionElement;
import org.jivesoftware.smack.packet.XmlEnvironment;
import org.jivesoftware.smack.util.XmlStringBuilder;
import org.jspecify.annotations.Nullable;

/** The element {@code <mls xmlns='urn:x-perc4j:mls:0'>}, in each of its forms. Immutable. */
public sealed interface MlsElement extends ExtensionElement {
  /** The element's name. */
  String ELEMENT = "mls";

  /** The element's namespace; what changes its meaning changes the number. */
  String NAMESPACE = "urn:x-perc4j:mls:0";

  /** Name and namespace. */
  QName QNAME = new QName(NAMESPACE, ELEMENT);

  /** The most parts that a message may have. */
  int MAX_PARTS = 512;

  /** The most characters of Base64 that an element may have. */
  int MAX_BASE64_CHARS = 256 * 1024;

  @Override
  default String getElementName() {
    return ELEMENT;
  }

  @Override
  default String getNamespace() {
    return NAMESPACE;
  }

  /**
   * A part of a message. Parts of a message are sent one after the other from part 0 on.
   *
   * @param kind what the message is, 1 to 16 letters a-z
   * @param id the same for all parts of a message, and no other unfinished message's of the sender;
   *     1 to 32 of a-z and 0-9
   * @param part which one it is, from 0 on
   * @param parts how many the message has, 1 to {@link #MAX_PARTS}
   * @param octets the part's own; not none unless it is the only one; not copied
   */
  @SuppressWarnings("ArrayRecordComponent") // parts are not compared
  record Part(String kind, String id, int part, int parts, byte[] octets) implements MlsElement {
    /** Checks the ranges. */
    public Part {
      String complaint = complaintAbout(kind, id, part, parts, octets.length);
      if (complaint != null) {
        throw new IllegalArgumentException(complaint);
      }
    }

    /** Returns what forbids a part with such values, or null. */
    public static @Nullable String complaintAbout(
        String kind, String id, int part, int parts, int lengthBytes) {
      if (!isKind(kind)) {
        return "kind is not 1 to 16 letters a-z";
      }
      if (id.isEmpty() || id.length() > 32 || !id.chars().allMatch(Part::isIdCharacter)) {
        return "id is not 1 to 32 of a-z and 0-9";
      }
      if (parts < 1 || parts > MAX_PARTS) {
        return "parts is not 1 to " + MAX_PARTS;
      }
      if (part < 0 || part >= parts) {
        return "part is not 0 to parts - 1";
      }
      if (lengthBytes == 0 && parts > 1) {
        return "a part of several is empty";
      }
      return null;
    }

    /** Tells whether this may be a message's kind. */
    public static boolean isKind(String kind) {
      return !kind.isEmpty()
          && kind.length() <= 16
          && kind.chars().allMatch(character -> character >= 'a' && character <= 'z');
    }

    private static boolean isIdCharacter(int character) {
      return (character >= 'a' && character <= 'z') || (character >= '0' && character <= '9');
    }

    @Override
    public XmlStringBuilder toXML(XmlEnvironment enclosing) {
      return new XmlStringBuilder(this, enclosing)
          .attribute("kind", kind)
          .attribute("id", id)
          .attribute("part", part)
          .attribute("parts", parts)
          .rightAngleBracket()
          .append(Base64.getEncoder().encodeToString(octets))
          .closeElement(this);
    }
  }

  /**
   * An occupant's word that it speaks the protocol.
   *
   * @param octets what it publishes, or none; not copied
   */
  @SuppressWarnings("ArrayRecordComponent") // marks are not compared
  record Mark(byte[] octets) implements MlsElement {
    @Override
    public XmlStringBuilder toXML(XmlEnvironment enclosing) {
      XmlStringBuilder xml = new XmlStringBuilder(this, enclosing);
      if (octets.length == 0) {
        return xml.closeEmptyElement();
      }
      return xml.rightAngleBracket()
          .append(Base64.getEncoder().encodeToString(octets))
          .closeElement(this);
    }
  }

  /**
   * What was received under the element's name and is none of its forms. It is never sent.
   *
   * @param reason what is wrong, without what was received
   */
  record Malformed(String reason) implements MlsElement {
    @Override
    public XmlStringBuilder toXML(XmlEnvironment enclosing) {
      return new XmlStringBuilder(this, enclosing).closeEmptyElement();
    }
  }
}
