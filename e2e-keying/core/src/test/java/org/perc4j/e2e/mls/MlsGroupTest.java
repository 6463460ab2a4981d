/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.perc4j.e2e.mls.MlsGroup.Announcement;
import org.perc4j.e2e.mls.MlsGroup.PendingCommit;

class MlsGroupTest {
  @Test
  void groupOfOneHasRosterOfOne() {
    MlsGroup sole = TestConference.create("a");
    assertEquals(0, sole.moment().epoch());
    assertEquals(32, sole.moment().groupId().length);
    assertEquals(1, sole.roster().size());
    assertEquals("a", sole.self().name());
    assertEquals(0, sole.ownLeaf());
    assertEquals(32, sole.authenticator().length);
  }

  @Test
  void groupGrowsAndShrinks() throws Exception {
    TestConference conference = TestConference.of("a");
    for (String name : List.of("b", "c", "d", "e")) {
      conference.add("a", name);
      conference.assertAgreement();
    }
    conference.joinFromOutside("f", "c");
    conference.assertAgreement();
    conference.joinFromOutside("f", "d");
    conference.assertAgreement();
    conference.remove("f", "a", "b");
    conference.assertAgreement();
    conference.add("c", "a", "b", "g");
    conference.assertAgreement();
    assertEquals(7, conference.names().size());
  }

  @Test
  void commitWithoutJoinersHasNoWelcome() throws Exception {
    TestConference two = TestConference.of("a", "b");
    assertNull(two.member("a").commit(List.of(), List.of()).welcome());
  }

  @Test
  void everyEpochHasOtherSecrets() throws Exception {
    TestConference two = TestConference.of("a", "b");
    byte[] authenticator = two.member("a").authenticator();
    byte[] exported = two.member("a").exporterSecret("test");
    assertFalse(Arrays.equals(exported, two.member("a").exporterSecret("other")));
    two.update("b");
    assertFalse(Arrays.equals(authenticator, two.member("a").authenticator()));
    assertFalse(Arrays.equals(exported, two.member("a").exporterSecret("test")));
  }

  /** RFC 9420 sections 8 and 8.5, computed without Bouncy Castle. */
  @Test
  void exporterSecretLeadsToWhatMlsExporterGives() throws Exception {
    MlsGroup group = TestConference.of("a", "b").member("b");
    byte[] context = {1, 2, 3};
    byte[] expected =
        Forgery.inside(group).getKeySchedule().MLSExporter("perc4j test", context, 40);

    byte[] secret = group.exporterSecret("perc4j test");
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(context);
    assertArrayEquals(expected, expandWithLabel(secret, "exported", hash, 40));
    byte[] exporterSecret = Forgery.inside(group).getKeySchedule().exporterSecret.value().clone();
    assertArrayEquals(secret, expandWithLabel(exporterSecret, "perc4j test", new byte[0], 32));
  }

  private static byte[] expandWithLabel(byte[] secret, String label, byte[] context, int length)
      throws Exception {
    byte[] full = ("MLS 1.0 " + label).getBytes(StandardCharsets.US_ASCII);
    ByteBuffer info = ByteBuffer.allocate(2 + 1 + full.length + 1 + context.length);
    info.putShort((short) length).put((byte) full.length).put(full);
    info.put((byte) context.length).put(context);
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret, "HmacSHA256"));
    ByteBuffer output = ByteBuffer.allocate((length + 31) / 32 * 32);
    byte[] block = new byte[0];
    for (int i = 1; output.hasRemaining(); i++) {
      mac.update(block);
      mac.update(info.array());
      block = mac.doFinal(new byte[] {(byte) i});
      output.put(block);
    }
    return Arrays.copyOf(output.array(), length);
  }

  @Test
  void callerMayEraseWhatItIsGiven() throws Exception {
    MlsGroup group = TestConference.of("a", "b").member("a");
    byte[] exported = group.exporterSecret("test");
    byte[] copy = exported.clone();
    Arrays.fill(exported, (byte) 0);
    Arrays.fill(group.authenticator(), (byte) 0);

    assertArrayEquals(copy, group.exporterSecret("test"));
    assertFalse(Arrays.equals(new byte[32], group.authenticator()));
  }

  @Test
  void markTellsHalvesOfOneEpochApart() throws Exception {
    TestConference two = TestConference.of("a", "b");
    MlsGroup a = two.member("a");
    MlsGroup b = two.member("b");
    assertTrue(a.mark().isSame(b.mark()));
    MlsGroup oneHalf = a.commit(List.of(), List.of()).next();
    MlsGroup otherHalf = b.commit(List.of(), List.of()).next();
    assertTrue(oneHalf.moment().isSame(otherHalf.moment()));
    assertFalse(oneHalf.mark().isSame(otherHalf.mark()));
    assertFalse(oneHalf.mark().isSame(a.mark()));
  }

  /** As a newcomer reads it in a key package, in a tree, and in the leaf of who committed. */
  @Test
  void allKnowWhatAMemberSaysOfItself() throws RefusedException {
    Announcement announcement =
        new Announcement(
            TestConference.identity("audience"),
            new LeafStatement(Role.LISTENER, SpokenProtection.FRAMES_ONLY),
            TestConference.POLICY,
            "audience");
    MlsGroup maker = TestConference.create("a");
    PendingCommit addition =
        maker.commit(
            List.of(MlsGroup.readAnnouncement(announcement.octets(), TestConference.POLICY)),
            List.of());
    assertStatements(addition.next());
    byte[] welcome = addition.welcome();
    assertNotNull(welcome);
    MlsGroup listener = MlsGroup.join(announcement, welcome, TestConference.POLICY);
    assertStatements(listener);
    listener.adopt(null);

    addition.next().adopt(maker);
    PendingCommit renewal = listener.commit(List.of(), List.of());
    MlsGroup followed = addition.next().process(renewal.commit(), member -> false);
    assertNotNull(followed);
    assertStatements(followed);
    assertStatements(renewal.next());
    renewal.next().adopt(listener);
    assertStatements(
        MlsGroup.joinFromOutside(
                TestConference.announce("b"), renewal.next().groupInfo(), TestConference.POLICY)
            .next());
  }

  private static void assertStatements(MlsGroup group) {
    for (Member member : group.roster().members()) {
      assertEquals(
          member.name().equals("audience")
              ? new LeafStatement(Role.LISTENER, SpokenProtection.FRAMES_ONLY)
              : LeafStatement.SPEAKER,
          member.statement(),
          member.name());
    }
    assertEquals(MediaProtection.FRAMES, group.roster().protection());
  }

  @Test
  void framesAreUsedWhileAnybodySpeaksNothingElse() throws RefusedException {
    MlsGroup maker = TestConference.create("a");
    assertEquals(MediaProtection.DOUBLE, maker.roster().protection());
    Announcement both = announcement("b", SpokenProtection.BOTH);
    Announcement browser = announcement("c", SpokenProtection.FRAMES_ONLY);
    MlsGroup two =
        maker
            .commit(
                List.of(MlsGroup.readAnnouncement(both.octets(), TestConference.POLICY)), List.of())
            .next();
    assertEquals(MediaProtection.DOUBLE, two.roster().protection());
    two.adopt(maker);
    MlsGroup three =
        two.commit(
                List.of(MlsGroup.readAnnouncement(browser.octets(), TestConference.POLICY)),
                List.of())
            .next();
    assertEquals(MediaProtection.FRAMES, three.roster().protection());
    three.adopt(two);
    MlsGroup without = three.commit(List.of(), List.of(2)).next();
    assertEquals(MediaProtection.DOUBLE, without.roster().protection());
  }

  private static Announcement announcement(String name, SpokenProtection protection) {
    return new Announcement(
        TestConference.identity(name),
        new LeafStatement(Role.SPEAKER, protection),
        TestConference.POLICY,
        name);
  }

  @Test
  void whoSaysBothAndFramesOnlySpeaksFramesOnly() {
    assertEquals(
        SpokenProtection.FRAMES_ONLY,
        SpokenProtection.of(
            List.of(SpokenProtection.SPEAKS_BOTH, SpokenProtection.SPEAKS_FRAMES_ONLY)));
  }
}
