/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.session;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.GroupMoment;
import org.perc4j.e2e.mls.GroupPolicy;
import org.perc4j.e2e.mls.MlsGroup;
import org.perc4j.e2e.mls.RefusedException;
import org.perc4j.e2e.mls.RefusedException.Reason;

/**
 * What occupants publish of the groups that they are in: what others do, the newest of a few, and
 * what this one does. Not thread-safe.
 */
final class Publications {
  private static final int MAX_KEPT = 8;
  private static final int MAX_PER_WINDOW = 20;
  private static final Duration WINDOW = Duration.ofSeconds(30);

  private final GroupPolicy policy;
  private final RateLimit rate;
  private final Map<String, Publication> others = new LinkedHashMap<>();
  private @Nullable GroupMoment own;

  /**
   * What an occupant publishes.
   *
   * @param moment by its own word
   */
  @SuppressWarnings("ArrayRecordComponent") // not compared
  record Publication(String occupant, byte[] groupInfo, GroupMoment moment) {}

  /** What a publication means to a member. */
  enum Verdict {
    /** Nothing, or something to its publisher only. */
    NOTHING("nothing"),
    /** What this member published itself is of the past. */
    OUTDATED("a later epoch is published"),
    /** This member has not heard of something. */
    MISSED("an epoch was missed"),
    /** Two halves of the group went on by themselves, and this one goes over to the other. */
    SPLIT("the group is split"),
    /** There are two groups, and this one goes over to the other. */
    OTHER_GROUP("there is another group in the room");

    /** For people. */
    final String text;

    Verdict(String text) {
      this.text = text;
    }

    /** Whether the group is to be left for what was published. */
    boolean isToLeave() {
      return compareTo(OUTDATED) > 0;
    }
  }

  Publications(GroupPolicy policy, LongSupplier nanoTime) {
    this.policy = policy;
    this.rate = new RateLimit(nanoTime, MAX_PER_WINDOW, WINDOW);
  }

  /** The room has forgotten everything. */
  void clear() {
    others.clear();
    own = null;
  }

  void forget(String occupant) {
    others.remove(occupant);
  }

  /**
   * Takes what another occupant publishes in place of what it published before.
   *
   * @return it, or null if there is nothing
   */
  @Nullable Publication offer(String occupant, byte[] groupInfo) throws RefusedException {
    others.remove(occupant);
    if (groupInfo.length == 0) {
      return null;
    }
    if (!rate.allows(occupant)) {
      throw new RefusedException(Reason.TOO_LARGE, "published too often");
    }
    Publication publication =
        new Publication(occupant, groupInfo, MlsGroup.momentOf(groupInfo, policy));
    others.put(occupant, publication);
    if (others.size() > MAX_KEPT) {
      others.remove(others.keySet().iterator().next());
    }
    return publication;
  }

  /** Returns what others publish, the newest last. */
  List<Publication> others() {
    return List.copyOf(others.values());
  }

  /** Whether others publish something. */
  boolean areSigns() {
    return !others.isEmpty();
  }

  /** Whether this occupant publishes something. */
  boolean hasOwn() {
    return own != null;
  }

  /** This occupant publishes this now, or nothing. */
  void own(@Nullable GroupMoment moment) {
    own = moment;
  }

  /** Compares a publication with where this member is. */
  Verdict compare(MlsGroup current, Publication publication) {
    GroupMoment moment = publication.moment();
    if (!current.moment().sameGroup(moment)) {
      return current.moment().yieldsTo(moment) ? Verdict.OTHER_GROUP : Verdict.NOTHING;
    }
    if (current.moment().isBefore(moment)) {
      return Verdict.MISSED;
    }
    if (isSplit(current, publication.groupInfo())) {
      return Verdict.SPLIT;
    }
    return own != null && own.isBefore(moment) ? Verdict.OUTDATED : Verdict.NOTHING;
  }

  private static boolean isSplit(MlsGroup current, byte[] groupInfo) {
    try {
      return current.compareSplit(groupInfo) < 0;
    } catch (RefusedException e) {
      throw new AssertionError("was read before", e);
    }
  }
}
