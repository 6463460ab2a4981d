/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.xmpp;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jivesoftware.smack.ConnectionListener;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.SmackException.EndpointConnectionException;
import org.jivesoftware.smack.SmackException.NoResponseException;
import org.jivesoftware.smack.SmackException.NotConnectedException;
import org.jivesoftware.smack.XMPPConnection;
import org.jivesoftware.smack.XMPPException;
import org.jivesoftware.smack.XMPPException.StreamErrorException;
import org.jivesoftware.smack.packet.Presence;
import org.jivesoftware.smack.packet.Stanza;
import org.jivesoftware.smack.packet.StreamError;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;
import org.jivesoftware.smack.util.Async;
import org.jivesoftware.smack.xml.XmlPullParser;
import org.jivesoftware.smack.xml.XmlPullParserException;
import org.jivesoftware.smackx.ping.packet.Ping;
import org.jspecify.annotations.Nullable;
import org.jxmpp.jid.impl.JidCreate;
import org.jxmpp.stringprep.XmppStringprepException;

/**
 * A connection that does not break by what others do, and notices when it has.
 *
 * <p>It skips stanzas which Smack's own parsers fail at with an unchecked exception. Otherwise it
 * would be lost, and any occupant could take it from all the others: a delay without a stamp is
 * enough (Smack 4.4.8, {@code AbstractDelayInformationProvider}). Of presence that cannot be
 * parsed, whatever the reason, it passes on from whom it is and whether that comes or goes, without
 * the rest: nobody can be in a room unseen, or leave it unseen, by sending what Smack fails at.
 *
 * <p>When the server says nothing for a while, it is pinged (XEP-0199), and when it goes on saying
 * nothing for as long, the connection counts as lost. Smack's {@code PingManager} waits two minutes
 * for an answer, leaves the connection as it is, and needs room in the queue for its ping.
 *
 * <p>A resumed stream is pinged at once, and given up if that is not answered. Prosody 0.12 goes on
 * with the parser of the lost connection: if that was lost in the midst of a stanza, all that
 * follows counts as its content and vanishes (mod_c2s, {@code session.data}), each time the stream
 * is resumed.
 */
class SturdyConnection extends XMPPTCPConnection {
  private static final Logger LOGGER = Logger.getLogger(SturdyConnection.class.getName());

  private static final long NOT_PINGED = Long.MIN_VALUE;

  private final long pingIntervalMillis;

  /** Counts logins, so that only the latest one's stream is watched. */
  private final AtomicInteger logins = new AtomicInteger();

  /** Whether the stanza that is read got through the parsers. Used by the thread that reads. */
  private boolean parsed;

  SturdyConnection(XMPPTCPConnectionConfiguration configuration, Duration pingInterval) {
    super(configuration);
    this.pingIntervalMillis = pingInterval.toMillis();
    addConnectionListener(
        new ConnectionListener() {
          @Override
          public void authenticated(XMPPConnection connection, boolean resumed) {
            int login = logins.incrementAndGet();
            lookLater(login, NOT_PINGED, pingIntervalMillis);
            if (resumed) {
              // not here: that would keep the next listener waiting
              Object unused = Async.go(() -> probe(login));
            }
          }
        });
  }

  /**
   * {@inheritDoc}
   *
   * <p>What a socket of another making says is the only thing that tells why it could not be
   * connected; Smack would wrap it in a sentence about an address that means nothing.
   */
  @Override
  protected void connectInternal()
      throws SmackException, IOException, XMPPException, InterruptedException {
    try {
      super.connectInternal();
    } catch (EndpointConnectionException e) {
      if (getConfiguration().getSocketFactory() != null
          && e.getConnectionExceptions().size() == 1
          && e.getConnectionExceptions().get(0).getException() instanceof IOException reason) {
        throw reason;
      }
      throw e;
    }
  }

  private void lookLater(int login, long pingedAtMillis, long delayMillis) {
    Object unused = schedule(() -> look(login, pingedAtMillis), delayMillis, TimeUnit.MILLISECONDS);
  }

  private void look(int login, long pingedAtMillis) {
    if (login != logins.get() || !isAuthenticated()) {
      return;
    }
    long now = System.currentTimeMillis();
    long heardAtMillis = getLastStanzaReceived();
    if (pingedAtMillis != NOT_PINGED && heardAtMillis < pingedAtMillis) {
      // Waits for Smack's threads to end.
      Object unused =
          Async.go(() -> notifyConnectionError(new IOException("the server sends nothing")));
    } else if (now - heardAtMillis < pingIntervalMillis) {
      lookLater(login, NOT_PINGED, pingIntervalMillis - (now - heardAtMillis));
    } else {
      // Waits while the queue is full, as it may be when nothing gets through.
      Object unused = Async.go(this::ping);
      lookLater(login, now, pingIntervalMillis);
    }
  }

  private void probe(int login) {
    Object unused =
        sendIqRequestAsync(new Ping(getXMPPServiceDomain()), pingIntervalMillis)
            .onError(
                failure -> {
                  if (failure instanceof NoResponseException && login == logins.get()) {
                    Object unusedThread = Async.go(this::giveUpStream);
                  }
                });
  }

  /** Smack resumes no stream that ended with a stream error. */
  private void giveUpStream() {
    notifyConnectionError(
        new StreamErrorException(
            new StreamError(
                StreamError.Condition.undefined_condition,
                "the server does not respond",
                Map.of("en", "the server does not receive what is sent on the resumed stream"),
                List.of())));
  }

  private void ping() {
    try {
      sendStanza(new Ping(getXMPPServiceDomain()));
    } catch (NotConnectedException e) {
      LOGGER.log(Level.FINE, "connection was already lost", e);
    } catch (InterruptedException e) {
      LOGGER.log(Level.FINE, "connection was lost while waiting", e);
    }
  }

  @Override
  protected void parseAndProcessStanza(XmlPullParser parser)
      throws XmlPullParserException, IOException, InterruptedException {
    int depth = parser.getDepth();
    boolean isPresence = parser.getName().equals(Presence.ELEMENT);
    String from = parser.getAttributeValue("", "from");
    String type = parser.getAttributeValue("", "type");
    parsed = false;
    try {
      super.parseAndProcessStanza(parser);
    } catch (RuntimeException e) {
      LOGGER.log(Level.WARNING, "could not parse a stanza", e);
      while (parser.getEventType() != XmlPullParser.Event.END_ELEMENT
          || parser.getDepth() != depth) {
        XmlPullParser.Event unused = parser.next();
      }
    }
    if (!parsed && isPresence && from != null) {
      processBarePresence(from, type);
    }
  }

  private void processBarePresence(String from, @Nullable String type) throws InterruptedException {
    if (type != null && !type.equals(Presence.Type.unavailable.toString())) {
      return;
    }
    try {
      processStanza(
          getStanzaFactory()
              .buildPresenceStanza()
              .from(JidCreate.from(from))
              .ofType(type == null ? Presence.Type.available : Presence.Type.unavailable)
              .build());
    } catch (XmppStringprepException e) {
      LOGGER.log(Level.WARNING, "ignoring presence: invalid sender address", e);
    }
  }

  @Override
  protected void processStanza(Stanza stanza) throws InterruptedException {
    parsed = true;
    super.processStanza(stanza);
  }
}
