/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.xmpp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.perc4j.e2e.room.RoomEvent;
import org.perc4j.it.harness.Await;
import org.perc4j.it.harness.TimedOutException;

/** Writes down what an occupant is told, in words that can be compared. Thread-safe. */
final class Observer implements Consumer<RoomEvent> {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final List<String> seen = new ArrayList<>();

  @Override
  public synchronized void accept(RoomEvent event) {
    seen.add(words(event));
  }

  private static String words(RoomEvent event) {
    if (event instanceof RoomEvent.Received received) {
      return "%s: %s %s %s"
          .formatted(
              received.occupant(),
              received.toAll() ? "to all" : "to one",
              received.kind(),
              summary(received.octets()));
    }
    if (event instanceof RoomEvent.Published published) {
      return published.occupant() + " published " + summary(published.octets());
    }
    if (event instanceof RoomEvent.Entered entered) {
      return "entered after "
          + entered.elders()
          + (entered.outsiders().isEmpty() ? "" : " beside " + entered.outsiders());
    }
    if (event instanceof RoomEvent.Arrived arrived) {
      return arrived.occupant() + " arrived";
    }
    if (event instanceof RoomEvent.Departed departed) {
      return departed.occupant() + " departed";
    }
    if (event instanceof RoomEvent.Outsider outsider) {
      return outsider.occupant() + (outsider.present() ? " is outside" : " is not outside");
    }
    if (event instanceof RoomEvent.Ended ended) {
      return "ended: " + ended.detail();
    }
    if (event instanceof RoomEvent.Malformed malformed) {
      return malformed.occupant() + " malformed: " + malformed.reason();
    }
    return event instanceof RoomEvent.Resumed ? "resumed" : "disconnected";
  }

  static String summary(byte[] octets) {
    return octets.length + " octets #" + Integer.toHexString(Arrays.hashCode(octets));
  }

  synchronized List<String> seen() {
    return List.copyOf(seen);
  }

  List<String> seenStarting(String prefix) {
    return seen().stream().filter(words -> words.startsWith(prefix)).toList();
  }

  void await(String prefix) throws TimedOutException, InterruptedException {
    await(1, prefix);
  }

  void await(int count, String prefix) throws TimedOutException, InterruptedException {
    if (!Await.holdsWithin(TIMEOUT, () -> seenStarting(prefix).size() >= count)) {
      throw new TimedOutException(count + " x " + prefix + ", but: " + seen());
    }
  }
}
