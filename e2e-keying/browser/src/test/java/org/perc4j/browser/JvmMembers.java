/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.browser;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.EndpointIdentity;
import org.perc4j.e2e.mls.GroupPolicy;
import org.perc4j.e2e.mls.Member;
import org.perc4j.e2e.mls.MlsGroup;
import org.perc4j.e2e.mls.MlsGroup.Announcement;
import org.perc4j.e2e.mls.MlsGroup.Candidate;
import org.perc4j.e2e.mls.MlsGroup.PendingCommit;
import org.perc4j.e2e.mls.RefusedException;

/** Members on the JVM, as a page sees them: of two of them the state is kept. */
final class JvmMembers implements WebBrowser.Peer {
  private static final int AUTHENTICATOR_BYTES = 32;

  private final GroupPolicy policy =
      new GroupPolicy("room@muc.example.org", credential -> {}, 200, Clock.systemUTC());
  private MlsGroup first;
  private MlsGroup second;
  private @Nullable Announcement announcement;
  private int agreements;

  /** A group, whose members are called by numbers. */
  JvmMembers(int count) throws RefusedException {
    first = MlsGroup.create(announce("0"), policy, new SecureRandom());
    first.adopt(null);
    List<Candidate> candidates = new ArrayList<>();
    Announcement last = announce("1");
    candidates.add(candidate(last.octets()));
    for (int i = 2; i < count; i++) {
      candidates.add(candidate(announce(Integer.toString(i)).octets()));
    }
    PendingCommit commit = first.commit(candidates, List.of());
    second = MlsGroup.join(last, welcome(commit), "0", policy);
    second.adopt(null);
    commit.next().adopt(first);
    first = commit.next();
  }

  private Announcement announce(String name) {
    return new Announcement(EndpointIdentity.generate(name, new SecureRandom()), policy, name);
  }

  private Candidate candidate(byte[] octets) throws RefusedException {
    return MlsGroup.readAnnouncement(octets, policy);
  }

  private static byte[] welcome(PendingCommit commit) {
    return Objects.requireNonNull(commit.welcome());
  }

  /** Returns how often a page has agreed. */
  int agreements() {
    return agreements;
  }

  @Override
  public byte[] answer(String question, byte[] octets) throws RefusedException {
    return switch (question) {
      case "add" -> {
        PendingCommit commit = first.commit(List.of(candidate(octets)), List.of());
        byte[] unused = byFirst(commit);
        yield welcome(commit);
      }
      case "update" -> byFirst(first.commit(List.of(), List.of()));
      case "remove-one" ->
          byFirst(
              first.commit(
                  List.of(),
                  List.of(Objects.requireNonNull(first.roster().occupant("one")).leaf())));
      case "announce" -> {
        Announcement fresh = announce("joiner");
        announcement = fresh;
        yield fresh.octets();
      }
      case "join" -> {
        MlsGroup joined =
            MlsGroup.join(Objects.requireNonNull(announcement), octets, "one", policy);
        assertArrayEquals(first.authenticator(), joined.authenticator());
        yield new byte[0];
      }
      case "info" -> second.groupInfo();
      case "follow" -> {
        first = followed(first, octets);
        second = followed(second, octets);
        yield new byte[0];
      }
      case "agree" -> {
        agree(octets);
        yield new byte[0];
      }
      default -> throw new IllegalArgumentException(question);
    };
  }

  private byte[] byFirst(PendingCommit commit) throws RefusedException {
    commit.next().adopt(first);
    first = commit.next();
    second = followed(second, commit.commit());
    return commit.commit();
  }

  private static MlsGroup followed(MlsGroup before, byte[] commit) throws RefusedException {
    MlsGroup next = before.process(commit, member -> member.occupant().equals("one"));
    Objects.requireNonNull(next).adopt(before);
    return next;
  }

  private void agree(byte[] state) {
    for (MlsGroup group : List.of(first, second)) {
      byte[] secret = group.exporterSecret("test");
      int end = AUTHENTICATOR_BYTES + secret.length;
      assertArrayEquals(group.authenticator(), Arrays.copyOf(state, AUTHENTICATOR_BYTES));
      assertArrayEquals(secret, Arrays.copyOfRange(state, AUTHENTICATOR_BYTES, end));
      assertEquals(
          group.roster().members().stream().map(Member::occupant).collect(Collectors.joining(",")),
          new String(state, end, state.length - end, StandardCharsets.UTF_8));
    }
    agreements++;
  }
}
