/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.xmpp;

import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import javax.net.SocketFactory;
import org.jivesoftware.smack.ConnectionConfiguration.SecurityMode;
import org.jivesoftware.smack.ReconnectionManager;
import org.jivesoftware.smack.roster.Roster;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;
import org.jspecify.annotations.Nullable;
import org.jxmpp.jid.impl.JidCreate;
import org.jxmpp.jid.parts.Resourcepart;
import org.jxmpp.stringprep.XmppStringprepException;
import org.perc4j.e2e.room.RoomChannel;
import org.perc4j.e2e.room.RoomException;

/**
 * Where and as whom to connect. Immutable. A guest (SASL ANONYMOUS, RFC 4505) unless an account is
 * named; TLS with a certificate for the domain is required unless that is switched off.
 *
 * <p>A guest's stream cannot be resumed on Prosody, which looks for it under the name of the user,
 * and every guest's connection gets a new one: its room is entered anew.
 */
public final class XmppServer {
  /** How long a server may say nothing until it is asked for a sign of life, unless told. */
  public static final Duration DEFAULT_PING_INTERVAL = Duration.ofSeconds(20);

  /** How long an answer of a server may take, unless told; it is slow when many come at once. */
  public static final Duration DEFAULT_REPLY_TIMEOUT = Duration.ofSeconds(30);

  private static final int MIN_RECONNECTION_DELAY_SECONDS = 1;
  private static final int MAX_RECONNECTION_DELAY_SECONDS = 4;

  private record Account(String user, String password) {}

  /** Where a connection begins: a host and port, or what makes its sockets. */
  private record Way(String host, int port, @Nullable SocketFactory sockets) {
    @Override
    public String toString() {
      return sockets == null ? "at " + host + ":" + port : "through " + sockets;
    }
  }

  private final Way way;
  private final String domain;
  private final @Nullable Account account;
  private final boolean requiresTls;
  private final boolean resumes;
  private final Duration pingInterval;
  private final Duration replyTimeout;

  private XmppServer(
      Way way,
      String domain,
      @Nullable Account account,
      boolean requiresTls,
      boolean resumes,
      Duration pingInterval,
      Duration replyTimeout) {
    this.way = way;
    this.domain = domain;
    this.account = account;
    this.requiresTls = requiresTls;
    this.resumes = resumes;
    this.pingInterval = pingInterval;
    this.replyTimeout = replyTimeout;
  }

  /**
   * Names a server.
   *
   * @param host name or address to connect to
   * @param port TCP port for clients, usually 5222
   * @param domain XMPP domain that the user, or the guest, belongs to
   */
  public static XmppServer at(String host, int port, String domain) {
    return server(new Way(host, port, null), domain, true);
  }

  /**
   * Names a server that is reached through sockets of another making, which are secure themselves:
   * they carry a stream of RFC 6120 to the server over something that has encryption and has
   * checked whom it talks to, such as a WebSocket with TLS. TLS is not asked for inside of them.
   *
   * @param sockets makes an unconnected socket for each attempt to connect. That one's {@code
   *     connect} goes where the sockets lead, whatever address it is given, and throws what tells
   *     why it could not; {@link RoomException} has it as its cause
   * @param domain XMPP domain that the user, or the guest, belongs to
   */
  public static XmppServer through(SocketFactory sockets, String domain) {
    return server(new Way("", 0, sockets), domain, false);
  }

  private static XmppServer server(Way way, String domain, boolean requiresTls) {
    return new XmppServer(
        way, domain, null, requiresTls, false, DEFAULT_PING_INTERVAL, DEFAULT_REPLY_TIMEOUT);
  }

  /** Returns the same server with a user of its own. */
  public XmppServer withAccount(String user, String password) {
    return new XmppServer(
        way, domain, new Account(user, password), requiresTls, resumes, pingInterval, replyTimeout);
  }

  /**
   * Returns the same server without TLS: passwords and all else are sent in the clear, and anybody
   * on the way may change them. For tests on the loopback interface.
   */
  public XmppServer dangerouslyWithoutTls() {
    return new XmppServer(way, domain, account, false, resumes, pingInterval, replyTimeout);
  }

  /**
   * Returns the same server, whose streams are resumed after a connection was lost (XEP-0198), so
   * that nothing is missed. Otherwise the room is entered anew, which takes its members about a
   * second. Not the default: guests of Prosody 0.12 cannot resume, and of what others send on a
   * resumed stream it may lose some, or all, if the connection broke in the middle of a stanza.
   * That is noticed by a ping, and the stream given up, after the ping interval.
   */
  public XmppServer withResumption() {
    return new XmppServer(way, domain, account, requiresTls, true, pingInterval, replyTimeout);
  }

  /**
   * Returns the same server with another time after which a silent connection is looked at
   * (XEP-0199). If the server says nothing for as long again, the connection counts as lost.
   *
   * @param interval whole seconds, 1 to 3600
   */
  public XmppServer withPingInterval(Duration interval) {
    if (interval.toSeconds() < 1 || interval.toSeconds() > 3600) {
      throw new IllegalArgumentException("pings every " + interval);
    }
    return new XmppServer(way, domain, account, requiresTls, resumes, interval, replyTimeout);
  }

  /**
   * Returns the same server with another time that an answer may take, after which an attempt to
   * connect or to enter a room has failed.
   *
   * @param timeout 1 to 3600 s
   */
  public XmppServer withReplyTimeout(Duration timeout) {
    if (timeout.toSeconds() < 1 || timeout.toSeconds() > 3600) {
      throw new IllegalArgumentException("an answer within " + timeout);
    }
    return new XmppServer(way, domain, account, requiresTls, resumes, pingInterval, timeout);
  }

  /**
   * Prepares a room with a connection of its own, which {@link RoomChannel#enter} makes and {@link
   * RoomChannel#leave} ends. A lost connection is made again until one of them gives up.
   *
   * @param room bare JID
   * @param occupant nickname, canonical ({@link org.perc4j.e2e.name.CanonicalName}), at most {@link
   *     XmppRoom#MAX_OCCUPANT_CHARS} characters
   * @throws RoomException if one of the names is none in XMPP
   * @throws IllegalArgumentException if the nickname is too long or not canonical
   */
  public XmppRoom room(String room, String occupant) throws RoomException {
    try {
      return new XmppRoom(
          connection(),
          true,
          JidCreate.entityBareFrom(room),
          Resourcepart.from(occupant),
          XmppRoom.DEFAULT_STANZA_BYTES);
    } catch (XmppStringprepException e) {
      throw new RoomException("no name in XMPP: " + e.getCausingString(), e);
    }
  }

  private XMPPTCPConnection connection() throws XmppStringprepException {
    XMPPTCPConnectionConfiguration.Builder configuration =
        XMPPTCPConnectionConfiguration.builder()
            .setXmppDomain(domain)
            .setSecurityMode(requiresTls ? SecurityMode.required : SecurityMode.disabled)
            .setCompressionEnabled(false)
            .setSendPresence(false);
    if (way.sockets() == null) {
      configuration.setHost(way.host()).setPort(way.port());
    } else {
      // Smack wants an address, and looks up the domain's unless it has one.
      configuration
          .setHostAddress(InetAddress.getLoopbackAddress())
          .setSocketFactory(way.sockets());
    }
    if (account == null) {
      configuration.performSaslAnonymousAuthentication();
    } else {
      configuration.setUsernameAndPassword(account.user(), account.password());
    }
    XMPPTCPConnection connection = new SturdyConnection(configuration.build(), pingInterval);
    connection.setReplyTimeout(replyTimeout.toMillis());
    connection.setUseStreamManagement(true);
    connection.setUseStreamManagementResumption(resumes);
    // The outbox asks for acknowledgements. If Smack does, too, it may fail at that alone when the
    // connection is lost, and what it took is given to it once more.
    boolean unused = connection.addRequestAckPredicate(stanza -> false);
    Roster.getInstanceFor(connection).setRosterLoadedAtLogin(false);
    ReconnectionManager reconnection = ReconnectionManager.getInstanceFor(connection);
    // Occupants do not all come back at the same moment.
    reconnection.setFixedDelay(
        ThreadLocalRandom.current()
            .nextInt(MIN_RECONNECTION_DELAY_SECONDS, MAX_RECONNECTION_DELAY_SECONDS + 1));
    reconnection.enableAutomaticReconnection();
    return connection;
  }

  /** Without the password. */
  @Override
  public String toString() {
    return (account == null ? "guest" : account.user()) + "@" + domain + " " + way;
  }
}
