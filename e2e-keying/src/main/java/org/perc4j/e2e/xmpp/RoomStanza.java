/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.xmpp;

import java.util.List;
import java.util.Set;
import java.util.logging.Logger;
import org.jivesoftware.smack.packet.ExtensionElement;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.Message;
import org.jivesoftware.smack.packet.Presence;
import org.jivesoftware.smack.packet.StandardExtensionElement;
import org.jivesoftware.smack.packet.Stanza;
import org.jivesoftware.smack.packet.StanzaError;
import org.jivesoftware.smackx.delay.packet.DelayInformation;
import org.jivesoftware.smackx.muc.packet.MUCUser;
import org.jspecify.annotations.Nullable;
import org.jxmpp.jid.EntityBareJid;
import org.jxmpp.jid.impl.JidCreate;
import org.jxmpp.jid.parts.Resourcepart;
import org.perc4j.e2e.room.OccupantName;
import org.perc4j.e2e.room.RoomElement;
import org.perc4j.e2e.xmpp.RoomRefusedException.Reason;
import org.perc4j.e2e.xmpp.element.MlsElement;

/** What a stanza of the room says. What that means depends on where one stands. */
sealed interface RoomStanza {
  /** What Jitsi's modules add to errors is in this namespace. */
  String JITSI = "http://jitsi.org/jitmeet";

  /** An answer to something that was asked of the room. */
  record Answer(String id) implements RoomStanza {}

  /**
   * Presence was not taken.
   *
   * @param occupant whose nickname the error comes under; null if it is the room's own
   * @param lobby where to wait to be let in, or null
   * @param nameRequired whether Jitsi's room wants a name for people
   */
  record Refusal(
      @Nullable OccupantName occupant,
      @Nullable StanzaError error,
      @Nullable EntityBareJid lobby,
      boolean nameRequired)
      implements RoomStanza {
    private static final Set<StanzaError.Condition> NOT_WANTED_THERE =
        Set.of(
            StanzaError.Condition.forbidden,
            StanzaError.Condition.not_authorized,
            StanzaError.Condition.registration_required);

    /** Whether it may be otherwise after a while. */
    boolean mayPass() {
      return error == null || !NOT_WANTED_THERE.contains(error.getCondition());
    }

    RoomRefusedException exception() {
      if (error == null) {
        return new RoomRefusedException(Reason.OTHER, "the room cannot be entered");
      }
      if (nameRequired) {
        return new RoomRefusedException(Reason.NAME_REQUIRED, "the room wants a name for people");
      }
      return switch (error.getCondition()) {
        case conflict -> new RoomRefusedException(Reason.NICKNAME_TAKEN, "the nickname is taken");
        case forbidden -> new RoomRefusedException(Reason.BANNED, "banned from the room");
        case not_authorized -> new RoomRefusedException(Reason.PASSWORD, "the room has a password");
        case registration_required ->
            new RoomRefusedException(Reason.MEMBERS_ONLY, "the room is for members only");
        case service_unavailable ->
            new RoomRefusedException(Reason.FULL, "the room is full, or there is no such service");
        case item_not_found ->
            new RoomRefusedException(Reason.NO_SUCH_ROOM, "the room is locked or does not exist");
        case not_allowed ->
            new RoomRefusedException(
                Reason.MAY_NOT_BE_MADE, "the room does not exist and may not be made");
        default ->
            new RoomRefusedException(
                Reason.OTHER, "the room cannot be entered: " + error.getCondition());
      };
    }
  }

  /**
   * An occupant is in the room.
   *
   * @param elements what it shows in the protocol's namespace
   */
  record Available(OccupantName occupant, Set<MUCUser.Status> status, List<RoomElement> elements)
      implements RoomStanza {
    boolean isToSelf() {
      return status.contains(MUCUser.Status.PRESENCE_TO_SELF_110);
    }

    boolean isOfNewRoom() {
      return status.contains(MUCUser.Status.ROOM_CREATED_201);
    }
  }

  /**
   * An occupant is not in the room any more.
   *
   * @param destroyed whether nobody is
   */
  record Unavailable(OccupantName occupant, Set<MUCUser.Status> status, boolean destroyed)
      implements RoomStanza {
    private static final MUCUser.Status SHUTDOWN_332 = MUCUser.Status.create(332);
    private static final MUCUser.Status MEMBERS_ONLY_322 = MUCUser.Status.create(322);
    private static final Set<MUCUser.Status> REMOVALS =
        Set.of(
            MUCUser.Status.BANNED_301,
            MUCUser.Status.NEW_NICKNAME_303,
            MUCUser.Status.KICKED_307,
            MUCUser.Status.REMOVED_AFFIL_CHANGE_321,
            MEMBERS_ONLY_322);

    /** XEP-0045: 332, the service shuts down; 333, it believes that the connection is lost. */
    boolean isTechnical() {
      return status.contains(MUCUser.Status.REMOVED_FOR_TECHNICAL_REASONS_333)
          || status.contains(SHUTDOWN_332);
    }

    /** Whether it is said that the occupant did not leave by itself. */
    boolean isRemoval() {
      return destroyed || status.stream().anyMatch(REMOVALS::contains);
    }

    String reason() {
      if (destroyed) {
        return "the room was destroyed";
      }
      if (status.contains(MUCUser.Status.BANNED_301)) {
        return "banned from the room";
      }
      if (status.contains(MUCUser.Status.KICKED_307)) {
        return "kicked from the room";
      }
      if (status.contains(MUCUser.Status.NEW_NICKNAME_303)) {
        return "the room gave another nickname";
      }
      return "removed from the room" + status;
    }
  }

  /**
   * An occupant says something in the protocol's namespace.
   *
   * @param toAll whether the room sent it to all occupants
   * @param elements one or more
   */
  record Said(OccupantName occupant, boolean toAll, List<RoomElement> elements)
      implements RoomStanza {}

  /**
   * Reads a stanza that the room sent, or passed on.
   *
   * @param room its bare JID
   * @return null if it says nothing that matters here
   */
  static @Nullable RoomStanza read(Stanza stanza, String room) {
    Resourcepart resource = stanza.getFrom().getResourceOrNull();
    if (stanza instanceof IQ answer) {
      return resource == null ? new Answer(String.valueOf(answer.getStanzaId())) : null;
    }
    OccupantName occupant = resource == null ? null : OccupantName.of(resource.toString());
    if (stanza instanceof Presence presence) {
      return read(presence, occupant);
    }
    if (stanza instanceof Message message && occupant != null) {
      return read(message, occupant, room);
    }
    return null;
  }

  private static @Nullable RoomStanza read(Presence presence, @Nullable OccupantName occupant) {
    if (presence.getType() == Presence.Type.error) {
      return new Refusal(
          occupant,
          presence.getError(),
          lobby(presence),
          saysJitsi(presence, "displayname-required"));
    }
    if (occupant == null) {
      return null;
    }
    MUCUser user = MUCUser.from(presence);
    Set<MUCUser.Status> status = user == null ? Set.of() : user.getStatus();
    if (presence.getType() == Presence.Type.available) {
      return new Available(occupant, status, forms(presence));
    }
    if (presence.getType() == Presence.Type.unavailable) {
      return new Unavailable(occupant, status, user != null && user.getDestroy() != null);
    }
    return null;
  }

  /** Jitsi's module names the lobby beside the error, and in it. */
  private static @Nullable EntityBareJid lobby(Presence presence) {
    StanzaError error = presence.getError();
    if (error == null || error.getCondition() != StanzaError.Condition.registration_required) {
      return null;
    }
    ExtensionElement named = error.getExtension("lobbyroom", JITSI);
    if (named == null) {
      named = presence.getExtensionElement("lobbyroom", presence.getNamespace());
    }
    if (!(named instanceof StandardExtensionElement plain) || plain.getText() == null) {
      return null;
    }
    EntityBareJid address = JidCreate.entityBareFromOrNull(plain.getText());
    return address != null && address.toString().equals(plain.getText()) ? address : null;
  }

  private static boolean saysJitsi(Presence presence, String element) {
    StanzaError error = presence.getError();
    return error != null && error.getExtension(element, JITSI) != null;
  }

  private static @Nullable RoomStanza read(Message message, OccupantName occupant, String room) {
    if (message.getType() == Message.Type.error) {
      log().warning("room " + room + " did not take a message: " + message.getError());
      return null;
    }
    boolean toAll = message.getType() == Message.Type.groupchat;
    if ((!toAll && message.getType() != Message.Type.chat)
        || message.getSubject() != null
        || isHistory(message, room)) {
      return null;
    }
    List<RoomElement> elements = forms(message);
    return elements.isEmpty() ? null : new Said(occupant, toAll, elements);
  }

  private static List<RoomElement> forms(Stanza stanza) {
    return stanza.getExtensions(MlsElement.QNAME).stream()
        .map(
            element ->
                element instanceof MlsElement mls
                    ? mls.form()
                    : new RoomElement.Malformed("no element of the protocol"))
        .toList();
  }

  /**
   * Tells whether the room repeats what was said before (XEP-0203, XEP-0045 section 7.2.15). The
   * stamp of one's own server does not count: it marks what comes late because a stream was resumed
   * (XEP-0198, section 5), and is live. The room removes its own stamp from what occupants send.
   */
  private static boolean isHistory(Message message, String room) {
    for (ExtensionElement element : message.getExtensions(DelayInformation.QNAME)) {
      if (element instanceof DelayInformation delay) {
        String from = delay.getFrom();
        if (from == null || from.equals(room) || from.startsWith(room + "/")) {
          return true;
        }
      }
    }
    return false;
  }

  private static Logger log() {
    return Logger.getLogger(RoomStanza.class.getName());
  }
}
