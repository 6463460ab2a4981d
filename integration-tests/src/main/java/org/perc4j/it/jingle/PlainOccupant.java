/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.jingle;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.jivesoftware.smack.AbstractXMPPConnection;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.XMPPException;
import org.jivesoftware.smack.packet.ExtensionElement;
import org.jivesoftware.smack.packet.Presence;
import org.jivesoftware.smack.packet.PresenceBuilder;
import org.jivesoftware.smackx.muc.MultiUserChat;
import org.jivesoftware.smackx.muc.MultiUserChatManager;
import org.jspecify.annotations.Nullable;
import org.jxmpp.jid.EntityBareJid;
import org.jxmpp.jid.EntityFullJid;
import org.jxmpp.jid.impl.JidCreate;
import org.jxmpp.jid.parts.Resourcepart;
import org.jxmpp.stringprep.XmppStringprepException;

/** An occupant as all Jitsi clients are that have never heard of perc4j. Thread-safe. */
final class PlainOccupant implements JingleOccupant.Occupancy, Closeable {
  private final AbstractXMPPConnection connection;
  private final MultiUserChat chat;
  private final EntityFullJid self;

  /**
   * Prepares an occupant.
   *
   * @param connection ends with it
   */
  PlainOccupant(AbstractXMPPConnection connection, EntityBareJid room, String nickname)
      throws IOException {
    this.connection = connection;
    this.chat = MultiUserChatManager.getInstanceFor(connection).getMultiUserChat(room);
    this.self = JidCreate.entityFullFrom(room, Resourcepart.from(nickname));
  }

  AbstractXMPPConnection connection() {
    return connection;
  }

  /** Enters the room, once connected. */
  void enter() throws IOException, InterruptedException {
    try {
      Object unused = chat.createOrJoin(self.getResourcepart());
    } catch (SmackException | XMPPException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void reenter() throws IOException, InterruptedException {
    try {
      chat.leave();
    } catch (SmackException | XMPPException e) {
      throw new IOException(e);
    }
    enter();
  }

  @Override
  public void show(List<? extends ExtensionElement> elements)
      throws IOException, InterruptedException {
    PresenceBuilder presence =
        connection
            .getStanzaFactory()
            .buildPresenceStanza()
            .to(self)
            .ofType(Presence.Type.available);
    elements.forEach(presence::addExtension);
    try {
      connection.sendStanza(presence.build());
    } catch (SmackException e) {
      throw new IOException(e);
    }
  }

  /** Returns the status in somebody's presence, or null. */
  @Nullable String status(String nickname) {
    try {
      Presence presence =
          chat.getOccupantPresence(
              JidCreate.entityFullFrom(chat.getRoom(), Resourcepart.from(nickname)));
      return presence == null ? null : presence.getStatus();
    } catch (XmppStringprepException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Leaves the room and the server. */
  @Override
  public void close() {
    connection.disconnect();
  }
}
