/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.protocol;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.perc4j.e2e.mls.GroupPolicy;
import org.perc4j.e2e.mls.Member;
import org.perc4j.e2e.mls.MlsGroup;
import org.perc4j.e2e.mls.MlsGroup.Candidate;
import org.perc4j.e2e.mls.RefusedException;
import org.perc4j.e2e.mls.RefusedException.Reason;

/**
 * Makes the commit that takes out who has left and takes in who has announced itself. Key packages
 * are read here, and nowhere else; what is refused is forgotten and told, and spoils nothing. Not
 * thread-safe.
 */
final class CommitMaker {
  /** How many joiners one commit takes at most; their key packages have to fit as well. */
  static final int MAX_BATCH = 256;

  static final int MAX_BATCH_BYTES = 256 * 1024;

  private static final Logger LOGGER = Logger.getLogger(CommitMaker.class.getName());

  private final GroupPolicy policy;
  private final Occupancy occupancy;
  private final Announcements waiting;
  private final BiConsumer<String, RefusedException> refused;

  /** What is to be done. */
  sealed interface Outcome {
    /** Nothing, as it turned out. */
    record Nothing() implements Outcome {}

    /** Everybody else has left, and the last member cannot commit: it makes a new group. */
    record Alone() implements Outcome {}

    /** Somebody was refused whom nothing was found against before; the others are yet to come. */
    record Again() implements Outcome {}

    /** Send this. */
    record Commit(Step step) implements Outcome {}
  }

  /**
   * Makes commits from what there is.
   *
   * @param waiting those who want to join; those who are refused are taken away
   * @param refused is told whom a commit left out, and why
   */
  CommitMaker(
      GroupPolicy policy,
      Occupancy occupancy,
      Announcements waiting,
      BiConsumer<String, RefusedException> refused) {
    this.policy = policy;
    this.occupancy = occupancy;
    this.waiting = waiting;
    this.refused = refused;
  }

  Outcome make(MlsGroup group) {
    TreeSet<Integer> leavers = new TreeSet<>();
    for (Member member : group.roster().members()) {
      if (member.leaf() != group.ownLeaf() && occupancy.hasLeft(member)) {
        leavers.add(member.leaf());
      }
    }
    Map<String, Candidate> joiners = readJoiners(group, leavers);
    if (leavers.isEmpty() && joiners.isEmpty()) {
      return new Outcome.Nothing();
    }
    if (group.roster().size() - leavers.size() + joiners.size() < 2) {
      return new Outcome.Alone();
    }
    try {
      return new Outcome.Commit(
          new Step(
              group.commit(List.copyOf(joiners.values()), leavers),
              false,
              List.copyOf(joiners.keySet())));
    } catch (RefusedException e) {
      // all was checked before; should it fail all the same, nobody may stop the group by it
      LOGGER.log(Level.WARNING, "could not make a commit", e);
      joiners.keySet().forEach(waiting::remove);
      joiners.keySet().forEach(occupant -> refused.accept(occupant, e));
      return joiners.isEmpty() ? new Outcome.Nothing() : new Outcome.Again();
    }
  }

  /**
   * Reads the key packages of those who wait, and takes those away that are refused.
   *
   * @param leavers is added to: who joins in place of an earlier leaf has that one removed
   */
  private Map<String, Candidate> readJoiners(MlsGroup group, Set<Integer> leavers) {
    Map<String, Candidate> joiners = new LinkedHashMap<>();
    Set<String> taken = new HashSet<>();
    int octets = 0;
    for (String occupant : waiting.occupants(MAX_BATCH)) {
      byte[] keyPackage = waiting.of(occupant);
      octets += keyPackage.length;
      if (octets > MAX_BATCH_BYTES) {
        break;
      }
      try {
        Candidate candidate = MlsGroup.readAnnouncement(keyPackage, policy);
        if (!candidate.credential().occupant().equals(occupant)) {
          throw new RefusedException(
              Reason.CREDENTIAL, candidate + " was announced by " + occupant);
        }
        group.requireNew(candidate);
        if (!taken.add(candidate.credential().fingerprint())) {
          throw new RefusedException(Reason.DUPLICATE, candidate + " wants to join twice");
        }
        Set<Integer> replaced = group.leavesReplacedBy(candidate, occupancy::hasLeft);
        if (replaced.contains(group.ownLeaf())) {
          continue; // another member will do it
        }
        if (group.roster().size() - leavers.size() - replaced.size() + joiners.size()
            >= policy.maxMembers()) {
          throw new RefusedException(Reason.GROUP_FULL, candidate + " finds no room");
        }
        leavers.addAll(replaced);
        joiners.put(occupant, candidate);
      } catch (RefusedException e) {
        waiting.remove(occupant);
        refused.accept(occupant, e);
      }
    }
    return joiners;
  }
}
