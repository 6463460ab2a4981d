/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.keying;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.CredentialValidator;
import org.perc4j.e2e.mls.EndpointIdentity;
import org.perc4j.e2e.mls.GroupMoment;
import org.perc4j.e2e.mls.Member;
import org.perc4j.e2e.mls.RefusedException.Reason;
import org.perc4j.e2e.mls.Roster;
import org.perc4j.e2e.protocol.EventLoop;
import org.perc4j.e2e.protocol.SessionEvent;
import org.perc4j.e2e.room.RoomChannel;
import org.perc4j.e2e.room.RoomException;
import org.perc4j.e2e.session.ConferenceSession;
import org.perc4j.e2e.session.LoopThread;
import org.perc4j.e2e.session.SessionOptions;

/** A session with a thread of its own, and what it was told. Thread-safe. */
public final class Attendee implements AutoCloseable {
  /**
   * An epoch as the session was told of it.
   *
   * @param sinceNanos by {@link System#nanoTime}
   */
  public record Epoch(GroupMoment moment, Roster roster, long sinceNanos) {}

  private final EndpointIdentity identity;
  private final String occupant;
  private final LoopThread thread;
  private final ConferenceSession session;
  private final List<SessionEvent> events = new ArrayList<>();
  private final List<Epoch> epochs = new ArrayList<>();
  private volatile @Nullable Epoch epoch;

  /**
   * Enters the room.
   *
   * @param time makes its event loop of one that has a thread and the clock's time
   */
  public Attendee(
      RoomChannel room,
      EndpointIdentity identity,
      CredentialValidator validator,
      SessionOptions options,
      UnaryOperator<EventLoop> time)
      throws RoomException {
    this.identity = identity;
    this.occupant = room.occupant();
    this.thread = new LoopThread("session of " + occupant);
    try {
      this.session =
          ConferenceSession.join(
              room, identity, validator, options, time.apply(thread), this::onEvent);
    } catch (RoomException e) {
      thread.close();
      throw e;
    }
  }

  private void onEvent(ConferenceSession from, SessionEvent event) {
    if (event instanceof SessionEvent.EpochChanged change) {
      Epoch next = new Epoch(change.moment(), change.roster(), System.nanoTime());
      synchronized (events) {
        epochs.add(next);
      }
      epoch = next;
    } else if (event instanceof SessionEvent.Ended) {
      epoch = null;
    }
    synchronized (events) {
      events.add(event);
    }
  }

  /** Returns who it is. */
  public EndpointIdentity identity() {
    return identity;
  }

  /** Returns its nickname in the room. */
  public String occupant() {
    return occupant;
  }

  /** Returns the session. */
  public ConferenceSession session() {
    return session;
  }

  /** Returns the epoch that it was told of last, or null before the first and after the end. */
  public @Nullable Epoch epoch() {
    return epoch;
  }

  /** Returns all epochs that it was told of. */
  public List<Epoch> epochs() {
    synchronized (events) {
      return List.copyOf(epochs);
    }
  }

  /** Returns what it was told. */
  public List<SessionEvent> events() {
    synchronized (events) {
      return List.copyOf(events);
    }
  }

  /** Tells whether it was told something of this kind. */
  public boolean wasTold(Class<? extends SessionEvent> type) {
    return events().stream().anyMatch(type::isInstance);
  }

  /** Returns how often it refused something for a reason. */
  public long refusals(Reason reason) {
    return session.refusals().getOrDefault(reason, 0L);
  }

  /** Returns the nicknames of the members that it knows. */
  public Set<String> members() {
    Set<String> occupants = new TreeSet<>();
    Epoch current = epoch;
    if (current != null) {
      for (Member member : current.roster().members()) {
        occupants.add(member.occupant());
      }
    }
    return occupants;
  }

  /** Leaves. */
  @Override
  public void close() {
    session.close();
    thread.close();
  }

  @Override
  public String toString() {
    Epoch current = epoch;
    return occupant
        + (current == null ? " is in no group" : " is in " + current.moment() + members())
        + ", refused "
        + session.refusals();
  }
}
