/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.xmpp;

import java.util.List;
import java.util.Set;
import org.jivesoftware.smack.AbstractXMPPConnection;
import org.jivesoftware.smack.StanzaListener;
import org.jivesoftware.smack.filter.StanzaTypeFilter;
import org.jivesoftware.smack.packet.Message;
import org.jivesoftware.smack.packet.Presence;
import org.jivesoftware.smack.packet.PresenceBuilder;
import org.jivesoftware.smack.packet.Stanza;
import org.jivesoftware.smackx.muc.packet.MUCInitialPresence;
import org.jivesoftware.smackx.muc.packet.MUCUser;
import org.jivesoftware.smackx.nick.packet.Nick;
import org.jspecify.annotations.Nullable;
import org.jxmpp.jid.EntityBareJid;
import org.jxmpp.jid.EntityFullJid;
import org.jxmpp.jid.impl.JidCreate;
import org.jxmpp.jid.parts.Resourcepart;
import org.perc4j.e2e.room.RoomException;

/**
 * The lobby of a room, as Jitsi's module for Prosody has it: a second room, in which one waits
 * until a moderator of the first invites one (XEP-0045, section 7.8.2) or throws one out. Used by
 * the room's thread alone.
 */
final class Lobby {
  /** What comes of it; on the room's thread. */
  interface Listener {
    /** It is in the lobby, and people decide; once, before the others. */
    void waits();

    /** The room can be asked for entry again. */
    void admitted();

    void denied();
  }

  private final AbstractXMPPConnection connection;
  private final RoomThread thread;
  private final Outbox outbox;
  private final EntityBareJid room;
  private final EntityFullJid self;
  private final Listener listener;
  private final StanzaListener onPresence = this::arrived;
  private final StanzaListener onMessage = this::arrived;
  private boolean inside;
  private boolean over;

  private Lobby(
      AbstractXMPPConnection connection,
      RoomThread thread,
      Outbox outbox,
      EntityBareJid room,
      EntityFullJid self,
      Listener listener) {
    this.connection = connection;
    this.thread = thread;
    this.outbox = outbox;
    this.room = room;
    this.self = self;
    this.listener = listener;
  }

  /**
   * Enters a lobby and waits.
   *
   * @param room whose lobby it is
   * @param lobby where it is
   * @param nickname one's own, in the room and the lobby
   * @param displayName by which people decide whether to let one in
   * @throws RoomException if too much waits to be sent
   */
  static Lobby enter(
      AbstractXMPPConnection connection,
      RoomThread thread,
      Outbox outbox,
      EntityBareJid room,
      EntityBareJid lobby,
      Resourcepart nickname,
      String displayName,
      Listener listener)
      throws RoomException {
    Lobby entered =
        new Lobby(
            connection, thread, outbox, room, JidCreate.entityFullFrom(lobby, nickname), listener);
    connection.addSyncStanzaListener(entered.onPresence, StanzaTypeFilter.PRESENCE);
    connection.addSyncStanzaListener(entered.onMessage, StanzaTypeFilter.MESSAGE);
    outbox.offer(List.of(entered.presence(Presence.Type.available, new Nick(displayName))), 0);
    return entered;
  }

  private Presence presence(Presence.Type type, @Nullable Nick name) {
    PresenceBuilder presence =
        connection.getStanzaFactory().buildPresenceStanza().to(self).ofType(type);
    if (name != null) {
      presence.addExtension(new MUCInitialPresence(null, -1, 0, -1, null)).addExtension(name);
    }
    return presence.build();
  }

  private void arrived(Stanza stanza) {
    if (room.equals(stanza.getFrom()) || self.equals(stanza.getFrom())) {
      thread.execute(() -> read(stanza));
    }
  }

  private void read(Stanza stanza) {
    if (over) {
      return;
    }
    MUCUser user = MUCUser.from(stanza);
    if (stanza instanceof Message message) {
      if (room.equals(message.getFrom())
          && message.getType() != Message.Type.error
          && user != null
          && user.getInvite() != null) {
        end(true);
        listener.admitted();
      }
    } else if (stanza instanceof Presence presence && self.equals(presence.getFrom())) {
      if (presence.getType() == Presence.Type.available && !inside) {
        inside = true;
        listener.waits();
      } else if (presence.getType() == Presence.Type.error) {
        leave();
        listener.denied();
      } else if (presence.getType() == Presence.Type.unavailable) {
        end(false);
        Set<MUCUser.Status> status = user == null ? Set.of() : user.getStatus();
        if (status.contains(MUCUser.Status.KICKED_307)
            || status.contains(MUCUser.Status.BANNED_301)) {
          listener.denied();
        } else {
          // The room has no lobby any more, or the lobby lost this one.
          listener.admitted();
        }
      }
    }
  }

  /** Waits no longer. */
  void leave() {
    if (!over) {
      end(true);
    }
  }

  private void end(boolean tells) {
    over = true;
    connection.removeSyncStanzaListener(onPresence);
    connection.removeSyncStanzaListener(onMessage);
    if (tells) {
      try {
        outbox.offer(List.of(presence(Presence.Type.unavailable, null)), 0);
      } catch (RoomException e) {
        // Who has left the room's server has left the lobby.
        over = true;
      }
    }
  }
}
