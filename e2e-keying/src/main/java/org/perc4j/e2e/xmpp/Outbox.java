/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.xmpp;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jivesoftware.smack.AbstractXMPPConnection;
import org.jivesoftware.smack.SmackException.NotConnectedException;
import org.jivesoftware.smack.packet.Stanza;
import org.jivesoftware.smack.sm.StreamManagementException.StreamManagementNotEnabledException;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.perc4j.e2e.room.RoomException;

/**
 * Hands stanzas to a connection in order, on a thread of its own: Smack's queue takes 500 stanzas
 * and then makes the sender wait for the server. Nothing is handed over while the connection is
 * lost; its owner says when it is, and what to do with the stanzas that wait. Thread-safe.
 */
final class Outbox {
  /** The most octets that may wait. */
  static final int MAX_WAITING_BYTES = 16 * 1024 * 1024;

  private static final Logger LOGGER = Logger.getLogger(Outbox.class.getName());
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private static final class Waiting {
    final Stanza stanza;
    final int lengthBytes;

    Waiting(Stanza stanza, int lengthBytes) {
      this.stanza = stanza;
      this.lengthBytes = lengthBytes;
    }
  }

  private final AbstractXMPPConnection connection;
  private final Thread thread;
  private final Deque<Waiting> queue = new ArrayDeque<>();
  private long waitingBytes;
  private boolean held;

  /** Counts holds and releases, so that a late failure is not taken for a new one. */
  private int turn;

  private boolean closed;
  private long closedNanos;
  private Runnable afterwards = () -> {};

  Outbox(AbstractXMPPConnection connection, String name) {
    this.connection = connection;
    this.thread = new Thread(this::run, "perc4j outbox of " + name);
    this.thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  boolean isStarted() {
    return thread.getState() != Thread.State.NEW;
  }

  /**
   * Puts stanzas behind those that wait, all of them next to each other.
   *
   * @param lengthBytes what they carry, together
   * @throws RoomException if too much waits already; then none of them is taken
   */
  synchronized void offer(List<? extends Stanza> stanzas, int lengthBytes) throws RoomException {
    if (closed) {
      throw new RoomException("the room was left");
    }
    if (waitingBytes + lengthBytes > MAX_WAITING_BYTES) {
      throw new RoomException("more than " + MAX_WAITING_BYTES + " octets wait to be sent");
    }
    for (Stanza stanza : stanzas) {
      queue.addLast(new Waiting(stanza, lengthBytes / stanzas.size()));
      waitingBytes += lengthBytes / stanzas.size();
    }
    notifyAll();
  }

  /** Keeps stanzas back from now on. */
  synchronized void hold() {
    held = true;
    turn++;
  }

  /** Hands over what waits, and what follows. */
  synchronized void release() {
    held = false;
    turn++;
    notifyAll();
  }

  /** Drops what waits. */
  synchronized void clear() {
    queue.clear();
    waitingBytes = 0;
  }

  /**
   * Takes nothing any more; hands over what waits, if that can be done soon, and ends the thread.
   *
   * @param last is still sent
   * @param afterwards is run by the thread in the end
   */
  synchronized void close(List<? extends Stanza> last, Runnable afterwards) {
    if (closed) {
      return;
    }
    for (Stanza stanza : last) {
      queue.addLast(new Waiting(stanza, 0));
    }
    closed = true;
    closedNanos = System.nanoTime();
    this.afterwards = afterwards;
    notifyAll();
  }

  /** Waits until the thread has ended, and makes it. */
  void awaitEnd() {
    if (Thread.currentThread() == thread) {
      return;
    }
    try {
      thread.join(2 * CLOSE_TIMEOUT.toMillis());
      if (thread.isAlive()) {
        thread.interrupt();
        thread.join(2 * CLOSE_TIMEOUT.toMillis());
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (sendNext()) {
        // until it is closed
      }
    } catch (InterruptedException e) {
      LOGGER.log(Level.FINE, "sending took too long", e);
    } finally {
      runAfterwards();
    }
  }

  private void runAfterwards() {
    Runnable last;
    synchronized (this) {
      last = afterwards;
    }
    last.run();
  }

  private boolean sendNext() throws InterruptedException {
    Waiting next;
    int turnBefore;
    synchronized (this) {
      while (!closed && (held || queue.isEmpty())) {
        wait();
      }
      if (closed
          && (held
              || queue.isEmpty()
              || System.nanoTime() - closedNanos > CLOSE_TIMEOUT.toNanos())) {
        return false;
      }
      next = queue.getFirst();
      turnBefore = turn;
    }
    if (!hand(next.stanza)) {
      synchronized (this) {
        if (turn == turnBefore) {
          held = true;
        }
      }
      return true;
    }
    synchronized (this) {
      if (queue.peekFirst() == next) {
        queue.removeFirst();
        waitingBytes -= next.lengthBytes;
      }
    }
    return true;
  }

  /** Returns false if the connection is lost, which its listeners are told, too. */
  private boolean hand(Stanza stanza) throws InterruptedException {
    // While a stream is set up again, Smack would write stanzas before it is authenticated.
    if (!connection.isAuthenticated()) {
      return false;
    }
    try {
      connection.sendStanza(stanza);
    } catch (NotConnectedException e) {
      return false;
    } catch (InterruptedException e) {
      // Smack throws this also when its queue is shut, without an interruption.
      synchronized (this) {
        if (closed) {
          throw e;
        }
      }
      return false;
    }
    if (connection instanceof XMPPTCPConnection tcp && tcp.isSmEnabled()) {
      try {
        tcp.requestSmAcknowledgement();
      } catch (NotConnectedException | StreamManagementNotEnabledException e) {
        LOGGER.log(Level.FINE, "could not request an acknowledgement", e);
      } catch (InterruptedException e) {
        LOGGER.log(Level.FINE, "interrupted; Smack still sends the stanza", e);
      }
    }
    return true;
  }
}
