/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.jingle;

import java.io.Closeable;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jivesoftware.smack.AbstractXMPPConnection;
import org.jivesoftware.smack.ConnectionListener;
import org.jivesoftware.smack.StanzaListener;
import org.jivesoftware.smack.XMPPConnection;
import org.jivesoftware.smack.filter.StanzaTypeFilter;
import org.jivesoftware.smack.packet.Presence;
import org.jxmpp.jid.EntityFullJid;

/**
 * Has Jicofo come into the room again when it, or the server, was away: Jicofo forgets conferences
 * when it ends, and invites everyone who enters, once. Whoever it does not invite enters anew.
 * Thread-safe; has a thread of its own.
 */
public final class FocusWatch implements Closeable {
  private static final Logger LOGGER = Logger.getLogger(FocusWatch.class.getName());

  /** For the first time; Jicofo may be slow, which coming again does not make better. */
  private static final Duration INVITATION_TIMEOUT = Duration.ofSeconds(10);

  private static final int MAX_REENTRIES = 5;
  private static final long REQUEST_INTERVAL_MILLIS = 500;

  private final AbstractXMPPConnection connection;
  private final ConferenceRequest request;
  private final Runnable reenter;
  private final ExecutorService thread;
  private final StanzaListener onPresence;
  private final ConnectionListener onConnection = new Reconnections();
  private long invitations;
  private boolean closed;

  /**
   * Watches from now on; the conference was requested before.
   *
   * @param connection stays its owner's
   * @param focus Jicofo in the room
   * @param reenter leaves the room and enters it again; returns at once
   */
  public FocusWatch(
      AbstractXMPPConnection connection,
      EntityFullJid focus,
      ConferenceRequest request,
      Runnable reenter) {
    this.connection = connection;
    this.request = request;
    this.reenter = reenter;
    this.thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread one = new Thread(task, "perc4j watch on " + focus);
              one.setDaemon(true);
              return one;
            });
    onPresence =
        stanza -> {
          if (focus.equals(stanza.getFrom())
              && ((Presence) stanza).getType() == Presence.Type.unavailable) {
            askAgain();
          }
        };
    connection.addConnectionListener(onConnection);
    connection.addSyncStanzaListener(onPresence, StanzaTypeFilter.PRESENCE);
  }

  private final class Reconnections implements ConnectionListener {
    @Override
    public void authenticated(XMPPConnection authenticated, boolean resumed) {
      if (!resumed) {
        askAgain();
      }
    }
  }

  /** Jicofo offered a session. */
  public synchronized void invited() {
    invitations++;
    notifyAll();
  }

  private synchronized long invitations() {
    return invitations;
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  private void askAgain() {
    long before = invitations();
    try {
      thread.execute(
          () -> {
            try {
              requestConference();
              awaitInvitation(before);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
    } catch (RejectedExecutionException e) {
      LOGGER.log(Level.FINE, "the watch is over", e);
    }
  }

  private void requestConference() throws InterruptedException {
    while (!isClosed() && request.ask() != ConferenceRequest.Answer.READY) {
      TimeUnit.MILLISECONDS.sleep(REQUEST_INTERVAL_MILLIS);
    }
  }

  private void awaitInvitation(long before) throws InterruptedException {
    for (int i = 0; i < MAX_REENTRIES && !isClosed(); i++) {
      if (isInvited(before, INVITATION_TIMEOUT.multipliedBy(1L << i))) {
        return;
      }
      LOGGER.log(Level.INFO, "no invitation by {0}; entering the room again", request);
      reenter.run();
    }
  }

  private synchronized boolean isInvited(long before, Duration timeout)
      throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    long left = deadline - System.nanoTime();
    while (!closed && invitations == before && left > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = deadline - System.nanoTime();
    }
    return closed || invitations > before;
  }

  /** Watches no longer. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    connection.removeConnectionListener(onConnection);
    connection.removeSyncStanzaListener(onPresence);
    Object unused = thread.shutdownNow();
  }
}
