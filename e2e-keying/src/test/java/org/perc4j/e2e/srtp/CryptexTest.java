/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.perc4j.e2e.srtp.TestPackets.PROFILE;
import static org.perc4j.e2e.srtp.TestPackets.carrier;
import static org.perc4j.e2e.srtp.TestPackets.flip;
import static org.perc4j.e2e.srtp.TestPackets.hex;
import static org.perc4j.e2e.srtp.TestPackets.key;
import static org.perc4j.e2e.srtp.TestPackets.octets;
import static org.perc4j.e2e.srtp.TestPackets.protect;
import static org.perc4j.e2e.srtp.TestPackets.rtp;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CryptexTest {
  /** RFC 9335 appendix A.2, which has one key for all its packets. */
  private static final SrtpMasterKey RFC_KEY =
      SrtpMasterKey.copyOf(
          hex("000102030405060708090a0b0c0d0e0f"), hex("a0a1a2a3a4a5a6a7a8a9aaab"));

  private static final String PAYLOAD = "abababababababababababababababab";

  // RFC 9335 appendices A.2.1 to A.2.6: header, then the encrypted packet.
  private static final String ONE_BYTE =
      "900f1235decafbadcafebabe bede0001 51000200,"
          + "900f1235decafbadcafebabe c0de0001 39972dc9572c4d99e8fc355de743fb2e"
          + "94f9d8ff54e72f4193bbc5c74ffab0fa9fa0fbeb";
  private static final String TWO_BYTE =
      "900f1236decafbadcafebabe 10000001 05020002,"
          + "900f1236decafbadcafebabe c2de0001 bb75a4c545cd1f413bdb7daa2b1e3263"
          + "de313667c963249081b35a65f5cb6c88b394235f";
  private static final String ONE_BYTE_AND_CSRCS =
      "920f1238decafbadcafebabe 0001e2400000b26e bede0001 51000200,"
          + "920f1238decafbadcafebabe 63bbccc4a7f695c4 c0de0001 8ad7c71fac70a80c92866b4c6ba98546"
          + "ef913586e95ffaaffe956885bb0647a8bc094ac8";
  private static final String TWO_BYTE_AND_CSRCS =
      "920f1239decafbadcafebabe 0001e2400000b26e 10000001 05020002,"
          + "920f1239decafbadcafebabe 3680524f8d312b00 c2de0001 c78d120038422bc111a7187a18246f98"
          + "0c059cc6bc9df8b626394eca344e4b05d80fea83";
  private static final String EMPTY_ONE_BYTE_AND_CSRCS =
      "920f123adecafbadcafebabe 0001e2400000b26e bede0000,"
          + "920f123adecafbadcafebabe 15b6bb4337906fff c0de0000 b7b964537a2b03ab7ba5389ce9331712"
          + "6b5d974df30c6884dcb651c5e120c1da";
  private static final String EMPTY_TWO_BYTE_AND_CSRCS =
      "920f123bdecafbadcafebabe 0001e2400000b26e 10000000,"
          + "920f123bdecafbadcafebabe dcb38c9e48bf95f4 c2de0000 61ee432cf920317076613258d3ce4236"
          + "c06ac429681ad08413512dc98b5207d8";

  private static final int CSRC_COUNT = 2;

  @ParameterizedTest
  @CsvSource({
    ONE_BYTE,
    TWO_BYTE,
    ONE_BYTE_AND_CSRCS,
    TWO_BYTE_AND_CSRCS,
    EMPTY_ONE_BYTE_AND_CSRCS,
    EMPTY_TWO_BYTE_AND_CSRCS
  })
  void protectsAndUnprotectsKnownAnswer(String header, String encrypted) {
    for (CryptexPolicy policy :
        new CryptexPolicy[] {CryptexPolicy.ALLOWED, CryptexPolicy.REQUIRED}) {
      OuterSender sender = new OuterSender(PROFILE, RFC_KEY, policy);
      OuterReceiver receiver = new OuterReceiver(PROFILE, RFC_KEY, policy);
      byte[] rtp = hex(header + PAYLOAD);

      byte[] srtp = protect(sender, rtp);
      assertArrayEquals(hex(encrypted), srtp);
      MediaPacket packet = carrier(srtp);
      assertEquals(DoubleSrtpResult.OK, receiver.unprotect(packet));
      assertArrayEquals(rtp, octets(packet));
    }
  }

  /** As RFC 9335 section 5.1 says, this is the packet of appendix A.2.5. */
  @Test
  void addsEmptyExtensionToHideCsrcs() {
    byte[] rtp = hex("820f123adecafbadcafebabe 0001e2400000b26e" + PAYLOAD);
    byte[] srtp = protect(new OuterSender(PROFILE, RFC_KEY, CryptexPolicy.REQUIRED), rtp);

    assertArrayEquals(
        hex(EMPTY_ONE_BYTE_AND_CSRCS.substring(EMPTY_ONE_BYTE_AND_CSRCS.indexOf(',') + 1)), srtp);
  }

  @Test
  void leavesPacketsWithNothingToHideAsTheyAre() {
    byte[] plain = protect(new OuterSender(PROFILE, key(1), CryptexPolicy.OFF), rtp(1, 1));
    byte[] cryptex = protect(new OuterSender(PROFILE, key(1), CryptexPolicy.REQUIRED), rtp(1, 1));
    MediaPacket packet = carrier(cryptex);

    assertArrayEquals(plain, cryptex);
    assertEquals(
        DoubleSrtpResult.OK,
        new OuterReceiver(PROFILE, key(1), CryptexPolicy.REQUIRED).unprotect(packet));
  }

  @ParameterizedTest
  @ValueSource(strings = {"12340001 01020304", "10010001 01020304"})
  void leavesOtherExtensionsInTheClearOrRefusesThem(String extension) {
    byte[] rtp = rtp(1, 1, CSRC_COUNT, hex(extension), 20);
    byte[] plain = protect(new OuterSender(PROFILE, key(1), CryptexPolicy.OFF), rtp);
    MediaPacket refused = carrier(rtp);

    assertArrayEquals(plain, protect(new OuterSender(PROFILE, key(1), CryptexPolicy.ALLOWED), rtp));
    assertEquals(
        DoubleSrtpResult.HEADER_IN_CLEAR,
        new OuterSender(PROFILE, key(1), CryptexPolicy.REQUIRED).protect(refused));
    assertArrayEquals(rtp, octets(refused));
  }

  @ParameterizedTest
  @ValueSource(strings = {"c0de0001 01020304", "c2de0001 01020304"})
  void senderRefusesWhatWouldBeTakenForEncrypted(String extension) {
    byte[] rtp = rtp(1, 1, 0, hex(extension), 20);
    MediaPacket packet = carrier(rtp);

    assertEquals(
        DoubleSrtpResult.MALFORMED,
        new OuterSender(PROFILE, key(1), CryptexPolicy.ALLOWED).protect(packet));
    assertArrayEquals(rtp, octets(packet));
  }

  @Test
  void receiverThatRequiresItRefusesHeadersInTheClearAtNoCost() {
    OuterReceiver receiver = new OuterReceiver(PROFILE, key(1), CryptexPolicy.REQUIRED);
    OuterSender sender = new OuterSender(PROFILE, key(1), CryptexPolicy.OFF);
    byte[] extension = protect(sender, rtp(1, 1, 0, TestPackets.ONE_BYTE_EXTENSION, 20));
    byte[] csrcs = protect(sender, rtp(1, 2, CSRC_COUNT, new byte[0], 20));

    assertEquals(DoubleSrtpResult.HEADER_IN_CLEAR, receiver.unprotect(carrier(extension)));
    assertEquals(DoubleSrtpResult.HEADER_IN_CLEAR, receiver.unprotect(carrier(csrcs)));
    assertEquals(0, receiver.aeadCalls());
  }

  @Test
  void receiverTakesBothFormsIfAllowed() {
    OuterReceiver receiver = new OuterReceiver(PROFILE, key(1), CryptexPolicy.ALLOWED);
    byte[] rtp1 = rtp(1, 1, CSRC_COUNT, TestPackets.TWO_BYTE_EXTENSION, 20);
    byte[] rtp2 = rtp(1, 2, CSRC_COUNT, TestPackets.TWO_BYTE_EXTENSION, 20);
    MediaPacket clear = carrier(protect(new OuterSender(PROFILE, key(1), CryptexPolicy.OFF), rtp1));
    MediaPacket hidden =
        carrier(protect(new OuterSender(PROFILE, key(1), CryptexPolicy.ALLOWED), rtp2));

    assertEquals(DoubleSrtpResult.OK, receiver.unprotect(clear));
    assertEquals(DoubleSrtpResult.OK, receiver.unprotect(hidden));
    assertArrayEquals(rtp1, octets(clear));
    assertArrayEquals(rtp2, octets(hidden));
  }

  @Test
  void receiverThatDoesNotKnowItFails() {
    byte[] srtp =
        protect(
            new OuterSender(PROFILE, key(1), CryptexPolicy.ALLOWED),
            rtp(1, 1, CSRC_COUNT, TestPackets.ONE_BYTE_EXTENSION, 20));

    assertEquals(
        DoubleSrtpResult.OUTER_AUTHENTICATION_FAILED,
        new OuterReceiver(PROFILE, key(1), CryptexPolicy.OFF).unprotect(carrier(srtp)));
  }

  @Test
  void everyOctetIsAuthenticatedAndFailureLeavesThePacket() {
    byte[] srtp =
        protect(
            new OuterSender(PROFILE, key(1), CryptexPolicy.REQUIRED),
            rtp(1, 1, 15, TestPackets.ONE_BYTE_EXTENSION, 20));
    OuterReceiver receiver = new OuterReceiver(PROFILE, key(1), CryptexPolicy.ALLOWED);

    for (int at = 1; at < srtp.length; at++) {
      byte[] changed = flip(srtp, at, 1);
      MediaPacket packet = carrier(changed);
      // Some make the length of the extension reach past the packet.
      DoubleSrtpResult result = receiver.unprotect(packet);
      assertEquals(
          at == 12 + 60 + 2
              ? DoubleSrtpResult.MALFORMED
              : DoubleSrtpResult.OUTER_AUTHENTICATION_FAILED,
          result,
          "octet " + at);
      assertArrayEquals(changed, octets(packet));
    }
    assertEquals(DoubleSrtpResult.OK, receiver.unprotect(carrier(srtp)));
  }

  @Test
  void needsRoomForTheEmptyExtension() {
    byte[] rtp = rtp(1, 1, CSRC_COUNT, new byte[0], 20);
    byte[] buffer = new byte[rtp.length + OuterSender.MAX_OVERHEAD_BYTES];
    System.arraycopy(rtp, 0, buffer, 0, rtp.length);
    OuterSender sender = new OuterSender(PROFILE, key(1), CryptexPolicy.REQUIRED);

    assertEquals(
        DoubleSrtpResult.NO_ROOM,
        sender.protect(new MediaPacket().wrap(buffer, 0, rtp.length, buffer.length - 1)));
    MediaPacket packet = new MediaPacket().wrap(buffer, 0, rtp.length);
    assertEquals(DoubleSrtpResult.OK, sender.protect(packet));
    assertEquals(buffer.length, packet.length());
  }
}
