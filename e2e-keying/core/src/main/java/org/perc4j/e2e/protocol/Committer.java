/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.protocol;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.MlsGroup;
import org.perc4j.e2e.mls.RefusedException;

/**
 * Sends this member's commits: when it is its turn and somebody has to be added or removed, and
 * when the own leaf needs new keys. One is on its way at a time, and is sent until the room brings
 * it back or another one in its place. Belongs to one event loop.
 */
final class Committer {
  /** Members renew their leaves at different times within this one. */
  private static final Duration RENEWAL_SPREAD = Duration.ofHours(1);

  /** How much longer a commit of another member takes than a short message. */
  private static final int TRIPS_TO_COMMIT = 6;

  private static final Duration RENEWAL_AGAIN = Duration.ofMinutes(1);

  private final EventLoop loop;
  private final Outgoing out;
  private final Occupancy occupancy;
  private final Announcements waiting;
  private final CommitTurn turn;
  private final CommitMaker maker;
  private final ProtocolTiming timing;
  private final SecureRandom random;
  private final Supplier<@Nullable MlsGroup> group;
  private final Supplier<@Nullable MlsGroup> inLine;
  private final Runnable alone;

  /** What is on its way and has not come back. */
  private @Nullable Step pending;

  private final OneTimer turnTimer;
  private final PatientTimer othersTimer;
  private final PatientTimer resendTimer;
  private final OneTimer renewalTimer;

  /**
   * Begins with nothing to send.
   *
   * @param group what this occupant is a member of, or null
   * @param inLine the same if it may change who is a member: it knows of nothing that it missed
   * @param alone is called when all other members are gone, and nobody can be removed
   */
  Committer(
      EventLoop loop,
      Timers timers,
      RoundTrip roundTrip,
      Outgoing out,
      Occupancy occupancy,
      Announcements waiting,
      CommitMaker maker,
      ProtocolTiming timing,
      SecureRandom random,
      Supplier<@Nullable MlsGroup> group,
      Supplier<@Nullable MlsGroup> inLine,
      Runnable alone) {
    this.loop = loop;
    this.out = out;
    this.occupancy = occupancy;
    this.waiting = waiting;
    this.turn = new CommitTurn(timing);
    this.maker = maker;
    this.timing = timing;
    this.random = random;
    this.group = group;
    this.inLine = inLine;
    this.alone = alone;
    this.turnTimer = timers.one();
    this.othersTimer = new PatientTimer(loop, timers, roundTrip, TRIPS_TO_COMMIT);
    this.resendTimer = new PatientTimer(loop, timers, roundTrip, 0);
    this.renewalTimer = timers.one();
  }

  /** Returns the own step that came back as this commit, or null. */
  @Nullable Step echo(byte[] commit) {
    return pending != null && pending.commit().isEcho(commit) ? pending : null;
  }

  /** Returns what is on its way, or null. */
  @Nullable Step pending() {
    return pending;
  }

  /** There is a new epoch, or another commit was first: what was on its way does not count. */
  void settled() {
    pending = null;
    turn.reset();
    othersTimer.stop();
    resendTimer.stop();
  }

  /** This occupant is a member no more. */
  void outOfGroup() {
    settled();
    turnTimer.stop();
    renewalTimer.stop();
  }

  /** The room is out of reach. */
  void lost() {
    turnTimer.stop();
    othersTimer.stop();
  }

  /** The own leaf came with a key package, which is valid for a time only. */
  void renewLater() {
    long spread = random.nextInt((int) RENEWAL_SPREAD.toSeconds());
    renewalTimer.set(ProtocolTiming.LEAF_RENEWAL.plusSeconds(spread), this::renew);
  }

  /** The own leaf came with a commit, and is valid for as long as there is the group. */
  void renewed() {
    renewalTimer.stop();
  }

  /** Looks whether somebody has to be added or removed, and whether it is this member's turn. */
  void evaluate() {
    evaluate(false);
  }

  /**
   * Does so.
   *
   * @param checked whether what others have sent by the time of this member's turn would be here
   */
  private void evaluate(boolean checked) {
    MlsGroup current = inLine.get();
    if (current == null || pending != null) {
      return;
    }
    Duration delay = turn.untilTurn(current, occupancy, !waiting.isEmpty(), loop.nanoTime());
    turnTimer.stop();
    if (delay == null) {
      othersTimer.stop();
      Duration later = waiting.untilNext();
      if (later != null) {
        turnTimer.set(later, this::evaluate);
      }
    } else if (!delay.isNegative() && !delay.isZero()) {
      turnTimer.set(delay, this::evaluate);
    } else if (checked || occupancy.rank(current) == 0) {
      othersTimer.stop();
      commit(current);
    } else if (!othersTimer.isSet()) {
      othersTimer.set(Duration.ZERO, () -> evaluate(true));
    }
  }

  private void commit(MlsGroup current) {
    int before = waiting.size();
    CommitMaker.Outcome outcome = maker.make(current);
    if (outcome instanceof CommitMaker.Outcome.Commit commit) {
      send(commit.step());
    } else if (outcome instanceof CommitMaker.Outcome.Alone) {
      alone.run();
    } else {
      turn.reset();
      if (outcome instanceof CommitMaker.Outcome.Again || waiting.size() < before) {
        evaluate(); // there may be more than were looked at
      }
    }
  }

  /** Gives the own leaf new keys, before its key package is not valid any more. */
  private void renew() {
    renewalTimer.set(RENEWAL_AGAIN, this::renew); // unless this step counts
    MlsGroup current = group.get();
    if (current == null || !out.isInReach() || pending != null || current.roster().size() < 2) {
      return;
    }
    try {
      send(new Step(current.commit(List.of(), List.of()), false, List.of()));
    } catch (RefusedException e) {
      throw new AssertionError("changes no roster", e);
    }
  }

  /** Sends a commit, also one by which this occupant becomes a member. */
  void send(Step step) {
    if (out.commit(step)) {
      pending = step;
      resendTimer.set(timing.resendDelay(), this::resend);
    } else {
      turn.reset();
      turnTimer.set(timing.committerTimeout(), this::evaluate);
    }
  }

  /**
   * Sends the pending commit again: a server may lose what was on its way when a connection broke,
   * even if it is resumed. Where both arrive, the second one is for a past epoch.
   */
  void resend() {
    if (pending != null && out.isInReach()) {
      out.commit(pending);
      resendTimer.set(timing.resendDelay(), this::resend);
    }
  }
}
