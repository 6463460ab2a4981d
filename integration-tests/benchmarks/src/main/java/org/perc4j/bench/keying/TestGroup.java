/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.keying;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.perc4j.e2e.mls.EndpointIdentity;
import org.perc4j.e2e.mls.GroupPolicy;
import org.perc4j.e2e.mls.MlsGroup;
import org.perc4j.e2e.mls.RefusedException;
import org.perc4j.e2e.mls.RefusedException.Reason;

/** A group of which two members are kept: one who commits, and one who follows. */
final class TestGroup {
  private static final String ROOM = "room@muc.example.org";
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int MOST = 2000;

  private static final String STRANGER = "stranger";

  /** Accepts everybody but strangers. */
  static final GroupPolicy MEMBERS =
      new GroupPolicy(
          ROOM,
          credential -> {
            if (credential.name().startsWith(STRANGER)) {
              throw new RefusedException(Reason.CREDENTIAL, "a stranger");
            }
          },
          MOST,
          Clock.systemUTC());

  private static final GroupPolicy ANYBODY =
      new GroupPolicy(ROOM, credential -> {}, MOST, Clock.systemUTC());

  private final String prefix;
  private int names;
  private MlsGroup committer;
  private MlsGroup follower;

  /** Somebody who wants to become a member. */
  record Newcomer(MlsGroup.Announcement announcement, MlsGroup.Candidate candidate) {}

  private TestGroup(String prefix) throws RefusedException {
    this.prefix = prefix;
    committer = MlsGroup.create(newcomer().announcement, policy(), RANDOM);
    committer.adopt(null);
    Newcomer second = newcomer();
    MlsGroup.PendingCommit addition = committer.commit(List.of(second.candidate), List.of());
    follower = join(second, welcome(addition));
    follower.adopt(null);
    go(addition);
  }

  private void go(MlsGroup.PendingCommit step) {
    step.next().adopt(committer);
    committer = step.next();
  }

  private void follow(byte[] commit) throws RefusedException {
    follower = followed(follower, commit);
  }

  private static MlsGroup followed(MlsGroup member, byte[] commit) throws RefusedException {
    MlsGroup next = member.process(commit, other -> false);
    if (next == null) {
      throw new IllegalStateException("removed");
    }
    next.adopt(member);
    return next;
  }

  /** A group whose first member added all others, so many at a time. */
  static TestGroup ofBatches(int size, int batch) throws RefusedException {
    return ofBatches("member", size, batch);
  }

  /** The same, of strangers. */
  static TestGroup ofStrangers(int size, int batch) throws RefusedException {
    return ofBatches(STRANGER, size, batch);
  }

  private static TestGroup ofBatches(String prefix, int size, int batch) throws RefusedException {
    TestGroup group = new TestGroup(prefix);
    while (group.committer.roster().size() < size) {
      int more = Math.min(batch, size - group.committer.roster().size());
      MlsGroup.PendingCommit addition =
          group.committer.commit(candidates(group.newcomers(more)), List.of());
      group.follow(addition.commit());
      group.go(addition);
    }
    return group;
  }

  /** A group whose members joined from outside, so that each of them made its part of the tree. */
  static TestGroup ofOutsiders(int size) throws RefusedException {
    TestGroup group = new TestGroup("member");
    byte[] groupInfo = group.committer.groupInfo();
    while (group.committer.roster().size() < size) {
      MlsGroup.PendingCommit joining =
          MlsGroup.joinFromOutside(group.newcomer().announcement, groupInfo, MEMBERS);
      group.follow(joining.commit());
      group.committer = followed(group.committer, joining.commit());
      groupInfo = joining.next().groupInfo();
    }
    return group;
  }

  private GroupPolicy policy() {
    return prefix.equals(STRANGER) ? ANYBODY : MEMBERS;
  }

  /** Returns what a stranger sends to join a group from outside. */
  static byte[] strangersCommit(MlsGroup group) throws RefusedException {
    MlsGroup.Announcement announcement = announcement(STRANGER + "@example.org", STRANGER);
    return MlsGroup.joinFromOutside(announcement, group.groupInfo(), ANYBODY).commit();
  }

  /** Returns a stranger's key package. */
  static byte[] strangersKeyPackage() {
    return announcement(STRANGER + "@example.org", STRANGER).octets();
  }

  private static MlsGroup.Announcement announcement(String name, String occupant) {
    return new MlsGroup.Announcement(EndpointIdentity.generate(name, RANDOM), ANYBODY, occupant);
  }

  MlsGroup committer() {
    return committer;
  }

  MlsGroup follower() {
    return follower;
  }

  /** Returns the leaf of somebody in the middle, who is neither of the two. */
  int leaver() {
    return committer.roster().size() / 2;
  }

  private Newcomer newcomer() throws RefusedException {
    String name = prefix + names++;
    MlsGroup.Announcement announcement = announcement(name + "@example.org", name);
    return new Newcomer(announcement, MlsGroup.readAnnouncement(announcement.octets(), policy()));
  }

  List<Newcomer> newcomers(int count) throws RefusedException {
    List<Newcomer> newcomers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      newcomers.add(newcomer());
    }
    return newcomers;
  }

  static List<MlsGroup.Candidate> candidates(List<Newcomer> newcomers) {
    return newcomers.stream().map(Newcomer::candidate).toList();
  }

  static byte[] welcome(MlsGroup.PendingCommit addition) {
    byte[] welcome = addition.welcome();
    if (welcome == null) {
      throw new IllegalStateException("nobody was added");
    }
    return welcome;
  }

  MlsGroup join(Newcomer newcomer, byte[] welcome) throws RefusedException {
    return MlsGroup.join(newcomer.announcement, welcome, committer.self().occupant(), policy());
  }
}
