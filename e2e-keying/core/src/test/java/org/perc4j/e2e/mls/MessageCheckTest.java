/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.perc4j.e2e.mls.Forgery.concat;
import static org.perc4j.e2e.mls.Forgery.hex;
import static org.perc4j.e2e.mls.TestConference.POLICY;
import static org.perc4j.e2e.mls.TestConference.announce;
import static org.perc4j.e2e.mls.TestConference.assertRefused;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.perc4j.e2e.mls.MessageCheck.CommitOutline;
import org.perc4j.e2e.mls.MessageCheck.GroupInfoOutline;
import org.perc4j.e2e.mls.MlsGroup.Announcement;
import org.perc4j.e2e.mls.MlsGroup.PendingCommit;
import org.perc4j.e2e.mls.RefusedException.Reason;

class MessageCheckTest {
  private static final MessageCheck CHECK = new MessageCheck(8);
  private static final long SEED = 20;
  private static final int MUTATIONS = 2000;

  /** Something that takes octets from the network. */
  private interface Reader {
    @Nullable Object read(byte[] message) throws RefusedException;
  }

  @SuppressWarnings("ArrayRecordComponent") // not compared
  private record Sample(byte[] message, Reader reader) {}

  private final TestConference four;
  private final Announcement joiner = announce("e");
  private final byte[] announcement = joiner.octets();
  private final byte[] groupInfo;
  private final byte[] commit;
  private final byte[] external;
  private final byte[] welcome;

  MessageCheckTest() throws RefusedException {
    four = TestConference.of("a", "b", "c", "d");
    four.add("a", "f");
    four.remove("b", "a");
    groupInfo = four.member("b").groupInfo();
    PendingCommit pending =
        four.member("b")
            .commit(List.of(MlsGroup.readAnnouncement(announcement, POLICY)), List.of(3));
    commit = pending.commit();
    byte[] message = pending.welcome();
    assertNotNull(message);
    welcome = message;
    external = MlsGroup.joinFromOutside(announce("d"), groupInfo, POLICY).commit();
  }

  /** Every kind of message with what reads it. */
  private List<Sample> checks() {
    List<Sample> checks = new ArrayList<>();
    checks.add(new Sample(announcement, CHECK::keyPackage));
    checks.add(new Sample(commit, CHECK::commit));
    checks.add(new Sample(external, CHECK::commit));
    checks.add(new Sample(parts().welcome(), CHECK::welcome));
    checks.add(new Sample(parts().tree(), CHECK::tree));
    checks.add(new Sample(groupInfo, CHECK::groupInfoMessage));
    checks.add(new Sample(Arrays.copyOfRange(groupInfo, 4, groupInfo.length), CHECK::groupInfo));
    checks.add(new Sample(groupSecrets(), CHECK::groupSecrets));
    return checks;
  }

  private MessageCheck.WelcomeWithTree parts() {
    try {
      return CHECK.welcomeWithTree(welcome);
    } catch (RefusedException e) {
      throw new AssertionError(e);
    }
  }

  private List<Sample> entrances() {
    MlsGroup c = four.member("c");
    List<Sample> entrances = new ArrayList<>();
    entrances.add(new Sample(announcement, message -> MlsGroup.readAnnouncement(message, POLICY)));
    entrances.add(new Sample(commit, message -> c.process(message, left -> true)));
    entrances.add(new Sample(external, message -> c.process(message, left -> true)));
    entrances.add(new Sample(welcome, message -> MlsGroup.join(joiner, message, POLICY)));
    entrances.add(
        new Sample(groupInfo, message -> MlsGroup.joinFromOutside(joiner, message, POLICY)));
    return entrances;
  }

  private static byte[] groupSecrets() {
    return concat(hex("20"), new byte[32], hex("0120"), new byte[32], hex("00"));
  }

  @Test
  void validMessagesPass() throws Exception {
    for (Sample entry : checks()) {
      assertNotNull(entry.reader().read(entry.message()));
    }
    for (Sample entry : entrances()) {
      assertNotNull(entry.reader().read(entry.message()));
    }
  }

  @Test
  void outlinesSayWhatMessagesDo() throws Exception {
    CommitOutline outline = CHECK.commit(commit);
    assertTrue(outline.moment().isSame(four.member("b").moment()));
    assertEquals(1, outline.sender());
    assertEquals(List.of(3), outline.removes());
    assertEquals(1, outline.adds().size());
    assertArrayEquals(
        Arrays.copyOfRange(announcement, 4, announcement.length), outline.adds().get(0).octets());
    CommitOutline joining = CHECK.commit(external);
    assertNull(joining.sender());
    assertEquals(List.of(3), joining.removes());
    GroupInfoOutline info = CHECK.groupInfoMessage(groupInfo);
    assertTrue(info.hasTree());
    assertEquals(1, CHECK.welcome(parts().welcome()).secrets().size());
  }

  @Test
  void messagesCutShortAreRefused() {
    checks()
        .forEach(
            sample -> {
              byte[] message = sample.message();
              Reader check = sample.reader();
              for (int length = 0; length < message.length; length++) {
                byte[] cut = Arrays.copyOf(message, length);
                assertRefused(Reason.MALFORMED, () -> check.read(cut));
              }
            });
  }

  @Test
  void octetsLeftOverAreRefused() {
    checks()
        .forEach(
            sample -> {
              byte[] longer = Arrays.copyOf(sample.message(), sample.message().length + 1);
              assertRefused(Reason.MALFORMED, () -> sample.reader().read(longer));
            });
  }

  @Test
  void changesOfOneOctetAreTakenOrRefused() {
    checks()
        .forEach(
            sample -> {
              byte[] message = sample.message();
              Reader check = sample.reader();
              for (int i = 0; i < message.length; i++) {
                for (int change : new int[] {0x01, 0x40, 0x80, 0xff}) {
                  byte[] changed = message.clone();
                  changed[i] ^= (byte) change;
                  boolean unused = assertTakenOrRefused(check, changed);
                }
              }
            });
  }

  @Test
  void randomChangesAreRefusedByGroup() throws Exception {
    Random random = new Random(SEED);
    for (Sample entry : entrances()) {
      byte[] message = entry.message();
      int taken = 0;
      for (int i = 0; i < MUTATIONS; i++) {
        byte[] changed = message.clone();
        int count = 1 + random.nextInt(3);
        for (int j = 0; j < count; j++) {
          changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
        }
        if (!Arrays.equals(message, changed)) {
          taken += assertTakenOrRefused(entry.reader(), changed) ? 1 : 0;
        }
      }
      assertEquals(0, taken);
    }
    assertNotNull(four.member("c").process(commit, left -> true));
  }

  private static boolean assertTakenOrRefused(Reader reader, byte[] message) {
    try {
      Object unused = reader.read(message);
      return true;
    } catch (RefusedException e) {
      assertNotNull(e.getMessage());
      return false;
    }
  }

  @Test
  void oversizedMessagesAreTooLarge() {
    byte[] large = new byte[MessageCheck.MAX_MESSAGE_BYTES + 1];
    assertRefused(Reason.TOO_LARGE, () -> CHECK.commit(large));
    assertRefused(Reason.TOO_LARGE, () -> CHECK.welcome(large));
    assertRefused(Reason.TOO_LARGE, () -> CHECK.welcomeWithTree(large));
    assertRefused(Reason.TOO_LARGE, () -> CHECK.groupInfoMessage(large));
    byte[] keyPackage = new byte[MessageCheck.MAX_KEY_PACKAGE_BYTES + 1];
    assertRefused(Reason.TOO_LARGE, () -> CHECK.keyPackage(keyPackage));
    assertRefused(
        Reason.UNSUPPORTED, () -> CHECK.keyPackage(new byte[MessageCheck.MAX_KEY_PACKAGE_BYTES]));
  }

  @Test
  void lengthsAreMinimalAndOfFourOctetsAtMost() {
    byte[] rest = Arrays.copyOfRange(commit, 5, commit.length);
    assertEquals(32, commit[4]);
    for (String length : List.of("4020", "80000020", "c000000000000020")) {
      byte[] longer = concat(hex("00010001"), hex(length), rest);
      assertRefused(Reason.MALFORMED, () -> CHECK.commit(longer));
    }
  }

  @Test
  void treeAlternatesLeavesAndParents() throws Exception {
    String leaf = leaf();
    String parent = parent("00");
    assertTrue(CHECK.groupInfo(withTree("01 01" + leaf)).hasTree());
    assertTrue(CHECK.groupInfo(withTree("00 00 01 01" + leaf)).hasTree());
    assertTrue(
        CHECK.groupInfo(withTree("01 01" + leaf + "01 02" + parent + "01 01" + leaf)).hasTree());
    for (String tree :
        List.of(
            "",
            "00",
            "01 02" + parent,
            "01 00" + leaf,
            "01 03" + leaf,
            "02 01" + leaf,
            "01 01" + leaf + "00",
            "01 01" + leaf + "00 00",
            "01 01" + leaf + "01 01" + leaf,
            "01 01" + leaf + "01 01" + leaf + "01 01" + leaf,
            "01 01" + leaf + "01 02" + parent)) {
      assertRefused(Reason.MALFORMED, () -> CHECK.groupInfo(withTree(tree)));
    }
  }

  @Test
  void unmergedLeavesAreInOrderAndBelowTheirParent() throws Exception {
    String leaf = leaf();
    for (String unmerged : List.of("00", "04 00000000", "04 00000001", "08 00000000 00000001")) {
      byte[] tree = withTree(fourLeaves(leaf, unmerged, "00"));
      assertTrue(CHECK.groupInfo(tree).hasTree());
    }
    assertTrue(CHECK.groupInfo(withTree(fourLeaves(leaf, "00", "04 00000003"))).hasTree());
    for (String unmerged :
        List.of(
            "08 00000001 00000000",
            "08 00000001 00000001",
            "04 00000002",
            "04 00000004",
            "04 0000ffff",
            "04 00010000",
            "04 ffffffff",
            "03 000000")) {
      byte[] tree = withTree(fourLeaves(leaf, unmerged, "00"));
      assertRefused(Reason.MALFORMED, () -> CHECK.groupInfo(tree));
    }
    for (String blankOrAbsent : List.of("04 00000002", "04 00000004")) {
      byte[] tree = withTree(fourLeaves(leaf, "00", blankOrAbsent));
      assertRefused(Reason.MALFORMED, () -> CHECK.groupInfo(tree));
    }
  }

  /** A tree of four leaves, the third of which is blank, with lists for the nodes 1 and 3. */
  private static String fourLeaves(String leaf, String unmerged, String unmergedAtRoot) {
    return "01 01"
        + leaf
        + "01 02"
        + parent(unmerged)
        + "01 01"
        + leaf
        + "01 02"
        + parent(unmergedAtRoot)
        + "00 00 01 01"
        + leaf;
  }

  @Test
  void treeHasNoMoreLeavesThanGroupMayHaveMembers() throws Exception {
    String leaf = "01 01" + leaf();
    assertTrue(CHECK.groupInfo(withTree(leaf + ("00" + leaf).repeat(7))).hasTree());
    assertRefused(
        Reason.MALFORMED, () -> CHECK.groupInfo(withTree(leaf + ("00" + leaf).repeat(8))));
  }

  @Test
  void welcomeHasNoMoreJoinersThanGroupMayHaveMembers() throws Exception {
    String secrets = "20" + "00".repeat(32) + "20" + "11".repeat(32) + "10" + "22".repeat(16);
    for (int joiners : new int[] {8, 9}) {
      byte[] list = hex(secrets.repeat(joiners));
      byte[] message = concat(hex("0001 0003 0001"), length(list), list, hex("10"), new byte[16]);
      if (joiners == 8) {
        assertEquals(8, CHECK.welcome(message).secrets().size());
      } else {
        assertRefused(Reason.MALFORMED, () -> CHECK.welcome(message));
      }
    }
  }

  @Test
  void capabilitiesAreNotTooMany() throws Exception {
    for (int count : new int[] {64, 65}) {
      byte[] list = hex("0001".repeat(count));
      byte[] capabilities = concat(length(list), list, hex("02 0001 00 00 02 0001"));
      Forgery.ForgedKeyPackage forged = new Forgery.ForgedKeyPackage("e");
      forged.capabilities = Forgery.capabilities(HexFormat.of().formatHex(capabilities));
      byte[] message = forged.octets();
      if (count == 64) {
        assertNotNull(CHECK.keyPackage(message));
      } else {
        assertRefused(Reason.MALFORMED, () -> CHECK.keyPackage(message));
      }
    }
  }

  @Test
  void groupSecretsHaveNothingButPathSecret() {
    byte[] none = concat(hex("20"), new byte[32], hex("00 00"));
    assertRefused(Reason.MALFORMED, () -> CHECK.groupSecrets(none));
    byte[] psk = concat(hex("20"), new byte[32], hex("0120"), new byte[32], hex("0101"));
    assertRefused(Reason.MALFORMED, () -> CHECK.groupSecrets(psk));
    byte[] longer = concat(hex("21"), new byte[33], hex("0120"), new byte[32], hex("00"));
    assertRefused(Reason.MALFORMED, () -> CHECK.groupSecrets(longer));
  }

  @Test
  void groupContextHasNoExtensions() {
    byte[] info = groupInfoWith("01", "");
    assertThrows(RefusedException.class, () -> CHECK.groupInfo(info));
  }

  private static String leaf() {
    return "20"
        + "09".repeat(32)
        + "20"
        + "0a".repeat(32)
        + "0001 01 00 02 0001 02 0001 00 00 02 0001"
        + "01 0000000000000000 0000000000000001 00 4040"
        + "0b".repeat(64);
  }

  private static String parent(String unmerged) {
    return "20" + "0c".repeat(32) + "00" + unmerged;
  }

  /** A GroupInfo, written by hand after RFC 9420 section 12.4.3. */
  private static byte[] withTree(String nodes) {
    byte[] tree = hex(nodes);
    byte[] data = concat(length(tree), tree);
    byte[] extensions = concat(hex("0002"), length(data), data);
    return concat(
        hex(
            "0001 0001 01 61 0000000000000001 20"
                + "0d".repeat(32)
                + "20"
                + "0e".repeat(32)
                + "00"),
        length(extensions),
        extensions,
        hex("20" + "0f".repeat(32) + "00000000 4040" + "1a".repeat(64)));
  }

  private static byte[] groupInfoWith(String contextExtensions, String extensions) {
    return hex(
        "0001 0001 01 61 0000000000000001 20"
            + "0d".repeat(32)
            + "20"
            + "0e".repeat(32)
            + contextExtensions
            + "00"
            + extensions
            + "20"
            + "0f".repeat(32)
            + "00000000 4040"
            + "1a".repeat(64));
  }

  private static byte[] length(byte[] octets) {
    int length = octets.length;
    return length < 64
        ? new byte[] {(byte) length}
        : new byte[] {(byte) (0x40 | (length >> 8)), (byte) length};
  }
}
