/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.protocol;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.EndpointIdentity;
import org.perc4j.e2e.mls.GroupPolicy;
import org.perc4j.e2e.mls.LeafStatement;
import org.perc4j.e2e.mls.MlsGroup;
import org.perc4j.e2e.mls.MlsGroup.Announcement;
import org.perc4j.e2e.mls.RefusedException;

/**
 * Makes own announcements, for which the identity's signer may need its time, and keeps those that
 * a Welcome may answer. Belongs to one event loop; the signer may answer from any thread.
 */
final class Announcing {
  /** How many answers of the signer may be outstanding: each tells of keys that wait for it. */
  private static final int MAX_OUTSTANDING = 8;

  /** How many announcements are kept. */
  private static final int MAX_ANNOUNCED = 4;

  private final EventLoop loop;
  private final EndpointIdentity identity;
  private final LeafStatement statement;
  private final GroupPolicy policy;
  private final String occupant;
  private final Consumer<String> failed;
  private int outstanding;

  /** What was sent to all, the newest first. */
  private final Deque<Announcement> announced = new ArrayDeque<>();

  /**
   * Begins.
   *
   * @param failed is told, on the event loop, if the identity does not sign
   */
  Announcing(
      EventLoop loop,
      EndpointIdentity identity,
      LeafStatement statement,
      GroupPolicy policy,
      String occupant,
      Consumer<String> failed) {
    this.loop = loop;
    this.identity = identity;
    this.statement = statement;
    this.policy = policy;
    this.occupant = occupant;
    this.failed = failed;
  }

  /** What the signer has answered: one of the two. */
  @SuppressWarnings("ArrayRecordComponent") // not compared
  private record Answer(byte @Nullable [] credential, String fault) {}

  /** That it had not answered when it was asked. */
  private static final Answer LATER = new Answer(null, "");

  /**
   * Makes an announcement with fresh keys.
   *
   * @param then takes it: before this returns if the signer answers at once, else later on the
   *     event loop
   */
  void make(Consumer<Announcement> then) {
    if (outstanding == MAX_OUTSTANDING) {
      failed.accept("it has not answered " + outstanding + " times");
      return;
    }
    outstanding++;
    Announcement.Draft draft = new Announcement.Draft(identity, statement, policy, occupant);
    AtomicReference<@Nullable Answer> first = new AtomicReference<>();
    draft.sign(
        new EndpointIdentity.Voucher() {
          @Override
          public void credential(byte[] octets) {
            answered(new Answer(octets, ""));
          }

          @Override
          public void failed(String detail) {
            answered(new Answer(null, detail));
          }

          private void answered(Answer answer) {
            if (!first.compareAndSet(null, answer) && first.compareAndSet(LATER, answer)) {
              loop.execute(() -> handle(draft, answer, then));
            } // else it answers again
          }
        });
    if (!first.compareAndSet(null, LATER)) {
      handle(draft, Objects.requireNonNull(first.get()), then);
    }
  }

  private void handle(Announcement.Draft draft, Answer answer, Consumer<Announcement> then) {
    outstanding--;
    if (answer.credential == null) {
      failed.accept(answer.fault);
    } else {
      then.accept(draft.vouchedBy(answer.credential));
    }
  }

  // ---------------------------------------------------------------- what was announced

  /** This is sent to all; an answer to one of those before may be on its way. */
  void announced(Announcement announcement) {
    announced.addFirst(announcement);
    if (announced.size() > MAX_ANNOUNCED) {
      announced.removeLast();
    }
  }

  /** Whether there is nothing that could be answered. */
  boolean isEmpty() {
    return announced.isEmpty();
  }

  /** Returns which announcement a Welcome answers, or null. */
  @Nullable Announcement answeredBy(byte[] welcome) throws RefusedException {
    return MlsGroup.answered(announced, welcome, policy);
  }

  /**
   * This endpoint is a member by one of them. Newer ones may be taken for its wish to be let in
   * again, so an answer to one of them counts as well.
   */
  void answered(Announcement announcement) {
    boolean older;
    do {
      older = announced.removeLast() != announcement;
    } while (older && !announced.isEmpty());
  }

  /** Whether a commit lets this endpoint in by one of them, so that a Welcome is to come. */
  boolean isAddedBy(byte[] commit) {
    try {
      return MlsGroup.adds(commit, octets(), policy);
    } catch (RefusedException e) {
      return false;
    }
  }

  /** Returns what was sent to all. */
  List<byte[]> octets() {
    return announced.stream().map(Announcement::octets).toList();
  }

  /** Forgets them; nothing that answers one counts any more. */
  void forget() {
    announced.clear();
  }
}
