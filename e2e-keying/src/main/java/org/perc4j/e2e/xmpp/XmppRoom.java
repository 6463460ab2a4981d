/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.xmpp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jivesoftware.smack.AbstractXMPPConnection;
import org.jivesoftware.smack.packet.ExtensionElement;
import org.jivesoftware.smack.packet.Message;
import org.jivesoftware.smack.packet.StandardExtensionElement;
import org.jivesoftware.smack.packet.Stanza;
import org.jivesoftware.smack.parsing.ExceptionLoggingCallback;
import org.jivesoftware.smack.provider.ProviderManager;
import org.jspecify.annotations.Nullable;
import org.jxmpp.jid.EntityBareJid;
import org.jxmpp.jid.EntityFullJid;
import org.jxmpp.jid.Jid;
import org.jxmpp.jid.impl.JidCreate;
import org.jxmpp.jid.parts.Resourcepart;
import org.perc4j.e2e.room.MessageParts;
import org.perc4j.e2e.room.OccupantName;
import org.perc4j.e2e.room.Occupants;
import org.perc4j.e2e.room.RoomChannel;
import org.perc4j.e2e.room.RoomElement;
import org.perc4j.e2e.room.RoomEvent;
import org.perc4j.e2e.room.RoomException;
import org.perc4j.e2e.xmpp.element.MlsElement;
import org.perc4j.e2e.xmpp.provider.MlsProvider;

/**
 * A room on an XMPP server (XEP-0045, Multi-User Chat). Thread-safe; has two threads from {@link
 * #enter} until it ends, one that tells the listener and one that sends, and another one while it
 * is left.
 *
 * <p>The room's order is the order of the stream: all stanzas of the room go through one listener
 * that Smack calls in the order of arrival, and through one queue, together with what happens to
 * the connection. Smack's {@code MultiUserChat} does not keep the order between messages and
 * presence.
 *
 * <p>Who is there, and what they publish, follows from each occupant's last presence alone, as that
 * is what the room shows to those who enter later. An occupant whose presence loses its mark counts
 * as departed, and as an outsider. So is, marked or not, whoever could be no member, because its
 * nickname is too long or not canonical: it is seen, but it does not speak. What one's own presence
 * shows to outsiders, for their people to read, is {@link #STATUS}.
 *
 * <p>What was said while away comes later if the stream can be resumed (XEP-0198). If it can't, the
 * room is entered anew, under the same nickname. A message of one's own that was sent when the
 * connection was lost may be lost with it, even if the stream is resumed: it is with the others
 * when it comes back.
 */
public final class XmppRoom implements RoomChannel {
  /** The most octets of XML of one stanza that carries a part of a message, unless told. */
  public static final int DEFAULT_STANZA_BYTES = 48 * 1024;

  /** The most octets of XML of a presence stanza. Prosody takes stanzas of up to 256 KiB. */
  public static final int MAX_PRESENCE_BYTES = 240_000;

  /**
   * The most occupants that speak the protocol, and the most that do not, that are told apart. All
   * beyond it are one outsider together, {@link #BEYOND_MAX_OCCUPANTS}.
   */
  public static final int MAX_OCCUPANTS = Occupants.MAX_OCCUPANTS;

  /**
   * The outsider that stands for all occupants beyond {@link #MAX_OCCUPANTS}, until the last of
   * them is gone. If there were more than four times as many of them, nothing says when that is: it
   * stays until the room is entered anew.
   */
  public static final String BEYOND_MAX_OCCUPANTS = Occupants.BEYOND;

  /** The most characters of a nickname; occupants with a longer one are outsiders. */
  public static final int MAX_OCCUPANT_CHARS = OccupantName.MAX_NICKNAME_CHARS;

  /** What the presence says to people whose clients do not speak the protocol. */
  public static final String STATUS = OwnPresence.STATUS;

  /** The most octets of XML that an application can add to its presence. */
  public static final int MAX_SHOWN_BYTES = 16 * 1024;

  static final int MAX_PUBLISHED_BYTES = MessageParts.partBytes(MAX_PRESENCE_BYTES);

  private static final Duration MIN_ENTRY_TIMEOUT = Duration.ofSeconds(30);
  private static final String HINTS = "urn:xmpp:hints";

  static {
    ProviderManager.addExtensionProvider(
        RoomElement.ELEMENT, RoomElement.NAMESPACE, new MlsProvider());
  }

  private final AbstractXMPPConnection connection;
  private final Duration entryTimeout;
  private final EntityBareJid room;
  private final String occupant;
  private final int stanzaBytes;
  private final AtomicLong messages = new AtomicLong();
  private final AtomicBoolean leaving = new AtomicBoolean();
  private final RoomThread thread;
  private final Outbox outbox;
  private final OwnPresence presence;
  private final RoomLink link;
  private final Stay stay;

  /**
   * Prepares a room.
   *
   * @param connection stays its owner's, who may have connected and authenticated it already, and
   *     who decides whether it reconnects (Smack's {@code ReconnectionManager}) and whether streams
   *     are resumed. From now on it logs what Smack cannot parse, instead of disconnecting, as any
   *     occupant could cause that, and does not repeat stanzas of a stream that could not be
   *     resumed. Unless the connection comes from {@link XmppServer}, an occupant can still make
   *     Smack 4.4.8 disconnect by what its parsers fail at with an unchecked exception, and is not
   *     seen if they fail at its presence.
   * @param room bare JID
   * @param occupant nickname, canonical ({@link org.perc4j.e2e.name.CanonicalName}), at most {@link
   *     #MAX_OCCUPANT_CHARS} characters
   * @param stanzaBytes the most octets of XML of one stanza that carries a part of a message, 4,096
   *     to {@link #MAX_PRESENCE_BYTES}
   */
  public XmppRoom(
      AbstractXMPPConnection connection,
      EntityBareJid room,
      Resourcepart occupant,
      int stanzaBytes) {
    this(connection, false, room, occupant, stanzaBytes);
  }

  XmppRoom(
      AbstractXMPPConnection connection,
      boolean ownsConnection,
      EntityBareJid room,
      Resourcepart occupant,
      int stanzaBytes) {
    String fault = OccupantName.fault(occupant.toString());
    if (fault != null) {
      throw new IllegalArgumentException("nickname: " + fault);
    }
    if (stanzaBytes < MessageParts.MIN_STANZA_BYTES || stanzaBytes > MAX_PRESENCE_BYTES) {
      throw new IllegalArgumentException("stanzas of " + stanzaBytes + " octets");
    }
    this.connection = connection;
    Duration replyTimeout = Duration.ofMillis(connection.getReplyTimeout());
    this.entryTimeout =
        replyTimeout.compareTo(MIN_ENTRY_TIMEOUT) > 0 ? replyTimeout : MIN_ENTRY_TIMEOUT;
    this.room = room;
    this.occupant = occupant.toString();
    this.stanzaBytes = stanzaBytes;
    this.thread = new RoomThread("perc4j events of " + this.occupant);
    this.outbox = new Outbox(connection, this.occupant);
    this.presence =
        new OwnPresence(
            connection.getStanzaFactory(), JidCreate.entityFullFrom(room, occupant), outbox);
    this.link =
        new RoomLink(
            connection, ownsConnection, room, outbox, this::stanzaArrived, new LinkListener());
    this.stay =
        new Stay(connection, room, this.occupant, thread, outbox, presence, link, entryTimeout);
    connection.setParsingExceptionCallback(new ExceptionLoggingCallback());
  }

  private void stanzaArrived(Stanza stanza) {
    thread.execute(
        () -> {
          RoomStanza read = RoomStanza.read(stanza, room());
          if (read != null) {
            stay.arrived(read);
          }
        });
  }

  private final class LinkListener implements RoomLink.Listener {
    @Override
    public void back(boolean resumed) {
      thread.execute(() -> stay.connectionBack(resumed));
    }

    @Override
    public void lost(String reason, boolean mayComeBack) {
      thread.execute(() -> stay.connectionLost(reason, mayComeBack));
    }
  }

  @Override
  public String room() {
    return room.toString();
  }

  @Override
  public String occupant() {
    return occupant;
  }

  @Override
  public int maxPublishedBytes() {
    return MAX_PUBLISHED_BYTES;
  }

  /**
   * Returns the connection, for an application that does more with it, such as signalling. It may
   * connect and authenticate it before this room is entered. If this room made it ({@link
   * XmppServer#room}), it ends with this room.
   */
  public AbstractXMPPConnection connection() {
    return connection;
  }

  /** Enters with a password from now on, now and whenever it comes back; null for none. */
  public void usePassword(@Nullable String password) {
    presence.setPassword(password);
  }

  /**
   * Waits in the room's lobby from now on, if it has one as Jitsi's rooms do and this one is not
   * let in at once, until somebody decides. Without this, such a room refuses.
   *
   * @param displayName by which people know who asks
   * @param waits is told that somebody has to decide, perhaps more than once; must not block
   */
  public void waitInLobby(String displayName, Runnable waits) {
    stay.setKnock(new Stay.Knock(displayName, waits));
  }

  /**
   * Connects and authenticates, if that is not done yet; for an application that does more with the
   * connection before it enters.
   */
  public void connect() throws RoomException, InterruptedException {
    link.connect();
  }

  /**
   * Connects and authenticates, if that is not done yet, and enters the room; waits until it is
   * entered, in the room's lobby too. If the room does not exist, this makes an "instant room" of
   * it.
   *
   * @throws RoomRefusedException if the room does not let this one in
   */
  @Override
  public void enter(Consumer<RoomEvent> listener) throws RoomException {
    synchronized (this) {
      if (stay.firstEntry().isDone() || outbox.isStarted()) {
        throw new IllegalStateException("entered before");
      }
      outbox.start();
    }
    link.tie();
    try {
      link.connect();
      thread.execute(() -> stay.start(listener));
      // The stay has time limits for everything but people.
      Object unused = stay.firstEntry().get();
    } catch (RoomException e) {
      leaveAndWait();
      throw e;
    } catch (ExecutionException e) {
      leaveAndWait();
      Throwable cause = e.getCause() == null ? e : e.getCause();
      if (cause instanceof RoomRefusedException refused) {
        throw refused;
      }
      throw new RoomException(String.valueOf(cause.getMessage()), cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      leaveAndWait();
      throw new RoomException("interrupted", e);
    }
  }

  /**
   * {@inheritDoc}
   *
   * @throws RoomException also if more than 16 MiB wait to be sent
   */
  @Override
  public void broadcast(String kind, byte[] octets) throws RoomException {
    send(Message.Type.groupchat, room, kind, octets);
  }

  /**
   * {@inheritDoc}
   *
   * @throws RoomException also if more than 16 MiB wait to be sent
   */
  @Override
  public void sendTo(String occupant, String kind, byte[] octets) throws RoomException {
    EntityFullJid to;
    try {
      to = JidCreate.entityFullFrom(room, Resourcepart.from(occupant));
    } catch (IOException e) {
      throw new RoomException("no nickname: " + occupant, e);
    }
    send(Message.Type.chat, to, kind, octets);
  }

  private void send(Message.Type type, Jid to, String kind, byte[] octets) throws RoomException {
    if (!RoomElement.Part.isKind(kind)) {
      throw new IllegalArgumentException("kind " + kind);
    }
    if (octets.length > MAX_MESSAGE_BYTES) {
      throw new RoomException(octets.length + " octets are too long for a message");
    }
    requireIn();
    String id = Long.toString(messages.getAndIncrement(), Character.MAX_RADIX);
    List<Message> stanzas = new ArrayList<>();
    for (RoomElement.Part part : MessageParts.split(kind, id, octets, stanzaBytes)) {
      stanzas.add(
          connection
              .getStanzaFactory()
              .buildMessageStanza()
              .ofType(type)
              .to(to)
              .addExtension(new MlsElement(part))
              .addExtension(StandardExtensionElement.builder("no-store", HINTS).build())
              .addExtension(StandardExtensionElement.builder("no-copy", HINTS).build())
              .build());
    }
    outbox.offer(stanzas, octets.length);
  }

  @Override
  public void publish(byte[] octets) throws RoomException {
    if (octets.length > MAX_PUBLISHED_BYTES) {
      throw new RoomException(octets.length + " octets are too long to be published");
    }
    requireIn();
    presence.publish(octets);
  }

  /**
   * Shows elements of the application's own in the presence, in place of those that it showed
   * before, beside what perc4j has there. If the room is not entered yet, or the server is away,
   * they are shown when it is entered.
   *
   * @param elements not in perc4j's namespace, immutable; up to {@link #MAX_SHOWN_BYTES}
   * @throws RoomException if they are too long, or if more than 16 MiB wait to be sent
   */
  public void show(List<? extends ExtensionElement> elements) throws RoomException {
    int length = 0;
    for (ExtensionElement element : elements) {
      if (element.getNamespace().equals(RoomElement.NAMESPACE)) {
        throw new IllegalArgumentException("an element of perc4j's: " + element.getElementName());
      }
      length += element.toXML().toString().getBytes(StandardCharsets.UTF_8).length;
    }
    if (length > MAX_SHOWN_BYTES) {
      throw new RoomException(length + " octets are too long to be shown");
    }
    presence.show(List.copyOf(elements), stay::isIn);
  }

  private void requireIn() throws RoomException {
    if (!stay.isIn()) {
      throw new RoomException("not in the room");
    }
  }

  /**
   * Leaves the room and enters it again under the same nickname, for an application whose
   * signalling with another occupant has come to nothing: Jicofo invites each occupant that comes,
   * once. The others see a member leave and one come; the listener is told as if the connection had
   * been lost. Does nothing if the room is not entered at the moment. Returns at once.
   */
  public void reenter() {
    thread.execute(stay::reenter);
  }

  /**
   * {@inheritDoc}
   *
   * <p>What waits to be sent is still sent, if that takes no more than some seconds; then the
   * connection ends, if it is this room's. A thread sees to it that this does not take for ever,
   * and keeps the Java machine from ending before.
   */
  @Override
  public void leave() {
    thread.execute(() -> stay.end(RoomEvent.Ended.Cause.LEFT, "left"));
    if (outbox.isStarted() && leaving.compareAndSet(false, true)) {
      Thread last = new Thread(outbox::awaitEnd, "perc4j leaving of " + occupant);
      last.setDaemon(false);
      last.start();
    }
  }

  private void leaveAndWait() {
    leave();
    outbox.awaitEnd();
  }
}
