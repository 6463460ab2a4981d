/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.keying;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.perc4j.e2e.mls.EndpointIdentity;
import org.perc4j.e2e.mls.GroupMoment;
import org.perc4j.e2e.protocol.EventLoop;
import org.perc4j.e2e.room.RoomChannel;
import org.perc4j.e2e.session.SessionOptions;
import org.perc4j.it.harness.Await;
import org.perc4j.it.harness.TimedOutException;

/** Those who hold a conference and accept each other. Thread-safe. */
public final class Gathering implements AutoCloseable {
  private final SessionOptions options;
  private final UnaryOperator<EventLoop> time;
  private final Acquaintances known = new Acquaintances();
  private final Map<String, Attendee> attendees = new LinkedHashMap<>();
  private volatile Consumer<Gathering> whenTogether = unused -> {};
  private final ExecutorService threads = Executors.newCachedThreadPool(Gathering::daemon);

  /** A gathering of nobody yet, whose time is the clock's. */
  public Gathering(SessionOptions options) {
    this(options, UnaryOperator.identity());
  }

  /**
   * A gathering of nobody yet.
   *
   * @param time makes a member's event loop of one that has a thread and the clock's time
   */
  public Gathering(SessionOptions options, UnaryOperator<EventLoop> time) {
    this.options = options;
    this.time = time;
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "gathering");
    thread.setDaemon(true);
    return thread;
  }

  /** Returns the name of who is in the room under a nickname. */
  public static String nameOf(String occupant) {
    return occupant + "@example.org";
  }

  /** Returns whom all accept. */
  public Acquaintances known() {
    return known;
  }

  /** Makes an identity that all accept. */
  public EndpointIdentity introduce(String occupant) {
    EndpointIdentity identity = EndpointIdentity.generate(nameOf(occupant), new SecureRandom());
    known.introduce(identity);
    return identity;
  }

  /** Joins with an identity that all accept. */
  @CanIgnoreReturnValue
  public Attendee join(RoomChannel room) throws IOException {
    return join(room, introduce(room.occupant()));
  }

  /** Joins, or joins again, with an identity. */
  @CanIgnoreReturnValue
  public Attendee join(RoomChannel room, EndpointIdentity identity) throws IOException {
    return join(room, identity, options);
  }

  /** Joins with options of its own. */
  @CanIgnoreReturnValue
  public Attendee join(RoomChannel room, EndpointIdentity identity, SessionOptions options)
      throws IOException {
    Attendee attendee = new Attendee(room, identity, known, options, time);
    synchronized (attendees) {
      attendees.put(room.occupant(), attendee);
    }
    return attendee;
  }

  /** Joins by all these ways at once; returns when all have entered the room. */
  public void joinAtOnce(Collection<? extends RoomChannel> rooms)
      throws IOException, InterruptedException {
    List<Callable<Attendee>> joins = new ArrayList<>();
    for (RoomChannel room : rooms) {
      EndpointIdentity identity = introduce(room.occupant());
      joins.add(() -> join(room, identity));
    }
    atOnce(joins);
  }

  /** Does all of it at once, and waits until it is done. */
  public void atOnce(Collection<? extends Callable<?>> tasks)
      throws IOException, InterruptedException {
    List<Future<?>> running = new ArrayList<>();
    for (Callable<?> task : tasks) {
      running.add(threads.submit(task));
    }
    for (Future<?> task : running) {
      try {
        Object unused = task.get();
      } catch (ExecutionException e) {
        throw new IOException(e.getCause());
      }
    }
  }

  /** Returns somebody who joined. */
  public Attendee attendee(String occupant) {
    synchronized (attendees) {
      Attendee attendee = attendees.get(occupant);
      if (attendee == null) {
        throw new IllegalArgumentException(occupant + " did not join");
      }
      return attendee;
    }
  }

  /** Returns those who joined and did not leave. */
  public List<Attendee> attendees() {
    synchronized (attendees) {
      return List.copyOf(attendees.values());
    }
  }

  /** Leaves, and does not count as an attendee any more. */
  public void leave(String occupant) {
    forget(occupant).close();
  }

  /** Somebody does not count as an attendee any more. */
  @CanIgnoreReturnValue
  public Attendee forget(String occupant) {
    Attendee attendee = attendee(occupant);
    synchronized (attendees) {
      attendees.remove(occupant);
    }
    return attendee;
  }

  /** Tells whether all attendees, and nobody else, are members of one group in one epoch. */
  public boolean isTogether() {
    List<Attendee> all = attendees();
    GroupMoment first = null;
    for (Attendee attendee : all) {
      Attendee.Epoch epoch = attendee.epoch();
      if (epoch == null || epoch.roster().size() != all.size()) {
        return false;
      }
      if (first == null) {
        first = epoch.moment();
      } else if (!epoch.moment().isSame(first)) {
        return false;
      }
    }
    Set<String> expected = new TreeSet<>();
    all.forEach(attendee -> expected.add(attendee.occupant()));
    for (Attendee attendee : all) {
      if (!attendee.members().equals(expected)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Tells somebody whenever it was waited for that all are together, maybe as before; on the thread
   * that waits.
   */
  public void whenTogether(Consumer<Gathering> listener) {
    whenTogether = listener;
  }

  /** Waits until {@link #isTogether}. */
  public void awaitTogether(Duration timeout) throws TimedOutException, InterruptedException {
    if (!Await.holdsWithin(timeout, this::isTogether)) {
      throw new TimedOutException(
          "not together within " + timeout.toMillis() + " ms: " + attendees());
    }
    whenTogether.accept(this);
  }

  /** Waits until all attendees send under the keys of the newest epoch. */
  public void awaitNewestKeys(Duration timeout) throws IOException, InterruptedException {
    Await.until(
        "all send under the newest keys",
        timeout,
        () ->
            attendees().stream().allMatch(attendee -> attendee.session().isSendingInNewestEpoch()));
  }

  /** All leave. */
  @Override
  public void close() {
    List<Callable<Void>> departures = new ArrayList<>();
    for (Attendee attendee : attendees()) {
      departures.add(
          () -> {
            attendee.close();
            return null;
          });
    }
    try {
      atOnce(departures);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    threads.shutdown();
  }
}
