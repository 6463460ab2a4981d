/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.xmpp;

import java.io.IOException;
import java.util.function.Consumer;
import org.jivesoftware.smack.AbstractXMPPConnection;
import org.jivesoftware.smack.ConnectionListener;
import org.jivesoftware.smack.ReconnectionManager;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.StanzaListener;
import org.jivesoftware.smack.XMPPConnection;
import org.jivesoftware.smack.XMPPException;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.Message;
import org.jivesoftware.smack.packet.Presence;
import org.jivesoftware.smack.packet.Stanza;
import org.jivesoftware.smack.packet.StreamError;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jxmpp.jid.EntityBareJid;
import org.perc4j.e2e.room.RoomException;

/** A room's ties to its connection: what arrives, that it is lost, that it is back. Thread-safe. */
final class RoomLink {
  /** What happens to a connection. Called by Smack's threads; must not block. */
  interface Listener {
    /** The connection is authenticated, for the first time or again. */
    void back(boolean resumed);

    void lost(String reason, boolean mayComeBack);
  }

  private final AbstractXMPPConnection connection;
  private final boolean ownsConnection;
  private final EntityBareJid room;
  private final Outbox outbox;
  private final StanzaListener onStanza;
  private final StanzaListener onDropped = stanza -> {};
  private final ConnectionListener onConnection;

  /**
   * Ties nothing yet.
   *
   * @param ownsConnection whether the connection ends with the room
   * @param outbox is held from the moment when the connection is lost
   * @param arrivals are the room's stanzas, in order
   */
  RoomLink(
      AbstractXMPPConnection connection,
      boolean ownsConnection,
      EntityBareJid room,
      Outbox outbox,
      Consumer<Stanza> arrivals,
      Listener listener) {
    this.connection = connection;
    this.ownsConnection = ownsConnection;
    this.room = room;
    this.outbox = outbox;
    this.onStanza = arrivals::accept;
    this.onConnection = new ConnectionEvents(listener);
  }

  /** From now on, tells what happens. */
  void tie() {
    connection.addSyncStanzaListener(onStanza, this::isOfRoom);
    connection.addConnectionListener(onConnection);
    if (connection instanceof XMPPTCPConnection tcp) {
      tcp.addStanzaDroppedListener(onDropped);
    }
  }

  /** Connects and authenticates, if that is not done yet. */
  void connect() throws RoomException, InterruptedException {
    try {
      if (!connection.isConnected()) {
        connection.connect();
      }
      if (!connection.isAuthenticated()) {
        connection.login();
      }
    } catch (SmackException | XMPPException | IOException e) {
      throw new RoomException("no connection to the server: " + e.getMessage(), e);
    }
  }

  /** Tells nothing any more. */
  void untie() {
    connection.removeSyncStanzaListener(onStanza);
    connection.removeConnectionListener(onConnection);
  }

  /** Lets go of the connection when nothing is to be sent any more; ends it if it is the room's. */
  void letGo() {
    if (connection instanceof XMPPTCPConnection tcp) {
      boolean unused = tcp.removeStanzaDroppedListener(onDropped);
    }
    if (ownsConnection) {
      ReconnectionManager reconnection = ReconnectionManager.getInstanceFor(connection);
      reconnection.disableAutomaticReconnection();
      reconnection.abortPossiblyRunningReconnection();
      connection.disconnect();
    }
  }

  private boolean isOfRoom(Stanza stanza) {
    return stanza.getFrom() != null
        && stanza.getFrom().asBareJid().equals(room)
        && (stanza instanceof Presence
            || stanza instanceof Message
            || (stanza instanceof IQ iq && iq.isResponseIQ()));
  }

  private final class ConnectionEvents implements ConnectionListener {
    private final Listener listener;

    ConnectionEvents(Listener listener) {
      this.listener = listener;
    }

    @Override
    public void authenticated(XMPPConnection authenticated, boolean resumed) {
      listener.back(resumed);
    }

    @Override
    public void connectionClosed() {
      listener.lost("the connection was closed", false);
    }

    @Override
    public void connectionClosedOnError(Exception e) {
      if (connection.isAuthenticated()) {
        return; // and it is back already
      }
      outbox.hold();
      boolean replaced =
          e instanceof XMPPException.StreamErrorException error
              && error.getStreamError().getCondition() == StreamError.Condition.conflict;
      boolean reconnects =
          ReconnectionManager.getInstanceFor(connection).isAutomaticReconnectEnabled();
      listener.lost("the connection was lost: " + e.getMessage(), reconnects && !replaced);
    }
  }
}
