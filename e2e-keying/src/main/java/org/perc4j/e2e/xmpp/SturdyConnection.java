/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.xmpp;

import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;
import org.jivesoftware.smack.xml.XmlPullParser;
import org.jivesoftware.smack.xml.XmlPullParserException;

/**
 * A connection that skips stanzas which Smack's own parsers fail at with an unchecked exception.
 * Otherwise it would be lost, and any occupant could take it from all the others: a delay without a
 * stamp is enough (Smack 4.4.8, {@code AbstractDelayInformationProvider}).
 */
final class SturdyConnection extends XMPPTCPConnection {
  private static final Logger LOGGER = Logger.getLogger(SturdyConnection.class.getName());

  SturdyConnection(XMPPTCPConnectionConfiguration configuration) {
    super(configuration);
  }

  @Override
  protected void parseAndProcessStanza(XmlPullParser parser)
      throws XmlPullParserException, IOException, InterruptedException {
    int depth = parser.getDepth();
    try {
      super.parseAndProcessStanza(parser);
    } catch (RuntimeException e) {
      LOGGER.log(Level.WARNING, "a stanza cannot be parsed", e);
      while (parser.getEventType() != XmlPullParser.Event.END_ELEMENT
          || parser.getDepth() != depth) {
        XmlPullParser.Event unused = parser.next();
      }
    }
  }
}
