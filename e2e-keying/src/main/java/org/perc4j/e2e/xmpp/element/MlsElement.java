/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.xmpp.element;

import java.util.Base64;
import javax.xml.namespace.QName;
import org.jivesoftware.smack.packet.ExtensionElement;
import org.jivesoftware.smack.packet.XmlEnvironment;
import org.jivesoftware.smack.util.XmlStringBuilder;
import org.perc4j.e2e.room.RoomElement;

/**
 * The element {@code <mls xmlns='urn:x-perc4j:mls:0'>}, in each of its forms. Immutable.
 *
 * @param form what it says
 */
public record MlsElement(RoomElement form) implements ExtensionElement {
  /** Name and namespace. */
  public static final QName QNAME = new QName(RoomElement.NAMESPACE, RoomElement.ELEMENT);

  @Override
  public String getElementName() {
    return RoomElement.ELEMENT;
  }

  @Override
  public String getNamespace() {
    return RoomElement.NAMESPACE;
  }

  @Override
  public XmlStringBuilder toXML(XmlEnvironment enclosing) {
    XmlStringBuilder xml = new XmlStringBuilder(this, enclosing);
    if (form instanceof RoomElement.Part part) {
      xml.attribute("kind", part.kind())
          .attribute("id", part.id())
          .attribute("part", part.part())
          .attribute("parts", part.parts());
      return withText(xml, part.octets());
    }
    if (form instanceof RoomElement.Mark mark && mark.octets().length > 0) {
      return withText(xml, mark.octets());
    }
    return xml.closeEmptyElement();
  }

  private XmlStringBuilder withText(XmlStringBuilder xml, byte[] octets) {
    return xml.rightAngleBracket()
        .append(Base64.getEncoder().encodeToString(octets))
        .closeElement(this);
  }
}
