/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.call;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jivesoftware.smack.AbstractXMPPConnection;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.StanzaListener;
import org.jivesoftware.smack.filter.StanzaTypeFilter;
import org.jivesoftware.smack.packet.ExtensionElement;
import org.jivesoftware.smack.packet.Message;
import org.jivesoftware.smack.packet.Presence;
import org.jivesoftware.smack.packet.StandardExtensionElement;
import org.jivesoftware.smack.provider.ProviderManager;
import org.jivesoftware.smackx.nick.packet.Nick;
import org.jivesoftware.smackx.nick.provider.NickProvider;
import org.jspecify.annotations.Nullable;
import org.jxmpp.jid.EntityBareJid;
import org.jxmpp.jid.impl.JidCreate;
import org.jxmpp.jid.parts.Resourcepart;
import org.perc4j.e2e.session.SessionOptions;
import org.perc4j.e2e.xmpp.XmppRoom;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.signalling.Source;
import org.perc4j.endpoint.web.WebException;

/**
 * What people see of each other in the room without a group, one's own and others': names, and
 * whether they are mute, in the presence of Jitsi's clients, and words. Thread-safe.
 */
final class RoomPresence implements Closeable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SOURCES = "SourceInfo";
  private static final String SOURCES_NAMESPACE = "jabber:client";

  /** Jitsi's clients name sources by the kind and the number behind the nickname. */
  private static final String AUDIO_MARK = "-a";

  private static final int MAX_SOURCE_INFO_CHARS = 16 * 1024;

  static {
    ProviderManager.addExtensionProvider(
        Nick.QNAME.getLocalPart(), Nick.QNAME.getNamespaceURI(), new NickProvider());
  }

  private final AbstractXMPPConnection connection;
  private final EntityBareJid room;
  private final String self;
  private final @Nullable String displayName;
  private final List<Source> sources;
  private final Consumer<CallEvent> events;
  private final StanzaListener onPresence = stanza -> presence((Presence) stanza);
  private final Map<String, Occupant> occupants = new HashMap<>();
  private final Set<MediaKind> muted = EnumSet.noneOf(MediaKind.class);

  /**
   * Listens from now on.
   *
   * @param sources the own ones
   * @param events are told in the order of presence, and must not block
   */
  RoomPresence(
      AbstractXMPPConnection connection,
      EntityBareJid room,
      String self,
      @Nullable String displayName,
      List<Source> sources,
      Consumer<CallEvent> events) {
    this.connection = connection;
    this.room = room;
    this.self = self;
    this.displayName = displayName;
    this.sources = sources;
    this.events = events;
    connection.addSyncStanzaListener(onPresence, StanzaTypeFilter.PRESENCE);
  }

  // ---------------------------------------------------------------- one's own

  /** Shows that something is mute, or is not any more. */
  synchronized void mute(MediaKind kind, boolean mutes) {
    boolean unused = mutes ? muted.add(kind) : muted.remove(kind);
  }

  /** Returns what is to be shown. */
  synchronized List<ExtensionElement> shown() {
    List<ExtensionElement> shown = new ArrayList<>();
    ObjectNode info = JSON.createObjectNode();
    for (Source source : sources) {
      ObjectNode each = info.putObject(source.name()).put("muted", muted.contains(source.kind()));
      if (source.kind() == MediaKind.VIDEO) {
        each.put("videoType", "camera");
      }
    }
    shown.add(
        StandardExtensionElement.builder(SOURCES, SOURCES_NAMESPACE)
            .setText(info.toString())
            .build());
    if (displayName != null) {
      shown.add(new Nick(displayName));
    }
    return shown;
  }

  /** Says something to one person in the room, which its client shows as a private message. */
  void say(String nickname, String text) throws IOException {
    try {
      connection.sendStanza(
          connection
              .getStanzaFactory()
              .buildMessageStanza()
              .ofType(Message.Type.chat)
              .to(JidCreate.entityFullFrom(room, Resourcepart.from(nickname)))
              .setBody(text)
              .build());
    } catch (SmackException.NotConnectedException e) {
      throw new IOException("not connected", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  // ---------------------------------------------------------------- others'

  private void presence(Presence presence) {
    Resourcepart resource =
        presence.getFrom() == null ? null : presence.getFrom().getResourceOrNull();
    if (resource == null || !room.equals(presence.getFrom().asBareJid())) {
      return;
    }
    String nickname = resource.toString();
    if (nickname.equals(self) || nickname.equals(SessionOptions.JITSI_FOCUS)) {
      return;
    }
    synchronized (this) {
      if (presence.getType() == Presence.Type.unavailable) {
        if (occupants.remove(nickname) != null) {
          events.accept(new CallEvent.OccupantGone(nickname));
        }
      } else if (presence.getType() == Presence.Type.available
          && (occupants.containsKey(nickname) || occupants.size() < XmppRoom.MAX_OCCUPANTS)) {
        Occupant now = read(nickname, presence);
        if (!now.equals(occupants.put(nickname, now))) {
          events.accept(new CallEvent.OccupantShown(now));
        }
      }
    }
  }

  static Occupant read(String nickname, Presence presence) {
    boolean audioMuted = true;
    boolean videoMuted = true;
    if (presence.getExtensionElement(SOURCES, SOURCES_NAMESPACE)
            instanceof StandardExtensionElement info
        && info.getText() != null
        && info.getText().length() <= MAX_SOURCE_INFO_CHARS) {
      try {
        for (Map.Entry<String, JsonNode> each : JSON.readTree(info.getText()).properties()) {
          boolean sends = !each.getValue().path("muted").asBoolean(false);
          if (each.getKey().startsWith(nickname + AUDIO_MARK)) {
            audioMuted &= !sends;
          } else {
            videoMuted &= !sends;
          }
        }
      } catch (JsonProcessingException e) {
        // whoever says nothing that can be read says nothing
        audioMuted = true;
        videoMuted = true;
      }
    }
    String name = presence.getExtension(Nick.QNAME) instanceof Nick nick ? nick.getName() : null;
    return new Occupant(
        nickname,
        name == null || name.isBlank() ? null : WebException.printable(name.strip()),
        audioMuted,
        videoMuted);
  }

  @Override
  public void close() {
    connection.removeSyncStanzaListener(onPresence);
  }
}
