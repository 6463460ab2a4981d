/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.junit.jupiter.api.function.Executable;
import org.perc4j.e2e.mls.MlsGroup.Announcement;
import org.perc4j.e2e.mls.MlsGroup.Candidate;
import org.perc4j.e2e.mls.MlsGroup.PendingCommit;
import org.perc4j.e2e.mls.RefusedException.Reason;

/** All members of one group, each with its own state, and a room that loses nothing. */
final class TestConference {
  static final String ROOM = "room@muc.example.org";
  static final Clock CLOCK = Clock.systemUTC();
  static final GroupPolicy POLICY = new GroupPolicy(ROOM, credential -> {}, 100, CLOCK);

  private static final Map<String, EndpointIdentity> IDENTITIES = new ConcurrentHashMap<>();

  private final Map<String, MlsGroup> members = new TreeMap<>();

  /** A group of these, the first of whom made it and added the others at once. */
  static TestConference of(String first, String... others) throws RefusedException {
    TestConference conference = new TestConference();
    conference.members.put(first, create(first));
    if (others.length > 0) {
      conference.add(first, others);
    }
    return conference;
  }

  static EndpointIdentity identity(String name) {
    return IDENTITIES.computeIfAbsent(
        name, missing -> EndpointIdentity.generate(missing, new SecureRandom()));
  }

  /** Identities of these names with one key. */
  static List<EndpointIdentity> identitiesWithOneKey(String... names) {
    Ed25519PrivateKeyParameters key = new Ed25519PrivateKeyParameters(new SecureRandom());
    byte[] publicKey =
        IdentityKey.ed25519SubjectPublicKeyInfo(key.generatePublicKey().getEncoded());
    IdentitySigner signer =
        (content, answer) -> {
          byte[] signature = new byte[Ed25519PrivateKeyParameters.SIGNATURE_SIZE];
          key.sign(Ed25519.Algorithm.Ed25519, null, content, 0, content.length, signature, 0);
          answer.signed(signature);
        };
    return Arrays.stream(names)
        .map(name -> EndpointIdentity.ofKey(name, publicKey, signer))
        .toList();
  }

  static Announcement announce(String name) {
    return new Announcement(identity(name), POLICY, name);
  }

  static Candidate candidate(String name) throws RefusedException {
    return MlsGroup.readAnnouncement(announce(name).octets(), POLICY);
  }

  static MlsGroup create(String name) {
    MlsGroup group = MlsGroup.create(announce(name), POLICY, new SecureRandom());
    group.adopt(null);
    return group;
  }

  /** Asserts that something is refused for a reason. */
  static void assertRefused(Reason reason, Executable attempt) {
    RefusedException refusal = assertThrows(RefusedException.class, attempt);
    assertEquals(reason, refusal.reason(), () -> String.valueOf(refusal.getMessage()));
  }

  MlsGroup member(String name) {
    MlsGroup member = members.get(name);
    if (member == null) {
      throw new IllegalStateException(name + " is no member");
    }
    return member;
  }

  Set<String> names() {
    return new TreeSet<>(members.keySet());
  }

  int leaf(String name) {
    return member(name).ownLeaf();
  }

  /** Lets a member add others, who join by the Welcome. */
  void add(String committer, String... names) throws RefusedException {
    List<Announcement> announcements = Arrays.stream(names).map(TestConference::announce).toList();
    List<Candidate> joiners = new ArrayList<>();
    for (Announcement announcement : announcements) {
      joiners.add(MlsGroup.readAnnouncement(announcement.octets(), POLICY));
    }
    PendingCommit commit = member(committer).commit(joiners, List.of());
    deliver(committer, commit, Set.of());
    byte[] welcome = commit.welcome();
    assertNotNull(welcome);
    for (int i = 0; i < names.length; i++) {
      MlsGroup joined = MlsGroup.join(announcements.get(i), welcome, POLICY);
      joined.adopt(null);
      members.put(names[i], joined);
    }
  }

  /** Lets a member remove others, who have left. */
  void remove(String committer, String... names) throws RefusedException {
    Set<String> leavers = Set.of(names);
    PendingCommit commit =
        member(committer).commit(List.of(), leavers.stream().map(this::leaf).toList());
    deliver(committer, commit, leavers);
  }

  /** Lets a member renew its keys. */
  void update(String committer) throws RefusedException {
    deliver(committer, member(committer).commit(List.of(), List.of()), Set.of());
  }

  /** Lets somebody join from outside, in place of its earlier self if there is one. */
  void joinFromOutside(String name, String helper) throws RefusedException {
    PendingCommit commit =
        MlsGroup.joinFromOutside(announce(name), member(helper).groupInfo(), POLICY);
    deliver(name, commit, members.containsKey(name) ? Set.of(name) : Set.of());
    members.put(name, commit.next());
  }

  private void deliver(String committer, PendingCommit commit, Set<String> leavers)
      throws RefusedException {
    MlsGroup before = members.get(committer);
    for (String name : names()) {
      MlsGroup member = member(name);
      if (leavers.contains(name)) {
        assertEquals(null, member.process(commit.commit(), other -> false), name);
        member.destroy();
        members.remove(name);
      } else if (!name.equals(committer)) {
        MlsGroup next =
            member.process(commit.commit(), other -> leavers.contains(other.occupant()));
        assertNotNull(next, name);
        next.adopt(member);
        members.put(name, next);
      }
    }
    if (members.containsKey(committer)) {
      commit.next().adopt(before);
      members.put(committer, commit.next());
    } else {
      commit.next().adopt(null);
    }
  }

  /** Asserts that all are in the same epoch of the same group, with the same secrets and roster. */
  void assertAgreement() {
    MlsGroup first = members.values().iterator().next();
    assertEquals(members.keySet(), new TreeSet<>(first.roster().names().values()));
    members.forEach(
        (name, member) -> {
          assertEquals(true, first.moment().isSame(member.moment()), name);
          assertArrayEquals(first.authenticator(), member.authenticator(), name);
          assertArrayEquals(first.exporterSecret("test"), member.exporterSecret("test"), name);
          assertEquals(first.roster().names(), member.roster().names(), name);
          assertEquals(name, member.self().name());
        });
  }
}
