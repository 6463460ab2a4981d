/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.xmpp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jivesoftware.smack.AbstractXMPPConnection;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smackx.muc.packet.MUCOwner;
import org.jivesoftware.smackx.xdata.packet.DataForm;
import org.jspecify.annotations.Nullable;
import org.jxmpp.jid.EntityBareJid;
import org.perc4j.e2e.room.OccupantName;
import org.perc4j.e2e.room.Occupants;
import org.perc4j.e2e.room.RoomEvent;
import org.perc4j.e2e.room.RoomEvent.Ended.Cause;
import org.perc4j.e2e.room.RoomException;

/**
 * One's own stay in a room, from asking for entry to the end, with all that interrupts it.
 *
 * <pre>
 *              start          own presence shown
 *   Outside ----------> Asking ----------------------------------> In
 *                        ^  | |                                    ^|
 *                 a while|  | | room is new and locked   answered  ||  leave to enter anew
 *                        |  | +------------> Unlocking ------------+|
 *               refused  |  v                                       v
 *                      Pausing <---- removed for technical    LeavingToEnter ----> Asking
 *                                    reasons, from any
 *
 *   the connection is lost, from any of them: Away; it is back: where it was, or Asking
 *   refused, but there is a lobby, from Asking: Knocking; let in by somebody: Asking
 *   left, removed, refused for good, lost for good, from any of them: Ended
 * </pre>
 *
 * <p>Used by the room's thread alone, but for {@link #isIn} and {@link #firstEntry}.
 */
final class Stay {
  private static final Logger LOGGER = Logger.getLogger(Stay.class.getName());
  private static final Duration REENTRY_DELAY = Duration.ofSeconds(3);
  private static final int REENTRY_ATTEMPTS = 40;
  private static final Duration AWAY_TIMEOUT = Duration.ofMinutes(10);

  private sealed interface Phase {}

  private record Outside() implements Phase {}

  /** Entry was asked for so many times, since the room was last out of reach or shut. */
  private sealed interface Entering extends Phase {
    int attempt();
  }

  /** The room has not answered yet. */
  private record Asking(int attempt) implements Entering {}

  /**
   * The room is new, and locked until its owner has configured it (XEP-0045, section 10.1.2).
   *
   * @param request identifies what was asked
   * @param arrived where rooms are not locked, others enter and speak before the answer comes; they
   *     are no elders
   */
  private record Unlocking(int attempt, String request, List<RoomStanza> arrived)
      implements Entering {}

  /** Entry was refused; a ghost of one's own, or a server that just started, may give way. */
  private record Pausing(int attempt) implements Entering {}

  /** Waiting to be let in by people. */
  private record Knocking(int attempt, Lobby lobby) implements Phase {}

  private record In() implements Phase {}

  private record LeavingToEnter() implements Phase {}

  /**
   * The connection is lost.
   *
   * @param before where one was
   * @param arrived before the connection was lost, or between its resumption and the news of it
   */
  private record Away(Phase before, List<RoomStanza> arrived) implements Phase {}

  private record Ended() implements Phase {}

  private final AbstractXMPPConnection connection;
  private final EntityBareJid room;
  private final String occupant;
  private final RoomThread thread;
  private final Outbox outbox;
  private final OwnPresence presence;
  private final RoomLink link;
  private final Duration entryTimeout;
  private final Occupants occupants;
  private final CompletableFuture<@Nullable Void> firstEntry = new CompletableFuture<>();

  private volatile @Nullable Knock knock;
  private volatile Phase phase = new Outside();
  private Consumer<RoomEvent> listener = event -> {};

  /** What is awaited now; a timeout of something else does nothing. */
  private Object awaited = new Object();

  /**
   * How to ask people for entry.
   *
   * @param displayName by which they know who asks
   * @param waits is told that it has to wait
   */
  record Knock(String displayName, Runnable waits) {}

  /**
   * Is outside yet.
   *
   * @param occupant one's own nickname
   * @param thread calls all that follows; ends with the stay
   * @param outbox is closed at the end
   * @param link is let go of at the end
   * @param entryTimeout how long the room may take to answer
   */
  Stay(
      AbstractXMPPConnection connection,
      EntityBareJid room,
      String occupant,
      RoomThread thread,
      Outbox outbox,
      OwnPresence presence,
      RoomLink link,
      Duration entryTimeout) {
    this.connection = connection;
    this.room = room;
    this.occupant = occupant;
    this.thread = thread;
    this.outbox = outbox;
    this.presence = presence;
    this.link = link;
    this.entryTimeout = entryTimeout;
    this.occupants = new Occupants(occupant);
  }

  /** Tells whether the room can be spoken in. Thread-safe. */
  boolean isIn() {
    return phase instanceof In;
  }

  /**
   * Returns what is completed when the room is entered for the first time, or with a {@link
   * RoomException} that says why it is not. Thread-safe.
   */
  CompletableFuture<@Nullable Void> firstEntry() {
    return firstEntry;
  }

  /** Waits in lobbies from now on. */
  void setKnock(Knock how) {
    knock = how;
  }

  /**
   * Asks for entry.
   *
   * @param listener is told what happens from then on
   */
  void start(Consumer<RoomEvent> listener) {
    this.listener = listener;
    startEntering();
  }

  /** Leaves the room and enters it anew, if it is entered at the moment. */
  void reenter() {
    if (!isIn()) {
      return;
    }
    phase = new LeavingToEnter();
    awaitNothing();
    tell(new RoomEvent.Disconnected());
    try {
      outbox.offer(List.of(presence.farewell()), 0);
    } catch (RoomException e) {
      end(Cause.LOST, String.valueOf(e.getMessage()));
      return;
    }
    await(entryTimeout, this::startEntering);
  }

  /** Ends the stay; does nothing if it has ended. */
  void end(Cause cause, String detail) {
    end(cause, new RoomException(detail));
  }

  private void end(Cause cause, RoomException why) {
    if (phase instanceof Ended) {
      return;
    }
    stopKnocking();
    boolean tellsServer = phase instanceof In || phase instanceof Entering;
    boolean tellsListener = firstEntry.isDone();
    phase = new Ended();
    awaitNothing();
    firstEntry.completeExceptionally(why);
    link.untie();
    outbox.close(tellsServer ? List.of(presence.farewell()) : List.of(), link::letGo);
    if (tellsListener) {
      tell(new RoomEvent.Ended(cause, String.valueOf(why.getMessage())));
    }
    thread.shutdown();
  }

  // ---------------------------------------------------------------- the connection

  void connectionLost(String reason, boolean mayComeBack) {
    if (phase instanceof Ended || phase instanceof Outside) {
      return;
    }
    if (!firstEntry.isDone() || !mayComeBack) {
      end(Cause.LOST, reason);
      return;
    }
    if (phase instanceof Away) {
      return;
    }
    boolean wasIn = isIn();
    if (phase instanceof Knocking knocking) {
      stopKnocking();
      phase = new Asking(knocking.attempt());
    }
    phase = new Away(phase, new ArrayList<>());
    if (wasIn) {
      tell(new RoomEvent.Disconnected());
    }
    await(AWAY_TIMEOUT, () -> end(Cause.LOST, "the connection stays lost"));
  }

  void connectionBack(boolean resumed) {
    if (isIn()
        || phase instanceof LeavingToEnter
        || (phase instanceof Entering && firstEntry.isDone())) {
      // The news of the loss has been overtaken.
      connectionLost("connection lost", true);
    }
    if (!(phase instanceof Away away)) {
      return;
    }
    awaitNothing();
    if (!resumed) {
      outbox.clear();
      outbox.release();
      startEntering();
      return;
    }
    outbox.release();
    phase = away.before();
    if (isIn()) {
      tell(new RoomEvent.Resumed());
    } else {
      await(entryTimeout, () -> refused(Cause.LOST, "the room does not answer", true));
    }
    away.arrived().forEach(this::arrived);
  }

  // ---------------------------------------------------------------- entering

  private void startEntering() {
    if (!(phase instanceof Ended)) {
      ask(1);
    }
  }

  private void ask(int attempt) {
    phase = new Asking(attempt);
    occupants.clear();
    awaitNothing();
    try {
      presence.askForEntry();
    } catch (RoomException e) {
      end(Cause.LOST, String.valueOf(e.getMessage()));
      return;
    }
    await(entryTimeout, () -> refused(Cause.LOST, "the room does not answer", true));
  }

  private void refused(Cause cause, String reason, boolean mayPass) {
    refused(cause, new RoomException(reason), mayPass);
  }

  private void refused(Cause cause, RoomException reason, boolean mayPass) {
    awaitNothing();
    int attempt = phase instanceof Entering entering ? entering.attempt() : 0;
    if (!firstEntry.isDone() || !mayPass || attempt >= REENTRY_ATTEMPTS) {
      end(cause, reason);
      return;
    }
    if (phase instanceof Entering) {
      phase = new Pausing(attempt);
    }
    await(REENTRY_DELAY, () -> ask(attempt + 1));
  }

  private void knock(Knock how, EntityBareJid lobby, int attempt) {
    awaitNothing();
    try {
      phase =
          new Knocking(
              attempt,
              Lobby.enter(
                  connection,
                  thread,
                  outbox,
                  room,
                  lobby,
                  presence.nickname(),
                  how.displayName(),
                  new LobbyListener(how.waits())));
    } catch (RoomException e) {
      end(Cause.LOST, e);
      return;
    }
    await(entryTimeout, () -> end(Cause.LOST, "the room's lobby does not answer"));
  }

  private void stopKnocking() {
    if (phase instanceof Knocking knocking) {
      knocking.lobby().leave();
    }
  }

  private final class LobbyListener implements Lobby.Listener {
    private final Runnable told;

    LobbyListener(Runnable told) {
      this.told = told;
    }

    /** The lobby's answer has a time limit; people have none. */
    @Override
    public void waits() {
      awaitNothing();
      told.run();
    }

    @Override
    public void admitted() {
      if (phase instanceof Knocking knocking) {
        ask(knocking.attempt() + 1);
      }
    }

    @Override
    public void denied() {
      end(
          Cause.REFUSED,
          new RoomRefusedException(
              RoomRefusedException.Reason.MEMBERS_ONLY, "nobody let this one into the room"));
    }
  }

  private void unlock(int attempt) {
    MUCOwner configuration = new MUCOwner();
    configuration.setType(IQ.Type.set);
    configuration.setTo(room);
    configuration.setStanzaId("unlock" + attempt);
    configuration.addExtension(DataForm.builder(DataForm.Type.submit).build());
    phase = new Unlocking(attempt, configuration.getStanzaId(), new ArrayList<>());
    try {
      outbox.offer(List.of(configuration), 0);
    } catch (RoomException e) {
      end(Cause.LOST, String.valueOf(e.getMessage()));
    }
  }

  private void entered() {
    phase = new In();
    awaitNothing();
    try {
      presence.entered();
    } catch (RoomException e) {
      LOGGER.log(Level.WARNING, "could not send presence to room " + room, e);
    }
    boolean unused = firstEntry.complete(null);
    occupants.entered().forEach(this::tell);
  }

  // ---------------------------------------------------------------- what the room says

  /** Something came from the room. */
  void arrived(RoomStanza stanza) {
    if (phase instanceof Away away) {
      away.arrived().add(stanza);
    } else if (phase instanceof Unlocking unlocking) {
      arrivedWhileUnlocking(unlocking, stanza);
    } else if (phase instanceof Entering || isIn() || phase instanceof LeavingToEnter) {
      if (stanza instanceof RoomStanza.Refusal refusal) {
        presenceRefused(refusal);
      } else if (stanza instanceof RoomStanza.Available available) {
        available(available);
      } else if (stanza instanceof RoomStanza.Unavailable unavailable) {
        unavailable(unavailable);
      } else if (stanza instanceof RoomStanza.Said said && isIn()) {
        occupants.said(said.occupant(), said.toAll(), said.elements()).forEach(this::tell);
      }
    }
  }

  private void arrivedWhileUnlocking(Unlocking unlocking, RoomStanza stanza) {
    if (!(stanza instanceof RoomStanza.Answer answer)) {
      unlocking.arrived().add(stanza);
    } else if (answer.id().equals(unlocking.request())) {
      entered();
      unlocking.arrived().forEach(this::arrived);
    }
  }

  private boolean isOwn(OccupantName name) {
    return name.told().equals(occupant);
  }

  private void presenceRefused(RoomStanza.Refusal refusal) {
    boolean isOthers = refusal.occupant() != null && !isOwn(refusal.occupant());
    Knock how = knock;
    if (phase instanceof Entering entering
        && !isOthers
        && refusal.lobby() != null
        && how != null
        && entering.attempt() < REENTRY_ATTEMPTS) {
      knock(how, refusal.lobby(), entering.attempt());
    } else if (phase instanceof Entering && !isOthers) {
      refused(Cause.REFUSED, refusal.exception(), refusal.mayPass());
    } else {
      LOGGER.warning("room " + room + " rejected presence: " + refusal.error());
    }
  }

  /**
   * Only one's own nickname is oneself, whatever the status says. Another one that is called that
   * is somebody else, unless it is the answer to a request for entry.
   */
  private void available(RoomStanza.Available shown) {
    if (phase instanceof Entering entering && shown.isToSelf()) {
      if (!isOwn(shown.occupant())) {
        end(Cause.REFUSED, "the room gave another nickname: " + shown.occupant().told());
      } else if (shown.isOfNewRoom()) {
        unlock(entering.attempt());
      } else {
        entered();
      }
    } else if (!isOwn(shown.occupant())) {
      tellIfIn(occupants.shown(shown.occupant(), shown.elements()));
    }
  }

  private void unavailable(RoomStanza.Unavailable gone) {
    if (!isOwn(gone.occupant())) {
      tellIfIn(occupants.gone(gone.occupant()));
    } else if (gone.isTechnical()) {
      thrownOut();
    } else if (isIn() || gone.isRemoval()) {
      end(Cause.REMOVED, gone.reason());
    } else if (phase instanceof LeavingToEnter) {
      startEntering();
    } else {
      LOGGER.fine("late answer to leaving; the room was entered again since");
    }
  }

  /** The connection may follow, or the room may be entered anew on it. */
  private void thrownOut() {
    if (isIn()) {
      tell(new RoomEvent.Disconnected());
    }
    phase = new Pausing(0);
    refused(Cause.LOST, "removed from the room for technical reasons", true);
  }

  // ---------------------------------------------------------------- time and telling

  /** Does something after a delay, unless something else is awaited by then. */
  private void await(Duration delay, Runnable timeout) {
    Object mine = new Object();
    awaited = mine;
    thread.executeLater(
        delay,
        () -> {
          if (awaited == mine) {
            timeout.run();
          }
        });
  }

  private void awaitNothing() {
    awaited = new Object();
  }

  private void tellIfIn(List<RoomEvent> events) {
    if (isIn()) {
      events.forEach(this::tell);
    }
  }

  private void tell(RoomEvent event) {
    try {
      listener.accept(event);
    } catch (RuntimeException e) {
      LOGGER.log(Level.SEVERE, "listener failed on " + event.getClass().getSimpleName(), e);
    }
  }
}
