/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.perc4j.e2e.mls.Forgery.SUITE;
import static org.perc4j.e2e.mls.Forgery.commit;
import static org.perc4j.e2e.mls.Forgery.content;
import static org.perc4j.e2e.mls.Forgery.decode;
import static org.perc4j.e2e.mls.Forgery.encode;
import static org.perc4j.e2e.mls.Forgery.groupInfo;
import static org.perc4j.e2e.mls.Forgery.hex;
import static org.perc4j.e2e.mls.Forgery.inside;
import static org.perc4j.e2e.mls.Forgery.welcome;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.bouncycastle.mls.GroupKeySet;
import org.bouncycastle.mls.TreeKEM.LeafIndex;
import org.bouncycastle.mls.TreeSize;
import org.bouncycastle.mls.codec.ContentType;
import org.bouncycastle.mls.codec.Extension;
import org.bouncycastle.mls.codec.MLSInputStream;
import org.bouncycastle.mls.codec.MLSMessage;
import org.bouncycastle.mls.codec.Proposal;
import org.bouncycastle.mls.crypto.Secret;
import org.bouncycastle.mls.protocol.Group;
import org.junit.jupiter.api.Test;
import org.perc4j.e2e.mls.Forgery.ForgedKeyPackage;

/**
 * What Bouncy Castle's MLS does wrong by itself, which {@link MlsGroup} is built around. A test
 * that fails here is good news: the release mended something, and {@link MlsGroup} may rely on it.
 */
class BouncyCastleFaultsTest {
  private static final Group.MessageOptions PLAIN = new Group.MessageOptions();

  /** A group of four: a, b, c and d at the leaves 0 to 3. */
  private final TestConference four;

  BouncyCastleFaultsTest() throws RefusedException {
    four = TestConference.of("a", "b", "c", "d");
  }

  private static Group handled(Group group, byte[] commit) throws Exception {
    Group next = group.handle(commit, null);
    assertNotNull(next);
    return next;
  }

  @Test
  void commitWithoutPathLeavesJoinerUnableToFollow() throws Exception {
    four.add("a", "e");
    four.remove("a", "d");
    MlsGroup.Announcement announcement = TestConference.announce("f");
    Group.GroupWithMessage addition =
        Forgery.commitWithoutPath(
            inside(four.member("a")), List.of(Proposal.add(Forgery.keyPackage(announcement))));
    Group f = Forgery.join(announcement, welcome(addition));
    Group e = handled(inside(four.member("e")), encode(addition.message));

    byte[] next = encode(commit(e, List.of(), null).message);
    assertNotNull(handled(addition.group, next));
    assertThrows(Exception.class, () -> f.handle(next, null));
  }

  @Test
  void soleMemberCannotCommit() throws Exception {
    Group sole = new ForgedKeyPackage("sole").group();

    assertThrows(IndexOutOfBoundsException.class, () -> commit(sole, List.of(), null));
  }

  @Test
  void blankLeftHalfMakesTreeInvalid() throws Exception {
    four.remove("c", "a", "b");
    byte[] info = groupInfo(inside(four.member("c")));

    Exception refusal =
        assertThrows(Exception.class, () -> new ForgedKeyPackage("e").joinFromOutside(info, null));
    assertEquals("Invalid tree", refusal.getMessage());
  }

  @Test
  void cipherSuiteIsNotThreadSafe() throws Exception {
    byte[] input = new byte[200];
    byte[] expected = MessageDigest.getInstance("SHA-256").digest(input);
    AtomicBoolean wrong = new AtomicBoolean();
    Runnable hashing =
        () -> {
          for (int i = 0; i < 2_000_000 && !wrong.get(); i++) {
            try {
              if (!Arrays.equals(expected, SUITE.hash(input))) {
                wrong.set(true);
              }
            } catch (IOException | RuntimeException e) {
              wrong.set(true);
            }
          }
        };
    Thread other = new Thread(hashing);
    other.start();
    hashing.run();
    other.join();
    // leave the digest empty again
    byte[] unused = SUITE.hash(input);
    assertArrayEquals(expected, SUITE.hash(input));

    assertTrue(wrong.get());
  }

  @Test
  void oldEpochsStayReachable() throws Exception {
    Group group = inside(four.member("a"));
    for (int epoch = 0; epoch < 20; epoch++) {
      group = commit(group, List.of(), null).group;
    }

    assertTrue(SecretChain.depth(group.getKeySchedule().exporterSecret) > 20);
  }

  @Test
  void protectingInPendingEpochSpoilsThePresentOne() throws Exception {
    Group a = inside(four.member("a"));
    Group pending = commit(a, List.of(), null).group;
    assertFalse(a.getKeySchedule().initSecret.isConsumed());
    MLSMessage unused = pending.protect(new byte[0], new byte[1], 0);

    assertTrue(a.getKeySchedule().initSecret.isConsumed());
  }

  @Test
  void anyCachedGroupAnswersOwnCommit() throws Exception {
    Group a = inside(four.member("a"));
    Group.GroupWithMessage one = commit(a, List.of(), null);
    Group.GroupWithMessage other = commit(a, List.of(), null);

    assertSame(other.group, a.handle(encode(one.message), other.group));
  }

  @Test
  void proposalsByReferenceWedgeGroup() throws Exception {
    Group a = inside(four.member("a"));
    for (String proposer : List.of("b", "c")) {
      MLSMessage proposal = inside(four.member(proposer)).remove(new LeafIndex(3), PLAIN);
      assertEquals(null, a.handle(encode(proposal), null));
    }

    Exception refusal = assertThrows(Exception.class, () -> commit(a, List.of(), null));
    assertEquals("Invalid proposal list", refusal.getMessage());
  }

  @Test
  void removeTakesPositionInRoster() throws Exception {
    four.remove("b", "a");
    Group b = inside(four.member("b"));
    MLSMessage message = b.remove(new LeafIndex(1), PLAIN);

    Object content = Forgery.framedContent(message);
    Proposal proposal = (Proposal) Forgery.field(content.getClass(), content, "proposal");
    assertEquals(2, proposal.getRemove().removed.value());
  }

  @Test
  void rejoiningWithSameKeyFailsWhereEarlierLeafIsBlank() throws Exception {
    ForgedKeyPackage e = new ForgedKeyPackage("e");
    Group a = inside(four.member("a"));
    Group.GroupWithMessage addition = commit(a, List.of(Proposal.add(e.keyPackage())), null);
    Group.GroupWithMessage removal =
        commit(addition.group, List.of(Proposal.remove(new LeafIndex(1))), null);
    Group group = removal.group;

    byte[] rejoining = encode(e.joinFromOutside(groupInfo(group), 4).message);
    Exception refusal = assertThrows(Exception.class, () -> group.handle(rejoining, null));
    assertEquals("Commit path has invalid leaf node", refusal.getMessage());
    // and does not with another one
    byte[] fresh = encode(new ForgedKeyPackage("e").joinFromOutside(groupInfo(group), 4).message);
    assertNotNull(group.handle(fresh, null));
  }

  @Test
  void unknownExtensionTypesThrowOrBecomeOthers() throws Exception {
    for (String extension : List.of("0015 00", "f000 00")) {
      assertThrows(IOException.class, () -> MLSInputStream.decode(hex(extension), Extension.class));
    }
    Extension six = (Extension) MLSInputStream.decode(hex("0006 00"), Extension.class);
    assertArrayEquals(hex("0a0a 00"), encode(six));
  }

  @Test
  void declaredLengthIsAllocated() {
    byte[] message = hex("0001 0001 81000000"); // a group id of 16 MiB
    long allocated =
        Allocation.of(
            () ->
                assertThrows(
                    IOException.class, () -> MLSInputStream.decode(message, MLSMessage.class)));

    assertTrue(allocated > 1 << 24, allocated + " octets");
  }

  @Test
  void octetsLeftOverAreIgnored() throws Exception {
    byte[] announcement = TestConference.announce("e").octets();
    byte[] longer = Arrays.copyOf(announcement, announcement.length + 1);

    assertArrayEquals(announcement, encode(decode(longer)));
    byte[] commit = encode(commit(inside(four.member("a")), List.of(), null).message);
    assertNotNull(handled(inside(four.member("b")), Arrays.copyOf(commit, commit.length + 1)));
  }

  @Test
  void generationsAreSkippedWithoutBound() throws Exception {
    GroupKeySet keys = new GroupKeySet(SUITE, TreeSize.forLeaves(2), new Secret(new byte[32]));

    assertNotNull(keys.get(ContentType.APPLICATION, new LeafIndex(0), 20_000, new byte[4]));
  }

  @Test
  void removedMemberIsNotTold() throws Exception {
    byte[] commit =
        encode(
            commit(inside(four.member("a")), List.of(Proposal.remove(new LeafIndex(1))), null)
                .message);

    Exception refusal =
        assertThrows(Exception.class, () -> inside(four.member("b")).handle(commit, null));
    assertEquals("Invalid proposal list", refusal.getMessage());
  }

  @Test
  void signatureOfGroupInfoIsNotVerified() throws Exception {
    byte[] info = groupInfo(inside(four.member("a")));
    byte[] forged = Forgery.flipped(info, info.length - 1);

    assertNotNull(new ForgedKeyPackage("e").joinFromOutside(forged, null).group);
  }

  @Test
  void signaturesOfLeavesAreNotVerifiedWhenJoining() throws Exception {
    Group a = inside(four.member("a"));
    Forgery.changeLeaf(a, 1, Forgery::withBrokenSignature);
    MlsGroup.Announcement announcement = TestConference.announce("e");
    Group.GroupWithMessage result =
        commit(a, List.of(Proposal.add(Forgery.keyPackage(announcement))), null);

    assertEquals(result.group.getEpoch(), Forgery.join(announcement, welcome(result)).getEpoch());
  }

  @Test
  void identitiesAreNotCompared() throws Exception {
    Group a = inside(four.member("a"));
    byte[] twice =
        encode(
            commit(a, List.of(Proposal.add(new ForgedKeyPackage("b").keyPackage())), null).message);

    assertNotNull(handled(inside(four.member("c")), twice));
  }

  @Test
  void credentialMayChangeInCommit() throws Exception {
    Group a = inside(four.member("a"));
    byte[] commit = encode(commit(a, List.of(), Forgery.asIdentity("somebody else", a)).message);

    assertNotNull(handled(inside(four.member("b")), commit));
  }

  @Test
  void joinerFromOutsideMayRemoveAnybody() throws Exception {
    byte[] commit =
        encode(
            new ForgedKeyPackage("e")
                .joinFromOutside(groupInfo(inside(four.member("a"))), 1)
                .message);

    assertNotNull(handled(inside(four.member("c")), commit));
  }

  @Test
  void lifetimeMayBeInfinite() throws Exception {
    ForgedKeyPackage forever =
        new ForgedKeyPackage("e")
            .with(
                forged -> {
                  forged.notBefore = 0;
                  forged.notAfter = -1;
                });

    assertNotNull(
        commit(inside(four.member("a")), List.of(Proposal.add(forever.keyPackage())), null));
  }

  @Test
  void capabilitiesAreNotLookedAt() throws Exception {
    ForgedKeyPackage nothing = new ForgedKeyPackage("e");
    nothing.capabilities = Forgery.capabilities("00 00 00 00 00");

    assertNotNull(
        commit(inside(four.member("a")), List.of(Proposal.add(nothing.keyPackage())), null));
  }

  @Test
  void lifetimesHaveNoMargin() throws Exception {
    ForgedKeyPackage ahead =
        new ForgedKeyPackage("e").with(forged -> forged.notBefore = Forgery.NOW + 300);

    assertThrows(
        Exception.class,
        () -> commit(inside(four.member("a")), List.of(Proposal.add(ahead.keyPackage())), null));
  }

  @Test
  void resumptionSecretsAreNeverForgotten() throws Exception {
    Group group = inside(four.member("a"));
    int before = Forgery.resumptionSecrets(group);
    for (int epoch = 0; epoch < 10; epoch++) {
      group = commit(group, List.of(), null).group;
    }

    assertEquals(before + 10, Forgery.resumptionSecrets(group));
    assertNotEquals(0, ByteBuffer.wrap(group.getGroupID()).getLong());
  }
}
