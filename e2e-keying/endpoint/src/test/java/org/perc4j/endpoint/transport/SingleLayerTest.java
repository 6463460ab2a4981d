/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jitsi.srtp.SrtpErrorStatus;
import org.jitsi.srtp.crypto.Aes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SingleLayerTest {
  private static final int ROOM_BYTES = 40;
  private static final int MAX_STREAMS = 4096;

  private static SingleLayer layer(SrtpProfile profile, int send, int receive) {
    return SingleLayer.of(profile, key(profile, send), key(profile, receive));
  }

  private static byte[] key(SrtpProfile profile, int seed) {
    byte[] keyThenSalt = new byte[profile.keyLengthBytes() + profile.saltLengthBytes()];
    new Random(seed).nextBytes(keyThenSalt);
    return keyThenSalt;
  }

  private static byte[] rtp(int ssrc) {
    return ByteBuffer.allocate(16)
        .putInt(0x80640001)
        .putInt(0)
        .putInt(ssrc)
        .putInt(0x01020304)
        .array();
  }

  private static OctetBuffer buffer(byte[] packet) {
    return new OctetBuffer(packet, 0, packet.length, ROOM_BYTES);
  }

  private static byte[] octets(OctetBuffer packet) {
    int end = packet.getOffset() + packet.getLength();
    return Arrays.copyOfRange(packet.getBuffer(), packet.getOffset(), end);
  }

  private static byte[] protectedRtp(SingleLayer sender, int ssrc) {
    OctetBuffer packet = buffer(rtp(ssrc));
    assertEquals(SrtpErrorStatus.OK, sender.protectRtp(packet));
    return octets(packet);
  }

  /** To compare them takes a new process seconds, in which nothing is heard. */
  @Test
  void usesTheCiphersOfTheJdkWithoutComparingThemWithOthers() {
    byte[] unused = protectedRtp(layer(SrtpProfile.AEAD_AES_128_GCM, 1, 2), 7);
    for (String transformation : List.of("AES/GCM/NoPadding", "AES/CTR/NoPadding")) {
      assertEquals("SunJCE", Aes.createCipher(transformation).getProvider().getName());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = SrtpProfile.class,
      names = {"AES128_CM_HMAC_SHA1_80", "AEAD_AES_128_GCM", "AEAD_AES_256_GCM"})
  void opensWhatTheOtherSideProtectedOnce(SrtpProfile profile) {
    SingleLayer one = layer(profile, 1, 2);
    SingleLayer other = layer(profile, 2, 1);
    byte[] packet = protectedRtp(one, 7);
    OctetBuffer opened = buffer(packet);
    assertEquals(SrtpErrorStatus.OK, other.unprotectRtp(opened));
    assertArrayEquals(rtp(7), octets(opened));
    assertNotEquals(SrtpErrorStatus.OK, other.unprotectRtp(buffer(packet)), "replayed");
  }

  @Test
  void takesNoNoteOfStreamsThatAreNotAuthentic() {
    SingleLayer one = layer(SrtpProfile.AEAD_AES_128_GCM, 1, 2);
    SingleLayer other = layer(SrtpProfile.AEAD_AES_128_GCM, 2, 1);
    byte[] genuine = protectedRtp(one, 7);
    for (int ssrc = 100; ssrc < 100 + 2 * MAX_STREAMS; ssrc++) {
      byte[] forged = genuine.clone();
      ByteBuffer.wrap(forged).putInt(8, ssrc);
      assertNotEquals(SrtpErrorStatus.OK, other.unprotectRtp(buffer(forged)));
      byte[] report = ByteBuffer.allocate(40).putInt(0x80c80006).putInt(ssrc).array();
      assertFalse(other.unprotectRtcp(buffer(report)));
    }
    assertEquals(SrtpErrorStatus.OK, other.unprotectRtp(buffer(genuine)));
  }

  @Test
  void knowsNoMoreStreamsThanItsBound() {
    SingleLayer one = layer(SrtpProfile.AEAD_AES_128_GCM, 1, 2);
    SingleLayer other = layer(SrtpProfile.AEAD_AES_128_GCM, 2, 1);
    for (int ssrc = 1; ssrc <= MAX_STREAMS; ssrc++) {
      assertEquals(SrtpErrorStatus.OK, other.unprotectRtp(buffer(protectedRtp(one, ssrc))));
    }
    assertNotEquals(
        SrtpErrorStatus.OK, other.unprotectRtp(buffer(protectedRtp(one, MAX_STREAMS + 1))));
    byte[] again = ByteBuffer.wrap(rtp(9)).putShort(2, (short) 2).array();
    OctetBuffer next = buffer(again);
    assertEquals(SrtpErrorStatus.OK, one.protectRtp(next));
    assertEquals(SrtpErrorStatus.OK, other.unprotectRtp(next), "one that is known goes on");
  }

  @Test
  void refusesWhatIsTooShort() {
    SingleLayer other = layer(SrtpProfile.AEAD_AES_128_GCM, 2, 1);
    for (int length = 0; length < 12; length++) {
      assertNotEquals(
          SrtpErrorStatus.OK, other.unprotectRtp(new OctetBuffer(rtp(7), 0, length, ROOM_BYTES)));
      assertFalse(other.unprotectRtcp(new OctetBuffer(rtp(7), 0, length, ROOM_BYTES)));
    }
  }

  @Test
  void protectsReports() {
    SingleLayer one = layer(SrtpProfile.AEAD_AES_128_GCM, 1, 2);
    SingleLayer other = layer(SrtpProfile.AEAD_AES_128_GCM, 2, 1);
    byte[] report = ByteBuffer.allocate(8).putInt(0x80c90001).putInt(5).array();
    OctetBuffer packet = buffer(report);
    assertTrue(one.protectRtcp(packet));
    OctetBuffer opened = buffer(octets(packet));
    assertTrue(other.unprotectRtcp(opened));
    assertArrayEquals(report, octets(opened));
  }
}
