/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.xmpp;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jivesoftware.smack.packet.ExtensionElement;
import org.jivesoftware.smack.packet.Presence;
import org.jivesoftware.smack.packet.PresenceBuilder;
import org.jivesoftware.smack.packet.StanzaFactory;
import org.jivesoftware.smackx.muc.packet.MUCInitialPresence;
import org.jspecify.annotations.Nullable;
import org.jxmpp.jid.EntityFullJid;
import org.jxmpp.jid.parts.Resourcepart;
import org.perc4j.e2e.room.RoomElement;
import org.perc4j.e2e.room.RoomException;
import org.perc4j.e2e.xmpp.element.MlsElement;

/**
 * What this occupant shows of itself: the mark of the protocol with what it publishes, a line for
 * people, and what the application adds. All of it stands in each presence, as the room keeps the
 * last one only. Thread-safe.
 */
final class OwnPresence {
  static final String STATUS = "end-to-end encrypted: hears, and is heard by, perc4j clients only";

  private final StanzaFactory stanzas;
  private final EntityFullJid self;
  private final Outbox outbox;

  @GuardedBy("this")
  private @Nullable String password;

  @GuardedBy("this")
  private byte[] published = new byte[0];

  @GuardedBy("this")
  private List<ExtensionElement> shown = List.of();

  /** Other elements than the presence had that asked for entry. */
  @GuardedBy("this")
  private boolean showsOther;

  OwnPresence(StanzaFactory stanzas, EntityFullJid self, Outbox outbox) {
    this.stanzas = stanzas;
    this.self = self;
    this.outbox = outbox;
  }

  /** Asks for entry with a password from now on, or without one. */
  synchronized void setPassword(@Nullable String used) {
    password = used;
  }

  /** Asks for entry. Nothing is published from now on. */
  synchronized void askForEntry() throws RoomException {
    published = new byte[0];
    showsOther = false;
    outbox.offer(
        List.of(presence().addExtension(new MUCInitialPresence(password, -1, 0, -1, null)).build()),
        0);
  }

  /** The room was entered: shows what has changed since entry was asked for. */
  synchronized void entered() throws RoomException {
    if (showsOther) {
      showsOther = false;
      offer();
    }
  }

  synchronized void publish(byte[] octets) throws RoomException {
    published = octets.clone();
    offer();
  }

  /**
   * Shows elements in place of those that were shown before.
   *
   * @param inRoom whether that can be done at once; otherwise it is when the room is entered
   */
  synchronized void show(List<ExtensionElement> elements, BooleanSupplier inRoom)
      throws RoomException {
    shown = elements;
    if (inRoom.getAsBoolean()) {
      offer();
    } else {
      showsOther = true;
    }
  }

  /** Returns one's own nickname. */
  Resourcepart nickname() {
    return self.getResourcepart();
  }

  /** Returns what says that this occupant leaves. */
  Presence farewell() {
    return stanzas.buildPresenceStanza().to(self).ofType(Presence.Type.unavailable).build();
  }

  @GuardedBy("this")
  private void offer() throws RoomException {
    outbox.offer(List.of(presence().ofType(Presence.Type.available).build()), published.length);
  }

  @GuardedBy("this")
  private PresenceBuilder presence() {
    PresenceBuilder presence =
        stanzas
            .buildPresenceStanza()
            .to(self)
            .setStatus(STATUS)
            .addExtension(new MlsElement(new RoomElement.Mark(published)));
    shown.forEach(presence::addExtension);
    return presence;
  }
}
