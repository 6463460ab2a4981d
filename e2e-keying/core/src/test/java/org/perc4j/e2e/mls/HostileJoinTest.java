/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.perc4j.e2e.mls.Forgery.changeLeaf;
import static org.perc4j.e2e.mls.Forgery.commit;
import static org.perc4j.e2e.mls.Forgery.flipped;
import static org.perc4j.e2e.mls.Forgery.groupInfo;
import static org.perc4j.e2e.mls.Forgery.inside;
import static org.perc4j.e2e.mls.Forgery.keyPackage;
import static org.perc4j.e2e.mls.Forgery.welcome;
import static org.perc4j.e2e.mls.TestConference.POLICY;
import static org.perc4j.e2e.mls.TestConference.ROOM;
import static org.perc4j.e2e.mls.TestConference.announce;
import static org.perc4j.e2e.mls.TestConference.assertRefused;
import static org.perc4j.e2e.mls.TestConference.identity;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bouncycastle.mls.TreeKEM.LeafIndex;
import org.bouncycastle.mls.TreeKEM.TreeKEMPublicKey;
import org.bouncycastle.mls.codec.Extension;
import org.bouncycastle.mls.codec.GroupInfo;
import org.bouncycastle.mls.codec.MLSInputStream;
import org.bouncycastle.mls.codec.MLSMessage;
import org.bouncycastle.mls.codec.Proposal;
import org.bouncycastle.mls.codec.WireFormat;
import org.bouncycastle.mls.protocol.Group;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.perc4j.e2e.mls.Forgery.ForgedKeyPackage;
import org.perc4j.e2e.mls.Forgery.LeafChange;
import org.perc4j.e2e.mls.MlsGroup.Announcement;
import org.perc4j.e2e.mls.RefusedException.Reason;

/** Groups that must not be joined, by a Welcome or from outside. The member a is hostile. */
class HostileJoinTest {
  private final TestConference three;
  private final Announcement victim = announce("victim");

  HostileJoinTest() throws RefusedException {
    three = TestConference.of("a", "b", "c");
  }

  private byte[] hostileWelcome(Group group) throws Exception {
    return welcome(commit(group, List.of(Proposal.add(keyPackage(victim))), null));
  }

  private static Roster look(byte[] groupInfo, GroupPolicy policy) throws RefusedException {
    return MlsGroup.rosterFromOutside(identity("victim"), groupInfo, policy);
  }

  private static GroupPolicy refusing(String name) {
    return new GroupPolicy(
        ROOM,
        credential -> {
          if (credential.name().equals(name)) {
            throw new RefusedException(Reason.CREDENTIAL, name);
          }
        },
        100,
        Clock.systemUTC());
  }

  /** Asserts that a tree with another leaf 1, of which all is consistent, is not joined. */
  private void assertNotJoined(Reason reason, LeafChange change) throws Exception {
    Group a = inside(three.member("a"));
    changeLeaf(a, 1, change);
    byte[] info = groupInfo(a);
    assertRefused(reason, () -> MlsGroup.joinFromOutside(victim, info, POLICY));
    assertRefused(reason, () -> look(info, POLICY));
    byte[] welcome = hostileWelcome(a);
    assertRefused(reason, () -> MlsGroup.join(victim, welcome, POLICY));
  }

  @Test
  void honestTreeIsJoinedThoughLeavesWereChanged() throws Exception {
    Group a = inside(three.member("a"));
    changeLeaf(a, 1, leaf -> new ForgedKeyPackage("somebody").leaf());

    assertEquals(4, MlsGroup.join(victim, hostileWelcome(a), POLICY).roster().size());
    assertEquals(4, MlsGroup.joinFromOutside(victim, groupInfo(a), POLICY).next().roster().size());
    assertEquals(3, look(groupInfo(a), POLICY).size());
  }

  @Test
  void whoLooksFromOutsideIsNotAmongTheOthers() throws Exception {
    byte[] info = three.member("a").groupInfo();
    Roster others = MlsGroup.rosterFromOutside(identity("b"), info, refusing("b"));
    assertEquals(Map.of(0, "a", 2, "c"), others.names());
  }

  @Test
  void strangersAreRefusedAtTheFirstLeaf() throws Exception {
    byte[] info = three.member("c").groupInfo();
    byte[] welcome = hostileWelcome(inside(three.member("c")));
    List<String> asked = new ArrayList<>();
    GroupPolicy nobody =
        new GroupPolicy(
            ROOM,
            credential -> {
              asked.add(credential.name());
              throw new RefusedException(Reason.CREDENTIAL, "a stranger");
            },
            100,
            Clock.systemUTC());
    assertRefused(Reason.CREDENTIAL, () -> MlsGroup.joinFromOutside(victim, info, nobody));
    assertRefused(Reason.CREDENTIAL, () -> look(info, nobody));
    assertRefused(Reason.CREDENTIAL, () -> MlsGroup.join(victim, welcome, nobody));
    assertEquals(List.of("c", "c", "c"), asked);
  }

  @Test
  void whoeverDoesNotSignIsNotNamedAsRefused() throws Exception {
    changeLeaf(inside(three.member("a")), 1, Forgery::withBrokenSignature);
    byte[] info = groupInfo(inside(three.member("a")));
    assertRefused(Reason.NOT_AUTHENTIC, () -> look(info, refusing("b")));
  }

  @Test
  void treeThatNoCommitsLedToIsRefused() throws Exception {
    // Bouncy Castle makes one where the left half is blank
    TestConference four = TestConference.of("a", "b", "c", "d");
    four.remove("c", "a", "b");
    byte[] info = four.member("c").groupInfo();
    assertRefused(Reason.INVALID_TREE, () -> MlsGroup.joinFromOutside(victim, info, POLICY));
    assertRefused(Reason.INVALID_TREE, () -> look(info, POLICY));
  }

  @Test
  void welcomeHasTheTreeOfItsGroup() throws Exception {
    byte[] welcome = hostileWelcome(inside(three.member("a")));
    MessageCheck.WelcomeWithTree parts = new MessageCheck(100).welcomeWithTree(welcome);
    assertEquals(4, MlsGroup.join(victim, welcome, POLICY).roster().size());
    byte[] before = Forgery.encode(inside(three.member("a")).getTree());
    byte[] other = Forgery.encode(inside(TestConference.of("a", "b").member("a")).getTree());
    for (byte[] tree : List.of(before, other)) {
      byte[] mixed = Forgery.concat(tree, parts.welcome());
      assertRefused(Reason.INVALID_TREE, () -> MlsGroup.join(victim, mixed, POLICY));
    }
    TreeKEMPublicKey tree =
        (TreeKEMPublicKey) MLSInputStream.decode(parts.tree(), TreeKEMPublicKey.class);
    byte[] leaf = Forgery.encode(tree.getLeafNode(new LeafIndex(1)));
    byte[] broken = Forgery.replaced(welcome, leaf, flipped(leaf, leaf.length - 1));
    assertRefused(Reason.INVALID_TREE, () -> MlsGroup.join(victim, broken, POLICY));
  }

  @Test
  void welcomeWithAnotherTreeInsideIsUnsupported() throws Exception {
    Group.GroupWithMessage result =
        inside(three.member("a"))
            .commit(
                Forgery.freshSecret(),
                new Group.CommitOptions(
                    new ArrayList<>(List.of(Proposal.add(keyPackage(victim)))), true, true, null),
                new Group.MessageOptions(),
                new Group.CommitParameters(Group.NORMAL_COMMIT_PARAMS));
    assertRefused(Reason.UNSUPPORTED, () -> MlsGroup.join(victim, welcome(result), POLICY));
  }

  @Test
  void welcomeWithoutTreeIsRefused() throws Exception {
    byte[] welcome = hostileWelcome(inside(three.member("a")));
    byte[] alone = new MessageCheck(100).welcomeWithTree(welcome).welcome();
    assertRefused(Reason.MALFORMED, () -> MlsGroup.join(victim, alone, POLICY));
    byte[] none = Forgery.concat(new byte[1], alone);
    assertRefused(Reason.MALFORMED, () -> MlsGroup.join(victim, none, POLICY));
  }

  @Test
  void leafWithBrokenSignatureIsRefused() throws Exception {
    assertNotJoined(Reason.NOT_AUTHENTIC, Forgery::withBrokenSignature);
  }

  @Test
  void leafWhoseKeyPackageIsNotValidNowIsRefused() throws Exception {
    assertNotJoined(
        Reason.LIFETIME,
        leaf ->
            new ForgedKeyPackage("somebody")
                .with(
                    forged -> {
                      forged.notBefore = Forgery.NOW - 30 * 3600;
                      forged.notAfter = Forgery.NOW - 6 * 3600;
                    })
                .leaf());
    assertNotJoined(
        Reason.LIFETIME,
        leaf -> new ForgedKeyPackage("somebody").with(forged -> forged.notAfter = -1).leaf());
  }

  @Test
  void leafOfCommitFromAnotherGroupIsRefused() throws Exception {
    MlsGroup elsewhere = TestConference.of("a", "b").member("b");
    var leaf =
        commit(inside(elsewhere), List.of(), null).group.getTree().getLeafNode(new LeafIndex(1));
    assertNotJoined(Reason.NOT_AUTHENTIC, before -> leaf);
  }

  @Test
  void furtherDeviceOfANameIsNoReasonNotToJoin() throws Exception {
    EndpointIdentity other = EndpointIdentity.generate("c", new SecureRandom());
    Group a = inside(three.member("a"));
    changeLeaf(
        a, 1, leaf -> new ForgedKeyPackage(other).with(forged -> forged.occupant = "x").leaf());

    assertEquals(4, MlsGroup.join(victim, hostileWelcome(a), POLICY).roster().size());
  }

  @Test
  void sameIdentityTwiceIsRefused() throws Exception {
    assertNotJoined(
        Reason.DUPLICATE,
        leaf -> new ForgedKeyPackage("c").with(forged -> forged.occupant = "x").leaf());
  }

  @Test
  void sameOccupantTwiceIsRefused() throws Exception {
    assertNotJoined(
        Reason.DUPLICATE,
        leaf -> new ForgedKeyPackage("somebody").with(forged -> forged.occupant = "c").leaf());
  }

  @Test
  void sameEncryptionKeyTwiceIsRefused() throws Exception {
    byte[] key =
        inside(three.member("a")).getTree().getLeafNode(new LeafIndex(2)).getEncryptionKey();
    assertNotJoined(
        Reason.DUPLICATE,
        leaf -> new ForgedKeyPackage("somebody").with(forged -> forged.leafKey = key).leaf());
  }

  @Test
  void credentialForAnotherRoomIsRefused() throws Exception {
    assertNotJoined(
        Reason.NOT_AUTHENTIC,
        leaf -> new ForgedKeyPackage("b").with(forged -> forged.room = "x@y").leaf());
  }

  @Test
  void credentialForAnotherSignatureKeyIsRefused() throws Exception {
    assertNotJoined(
        Reason.NOT_AUTHENTIC,
        leaf -> new ForgedKeyPackage("b").with(f -> f.vouchedKey = leaf.getSignatureKey()).leaf());
  }

  @Test
  void leafWithoutCapabilitiesIsRefused() throws Exception {
    var nothing = Forgery.capabilities("00 00 00 00 00");
    assertNotJoined(
        Reason.MALFORMED,
        leaf -> new ForgedKeyPackage("b").with(f -> f.capabilities = nothing).leaf());
  }

  @Test
  void groupThatValidatorRefusesOneMemberOfIsRefused() throws Exception {
    byte[] welcome = hostileWelcome(inside(three.member("a")));
    byte[] info = three.member("a").groupInfo();
    for (String name : List.of("a", "b", "c")) {
      assertRefused(Reason.CREDENTIAL, () -> MlsGroup.join(victim, welcome, refusing(name)));
      assertRefused(
          Reason.CREDENTIAL, () -> MlsGroup.joinFromOutside(victim, info, refusing(name)));
    }
    assertEquals(4, MlsGroup.join(victim, welcome, refusing("victim")).roster().size());
  }

  @Test
  void groupOfHostileOutsiderIsRefusedForItsMembers() throws Exception {
    Group own = new ForgedKeyPackage("outsider").group();
    byte[] info = groupInfo(own);
    byte[] welcome = hostileWelcome(own);

    assertRefused(Reason.CREDENTIAL, () -> MlsGroup.join(victim, welcome, refusing("outsider")));
    assertRefused(
        Reason.CREDENTIAL, () -> MlsGroup.joinFromOutside(victim, info, refusing("outsider")));
    Group borrowed = new ForgedKeyPackage("b").with(f -> f.vouchedKey = new byte[32]).group();
    byte[] borrowedWelcome = hostileWelcome(borrowed);
    assertRefused(Reason.NOT_AUTHENTIC, () -> MlsGroup.join(victim, borrowedWelcome, POLICY));
  }

  @Test
  void forgedGroupInfoIsRefused() throws Exception {
    byte[] info = three.member("a").groupInfo();
    byte[] signature = flipped(info, info.length - 1);
    assertRefused(Reason.NOT_AUTHENTIC, () -> MlsGroup.joinFromOutside(victim, signature, POLICY));
    assertRefused(Reason.NOT_AUTHENTIC, () -> look(signature, POLICY));
    byte[] signer = flipped(info, info.length - 67); // another member's index
    assertRefused(Reason.NOT_AUTHENTIC, () -> MlsGroup.joinFromOutside(victim, signer, POLICY));
    byte[] blank = info.clone();
    blank[info.length - 67] = 9;
    assertRefused(Reason.NOT_AUTHENTIC, () -> MlsGroup.joinFromOutside(victim, blank, POLICY));
    byte[] confirmation = flipped(info, info.length - 71);
    assertRefused(
        Reason.NOT_AUTHENTIC, () -> MlsGroup.joinFromOutside(victim, confirmation, POLICY));
  }

  @Test
  void groupInfoWithTreeOfAnotherIsRefused() throws Exception {
    Group a = inside(three.member("a"));
    GroupInfo honest = a.getGroupInfo(true).groupInfo;
    Group other = inside(TestConference.of("a", "b").member("a"));
    GroupInfo mixed =
        new GroupInfo(
            honest.getGroupContext(),
            other.getGroupInfo(true).groupInfo.getExtensions(),
            honest.getConfirmationTag());
    byte[] privateKey = (byte[]) Forgery.field(Group.class, other, "identitySk");
    mixed.sign(
        other.getTree(),
        other.getIndex(),
        Forgery.SUITE.deserializeSignaturePrivateKey(privateKey));
    MLSMessage message = new MLSMessage(WireFormat.mls_group_info);
    message.groupInfo = mixed;
    byte[] octets = Forgery.encode(message);

    // leaves that were signed for a commit are of another group, so it does not get to the tree
    assertThrows(RefusedException.class, () -> MlsGroup.joinFromOutside(victim, octets, POLICY));
    assertThrows(RefusedException.class, () -> look(octets, POLICY));
  }

  @Test
  void groupInfoWithoutTreeIsUnsupported() throws Exception {
    byte[] info = Forgery.encode(inside(three.member("a")).getGroupInfo(false));
    assertRefused(Reason.UNSUPPORTED, () -> MlsGroup.joinFromOutside(victim, info, POLICY));
    assertRefused(Reason.UNSUPPORTED, () -> look(info, POLICY));
  }

  @Test
  void groupInfoWithoutKeyForOutsidersIsUnsupported() throws Exception {
    MLSMessage message = Forgery.decode(three.member("a").groupInfo());
    var unused = message.groupInfo.getExtensions().removeIf(each -> externalKey(each) != null);
    Group a = inside(three.member("a"));
    byte[] privateKey = (byte[]) Forgery.field(Group.class, a, "identitySk");
    message.groupInfo.sign(
        a.getTree(), a.getIndex(), Forgery.SUITE.deserializeSignaturePrivateKey(privateKey));
    byte[] info = Forgery.encode(message);
    assertRefused(Reason.UNSUPPORTED, () -> MlsGroup.joinFromOutside(victim, info, POLICY));
    assertRefused(Reason.UNSUPPORTED, () -> look(info, POLICY));
  }

  private static byte @Nullable [] externalKey(Extension extension) {
    try {
      return extension.getExternalPub();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void welcomeForOthersIsNotForUs() throws Exception {
    byte[] welcome = hostileWelcome(inside(three.member("a")));
    assertRefused(Reason.NOT_FOR_US, () -> MlsGroup.join(announce("victim"), welcome, POLICY));
  }

  @Test
  void changedWelcomeIsRefused() throws Exception {
    byte[] welcome = hostileWelcome(inside(three.member("a")));
    for (int fromEnd : List.of(1, 20, 500)) {
      byte[] changed = flipped(welcome, welcome.length - fromEnd);
      assertThrows(RefusedException.class, () -> MlsGroup.join(victim, changed, POLICY));
    }
  }

  @Test
  void otherIdentityOfSameNameIsNotReplacedFromOutside() throws Exception {
    byte[] info = three.member("a").groupInfo();
    EndpointIdentity laptop = EndpointIdentity.generate("b", new SecureRandom());
    MlsGroup beside =
        MlsGroup.joinFromOutside(new Announcement(laptop, POLICY, "x"), info, POLICY).next();
    assertEquals(4, beside.roster().size());
    assertNotNull(beside.roster().occupant("b"));
    assertRefused(
        Reason.DUPLICATE,
        () -> MlsGroup.joinFromOutside(new Announcement(laptop, POLICY, "b"), info, POLICY));
    assertRefused(
        Reason.DUPLICATE,
        () ->
            MlsGroup.joinFromOutside(
                new Announcement(identity("victim"), POLICY, "b"), info, POLICY));
  }

  @Test
  void fullGroupIsNotJoined() throws Exception {
    GroupPolicy three = new GroupPolicy(ROOM, credential -> {}, 3, Clock.systemUTC());
    byte[] info = this.three.member("a").groupInfo();
    assertRefused(Reason.GROUP_FULL, () -> MlsGroup.joinFromOutside(victim, info, three));
    assertRefused(Reason.GROUP_FULL, () -> look(info, three));
    assertEquals(2, MlsGroup.rosterFromOutside(identity("b"), info, three).size());
    byte[] welcome = hostileWelcome(inside(this.three.member("a")));
    assertRefused(Reason.MALFORMED, () -> MlsGroup.join(victim, welcome, three));
  }
}
