/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.perc4j.e2e.mls.Forgery.NOW;
import static org.perc4j.e2e.mls.Forgery.commit;
import static org.perc4j.e2e.mls.Forgery.encode;
import static org.perc4j.e2e.mls.Forgery.flipped;
import static org.perc4j.e2e.mls.Forgery.inside;
import static org.perc4j.e2e.mls.Forgery.keyPackage;
import static org.perc4j.e2e.mls.TestConference.POLICY;
import static org.perc4j.e2e.mls.TestConference.ROOM;
import static org.perc4j.e2e.mls.TestConference.announce;
import static org.perc4j.e2e.mls.TestConference.assertRefused;
import static org.perc4j.e2e.mls.TestConference.candidate;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.bouncycastle.mls.TreeKEM.LeafIndex;
import org.bouncycastle.mls.codec.Commit;
import org.bouncycastle.mls.codec.KeyPackage;
import org.bouncycastle.mls.codec.PreSharedKeyID;
import org.bouncycastle.mls.codec.Proposal;
import org.bouncycastle.mls.codec.ProposalOrRef;
import org.bouncycastle.mls.codec.ProtocolVersion;
import org.bouncycastle.mls.codec.UpdatePath;
import org.bouncycastle.mls.codec.UpdatePathNode;
import org.bouncycastle.mls.protocol.Group;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.perc4j.e2e.mls.Forgery.ForgedKeyPackage;
import org.perc4j.e2e.mls.MlsGroup.Announcement;
import org.perc4j.e2e.mls.MlsGroup.Candidate;
import org.perc4j.e2e.mls.MlsGroup.PendingCommit;
import org.perc4j.e2e.mls.RefusedException.Reason;

/** Commits by the hostile member a, or by outsiders, that the member b must not take. */
class HostileCommitTest {
  private final TestConference three;
  private final MlsGroup b;

  HostileCommitTest() throws RefusedException {
    three = TestConference.of("a", "b", "c");
    b = three.member("b");
  }

  /** Whatever was refused has changed nothing. */
  @AfterEach
  void groupGoesOn() throws Exception {
    assertTrue(b == three.member("b"));
    three.update("c");
    three.assertAgreement();
  }

  private byte[] byA(Proposal... proposals) throws Exception {
    return encode(commit(inside(three.member("a")), List.of(proposals), null).message);
  }

  private void assertRefusedByB(Reason reason, byte[] commit) {
    assertRefused(reason, () -> b.process(commit, left -> false));
  }

  private void assertAdditionRefused(Reason reason, ForgedKeyPackage added) throws Exception {
    assertRefusedByB(reason, byA(Proposal.add(added.keyPackage())));
  }

  @Test
  void identityThatIsThereIsNotAddedAgain() throws Exception {
    assertAdditionRefused(Reason.DUPLICATE, new ForgedKeyPackage("c"));
    assertAdditionRefused(Reason.DUPLICATE, new ForgedKeyPackage("c").with(f -> f.occupant = "x"));
    assertAdditionRefused(Reason.DUPLICATE, new ForgedKeyPackage("d").with(f -> f.occupant = "c"));
    assertRefusedByB(
        Reason.DUPLICATE,
        byA(
            Proposal.add(new ForgedKeyPackage("d").keyPackage()),
            Proposal.add(new ForgedKeyPackage("d").with(f -> f.occupant = "x").keyPackage())));
  }

  @Test
  void furtherDevicesOfANameAreAddedAndEvictNobody() throws Exception {
    EndpointIdentity laptop = EndpointIdentity.generate("c", new SecureRandom());
    EndpointIdentity tablet = EndpointIdentity.generate("c", new SecureRandom());
    MlsGroup next =
        b.process(
            byA(
                Proposal.add(new ForgedKeyPackage(laptop).with(f -> f.occupant = "x").keyPackage()),
                Proposal.add(
                    new ForgedKeyPackage(tablet).with(f -> f.occupant = "y").keyPackage())),
            left -> false);
    assertNotNull(next);
    assertEquals(5, next.roster().size());
    assertRefusedByB(
        Reason.EVICTION,
        byA(
            Proposal.remove(new LeafIndex(2)),
            Proposal.add(new ForgedKeyPackage(laptop).with(f -> f.occupant = "x").keyPackage())));
  }

  @Test
  void sameIdentityKeyUnderAnotherNameIsRefused() throws Exception {
    var identities = TestConference.identitiesWithOneKey("x", "y");
    assertRefusedByB(
        Reason.DUPLICATE,
        byA(
            Proposal.add(new ForgedKeyPackage(identities.get(0)).keyPackage()),
            Proposal.add(new ForgedKeyPackage(identities.get(1)).keyPackage())));
  }

  @Test
  void additionsAreValidated() throws Exception {
    assertAdditionRefused(
        Reason.NOT_AUTHENTIC, new ForgedKeyPackage("d").with(f -> f.room = "x@y"));
    assertAdditionRefused(
        Reason.NOT_AUTHENTIC, new ForgedKeyPackage("d").with(f -> f.vouchedKey = new byte[32]));
    assertAdditionRefused(
        Reason.LIFETIME, new ForgedKeyPackage("d").with(f -> f.notAfter = NOW + 100_000));
    assertAdditionRefused(
        Reason.LIFETIME,
        new ForgedKeyPackage("d")
            .with(
                f -> {
                  f.notBefore = 0;
                  f.notAfter = -1;
                }));
    var nothing = Forgery.capabilities("00 00 00 00 00");
    assertAdditionRefused(
        Reason.MALFORMED, new ForgedKeyPackage("d").with(f -> f.capabilities = nothing));
  }

  /** These are Bouncy Castle's to verify, and nobody else does. */
  @Test
  void leavesThatAreNewAreSigned() throws Exception {
    Group a = inside(three.member("a"));
    ForgedKeyPackage d = new ForgedKeyPackage("d");
    Commit honest = Forgery.content(commit(a, List.of(Proposal.add(d.keyPackage())), null).message);
    UpdatePath path = honest.getUpdatePath();
    // it gets as far as the confirmation tag, which nobody can make without the epoch's secrets
    assertRefusedByB(Reason.NOT_AUTHENTIC, Forgery.unconfirmed(a, honest));

    honest.getProposals().set(0, addition(d.keyPackageWithBrokenLeaf()));
    assertRefusedByB(Reason.MALFORMED, Forgery.unconfirmed(a, honest));
    byte[] octets = encode(d.keyPackage());
    honest.getProposals().set(0, addition(decoded(flipped(octets, octets.length - 1))));
    assertRefusedByB(Reason.MALFORMED, Forgery.unconfirmed(a, honest));

    honest.getProposals().set(0, addition(d.keyPackage()));
    honest.setUpdatePath(
        new UpdatePath(Forgery.withBrokenSignature(path.getLeafNode()), path.getNodes()));
    assertRefusedByB(Reason.MALFORMED, Forgery.unconfirmed(a, honest));
  }

  private static ProposalOrRef addition(KeyPackage keyPackage) throws IOException {
    return ProposalOrRef.forProposal(Proposal.add(keyPackage));
  }

  private static KeyPackage decoded(byte[] octets) throws IOException {
    byte[] message = Forgery.concat(Forgery.hex("0001 0005"), octets);
    return Forgery.decode(message).keyPackage;
  }

  @Test
  void keysOfLowOrderAreNotAdded() throws Exception {
    byte[] good = byA(Proposal.add(new ForgedKeyPackage("d").keyPackage()));
    byte[] zero = new byte[32];
    byte[] leaf = good.clone();
    assertAdditionRefused(Reason.MALFORMED, new ForgedKeyPackage("d").with(f -> f.leafKey = zero));
    Commit content = Forgery.content(Forgery.decode(good));
    byte[] key = content.getProposals().get(0).getProposal().getLeafNode().getEncryptionKey();
    assertRefusedByB(Reason.MALFORMED, Forgery.replaced(leaf, key, zero));
    byte[] pathKey = content.getUpdatePath().getNodes().get(0).getEncryptionKey();
    assertRefusedByB(Reason.MALFORMED, Forgery.replaced(leaf, pathKey, zero));
    byte[] ownKey = content.getUpdatePath().getLeafNode().getEncryptionKey();
    assertRefusedByB(Reason.MALFORMED, Forgery.replaced(leaf, ownKey, zero));
  }

  @Test
  void validatorIsAskedAboutWhoeverIsAdded() throws Exception {
    GroupPolicy noD =
        new GroupPolicy(
            ROOM,
            credential -> {
              if (credential.name().equals("d")) {
                throw new RefusedException(Reason.CREDENTIAL, "d");
              }
            },
            100,
            Clock.systemUTC());
    PendingCommit joining =
        MlsGroup.joinFromOutside(announce("strict"), three.member("a").groupInfo(), noD);
    for (String name : three.names()) {
      assertNotNull(three.member(name).process(joining.commit(), left -> false));
    }
    MlsGroup strict = joining.next();
    byte[] info = strict.groupInfo();
    byte[] external = MlsGroup.joinFromOutside(announce("d"), info, POLICY).commit();
    assertRefused(Reason.CREDENTIAL, () -> strict.process(external, left -> false));
    MlsGroup next = three.member("a").process(joining.commit(), left -> false);
    assertNotNull(next);
    byte[] addition = next.commit(List.of(candidate("d")), List.of()).commit();
    assertRefused(Reason.CREDENTIAL, () -> strict.process(addition, left -> false));
    byte[] other = next.commit(List.of(candidate("e")), List.of()).commit();
    assertNotNull(strict.process(other, left -> false));
  }

  @Test
  void credentialDoesNotChangeHands() throws Exception {
    for (String name : List.of("somebody else", "c")) {
      var options = Forgery.asIdentity(name, inside(three.member("a")));
      byte[] commit = encode(commit(inside(three.member("a")), List.of(), options).message);
      assertRefusedByB(name.equals("c") ? Reason.DUPLICATE : Reason.CREDENTIAL_CHANGED, commit);
    }
    // even to the same identity
    var same = Forgery.asIdentity("a", inside(three.member("a")));
    byte[] resigned = encode(commit(inside(three.member("a")), List.of(), same).message);
    if (!Arrays.equals(
        same.getCredential().getIdentity(),
        inside(b).getTree().getLeafNode(new LeafIndex(0)).getCredential().getIdentity())) {
      assertRefusedByB(Reason.CREDENTIAL_CHANGED, resigned);
    }
  }

  @Test
  void presentMemberIsNotRemoved() throws Exception {
    byte[] eviction = byA(Proposal.remove(new LeafIndex(2)));
    assertRefusedByB(Reason.EVICTION, eviction);
    assertNotNull(b.process(eviction, left -> left.occupant().equals("c")));
  }

  @Test
  void memberMayBeReplacedByItselfOnly() throws Exception {
    byte[] replacement =
        byA(
            Proposal.remove(new LeafIndex(2)),
            Proposal.add(new ForgedKeyPackage("c").with(f -> f.occupant = "new").keyPackage()));
    MlsGroup next = b.process(replacement, left -> false);
    assertNotNull(next);
    assertEquals("new", next.roster().members().stream().toList().get(2).occupant());
    EndpointIdentity impostor = EndpointIdentity.generate("c", new SecureRandom());
    assertRefusedByB(
        Reason.EVICTION,
        byA(
            Proposal.remove(new LeafIndex(2)),
            Proposal.add(new ForgedKeyPackage(impostor).keyPackage())));
  }

  @Test
  void joinerFromOutsideRemovesOnlyItself() throws Exception {
    byte[] info = three.member("a").groupInfo();
    byte[] eviction = encode(new ForgedKeyPackage("d").joinFromOutside(info, 2).message);
    assertRefused(Reason.EVICTION, () -> b.process(eviction, left -> true));
    byte[] asC = encode(new ForgedKeyPackage("c").joinFromOutside(info, 0).message);
    assertRefused(Reason.DUPLICATE, () -> b.process(asC, left -> true));
    byte[] rejoining = encode(new ForgedKeyPackage("c").joinFromOutside(info, 2).message);
    assertNotNull(b.process(rejoining, left -> false));
    byte[] twice = encode(new ForgedKeyPackage("c").joinFromOutside(info, null).message);
    assertRefusedByB(Reason.DUPLICATE, twice);
  }

  @Test
  void joinerFromOutsideHasCredentialForRoomAndKey() throws Exception {
    byte[] info = three.member("a").groupInfo();
    for (Consumer<ForgedKeyPackage> change :
        List.<Consumer<ForgedKeyPackage>>of(
            f -> f.room = "x@y", f -> f.vouchedKey = new byte[32])) {
      byte[] commit =
          encode(new ForgedKeyPackage("d").with(change).joinFromOutside(info, null).message);
      assertRefusedByB(Reason.NOT_AUTHENTIC, commit);
    }
  }

  @Test
  void fullGroupTakesNobody() throws Exception {
    GroupPolicy four = new GroupPolicy(ROOM, credential -> {}, 4, Clock.systemUTC());
    MlsGroup strict =
        MlsGroup.joinFromOutside(announce("strict"), three.member("a").groupInfo(), four).next();
    byte[] fifth = MlsGroup.joinFromOutside(announce("d"), strict.groupInfo(), POLICY).commit();
    assertRefused(Reason.GROUP_FULL, () -> strict.process(fifth, left -> false));
    Candidate d = candidate("d");
    assertRefused(Reason.GROUP_FULL, () -> strict.commit(List.of(d), List.of()));
  }

  @Test
  void keyPackageIsNotUsedTwice() throws Exception {
    Announcement d = announce("d");
    Candidate candidate = MlsGroup.readAnnouncement(d.octets(), POLICY);
    MlsGroup a = three.member("a");
    assertRefused(
        Reason.KEY_PACKAGE_REUSED, () -> a.commit(List.of(candidate, candidate), List.of()));
    // Bouncy Castle would not make it: b reads the lengths and the lists before anything else
    byte[] twice =
        Forgery.withContent(
            byA(Proposal.add(keyPackage(d))),
            content -> content.getProposals().add(content.getProposals().get(0)));
    assertRefusedByB(Reason.KEY_PACKAGE_REUSED, twice);

    TestConference later = TestConference.of("a", "b");
    PendingCommit addition = later.member("a").commit(List.of(candidate), List.of());
    MlsGroup added = later.member("b").process(addition.commit(), left -> false);
    assertNotNull(added);
    // a commit that came to nothing uses up nothing
    later.member("b").requireNew(candidate);
    added.adopt(later.member("b"));
    addition.next().adopt(later.member("a"));
    PendingCommit removal = addition.next().commit(List.of(), List.of(2));
    MlsGroup removed = added.process(removal.commit(), left -> true);
    assertNotNull(removed);
    removed.adopt(added);
    removal.next().adopt(addition.next());
    assertRefused(Reason.KEY_PACKAGE_REUSED, () -> removed.requireNew(candidate));
    byte[] again =
        encode(commit(inside(removal.next()), List.of(Proposal.add(keyPackage(d))), null).message);
    assertRefused(Reason.KEY_PACKAGE_REUSED, () -> removed.process(again, left -> true));
  }

  @Test
  void otherProposalsAreRefused() throws Exception {
    byte[] commit = three.member("a").commit(List.of(), List.of()).commit();
    PreSharedKeyID psk = PreSharedKeyID.external(new byte[] {1}, new byte[32]);
    for (Proposal proposal :
        List.of(
            Proposal.update(inside(b).getTree().getLeafNode(new LeafIndex(0))),
            Proposal.preSharedKey(psk),
            Proposal.reInit(new byte[32], ProtocolVersion.mls10, Forgery.SUITE, List.of()),
            Proposal.groupContextExtensions(List.of()))) {
      byte[] changed =
          Forgery.withContent(
              commit, content -> content.getProposals().add(ProposalOrRef.forProposal(proposal)));
      assertRefusedByB(Reason.UNSUPPORTED, changed);
    }
    byte[] reference =
        Forgery.withContent(
            commit, content -> content.getProposals().add(ProposalOrRef.forRef(new byte[32])));
    assertRefusedByB(Reason.MALFORMED, reference);
    byte[] init =
        Forgery.withContent(
            commit,
            content ->
                content
                    .getProposals()
                    .add(ProposalOrRef.forProposal(Proposal.externalInit(new byte[32]))));
    assertRefusedByB(Reason.MALFORMED, init);
    // a valid one with extensions in the group's context
    assertRefusedByB(Reason.UNSUPPORTED, byA(Proposal.groupContextExtensions(List.of())));
  }

  @Test
  void commitWithoutPathIsRefused() throws Exception {
    byte[] commit = three.member("a").commit(List.of(), List.of()).commit();
    assertRefusedByB(
        Reason.MALFORMED, Forgery.withContent(commit, content -> content.setUpdatePath(null)));
    UpdatePath longer = Forgery.content(Forgery.decode(commit)).getUpdatePath();
    List<UpdatePathNode> nodes = new ArrayList<>(longer.getNodes());
    nodes.add(nodes.get(0));
    byte[] changed =
        Forgery.withContent(
            commit, content -> content.setUpdatePath(new UpdatePath(longer.getLeafNode(), nodes)));
    assertRefusedByB(Reason.NOT_AUTHENTIC, changed);
  }

  @Test
  void commitForAnotherMomentIsRefused() throws Exception {
    byte[] other = TestConference.of("a", "b").member("a").commit(List.of(), List.of()).commit();
    assertRefusedByB(Reason.OTHER_GROUP, other);
    MlsGroup a = three.member("a");
    PendingCommit one = a.commit(List.of(), List.of());
    byte[] future = one.next().commit(List.of(), List.of()).commit();
    assertRefusedByB(Reason.FUTURE_EPOCH, future);
    MlsGroup next = b.process(one.commit(), left -> false);
    assertNotNull(next);
    assertRefused(Reason.PAST_EPOCH, () -> next.process(one.commit(), left -> false));
    assertTrue(MlsGroup.momentOfCommit(one.commit(), POLICY).isSame(b.moment()));
  }

  @Test
  void senderIsMemberAndNotOneself() throws Exception {
    byte[] commit = three.member("a").commit(List.of(), List.of()).commit();
    int sender = 4 + 1 + 32 + 8 + 1 + 3;
    for (int other : List.of(1, 2, 3, 77)) {
      byte[] forged = commit.clone();
      forged[sender] = (byte) other;
      assertRefusedByB(Reason.NOT_AUTHENTIC, forged);
    }
    byte[] distant = commit.clone();
    distant[sender - 3] = 1;
    assertRefusedByB(Reason.MALFORMED, distant);
  }

  @Test
  void everythingInCommitIsAuthenticated() throws Exception {
    byte[] commit = three.member("a").commit(List.of(), List.of()).commit();
    for (int position = 50; position < commit.length; position += 7) {
      byte[] forged = flipped(commit, position);
      assertThrows(RefusedException.class, () -> b.process(forged, left -> true));
    }
  }

  @Test
  void leaversAreMembersOtherThanOneself() {
    MlsGroup a = three.member("a");
    for (int leaf : List.of(0, 3, 99)) {
      assertThrows(RefusedException.class, () -> a.commit(List.of(), List.of(leaf)));
    }
  }

  @Test
  void candidateReplacesItselfOnly() throws Exception {
    MlsGroup a = three.member("a");
    assertEquals(Set.of(), a.leavesReplacedBy(candidate("d"), left -> false));
    assertEquals(Set.of(2), a.leavesReplacedBy(candidate("c"), left -> false));
    EndpointIdentity laptop = EndpointIdentity.generate("c", new SecureRandom());
    Candidate atTheSamePlace =
        MlsGroup.readAnnouncement(new ForgedKeyPackage(laptop).octets(), POLICY);
    assertRefused(Reason.DUPLICATE, () -> a.leavesReplacedBy(atTheSamePlace, left -> false));
    assertEquals(Set.of(), a.leavesReplacedBy(atTheSamePlace, left -> true));
    Candidate beside =
        MlsGroup.readAnnouncement(
            new ForgedKeyPackage(laptop).with(f -> f.occupant = "x").octets(), POLICY);
    assertEquals(Set.of(), a.leavesReplacedBy(beside, left -> false));
  }

  @Test
  void memberLearnsThatItsIdentityJoinedElsewhere() throws Exception {
    MlsGroup c = three.member("c");
    Announcement elsewhere = new Announcement(TestConference.identity("c"), POLICY, "phone");
    byte[] joined =
        MlsGroup.joinFromOutside(elsewhere, three.member("a").groupInfo(), POLICY).commit();
    assertTrue(c.isReplacedBy(joined));
    byte[] removed = three.member("a").commit(List.of(), List.of(2)).commit();
    assertEquals(false, c.isReplacedBy(removed));
    byte[] replaced =
        three
            .member("a")
            .commit(List.of(MlsGroup.readAnnouncement(elsewhere.octets(), POLICY)), List.of(2))
            .commit();
    assertTrue(c.isReplacedBy(replaced));
  }
}
