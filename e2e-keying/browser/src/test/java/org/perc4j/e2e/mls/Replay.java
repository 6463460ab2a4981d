/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bouncycastle.util.encoders.Hex;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.MlsGroup.Announcement;
import org.perc4j.e2e.mls.MlsGroup.Candidate;
import org.perc4j.e2e.mls.MlsGroup.PendingCommit;

/**
 * A group of four, one who wants to join, and what they make of messages. Made with the same
 * randomness and at the same time, it is the same wherever it is made, key for key; so is what
 * comes of a message, octet for octet.
 */
public final class Replay {
  /** The kinds of messages, and of parts of them that are read by themselves. */
  public enum Kind {
    ANNOUNCEMENT,
    COMMIT,
    COMMIT_OF_STRANGERS,
    WELCOME,
    GROUP_INFO,
    ANSWER,
    SHOWN_MARK,
    CREDENTIAL
  }

  private static final String ROOM = "room@muc.example.org";

  /** As {@link CredentialVectors} has them. */
  private static final String VECTOR_ROOM = "standup@conference.example.org";

  private static final byte[] VECTOR_LEAF_KEY =
      Hex.decode("6465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f80818283");
  private static final Instant VECTOR_TIME = Instant.parse("2027-01-01T00:00:00Z");

  private static final byte[] NONCE = new byte[GroupAnswer.NONCE_BYTES];

  private final GroupPolicy policy;
  private final X509Roots roots;
  private final Map<String, EndpointIdentity> identities = new HashMap<>();
  private final MlsGroup member;
  private final MlsGroup committer;
  private final Announcement joiner;
  private final Announcement otherJoiner;
  private final byte[] heard;
  private final List<byte[]> commits = new ArrayList<>();
  private final byte[] welcome;
  private final byte[] groupInfo;

  /**
   * Makes them.
   *
   * @param root whose certificates are believed
   */
  public Replay(long nowSeconds, byte[] root) throws RefusedException {
    roots = new X509Roots(List.of(root), Clock.fixed(VECTOR_TIME, ZoneOffset.UTC));
    policy =
        new GroupPolicy(
            ROOM,
            credential -> {},
            100,
            Clock.fixed(Instant.ofEpochSecond(nowSeconds), ZoneOffset.UTC));
    MlsGroup a = MlsGroup.create(announce("a"), policy, new SecureRandom());
    a.adopt(null);
    List<Announcement> others = List.of(announce("b"), announce("c"), announce("d"));
    List<Candidate> candidates = new ArrayList<>();
    for (Announcement each : others) {
      candidates.add(MlsGroup.readAnnouncement(each.octets(), policy));
    }
    PendingCommit adding = a.commit(candidates, List.of());
    byte[] first = welcome(adding);
    MlsGroup b = MlsGroup.join(others.get(0), first, policy);
    MlsGroup c = MlsGroup.join(others.get(1), first, policy);
    adding.next().adopt(a);
    // an epoch later, so that its tree has more than leaves
    PendingCommit update = c.commit(List.of(), List.of());
    member = followed(adding.next(), update.commit());
    committer = followed(b, update.commit());

    joiner = announce("e");
    otherJoiner = announce("f");
    heard = joiner.octets();
    PendingCommit joining =
        committer.commit(
            List.of(
                MlsGroup.readAnnouncement(joiner.octets(), policy),
                MlsGroup.readAnnouncement(otherJoiner.octets(), policy)),
            List.of());
    welcome = welcome(joining);
    groupInfo = committer.groupInfo();
    commits.add(joining.commit());
    commits.add(committer.commit(List.of(), List.of(3)).commit());
    commits.add(committer.commit(List.of(), List.of()).commit());
    commits.add(committer.commit(List.of(), List.of(0)).commit());
    commits.add(MlsGroup.joinFromOutside(announce("d"), groupInfo, policy).commit());
    commits.add(MlsGroup.joinFromOutside(announce("g"), groupInfo, policy).commit());
  }

  private Announcement announce(String name) {
    return new Announcement(identity(name), policy, name);
  }

  private EndpointIdentity identity(String name) {
    return identities.computeIfAbsent(
        name, missing -> EndpointIdentity.generate(missing, new SecureRandom()));
  }

  private static byte[] welcome(PendingCommit commit) {
    byte[] welcome = commit.welcome();
    if (welcome == null) {
      throw new IllegalStateException("nobody joins");
    }
    return welcome;
  }

  private static MlsGroup followed(MlsGroup before, byte[] commit) throws RefusedException {
    MlsGroup next = before.process(commit, left -> false);
    if (next == null) {
      throw new IllegalStateException("removed");
    }
    next.adopt(before);
    return next;
  }

  /** Returns messages of a kind that nobody changed. */
  List<byte[]> genuine(Kind kind) {
    return switch (kind) {
      case ANNOUNCEMENT -> List.of(heard);
      case COMMIT, COMMIT_OF_STRANGERS -> commits;
      case WELCOME -> List.of(welcome);
      case GROUP_INFO -> List.of(groupInfo);
      case ANSWER -> List.of(committer.answer(groupInfo, "asker", NONCE));
      case SHOWN_MARK ->
          List.of(new ShownMark(member.mark(), member.self().credential().fingerprint()).octets());
      case CREDENTIAL -> List.of(); // vectors
    };
  }

  /** Somebody who may be hostile. */
  MlsGroup committer() {
    return committer;
  }

  /** Whose Welcome it is. */
  Announcement joiner() {
    return joiner;
  }

  /** Returns what tells whether it was made of the same randomness. */
  public String state() {
    return outcome(member) + " " + Hex.toHexString(welcome);
  }

  /**
   * Returns what comes of a message: all that somebody could tell it by, or why it is refused.
   *
   * @param kind the name of a {@link Kind}
   */
  public String verdict(String kind, byte[] message) {
    byte[] before = message.clone();
    String state = outcome(member);
    String verdict;
    try {
      verdict = taken(Kind.valueOf(kind), message);
    } catch (RefusedException e) {
      verdict = e.reason().name();
    }
    if (!Arrays.equals(before, message) || !state.equals(outcome(member))) {
      throw new IllegalStateException("changed");
    }
    return verdict;
  }

  private String taken(Kind kind, byte[] message) throws RefusedException {
    return switch (kind) {
      case ANNOUNCEMENT -> person(MlsGroup.readAnnouncement(message, policy).credential());
      case COMMIT -> outcome(member.process(message, left -> left.occupant().equals("d")));
      case COMMIT_OF_STRANGERS ->
          MlsGroup.momentOfCommit(message, policy)
              + " "
              + MlsGroup.adds(message, List.of(heard), policy)
              + " "
              + MlsGroup.isSignOfLife(message, "b", List.of(heard), policy);
      case WELCOME -> {
        boolean answers =
            MlsGroup.answered(List.of(otherJoiner, joiner), message, policy) == otherJoiner;
        yield answers + " " + outcome(MlsGroup.join(joiner, message, "b", policy));
      }
      case GROUP_INFO -> {
        PendingCommit step = MlsGroup.joinFromOutside(announce("d"), message, policy);
        String others =
            MlsGroup.rosterFromOutside(identity("d"), message, policy).names().toString();
        yield others + " " + outcome(step.next()) + " " + Hex.toHexString(step.commit());
      }
      case ANSWER -> {
        GroupAnswer answer = GroupAnswer.read(message, NONCE, "asker", "b", policy);
        yield answer.answerer() + " " + Hex.toHexString(answer.mark().octets());
      }
      case SHOWN_MARK -> Hex.toHexString(ShownMark.parse(message).octets());
      case CREDENTIAL -> {
        LeafCredential credential = LeafCredential.verify(message, VECTOR_ROOM, VECTOR_LEAF_KEY);
        String person = person(credential);
        if (!credential.certificates().isEmpty()) {
          roots.check(credential);
        }
        yield person;
      }
    };
  }

  private static String person(LeafCredential credential) {
    return credential.name() + " " + credential.occupant() + " " + credential.fingerprint();
  }

  private static String outcome(@Nullable MlsGroup group) {
    return group == null
        ? "removed"
        : group.roster().names()
            + " "
            + Hex.toHexString(group.authenticator())
            + " "
            + Hex.toHexString(group.exporterSecret("test"));
  }
}
