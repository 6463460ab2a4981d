/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.perc4j.e2e.mls.Forgery.content;
import static org.perc4j.e2e.mls.Forgery.decode;
import static org.perc4j.e2e.mls.Forgery.encode;
import static org.perc4j.e2e.mls.Forgery.flipped;
import static org.perc4j.e2e.mls.Forgery.hex;
import static org.perc4j.e2e.mls.Forgery.inside;
import static org.perc4j.e2e.mls.TestConference.POLICY;
import static org.perc4j.e2e.mls.TestConference.announce;
import static org.perc4j.e2e.mls.TestConference.assertRefused;
import static org.perc4j.e2e.mls.TestConference.candidate;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.mls.KeyScheduleEpoch;
import org.bouncycastle.mls.TreeKEM.LeafIndex;
import org.bouncycastle.mls.codec.MLSMessage;
import org.bouncycastle.mls.codec.Proposal;
import org.bouncycastle.mls.codec.ProposalOrRef;
import org.bouncycastle.mls.crypto.Secret;
import org.bouncycastle.mls.protocol.Group;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.perc4j.e2e.mls.Forgery.ForgedKeyPackage;
import org.perc4j.e2e.mls.MlsGroup.Announcement;
import org.perc4j.e2e.mls.MlsGroup.PendingCommit;
import org.perc4j.e2e.mls.RefusedException.Reason;

/** {@link MlsGroup} where Bouncy Castle fails: see {@link BouncyCastleFaultsTest}, test by test. */
class MlsGroupGuardsTest {
  /** A group of four: a, b, c and d at the leaves 0 to 3. */
  private final TestConference four;

  MlsGroupGuardsTest() throws RefusedException {
    four = TestConference.of("a", "b", "c", "d");
  }

  @Test
  void everyCommitHasPath() throws Exception {
    PendingCommit addition = four.member("a").commit(List.of(candidate("e")), List.of());
    assertNotNull(content(decode(addition.commit())).getUpdatePath());
    byte[] without =
        encode(
            Forgery.commitWithoutPath(
                    inside(four.member("a")),
                    List.of(Proposal.add(new ForgedKeyPackage("e").keyPackage())))
                .message);

    assertRefused(Reason.MALFORMED, () -> four.member("b").process(without, left -> true));
  }

  @Test
  void joinerByCommitCanFollow() throws Exception {
    four.add("a", "e");
    four.remove("a", "d");
    four.add("a", "f");
    four.update("e");

    four.assertAgreement();
  }

  @Test
  void soleMemberMakesNewGroup() throws Exception {
    MlsGroup sole = TestConference.create("sole");
    assertThrows(IllegalStateException.class, () -> sole.commit(List.of(), List.of()));
    TestConference two = TestConference.of("a", "b");
    assertThrows(IllegalStateException.class, () -> two.member("a").commit(List.of(), List.of(1)));

    TestConference fresh = TestConference.of("sole", "b");
    fresh.assertAgreement();
  }

  @Test
  void lastButOneIsReplacedInOneCommit() throws Exception {
    TestConference two = TestConference.of("a", "b");
    Announcement announcement = announce("c");
    PendingCommit commit =
        two.member("a")
            .commit(List.of(MlsGroup.readAnnouncement(announcement.octets(), POLICY)), List.of(1));
    byte[] welcome = commit.welcome();
    assertNotNull(welcome);

    MlsGroup joined = MlsGroup.join(announcement, welcome, POLICY);
    assertArrayEquals(commit.next().authenticator(), joined.authenticator());
  }

  @Test
  void blankLeftHalfTakesNobodyFromOutsideUntilMemberAddsSomebody() throws Exception {
    four.remove("c", "a", "b");
    assertRefused(
        Reason.INVALID_TREE,
        () -> MlsGroup.joinFromOutside(announce("e"), four.member("c").groupInfo(), POLICY));

    four.add("d", "e");
    four.joinFromOutside("f", "c");
    four.assertAgreement();
  }

  @Test
  void groupsOfDifferentThreadsDoNotDisturbEachOther() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    CountDownLatch start = new CountDownLatch(1);
    List<Future<TestConference>> results = new ArrayList<>();
    for (int thread = 0; thread < 4; thread++) {
      results.add(
          threads.submit(
              () -> {
                start.await();
                TestConference conference = TestConference.of("a", "b", "c");
                for (int round = 0; round < 15; round++) {
                  conference.joinFromOutside("d", "b");
                  conference.assertAgreement();
                  conference.remove("a", "d");
                  conference.update("c");
                }
                return conference;
              }));
    }
    start.countDown();
    for (Future<TestConference> result : results) {
      result.get(30, TimeUnit.SECONDS).assertAgreement();
    }
    threads.shutdown();
  }

  @Test
  void adoptionErasesSecretsOfEpochBefore() throws Exception {
    MlsGroup before = four.member("b");
    KeyScheduleEpoch schedule = inside(before).getKeySchedule();
    List<byte[]> secrets = new ArrayList<>();
    for (Secret secret : SecretChain.reachable(schedule)) {
      if (!secret.isConsumed()) {
        secrets.add(secret.value());
      }
    }
    assertTrue(secrets.size() > SecretChain.ofEpoch(schedule).size() - 2, secrets.size() + "");
    four.update("a");
    KeyScheduleEpoch next = inside(four.member("b")).getKeySchedule();

    for (byte[] secret : secrets) {
      assertArrayEquals(new byte[secret.length], secret);
    }
    for (Secret secret : SecretChain.ofEpoch(schedule)) {
      assertTrue(secret.isConsumed());
    }
    assertTrue(next.getJoinerSecret().isConsumed());
    for (Secret secret : SecretChain.ofEpoch(next).subList(1, 10)) {
      assertFalse(secret.isConsumed());
    }
    four.assertAgreement();
  }

  @Test
  void destructionErasesSecrets() throws Exception {
    MlsGroup member = four.member("b");
    List<byte[]> secrets = new ArrayList<>();
    for (Secret secret : SecretChain.ofEpoch(inside(member).getKeySchedule()).subList(1, 10)) {
      secrets.add(secret.value());
    }
    member.destroy();
    member.destroy();

    for (byte[] secret : secrets) {
      assertArrayEquals(new byte[32], secret);
    }
  }

  @Test
  void oldEpochsAreOutOfReach() throws Exception {
    TestConference two = TestConference.of("a", "b");
    Set<Secret> before = new HashSet<>();
    for (int epoch = 0; epoch < 300; epoch++) {
      Set<Secret> reachable = SecretChain.reachable(inside(two.member("a")).getKeySchedule());
      assertTrue(reachable.size() < 30, () -> reachable.size() + " secrets");
      for (Secret secret : reachable) {
        assertTrue(secret.isConsumed() || !before.contains(secret));
      }
      before = reachable;
      two.update(epoch % 2 == 0 ? "a" : "b");
    }
    for (String name : List.of("a", "b")) {
      KeyScheduleEpoch schedule = inside(two.member(name)).getKeySchedule();
      assertTrue(SecretChain.depth(schedule.exporterSecret) < 5);
      assertFalse(SecretChain.reachable(schedule).stream().anyMatch(before::contains));
    }
    two.assertAgreement();
  }

  @Test
  void exportingFromPendingEpochLeavesPresentOneAsItIs() throws Exception {
    PendingCommit lost = four.member("a").commit(List.of(), List.of());
    byte[] exported = lost.next().exporterSecret("test");
    assertEquals(MlsGroup.EXPORTER_SECRET_BYTES, exported.length);
    byte[] info = lost.next().groupInfo();
    assertTrue(
        new MessageCheck(POLICY.maxMembers())
            .groupInfoMessage(info)
            .moment()
            .isSame(lost.next().moment()));

    four.update("b");
    four.assertAgreement();
  }

  @Test
  void ownCommitIsKnownByItsOctets() throws Exception {
    MlsGroup a = four.member("a");
    PendingCommit one = a.commit(List.of(), List.of());
    PendingCommit other = a.commit(List.of(), List.of());
    assertTrue(one.isEcho(one.commit()));
    assertFalse(one.isEcho(other.commit()));
    assertFalse(one.isEcho(flipped(one.commit(), 60)));

    for (PendingCommit own : List.of(one, other)) {
      assertRefused(Reason.NOT_AUTHENTIC, () -> a.process(own.commit(), left -> false));
    }
  }

  @Test
  void proposalsOfTheirOwnAreRefused() throws Exception {
    MlsGroup a = four.member("a");
    for (String proposer : List.of("b", "c")) {
      byte[] proposal =
          encode(
              inside(four.member(proposer)).remove(new LeafIndex(3), new Group.MessageOptions()));
      assertRefused(Reason.MALFORMED, () -> a.process(proposal, left -> true));
    }

    four.update("a");
    four.assertAgreement();
  }

  @Test
  void leafThatIsNamedIsRemoved() throws Exception {
    four.remove("b", "a");
    assertEquals(2, four.leaf("c"));
    PendingCommit commit = four.member("b").commit(List.of(), List.of(2));

    assertEquals(Set.of(1, 3), commit.next().roster().names().keySet());
    assertNull(four.member("c").process(commit.commit(), left -> false));
  }

  @Test
  void memberRejoinsWhereEarlierLeafIsBlank() throws Exception {
    four.remove("a", "b");
    four.joinFromOutside("d", "c");
    four.assertAgreement();
    assertEquals(1, four.leaf("d"));
    four.joinFromOutside("d", "c");

    four.assertAgreement();
    assertEquals(Set.of(0, 1, 2), four.member("a").roster().names().keySet());
  }

  @Test
  void unknownExtensionOfGroupInfoIsUnsupported() throws Exception {
    byte[] info = four.member("a").groupInfo();
    MLSMessage message = decode(info);
    byte[] key = message.groupInfo.getExtensions().get(0).extension_data;
    byte[] external = Forgery.concat(hex("0004 21"), key);
    for (String type : List.of("0006 21", "0007 21", "f000 21")) {
      byte[] changed = Forgery.replaced(info, external, Forgery.concat(hex(type), key));
      assertRefused(
          Reason.UNSUPPORTED, () -> MlsGroup.joinFromOutside(announce("e"), changed, POLICY));
    }
  }

  @Test
  void lengthsThatAreDeclaredTakeNoMemory() throws Exception {
    MlsGroup a = four.member("a");
    byte[] tree = Forgery.encode(inside(a).getTree());
    Announcement e = announce("e");
    for (String claim : List.of("bfffffff", "7fff", "ffffffffffffffff")) {
      assertRefusedCheaply(() -> a.process(hex("0001 0001" + claim), left -> false));
      assertRefusedCheaply(() -> MlsGroup.join(e, hex(claim), POLICY));
      byte[] welcome = Forgery.concat(tree, hex("0001 0003 0001" + claim));
      assertRefusedCheaply(() -> MlsGroup.join(e, welcome, POLICY));
      assertRefusedCheaply(
          () -> MlsGroup.joinFromOutside(e, hex("0001 0004 0001 0001" + claim), POLICY));
      assertRefusedCheaply(
          () -> MlsGroup.readAnnouncement(hex("0001 0005 0001 0001" + claim), POLICY));
    }
  }

  private interface Attempt {
    @Nullable Object run() throws RefusedException;
  }

  private static void assertRefusedCheaply(Attempt attempt) {
    RefusedException[] refusal = new RefusedException[1];
    long allocated =
        Allocation.of(
            () -> {
              try {
                Object unused = attempt.run();
              } catch (RefusedException e) {
                refusal[0] = e;
              }
            });
    assertNotNull(refusal[0]);
    assertEquals(Reason.MALFORMED, refusal[0].reason());
    assertTrue(allocated < 1 << 20, allocated + " octets");
  }

  @Test
  void lengthsDeclaredInsideWelcomeTakeNoMemory() throws Exception {
    Announcement e = announce("e");
    byte[] tree = Forgery.encode(inside(four.member("a")).getTree());
    byte[] honestSecrets =
        Forgery.concat(hex("20"), new byte[32], hex("01 20"), new byte[32], hex("00"));
    for (byte[] secrets :
        List.of(
            hex("bfffffff"),
            Forgery.concat(hex("20"), new byte[32], hex("01 bfffffff")),
            Forgery.concat(hex("20"), new byte[32], hex("01 20"), new byte[32], hex("bfffffff")),
            Forgery.concat(honestSecrets, hex("00")))) {
      byte[] welcome =
          Forgery.welcome(tree, e, secrets, Forgery.freshSecret().value(), new byte[100]);
      assertRefusedCheaply(() -> MlsGroup.join(e, welcome, POLICY));
    }
    byte[] message = four.member("a").groupInfo();
    byte[] honestInfo = Arrays.copyOfRange(message, 4, message.length);
    for (byte[] inside :
        List.of(
            hex("0001 0001 bfffffff"),
            Forgery.concat(Arrays.copyOf(honestInfo, 37), new byte[8], hex("bfffffff")),
            Forgery.concat(honestInfo, hex("00")))) {
      byte[] joinerSecret = Forgery.freshSecret().value();
      System.arraycopy(joinerSecret, 0, honestSecrets, 1, 32);
      byte[] welcome = Forgery.welcome(tree, e, honestSecrets, joinerSecret, inside);
      assertRefusedCheaply(() -> MlsGroup.join(e, welcome, POLICY));
    }
  }

  @Test
  void octetsLeftOverAreRefused() throws Exception {
    Announcement e = announce("e");
    PendingCommit commit =
        four.member("a").commit(List.of(MlsGroup.readAnnouncement(e.octets(), POLICY)), List.of());
    byte[] welcome = commit.welcome();
    assertNotNull(welcome);
    assertRefused(
        Reason.MALFORMED, () -> four.member("b").process(longer(commit.commit()), left -> false));
    assertRefused(Reason.MALFORMED, () -> MlsGroup.join(e, longer(welcome), POLICY));
    assertRefused(Reason.MALFORMED, () -> MlsGroup.readAnnouncement(longer(e.octets()), POLICY));
    assertRefused(
        Reason.MALFORMED,
        () -> MlsGroup.joinFromOutside(e, longer(four.member("a").groupInfo()), POLICY));
  }

  private static byte[] longer(byte[] message) {
    return Arrays.copyOf(message, message.length + 1);
  }

  @Test
  void privateMessagesAreRefused() throws Exception {
    MlsGroup b = four.member("b");
    Group a = inside(four.member("a"));
    byte[] privateCommit =
        encode(
            a.commit(
                    Forgery.freshSecret(),
                    new Group.CommitOptions(new ArrayList<>(), true, true, null),
                    new Group.MessageOptions(true, new byte[0], 0),
                    new Group.CommitParameters(Group.NORMAL_COMMIT_PARAMS))
                .message);
    byte[] application = encode(a.protect(new byte[0], new byte[10], 0));

    for (byte[] message : List.of(privateCommit, application)) {
      assertRefused(Reason.MALFORMED, () -> b.process(message, left -> false));
    }
  }

  @Test
  void removedMemberIsTold() throws Exception {
    PendingCommit removal = four.member("a").commit(List.of(), List.of(1));

    assertNull(four.member("b").process(removal.commit(), left -> false));
  }

  @Test
  void forgedRemovalIsNotBelieved() throws Exception {
    byte[] removal = four.member("a").commit(List.of(), List.of(1)).commit();
    MlsGroup b = four.member("b");
    // signature, confirmation tag and membership tag are the last three fields
    for (int fromEnd : List.of(1, 34, 67, 100)) {
      byte[] forged = flipped(removal, removal.length - fromEnd);
      assertThrows(RefusedException.class, () -> b.process(forged, left -> true));
    }
    byte[] asOther = flipped(removal, 4 + 1 + 32 + 8 + 1 + 3); // sender 0 becomes 1, b itself
    assertRefused(Reason.NOT_AUTHENTIC, () -> b.process(asOther, left -> true));
    byte[] content =
        Forgery.withContent(
            removal,
            commit ->
                commit
                    .getProposals()
                    .add(ProposalOrRef.forProposal(Proposal.remove(new LeafIndex(2)))));
    assertRefused(Reason.NOT_AUTHENTIC, () -> four.member("c").process(content, left -> true));

    four.update("b");
    four.assertAgreement();
  }

  @Test
  void removalFromOutsideByAnybodyElseIsNotBelieved() throws Exception {
    byte[] info = four.member("a").groupInfo();
    byte[] eviction = encode(new ForgedKeyPackage("e").joinFromOutside(info, 1).message);
    assertRefused(Reason.EVICTION, () -> four.member("b").process(eviction, left -> true));
    ForgedKeyPackage sameName =
        new ForgedKeyPackage(EndpointIdentity.generate("b", new SecureRandom()));
    byte[] byName = encode(sameName.joinFromOutside(info, 1).message);
    assertRefused(Reason.EVICTION, () -> four.member("b").process(byName, left -> true));
    ForgedKeyPackage stolen = new ForgedKeyPackage("b");
    stolen.vouchedKey = new byte[32];
    byte[] unproven = encode(stolen.joinFromOutside(info, 1).message);
    assertThrows(RefusedException.class, () -> four.member("b").process(unproven, left -> true));

    byte[] own = MlsGroup.joinFromOutside(announce("b"), info, POLICY).commit();
    assertNull(four.member("b").process(own, left -> false));
    four.update("b");
    four.assertAgreement();
  }
}
