/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.xmpp;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jivesoftware.smack.AbstractXMPPConnection;
import org.jivesoftware.smack.ConnectionListener;
import org.jivesoftware.smack.ReconnectionManager;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.StanzaListener;
import org.jivesoftware.smack.XMPPConnection;
import org.jivesoftware.smack.XMPPException;
import org.jivesoftware.smack.packet.ExtensionElement;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.Message;
import org.jivesoftware.smack.packet.Presence;
import org.jivesoftware.smack.packet.PresenceBuilder;
import org.jivesoftware.smack.packet.StandardExtensionElement;
import org.jivesoftware.smack.packet.Stanza;
import org.jivesoftware.smack.packet.StanzaError;
import org.jivesoftware.smack.packet.StreamError;
import org.jivesoftware.smack.parsing.ExceptionLoggingCallback;
import org.jivesoftware.smack.provider.ProviderManager;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smackx.delay.packet.DelayInformation;
import org.jivesoftware.smackx.muc.packet.MUCInitialPresence;
import org.jivesoftware.smackx.muc.packet.MUCOwner;
import org.jivesoftware.smackx.muc.packet.MUCUser;
import org.jivesoftware.smackx.xdata.packet.DataForm;
import org.jspecify.annotations.Nullable;
import org.jxmpp.jid.EntityBareJid;
import org.jxmpp.jid.EntityFullJid;
import org.jxmpp.jid.impl.JidCreate;
import org.jxmpp.jid.parts.Resourcepart;
import org.perc4j.e2e.xmpp.element.MlsElement;
import org.perc4j.e2e.xmpp.provider.MlsProvider;

/**
 * A room on an XMPP server (XEP-0045, Multi-User Chat). Thread-safe; has two threads from {@link
 * #enter} until it ends, one that tells the listener and one that sends.
 *
 * <p>The room's order is the order of the stream: all stanzas of the room go through one listener
 * that Smack calls in the order of arrival, and through one queue, together with what happens to
 * the connection. Smack's {@code MultiUserChat} does not keep the order between messages and
 * presence.
 *
 * <p>Who is there, and what they publish, follows from each occupant's last presence alone, as that
 * is what the room shows to those who enter later. An occupant whose presence loses its mark counts
 * as departed, and as an outsider. What one's own presence shows to outsiders, for their people to
 * read, is {@link #STATUS}.
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

  /** The most occupants that are told apart; those beyond it do not appear. */
  public static final int MAX_OCCUPANTS = 4096;

  /** The most characters of a nickname; occupants with a longer one do not appear. */
  public static final int MAX_OCCUPANT_CHARS = 128;

  /** What the presence says to people whose clients do not speak the protocol. */
  public static final String STATUS =
      "end-to-end encrypted: hears, and is heard by, perc4j clients only";

  /** The most octets of XML that an application can add to its presence. */
  public static final int MAX_SHOWN_BYTES = 16 * 1024;

  static final int MAX_PUBLISHED_BYTES = MessageParts.partBytes(MAX_PRESENCE_BYTES);

  private static final Logger LOGGER = Logger.getLogger(XmppRoom.class.getName());
  private static final Duration MIN_ENTRY_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration REENTRY_DELAY = Duration.ofSeconds(3);
  private static final int REENTRY_ATTEMPTS = 40;
  private static final Duration AWAY_TIMEOUT = Duration.ofMinutes(10);

  private static final String HINTS = "urn:xmpp:hints";
  private static final Set<StanzaError.Condition> NOT_WANTED_THERE =
      Set.of(
          StanzaError.Condition.forbidden,
          StanzaError.Condition.not_authorized,
          StanzaError.Condition.registration_required);

  static {
    ProviderManager.addExtensionProvider(
        MlsElement.ELEMENT, MlsElement.NAMESPACE, new MlsProvider());
  }

  private static final MUCUser.Status SHUTDOWN_332 = MUCUser.Status.create(332);

  private enum Phase {
    NEW,
    ENTERING,
    IN,
    LEAVING_TO_ENTER,
    AWAY,
    ENDED
  }

  private final AbstractXMPPConnection connection;
  private final Duration entryTimeout;
  private final boolean ownsConnection;
  private final EntityBareJid room;
  private final EntityFullJid self;
  private final String occupant;
  private final int stanzaBytes;
  private final AtomicLong messages = new AtomicLong();
  private final Outbox outbox;
  private final ScheduledThreadPoolExecutor events;
  private final CompletableFuture<@Nullable Void> firstEntry = new CompletableFuture<>();
  private final StanzaListener onStanza = stanza -> inOrder(() -> stanzaArrived(stanza));
  private final StanzaListener onDropped = stanza -> {};
  private final ConnectionListener onConnection = new ConnectionEvents();

  private final Object presenceLock = new Object();

  @GuardedBy("presenceLock")
  private byte[] published = new byte[0];

  @GuardedBy("presenceLock")
  private List<ExtensionElement> shown = List.of();

  /** Other elements than the presence had that asked for entry. */
  @GuardedBy("presenceLock")
  private boolean showsOther;

  /** Written by the thread of events. */
  private volatile Phase phase = Phase.NEW;

  private volatile @Nullable Thread eventThread;

  // Used by the thread of events alone.
  private Consumer<RoomEvent> listener = event -> {};
  private final Map<String, byte[]> publishedByOccupant = new LinkedHashMap<>();
  private final Set<String> outsiders = new LinkedHashSet<>();
  private final MessageParts parts = new MessageParts();
  private final Deque<Stanza> arrivedWhileAway = new ArrayDeque<>();
  private final Deque<Stanza> arrivedWhileUnlocking = new ArrayDeque<>();
  private Phase beforeAway = Phase.NEW;
  private int attempt;
  private @Nullable String unlocking;

  /** Counts what ends a wait, so that timeouts of earlier waits do nothing. */
  private int wait;

  /**
   * Prepares a room.
   *
   * @param connection stays its owner's, who may have connected and authenticated it already, and
   *     who decides whether it reconnects (Smack's {@code ReconnectionManager}) and whether streams
   *     are resumed. From now on it logs what Smack cannot parse, instead of disconnecting, as any
   *     occupant could cause that, and does not repeat stanzas of a stream that could not be
   *     resumed. An occupant can still make Smack 4.4.8 disconnect by what its parsers fail at with
   *     an unchecked exception, unless the connection comes from {@link XmppServer}.
   * @param room bare JID
   * @param occupant nickname, at most {@link #MAX_OCCUPANT_CHARS} characters
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
    if (occupant.length() > MAX_OCCUPANT_CHARS) {
      throw new IllegalArgumentException("nickname longer than " + MAX_OCCUPANT_CHARS);
    }
    if (stanzaBytes < MessageParts.MIN_STANZA_BYTES || stanzaBytes > MAX_PRESENCE_BYTES) {
      throw new IllegalArgumentException("stanzas of " + stanzaBytes + " octets");
    }
    this.connection = connection;
    Duration replyTimeout = Duration.ofMillis(connection.getReplyTimeout());
    this.entryTimeout =
        replyTimeout.compareTo(MIN_ENTRY_TIMEOUT) > 0 ? replyTimeout : MIN_ENTRY_TIMEOUT;
    this.ownsConnection = ownsConnection;
    this.room = room;
    this.self = JidCreate.entityFullFrom(room, occupant);
    this.occupant = occupant.toString();
    this.stanzaBytes = stanzaBytes;
    this.outbox = new Outbox(connection, this.occupant);
    this.events =
        new ScheduledThreadPoolExecutor(
            1, this::newEventThread, new ThreadPoolExecutor.DiscardPolicy());
    this.events.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    connection.setParsingExceptionCallback(new ExceptionLoggingCallback());
  }

  private Thread newEventThread(Runnable work) {
    Thread thread = new Thread(work, "perc4j events of " + occupant);
    thread.setDaemon(true);
    eventThread = thread;
    return thread;
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

  /**
   * Connects and authenticates, if that is not done yet, and enters the room; waits until it is
   * entered. If the room does not exist, this makes an "instant room" of it.
   */
  @Override
  public void enter(Consumer<RoomEvent> listener) throws RoomException {
    synchronized (this) {
      if (phase != Phase.NEW || firstEntry.isDone() || outbox.isStarted()) {
        throw new IllegalStateException("entered before");
      }
      outbox.start();
    }
    connection.addSyncStanzaListener(onStanza, this::isOfRoom);
    connection.addConnectionListener(onConnection);
    if (connection instanceof XMPPTCPConnection tcp) {
      tcp.addStanzaDroppedListener(onDropped);
    }
    try {
      if (!connection.isConnected()) {
        connection.connect();
      }
      if (!connection.isAuthenticated()) {
        connection.login();
      }
      inOrder(
          () -> {
            this.listener = listener;
            startEntering();
          });
      firstEntry.get(entryTimeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RoomException e) {
      leave();
      throw e;
    } catch (SmackException | XMPPException | IOException e) {
      leave();
      throw new RoomException("no connection to the server: " + e.getMessage(), e);
    } catch (ExecutionException e) {
      leave();
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new RoomException(String.valueOf(cause.getMessage()), cause);
    } catch (TimeoutException e) {
      leave();
      throw new RoomException("the room does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      leave();
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

  private void send(Message.Type type, org.jxmpp.jid.Jid to, String kind, byte[] octets)
      throws RoomException {
    if (!MlsElement.Part.isKind(kind)) {
      throw new IllegalArgumentException("kind " + kind);
    }
    if (octets.length > MAX_MESSAGE_BYTES) {
      throw new RoomException(octets.length + " octets are too long for a message");
    }
    requireIn();
    String id = Long.toString(messages.getAndIncrement(), Character.MAX_RADIX);
    List<Message> stanzas = new ArrayList<>();
    for (MlsElement.Part part : MessageParts.split(kind, id, octets, stanzaBytes)) {
      stanzas.add(
          connection
              .getStanzaFactory()
              .buildMessageStanza()
              .ofType(type)
              .to(to)
              .addExtension(part)
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
    synchronized (presenceLock) {
      published = octets.clone();
      offerPresence();
    }
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
      if (element.getNamespace().equals(MlsElement.NAMESPACE)) {
        throw new IllegalArgumentException("an element of perc4j's: " + element.getElementName());
      }
      length += element.toXML().toString().getBytes(StandardCharsets.UTF_8).length;
    }
    if (length > MAX_SHOWN_BYTES) {
      throw new RoomException(length + " octets are too long to be shown");
    }
    synchronized (presenceLock) {
      shown = List.copyOf(elements);
      if (phase == Phase.IN) {
        offerPresence();
      } else {
        showsOther = true;
      }
    }
  }

  @GuardedBy("presenceLock")
  private void offerPresence() throws RoomException {
    outbox.offer(List.of(presence().ofType(Presence.Type.available).build()), published.length);
  }

  private void requireIn() throws RoomException {
    if (phase != Phase.IN) {
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
    inOrder(
        () -> {
          if (phase == Phase.IN) {
            leaveToEnter();
          }
        });
  }

  /**
   * {@inheritDoc}
   *
   * <p>What waits to be sent is still sent, if that takes no more than some seconds. Returns when
   * all is done; if called by the listener, it is done soon after.
   */
  @Override
  public void leave() {
    inOrder(() -> end("left"));
    if (Thread.currentThread() != eventThread && outbox.isStarted()) {
      outbox.awaitEnd();
    }
  }

  // All that follows runs on the thread of events.

  private void inOrder(Runnable work) {
    events.execute(
        () -> {
          try {
            work.run();
          } catch (RuntimeException e) {
            LOGGER.log(Level.SEVERE, "room " + room, e);
          }
        });
  }

  private void later(Duration delay, Runnable work) {
    int waitNow = wait;
    Object unused =
        events.schedule(
            () ->
                inOrder(
                    () -> {
                      if (wait == waitNow) {
                        work.run();
                      }
                    }),
            delay.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private void tell(RoomEvent event) {
    try {
      listener.accept(event);
    } catch (RuntimeException e) {
      LOGGER.log(Level.SEVERE, "the listener failed at " + event.getClass().getSimpleName(), e);
    }
  }

  private void end(String reason) {
    if (phase == Phase.ENDED) {
      return;
    }
    boolean tellsServer = phase == Phase.IN || phase == Phase.ENTERING;
    boolean tellsListener = firstEntry.isDone();
    phase = Phase.ENDED;
    wait++;
    firstEntry.completeExceptionally(new RoomException(reason));
    connection.removeSyncStanzaListener(onStanza);
    connection.removeConnectionListener(onConnection);
    outbox.close(tellsServer ? List.of(farewell()) : List.of(), this::letGoOfConnection);
    if (tellsListener) {
      tell(new RoomEvent.Ended(reason));
    }
    events.shutdown();
  }

  private Presence farewell() {
    return connection
        .getStanzaFactory()
        .buildPresenceStanza()
        .to(self)
        .ofType(Presence.Type.unavailable)
        .build();
  }

  private void letGoOfConnection() {
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

  @GuardedBy("presenceLock")
  private PresenceBuilder presence() {
    PresenceBuilder presence =
        connection
            .getStanzaFactory()
            .buildPresenceStanza()
            .to(self)
            .setStatus(STATUS)
            .addExtension(new MlsElement.Mark(published));
    shown.forEach(presence::addExtension);
    return presence;
  }

  private void leaveToEnter() {
    phase = Phase.LEAVING_TO_ENTER;
    attempt = 0;
    wait++;
    tell(new RoomEvent.Disconnected());
    try {
      outbox.offer(List.of(farewell()), 0);
    } catch (RoomException e) {
      end(String.valueOf(e.getMessage()));
      return;
    }
    later(entryTimeout, this::startEntering);
  }

  private void startEntering() {
    if (phase == Phase.ENDED) {
      return;
    }
    attempt = 0;
    tryEntering();
  }

  private void tryEntering() {
    phase = Phase.ENTERING;
    publishedByOccupant.clear();
    outsiders.clear();
    parts.clear();
    unlocking = null;
    arrivedWhileUnlocking.clear();
    wait++;
    attempt++;
    try {
      synchronized (presenceLock) {
        published = new byte[0];
        showsOther = false;
        outbox.offer(
            List.of(presence().addExtension(new MUCInitialPresence(null, -1, 0, -1, null)).build()),
            0);
      }
    } catch (RoomException e) {
      end(String.valueOf(e.getMessage()));
      return;
    }
    later(entryTimeout, () -> refused("the room does not answer", true));
  }

  /** A ghost of one's own, or a server that just started, may give way after a while. */
  private void refused(String reason, boolean mayPass) {
    wait++;
    if (!firstEntry.isDone() || !mayPass || attempt >= REENTRY_ATTEMPTS) {
      end(reason);
    } else {
      later(REENTRY_DELAY, this::tryEntering);
    }
  }

  private void entered() {
    phase = Phase.IN;
    wait++;
    synchronized (presenceLock) {
      if (showsOther) {
        showsOther = false;
        try {
          offerPresence();
        } catch (RoomException e) {
          LOGGER.log(Level.WARNING, "room " + room + " is not shown what was to be shown", e);
        }
      }
    }
    boolean unused = firstEntry.complete(null);
    tell(new RoomEvent.Entered(List.copyOf(publishedByOccupant.keySet()), List.copyOf(outsiders)));
    publishedByOccupant.forEach(
        (elder, octets) -> {
          if (octets.length > 0) {
            tell(new RoomEvent.Published(elder, octets));
          }
        });
  }

  /** XEP-0045, section 10.1.2: a new room is locked until its owner has configured it. */
  private void unlock() {
    MUCOwner configuration = new MUCOwner();
    configuration.setType(IQ.Type.set);
    configuration.setTo(room);
    configuration.setStanzaId("unlock" + attempt);
    configuration.addExtension(DataForm.builder(DataForm.Type.submit).build());
    unlocking = configuration.getStanzaId();
    try {
      outbox.offer(List.of(configuration), 0);
    } catch (RoomException e) {
      end(String.valueOf(e.getMessage()));
    }
  }

  private void unlocked() {
    unlocking = null;
    entered();
    List<Stanza> arrived = List.copyOf(arrivedWhileUnlocking);
    arrivedWhileUnlocking.clear();
    arrived.forEach(this::stanzaArrived);
  }

  private boolean isOfRoom(Stanza stanza) {
    return stanza.getFrom() != null
        && stanza.getFrom().asBareJid().equals(room)
        && (stanza instanceof Presence
            || stanza instanceof Message
            || (stanza instanceof IQ iq && iq.isResponseIQ()));
  }

  private void stanzaArrived(Stanza stanza) {
    if (phase == Phase.AWAY) {
      // Those before the connection was lost, and those between its resumption and the news of it.
      arrivedWhileAway.addLast(stanza);
      return;
    }
    if (phase != Phase.ENTERING && phase != Phase.IN && phase != Phase.LEAVING_TO_ENTER) {
      return;
    }
    if (stanza instanceof IQ answer) {
      if (phase == Phase.ENTERING && Objects.equals(answer.getStanzaId(), unlocking)) {
        unlocked();
      }
      return;
    }
    if (unlocking != null) {
      // Where rooms are not locked, others enter and speak before the answer comes. They are no
      // elders.
      arrivedWhileUnlocking.addLast(stanza);
      return;
    }
    Resourcepart nickname = stanza.getFrom().getResourceOrNull();
    if (nickname != null && nickname.length() > MAX_OCCUPANT_CHARS) {
      LOGGER.fine("a nickname is too long");
    } else if (stanza instanceof Presence presence) {
      presenceArrived(nickname == null ? null : nickname.toString(), presence);
    } else if (stanza instanceof Message message && nickname != null && phase == Phase.IN) {
      messageArrived(nickname.toString(), message);
    }
  }

  private void presenceArrived(@Nullable String nickname, Presence presence) {
    if (presence.getType() == Presence.Type.error) {
      StanzaError error = presence.getError();
      if (phase == Phase.ENTERING) {
        refused(refusal(error), error == null || !NOT_WANTED_THERE.contains(error.getCondition()));
      } else {
        LOGGER.warning("room " + room + " did not take presence: " + error);
      }
      return;
    }
    if (nickname == null) {
      return;
    }
    MUCUser user = MUCUser.from(presence);
    boolean toSelf =
        nickname.equals(occupant)
            || (user != null && user.getStatus().contains(MUCUser.Status.PRESENCE_TO_SELF_110));
    if (toSelf) {
      ownPresenceArrived(nickname, presence.getType(), user);
    } else if (presence.getType() == Presence.Type.available) {
      shown(nickname, presence);
    } else if (presence.getType() == Presence.Type.unavailable) {
      gone(nickname);
    }
  }

  private void ownPresenceArrived(String nickname, Presence.Type type, @Nullable MUCUser user) {
    Set<MUCUser.Status> status = user == null ? Set.of() : user.getStatus();
    if (type == Presence.Type.unavailable && isTechnical(status)) {
      thrownOut();
    } else if (type == Presence.Type.unavailable
        && phase == Phase.LEAVING_TO_ENTER
        && !isRemoval(status, user)) {
      startEntering();
    } else if (type == Presence.Type.unavailable) {
      end(removal(status, user));
    } else if (type == Presence.Type.available
        && phase == Phase.ENTERING
        && status.contains(MUCUser.Status.PRESENCE_TO_SELF_110)) {
      if (nickname.equals(occupant)) {
        if (status.contains(MUCUser.Status.ROOM_CREATED_201)) {
          unlock();
        } else {
          entered();
        }
      } else {
        end("the room gave another nickname: " + nickname);
      }
    }
  }

  /** XEP-0045: 332, the service shuts down; 333, it believes that the connection is lost. */
  private static boolean isTechnical(Set<MUCUser.Status> status) {
    return status.contains(MUCUser.Status.REMOVED_FOR_TECHNICAL_REASONS_333)
        || status.contains(SHUTDOWN_332);
  }

  /** The connection may follow, or the room may be entered anew on it. */
  private void thrownOut() {
    if (phase == Phase.IN) {
      tell(new RoomEvent.Disconnected());
    }
    phase = Phase.ENTERING;
    attempt = 0;
    refused("removed from the room for technical reasons", true);
  }

  private static boolean isRemoval(Set<MUCUser.Status> status, @Nullable MUCUser user) {
    return (user != null && user.getDestroy() != null)
        || status.stream().anyMatch(code -> !code.equals(MUCUser.Status.PRESENCE_TO_SELF_110));
  }

  private static String removal(Set<MUCUser.Status> status, @Nullable MUCUser user) {
    if (user != null && user.getDestroy() != null) {
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

  private static String refusal(@Nullable StanzaError error) {
    if (error == null) {
      return "the room cannot be entered";
    }
    return switch (error.getCondition()) {
      case conflict -> "the nickname is taken";
      case forbidden -> "banned from the room";
      case not_authorized -> "the room has a password";
      case registration_required -> "the room is for members only";
      case service_unavailable -> "the room is full, or there is no such service";
      case item_not_found -> "the room is locked or does not exist";
      case not_allowed -> "the room does not exist and may not be made";
      default -> "the room cannot be entered: " + error.getCondition();
    };
  }

  private void shown(String nickname, Presence presence) {
    List<ExtensionElement> elements = presence.getExtensions(MlsElement.QNAME);
    if (elements.size() == 1 && elements.get(0) instanceof MlsElement.Mark mark) {
      byte[] before = publishedByOccupant.get(nickname);
      if (before == null && publishedByOccupant.size() >= MAX_OCCUPANTS) {
        LOGGER.warning("room " + room + " has more than " + MAX_OCCUPANTS + " occupants");
        return;
      }
      byte[] unused = publishedByOccupant.put(nickname, mark.octets());
      outsiderGone(nickname);
      if (phase == Phase.IN) {
        if (before == null) {
          tell(new RoomEvent.Arrived(nickname));
        }
        if (!Arrays.equals(before == null ? new byte[0] : before, mark.octets())) {
          tell(new RoomEvent.Published(nickname, mark.octets()));
        }
      }
      return;
    }
    if (!elements.isEmpty() && phase == Phase.IN) {
      String reason = "no mark of the protocol in presence";
      if (elements.get(0) instanceof MlsElement.Malformed malformed) {
        reason = malformed.reason();
      }
      tell(new RoomEvent.Malformed(nickname, reason));
    }
    memberGone(nickname);
    if (outsiders.size() < MAX_OCCUPANTS && outsiders.add(nickname) && phase == Phase.IN) {
      tell(new RoomEvent.Outsider(nickname, true));
    }
  }

  private void gone(String nickname) {
    memberGone(nickname);
    outsiderGone(nickname);
  }

  private void memberGone(String nickname) {
    parts.forget(nickname);
    if (publishedByOccupant.remove(nickname) != null && phase == Phase.IN) {
      tell(new RoomEvent.Departed(nickname));
    }
  }

  private void outsiderGone(String nickname) {
    if (outsiders.remove(nickname) && phase == Phase.IN) {
      tell(new RoomEvent.Outsider(nickname, false));
    }
  }

  private void messageArrived(String nickname, Message message) {
    if (message.getType() == Message.Type.error) {
      LOGGER.warning("room " + room + " did not take a message: " + message.getError());
      return;
    }
    boolean toAll = message.getType() == Message.Type.groupchat;
    if ((!toAll && message.getType() != Message.Type.chat)
        || message.getSubject() != null
        || isHistory(message)) {
      return;
    }
    List<ExtensionElement> elements = message.getExtensions(MlsElement.QNAME);
    if (elements.isEmpty()) {
      return;
    }
    if (!nickname.equals(occupant) && !publishedByOccupant.containsKey(nickname)) {
      LOGGER.fine("a message of an occupant that does not say that it speaks the protocol");
    } else if (elements.size() > 1) {
      tell(new RoomEvent.Malformed(nickname, "several elements in a message"));
    } else if (elements.get(0) instanceof MlsElement.Part part) {
      parts.accept(nickname, toAll, part).forEach(this::tell);
    } else if (elements.get(0) instanceof MlsElement.Malformed malformed) {
      tell(new RoomEvent.Malformed(nickname, malformed.reason()));
    } else {
      tell(new RoomEvent.Malformed(nickname, "a mark of presence in a message"));
    }
  }

  /**
   * Tells whether the room repeats what was said before (XEP-0203, XEP-0045 section 7.2.15). The
   * stamp of one's own server does not count: it marks what comes late because a stream was resumed
   * (XEP-0198, section 5), and is live. The room removes its own stamp from what occupants send.
   */
  private boolean isHistory(Message message) {
    for (ExtensionElement element : message.getExtensions(DelayInformation.QNAME)) {
      if (element instanceof DelayInformation delay) {
        String from = delay.getFrom();
        if (from == null || from.equals(room()) || from.startsWith(room + "/")) {
          return true;
        }
      }
    }
    return false;
  }

  private void connectionLost(String reason, boolean mayComeBack) {
    if (phase == Phase.ENDED || phase == Phase.NEW) {
      return;
    }
    if (!firstEntry.isDone() || !mayComeBack) {
      end(reason);
      return;
    }
    if (phase == Phase.AWAY) {
      return;
    }
    wait++;
    beforeAway = phase;
    phase = Phase.AWAY;
    if (beforeAway == Phase.IN) {
      tell(new RoomEvent.Disconnected());
    }
    later(AWAY_TIMEOUT, () -> end("the connection stays lost"));
  }

  private void connectionBack(boolean resumed) {
    if (phase == Phase.IN
        || phase == Phase.LEAVING_TO_ENTER
        || (phase == Phase.ENTERING && firstEntry.isDone())) {
      // The news of the loss has been overtaken.
      connectionLost("connection lost", true);
    }
    if (phase != Phase.AWAY) {
      return;
    }
    wait++;
    List<Stanza> arrived = List.copyOf(arrivedWhileAway);
    arrivedWhileAway.clear();
    if (!resumed) {
      outbox.clear();
      outbox.release();
      startEntering();
      return;
    }
    outbox.release();
    phase = beforeAway;
    if (phase == Phase.IN) {
      tell(new RoomEvent.Resumed());
    } else {
      later(entryTimeout, () -> refused("the room does not answer", true));
    }
    arrived.forEach(this::stanzaArrived);
  }

  private final class ConnectionEvents implements ConnectionListener {
    @Override
    public void authenticated(XMPPConnection authenticated, boolean resumed) {
      inOrder(() -> connectionBack(resumed));
    }

    @Override
    public void connectionClosed() {
      inOrder(() -> connectionLost("the connection was closed", false));
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
      inOrder(
          () ->
              connectionLost(
                  "the connection was lost: " + e.getMessage(), reconnects && !replaced));
    }
  }
}
