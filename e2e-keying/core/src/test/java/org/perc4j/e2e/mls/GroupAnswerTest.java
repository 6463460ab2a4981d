/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.perc4j.e2e.mls.TestConference.POLICY;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.bouncycastle.mls.crypto.MlsCipherSuite;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.perc4j.e2e.mls.RefusedException.Reason;

class GroupAnswerTest {
  private static final byte[] NONCE = new byte[GroupAnswer.NONCE_BYTES];

  private TestConference three;
  private MlsGroup b;
  private byte[] answer;

  @BeforeEach
  void answerOfB() throws Exception {
    three = TestConference.of("a", "b", "c");
    b = three.member("b");
    answer = b.answer(b.groupInfo(), "asker", NONCE);
  }

  private static void assertRefused(
      Reason reason, byte[] octets, byte[] nonce, String asker, String answerer) {
    RefusedException refusal =
        assertThrows(
            RefusedException.class, () -> GroupAnswer.read(octets, nonce, asker, answerer, POLICY));
    assertEquals(reason, refusal.reason(), refusal.getMessage());
  }

  @Test
  void saysWhichEpochAndWhoIsInIt() throws Exception {
    GroupAnswer read = GroupAnswer.read(answer, NONCE, "asker", "b", POLICY);
    assertTrue(read.mark().isSame(b.mark()));
    assertEquals(Set.of("a", "b", "c"), new HashSet<>(read.occupants()));
    assertEquals("b", read.answerer());
    assertTrue(read.hasLeaf(three.member("a").self().signatureKey()));
    assertFalse(read.hasLeaf(new byte[32]));
    MlsGroup next =
        MlsGroup.joinFromOutside(TestConference.announce("d"), read.groupInfo(), POLICY).next();
    assertEquals(4, next.roster().size());
  }

  @Test
  void anotherNumberIsRefused() {
    byte[] other = NONCE.clone();
    other[5] = 1;
    assertRefused(Reason.NOT_AUTHENTIC, answer, other, "asker", "b");
  }

  @Test
  void anAnswerToSomebodyElseIsRefused() {
    assertRefused(Reason.NOT_AUTHENTIC, answer, NONCE, "another", "b");
  }

  @Test
  void anotherMembersAnswerIsRefused() {
    assertRefused(Reason.CREDENTIAL, answer, NONCE, "asker", "a");
  }

  @Test
  void anAnswerForAnotherRoomIsRefused() {
    GroupPolicy elsewhere =
        new GroupPolicy("other@muc.example.org", credential -> {}, 10, Clock.systemUTC());
    RefusedException refusal =
        assertThrows(
            RefusedException.class, () -> GroupAnswer.read(answer, NONCE, "asker", "b", elsewhere));
    assertEquals(Reason.NOT_AUTHENTIC, refusal.reason());
  }

  @Test
  void whoIsNotAcceptedIsNotBelieved() {
    GroupPolicy pinned =
        new GroupPolicy(
            POLICY.room(),
            credential -> {
              throw new RefusedException(Reason.CREDENTIAL, credential.name());
            },
            10,
            Clock.systemUTC());
    RefusedException refusal =
        assertThrows(
            RefusedException.class, () -> GroupAnswer.read(answer, NONCE, "asker", "b", pinned));
    assertEquals(Reason.CREDENTIAL, refusal.reason());
  }

  @Test
  void aRecordedGroupInfoIsRefusedUnderAnothersSignature() throws Exception {
    byte[] recorded = three.member("a").groupInfo();
    byte[] forged = Arrays.copyOf(answer, 64 + recorded.length);
    System.arraycopy(recorded, 0, forged, 64, recorded.length);
    assertRefused(Reason.NOT_AUTHENTIC, forged, NONCE, "asker", "a");
    assertRefused(Reason.NOT_AUTHENTIC, forged, NONCE, "asker", "b");
  }

  @Test
  void everyOctetIsSigned() {
    for (int i = 0; i < answer.length; i += i < 80 ? 1 : 37) {
      byte[] changed = answer.clone();
      changed[i] ^= 0x10;
      assertThrows(
          RefusedException.class,
          () -> GroupAnswer.read(changed, NONCE, "asker", "b", POLICY),
          "octet " + i);
    }
  }

  @Test
  void whatIsCutShortIsRefused() {
    for (int length : new int[] {0, 1, 63, 64, 65, 100, answer.length - 1}) {
      assertRefused(Reason.MALFORMED, Arrays.copyOf(answer, length), NONCE, "asker", "b");
    }
  }

  @Test
  void theSignatureIsThatOfMls() throws Exception {
    // the MLS library's own SignWithLabel over the content that the Javadoc describes
    MlsCipherSuite suite = MlsCipherSuite.BCMLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
    byte[] room = POLICY.room().getBytes(StandardCharsets.UTF_8);
    byte[] asker = "asker".getBytes(StandardCharsets.UTF_8);
    byte[] info = Arrays.copyOfRange(answer, 64, answer.length);
    ByteBuffer content = ByteBuffer.allocate(2 + room.length + 2 + 5 + 64);
    content.putShort((short) room.length).put(room).putShort((short) 5).put(asker).put(NONCE);
    content.put(MessageDigest.getInstance("SHA-256").digest(info));
    assertTrue(
        suite.verifyWithLabel(
            b.self().signatureKey(),
            "perc4j group answer 1",
            content.array(),
            Arrays.copyOf(answer, 64)));
    assertArrayEquals(info, GroupAnswer.read(answer, NONCE, "asker", "b", POLICY).groupInfo());
  }
}
