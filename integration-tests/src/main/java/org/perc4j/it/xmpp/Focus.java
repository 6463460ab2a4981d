/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.xmpp;

import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.StanzaCollector;
import org.jivesoftware.smack.XMPPException;
import org.jivesoftware.smack.packet.ExtensionElement;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.Message;
import org.jivesoftware.smack.packet.MessageBuilder;
import org.jivesoftware.smack.packet.Presence;
import org.jivesoftware.smack.packet.PresenceBuilder;
import org.jivesoftware.smack.packet.Stanza;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smackx.muc.MUCRole;
import org.jivesoftware.smackx.muc.packet.MUCAdmin;
import org.jivesoftware.smackx.muc.packet.MUCInitialPresence;
import org.jivesoftware.smackx.muc.packet.MUCItem;
import org.jivesoftware.smackx.muc.packet.MUCUser;
import org.jivesoftware.smackx.ping.packet.Ping;
import org.jxmpp.jid.EntityBareJid;
import org.jxmpp.jid.EntityFullJid;
import org.jxmpp.jid.Jid;
import org.jxmpp.jid.impl.JidCreate;
import org.jxmpp.jid.parts.Resourcepart;

/**
 * An occupant that moderates and does not speak the protocol, as Jicofo is: whoever makes a room
 * owns it. It can say anything to the room, for tests. Not thread-safe.
 */
public final class Focus implements AutoCloseable {
  /** Its nickname. */
  public static final String NICKNAME = "focus";

  private static final Logger LOGGER = Logger.getLogger(Focus.class.getName());

  private final XMPPTCPConnection connection;
  private final EntityBareJid room;
  private final EntityFullJid self;

  private Focus(XMPPTCPConnection connection, EntityBareJid room) throws IOException {
    this.connection = connection;
    this.room = room;
    this.self = JidCreate.entityFullFrom(room, Resourcepart.from(NICKNAME));
  }

  /**
   * Enters a room and waits until it is there.
   *
   * @param shown goes into its presence
   */
  public static Focus enter(ProsodyServer server, String room, ExtensionElement... shown)
      throws IOException, InterruptedException {
    XMPPTCPConnection connection = server.newGuest();
    Focus focus = new Focus(connection, JidCreate.entityBareFrom(room));
    try {
      connection.connect();
      connection.login();
      PresenceBuilder presence = focus.presence(shown);
      presence.addExtension(new MUCInitialPresence(null, -1, 0, -1, null));
      Stanza entry = presence.build();
      try (StanzaCollector entered =
          connection.createStanzaCollectorAndSend(focus::isEntry, entry)) {
        Stanza unused = entered.nextResultOrThrow();
      }
    } catch (SmackException | XMPPException e) {
      focus.close();
      throw new IOException(e);
    }
    return focus;
  }

  private boolean isEntry(Stanza stanza) {
    MUCUser user = MUCUser.from(stanza);
    return self.equals(stanza.getFrom())
        && user != null
        && user.getStatus().contains(MUCUser.Status.PRESENCE_TO_SELF_110);
  }

  private PresenceBuilder presence(ExtensionElement... shown) {
    PresenceBuilder presence =
        connection
            .getStanzaFactory()
            .buildPresenceStanza()
            .to(self)
            .ofType(Presence.Type.available);
    for (ExtensionElement element : shown) {
      presence.addExtension(element);
    }
    return presence;
  }

  /** Shows something else in its presence. */
  public void show(ExtensionElement... shown) throws IOException, InterruptedException {
    send(presence(shown).build());
  }

  /** Says something to all. */
  public void say(ExtensionElement... elements) throws IOException, InterruptedException {
    send(message(Message.Type.groupchat, room, elements));
  }

  /** Says something to one occupant. */
  public void whisper(String occupant, ExtensionElement... elements)
      throws IOException, InterruptedException {
    EntityFullJid to = JidCreate.entityFullFrom(room, Resourcepart.from(occupant));
    send(message(Message.Type.chat, to, elements));
  }

  private Message message(Message.Type type, Jid to, ExtensionElement... elements) {
    MessageBuilder message =
        connection
            .getStanzaFactory()
            .buildMessageStanza()
            .ofType(type)
            .to(to)
            .setBody("with a body, so that it is history");
    for (ExtensionElement element : elements) {
      message.addExtension(element);
    }
    return message.build();
  }

  /** Waits until the room has taken what was sent before. */
  public void settle() throws IOException, InterruptedException {
    try {
      Object unused = connection.sendIqRequestAndWaitForResponse(new Ping(room));
    } catch (XMPPException.XMPPErrorException e) {
      // A room need not answer pings, but it answers in order.
      LOGGER.log(Level.FINE, "the room was reached", e);
    } catch (SmackException e) {
      throw new IOException(e);
    }
  }

  /** Removes an occupant from the room (XEP-0045, section 8.2), and waits until that is done. */
  public void kick(String occupant) throws IOException, InterruptedException {
    MUCAdmin removal = new MUCAdmin();
    removal.setType(IQ.Type.set);
    removal.setTo(room);
    removal.addItem(new MUCItem(MUCRole.none, Resourcepart.from(occupant)));
    try {
      Object unused = connection.sendIqRequestAndWaitForResponse(removal);
    } catch (SmackException | XMPPException e) {
      throw new IOException(e);
    }
  }

  private void send(Stanza stanza) throws IOException, InterruptedException {
    try {
      connection.sendStanza(stanza);
    } catch (SmackException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    connection.disconnect();
  }
}
