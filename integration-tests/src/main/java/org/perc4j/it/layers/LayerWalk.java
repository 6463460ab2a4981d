/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.layers;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.it.bridge.Room;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.endpoint.ReceivedStream;
import org.perc4j.it.endpoint.SentStream;
import org.perc4j.it.harness.Await;

/**
 * Leads a receiver through the layers of one sender's video, and keeps the account. For one thread.
 */
public final class LayerWalk {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int SETTLED_PICTURES = 12;
  private static final int DWELL_PICTURES = 24;
  private static final int ON_THE_WAY_PICTURES = 3;

  /**
   * What came of a step.
   *
   * @param isUp whether the receiver got layers that it did not have
   * @param delay from asking to the first packet of the new highest layer, or, down, to the last
   *     packet of the former one
   * @param firstPicture from which on the change was complete, counted as sent
   * @param lastPicture before the next step
   */
  public record Outcome(
      LayerStep step, boolean isUp, Duration delay, long firstPicture, long lastPicture) {}

  private record Came(ReceivedStream.Arrival arrival, SentStream.Packet packet) {}

  private final Room room;
  private final Endpoint sender;
  private final Endpoint viewer;
  private @Nullable LayerChoice current;
  private int seen;
  private final List<Came> came = new ArrayList<>();

  /** A receiver that has asked for nothing yet. */
  public LayerWalk(Room room, Endpoint sender, Endpoint viewer) {
    this.room = room;
    this.sender = sender;
    this.viewer = viewer;
  }

  /** Takes a step, and stays for a while once it is complete. */
  public Outcome go(LayerStep step) throws IOException, InterruptedException {
    LayerChoice former = current;
    LayerChoice wanted = step.choice();
    boolean isUp = former == null || former.lacksSomethingOf(wanted);
    catchUp();
    int before = came.size();
    long asked = System.nanoTime();
    room.setConstraints(viewer.id(), step.constraints());
    Await.until(
        step + " at " + viewer + " of " + sender,
        PATIENCE,
        () -> {
          catchUp();
          return isSettled(wanted);
        });
    long settled = latestPicture();
    Await.until(
        "pictures at " + step + " " + viewer,
        PATIENCE,
        () -> {
          catchUp();
          return latestPicture() >= settled + DWELL_PICTURES;
        });
    long changed = asked;
    long firstPicture = -1;
    for (Came each : came.subList(before, came.size())) {
      boolean ofNewLayer = wanted.isTop(each.packet());
      boolean above = !wanted.includes(each.packet());
      if (isUp && ofNewLayer && firstPicture < 0) {
        changed = each.arrival().nanos();
        firstPicture = each.packet().picture();
      } else if (!isUp && above) {
        changed = each.arrival().nanos();
      }
      if (above) {
        firstPicture = isUp && firstPicture < 0 ? -1 : each.packet().picture() + 1;
      }
    }
    current = wanted;
    return new Outcome(
        step,
        isUp,
        Duration.ofNanos(changed - asked),
        Math.max(firstPicture, settled - SETTLED_PICTURES),
        latestPicture() - ON_THE_WAY_PICTURES);
  }

  private void catchUp() {
    ReceivedStream stream = viewer.received(sender.id(), MediaKind.VIDEO);
    if (stream == null) {
      return;
    }
    List<ReceivedStream.Arrival> arrivals = stream.arrivals();
    SentStream sent = Objects.requireNonNull(sender.sent(MediaKind.VIDEO));
    for (ReceivedStream.Arrival arrival : arrivals.subList(seen, arrivals.size())) {
      SentStream.Packet packet = sent.find(arrival);
      if (packet != null && arrival.payload().length > 0) {
        came.add(new Came(arrival, packet));
      }
    }
    seen = arrivals.size();
  }

  private long latestPicture() {
    return came.isEmpty() ? 0 : came.get(came.size() - 1).packet().picture();
  }

  private boolean isSettled(LayerChoice wanted) {
    long latest = latestPicture();
    boolean top = false;
    for (int i = came.size() - 1; i >= 0; i--) {
      SentStream.Packet packet = came.get(i).packet();
      if (packet.picture() < latest - SETTLED_PICTURES) {
        return top;
      }
      if (!wanted.includes(packet)) {
        return false;
      }
      top |= wanted.isTop(packet);
    }
    return false;
  }

  /**
   * Compares, for the pictures of a step, what the receiver should have with what it got: in the
   * answer is what is missing or too much, nothing if all is well.
   */
  public Set<String> differences(Outcome outcome) {
    catchUp();
    Set<String> got = new HashSet<>();
    for (Came each : came) {
      if (isOf(outcome, each.packet())) {
        got.add(describe(each.packet()));
      }
    }
    Set<String> differences = new TreeSet<>();
    int expected = 0;
    for (SentStream.Packet packet :
        Objects.requireNonNull(sender.sent(MediaKind.VIDEO)).packets()) {
      if (isOf(outcome, packet) && outcome.step().choice().includes(packet)) {
        expected++;
        if (!got.remove(describe(packet))) {
          differences.add("missing: " + describe(packet));
        }
      }
    }
    got.forEach(packet -> differences.add("too much: " + packet));
    if (expected == 0) {
      differences.add("nothing to compare");
    }
    return differences;
  }

  private static boolean isOf(Outcome outcome, SentStream.Packet packet) {
    return packet.picture() >= outcome.firstPicture() && packet.picture() <= outcome.lastPicture();
  }

  private static String describe(SentStream.Packet packet) {
    return "picture "
        + packet.picture()
        + " E"
        + packet.encoding()
        + " "
        + packet.frame()
        + " SEQ "
        + packet.sequenceNumber();
  }
}
