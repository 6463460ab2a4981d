/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.xmpp;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.XMPPException;
import org.jivesoftware.smack.filter.StanzaTypeFilter;
import org.jivesoftware.smack.packet.ExtensionElement;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.Message;
import org.jivesoftware.smack.packet.Presence;
import org.jivesoftware.smack.packet.StandardExtensionElement;
import org.jivesoftware.smack.packet.Stanza;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;
import org.jivesoftware.smackx.muc.MUCAffiliation;
import org.jivesoftware.smackx.muc.MUCRole;
import org.jivesoftware.smackx.muc.packet.Destroy;
import org.jivesoftware.smackx.muc.packet.MUCAdmin;
import org.jivesoftware.smackx.muc.packet.MUCInitialPresence;
import org.jivesoftware.smackx.muc.packet.MUCItem;
import org.jivesoftware.smackx.muc.packet.MUCOwner;
import org.jivesoftware.smackx.muc.packet.MUCUser;
import org.jivesoftware.smackx.xdata.FormField;
import org.jivesoftware.smackx.xdata.packet.DataForm;
import org.jxmpp.jid.EntityBareJid;
import org.jxmpp.jid.Jid;
import org.jxmpp.jid.impl.JidCreate;
import org.jxmpp.jid.parts.Resourcepart;
import org.perc4j.it.harness.Await;

/**
 * Owns all rooms and lobbies, and decides who is let in; it is no occupant of rooms. Not
 * thread-safe.
 */
public final class Moderator implements AutoCloseable {
  private final XMPPTCPConnection connection;

  /** Real addresses of those that were seen in rooms and lobbies, by their address there. */
  private final Map<Jid, Jid> seen = new ConcurrentHashMap<>();

  private Moderator(XMPPTCPConnection connection) {
    this.connection = connection;
  }

  /** Connects. */
  public static Moderator connect(ProsodyServer server) throws IOException, InterruptedException {
    XMPPTCPConnection connection =
        new XMPPTCPConnection(
            XMPPTCPConnectionConfiguration.builder()
                .setHost("127.0.0.1")
                .setPort(server.port())
                .setXmppDomain(ProsodyServer.ACCOUNTS)
                .setResource("moderator")
                .setSecurityMode(XMPPTCPConnectionConfiguration.SecurityMode.disabled)
                .setSendPresence(false)
                .setUsernameAndPassword(ProsodyServer.FOCUS_USER, "any")
                .build());
    Moderator moderator = new Moderator(connection);
    connection.addSyncStanzaListener(moderator::presence, StanzaTypeFilter.PRESENCE);
    try {
      connection.connect();
      connection.login();
      return moderator;
    } catch (SmackException | XMPPException e) {
      moderator.close();
      throw new IOException(e);
    }
  }

  private void presence(Stanza stanza) {
    MUCUser user = MUCUser.from(stanza);
    if (user != null && user.getItem() != null && user.getItem().getJid() != null) {
      if (((Presence) stanza).getType() == Presence.Type.available) {
        seen.put(stanza.getFrom(), user.getItem().getJid());
      } else {
        Object unused = seen.remove(stanza.getFrom());
      }
    }
  }

  /** Gives a room a password. */
  public void setPassword(String room, String password) throws IOException, InterruptedException {
    configure(
        room,
        DataForm.builder(DataForm.Type.submit)
            .addField(type())
            .addField(
                FormField.booleanBuilder("muc#roomconfig_passwordprotectedroom")
                    .setValue(true)
                    .build())
            .addField(FormField.builder("muc#roomconfig_roomsecret").setValue(password).build()));
  }

  /** Lets nobody in any more but members. */
  public void setMembersOnly(String room) throws IOException, InterruptedException {
    configure(
        room,
        DataForm.builder(DataForm.Type.submit)
            .addField(type())
            .addField(
                FormField.booleanBuilder("muc#roomconfig_membersonly").setValue(true).build()));
  }

  private static FormField type() {
    return FormField.buildHiddenFormType("http://jabber.org/protocol/muc#roomconfig");
  }

  private void configure(String room, DataForm.Builder form)
      throws IOException, InterruptedException {
    MUCOwner configuration = new MUCOwner();
    configuration.setType(IQ.Type.set);
    configuration.setTo(JidCreate.entityBareFrom(room));
    configuration.addExtension(form.build());
    ask(configuration);
  }

  /** Ends a room. */
  public void destroy(String room) throws IOException, InterruptedException {
    MUCOwner end = new MUCOwner();
    end.setType(IQ.Type.set);
    end.setTo(JidCreate.entityBareFrom(room));
    end.setDestroy(new Destroy(null, "over"));
    ask(end);
  }

  /** Enters a room's lobby, to see who waits. */
  public void watch(String lobby) throws IOException, InterruptedException {
    EntityBareJid address = JidCreate.entityBareFrom(lobby);
    send(
        connection
            .getStanzaFactory()
            .buildPresenceStanza()
            .to(JidCreate.entityFullFrom(address, Resourcepart.from("moderator")))
            .addExtension(new MUCInitialPresence(null, -1, 0, -1, null))
            .build());
  }

  /** Returns the nickname of somebody who waits in a lobby, or will soon. */
  public String awaitSomebody(String lobby) throws Exception {
    Await.until("somebody waits in " + lobby, Await.PATIENCE, () -> !waiting(lobby).isEmpty());
    return waiting(lobby).get(0);
  }

  /** Waits until nobody waits in a lobby any more. */
  public void awaitNobody(String lobby) throws Exception {
    Await.until("nobody waits in " + lobby, Await.PATIENCE, () -> waiting(lobby).isEmpty());
  }

  private List<String> waiting(String lobby) {
    return seen.keySet().stream()
        .filter(there -> there.asBareJid().toString().equals(lobby))
        .map(there -> String.valueOf(there.getResourceOrNull()))
        .filter(nickname -> !nickname.equals("moderator"))
        .toList();
  }

  /** Lets somebody into a room who waits in its lobby, or will soon. */
  public void admit(String room, String lobby, String nickname) throws Exception {
    // Smack invites bare addresses only, and Jitsi's clients full ones.
    ExtensionElement invitation =
        StandardExtensionElement.builder("x", MUCUser.NAMESPACE)
            .addElement(
                StandardExtensionElement.builder("invite", MUCUser.NAMESPACE)
                    .addAttribute("to", awaitWaiting(lobby, nickname).toString())
                    .build())
            .build();
    send(
        connection
            .getStanzaFactory()
            .buildMessageStanza()
            .to(JidCreate.entityBareFrom(room))
            .ofType(Message.Type.normal)
            .addExtension(invitation)
            .build());
  }

  /** Throws somebody out of a lobby who waits there, or will soon. */
  public void turnAway(String lobby, String nickname) throws Exception {
    Jid unused = awaitWaiting(lobby, nickname);
    MUCAdmin removal = new MUCAdmin();
    removal.setType(IQ.Type.set);
    removal.setTo(JidCreate.entityBareFrom(lobby));
    removal.addItem(new MUCItem(MUCRole.none, Resourcepart.from(nickname)));
    ask(removal);
  }

  private Jid awaitWaiting(String lobby, String nickname) throws Exception {
    Jid there =
        JidCreate.entityFullFrom(JidCreate.entityBareFrom(lobby), Resourcepart.from(nickname));
    Await.until(nickname + " waits", Await.PATIENCE, () -> seen.containsKey(there));
    return Objects.requireNonNull(seen.get(there));
  }

  /** Waits until Jicofo has made somebody an owner of a room, as it does with who comes first. */
  public void awaitOwner(String room) throws Exception {
    Await.until(
        "somebody owns " + room,
        Await.PATIENCE,
        () -> {
          MUCAdmin question = new MUCAdmin();
          question.setType(IQ.Type.get);
          question.setTo(JidCreate.entityBareFromOrThrowUnchecked(room));
          question.addItem(new MUCItem(MUCAffiliation.owner));
          try {
            MUCAdmin answer = connection.sendIqRequestAndWaitForResponse(question);
            return !answer.getItems().isEmpty();
          } catch (SmackException | XMPPException e) {
            return false;
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
          }
        });
  }

  private void ask(IQ request) throws IOException, InterruptedException {
    try {
      Object unused = connection.sendIqRequestAndWaitForResponse(request);
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
