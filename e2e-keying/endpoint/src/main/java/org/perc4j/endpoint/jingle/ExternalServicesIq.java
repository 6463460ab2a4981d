/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.jingle;

import java.io.IOException;
import java.util.List;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.IqData;
import org.jivesoftware.smack.packet.XmlEnvironment;
import org.jivesoftware.smack.provider.IqProvider;
import org.jivesoftware.smack.xml.XmlPullParser;
import org.jivesoftware.smack.xml.XmlPullParserException;
import org.jspecify.annotations.Nullable;
import org.perc4j.endpoint.relay.RelayService;

/** Asks which services there are besides XMPP, and the answer (XEP-0215). */
final class ExternalServicesIq extends IQ {
  static final String ELEMENT = "services";
  static final String NAMESPACE = "urn:xmpp:extdisco:2";

  private final ExternalServiceList services;

  /** Asks for all. */
  ExternalServicesIq() {
    this(new ExternalServiceList());
    setType(Type.get);
  }

  private ExternalServicesIq(ExternalServiceList services) {
    super(ELEMENT, NAMESPACE);
    this.services = services;
  }

  /** Returns what of the answer can be used, in its order. */
  List<RelayService> services() {
    return services.usable();
  }

  /** Returns what can not be used, and why, without secrets. */
  List<String> complaints() {
    return services.complaints();
  }

  @Override
  protected IQChildElementXmlStringBuilder getIQChildElementBuilder(
      IQChildElementXmlStringBuilder xml) {
    xml.setEmptyElement();
    return xml;
  }

  /**
   * Reads answers. Whatever well-formed XML there is, the result is an answer: an exception would
   * end the connection. Keeps no state.
   */
  static final class Provider extends IqProvider<ExternalServicesIq> {
    @Override
    public ExternalServicesIq parse(
        XmlPullParser parser,
        int initialDepth,
        @Nullable IqData data,
        @Nullable XmlEnvironment environment)
        throws XmlPullParserException, IOException {
      ExternalServiceList services = new ExternalServiceList();
      while (true) {
        XmlPullParser.Event event = parser.next();
        if (event == XmlPullParser.Event.START_ELEMENT
            && parser.getDepth() == initialDepth + 1
            && "service".equals(parser.getName())
            && NAMESPACE.equals(parser.getNamespace())) {
          services.add(name -> parser.getAttributeValue("", name));
        } else if (event == XmlPullParser.Event.END_ELEMENT && parser.getDepth() == initialDepth) {
          return new ExternalServicesIq(services);
        }
      }
    }
  }
}
