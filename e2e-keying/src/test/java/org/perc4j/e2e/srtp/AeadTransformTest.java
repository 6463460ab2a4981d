/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.perc4j.e2e.srtp.TestPackets.flip;
import static org.perc4j.e2e.srtp.TestPackets.hex;

import java.util.Arrays;
import javax.crypto.Cipher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AeadTransformTest {
  private static final String RTP =
      "8040f17b8041f8d35501a0b2"
          + "47616c6c696120657374206f6d6e697320646976697361"
          + "20696e207061727465732074726573";
  private static final String SALT = "517569642070726f2071756f";
  private static final int SSRC = 0x5501a0b2;
  private static final long INDEX = 0xf17b;
  private static final int HEADER = 12;

  // RFC 7714 sections 16.1.1 and 16.2.1: session key, then the SRTP packet.
  private static final String AES_128 =
      "000102030405060708090a0b0c0d0e0f,"
          + "8040f17b8041f8d35501a0b2"
          + "f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833"
          + "899d7f27beb16a9152cf765ee4390cce";
  private static final String AES_256 =
      "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f,"
          + "8040f17b8041f8d35501a0b2"
          + "32b1de78a822fe12ef9f78fa332e33aab18012389a58e2f3b50b2a0276ffae0f1ba63799b87b"
          + "7aa3db36dfffd6b0f9bb7878d7a76c13";

  @ParameterizedTest
  @CsvSource({AES_128, AES_256})
  void encryptsKnownAnswer(String key, String srtp) {
    AeadTransform aead = AeadTransform.ofSessionKey(Cipher.ENCRYPT_MODE, hex(key), hex(SALT));
    byte[] expected = hex(srtp);
    byte[] packet = Arrays.copyOf(hex(RTP), expected.length);

    aead.encrypt(SSRC, INDEX, packet, 0, HEADER, packet, HEADER, packet.length - HEADER - 16);

    assertArrayEquals(expected, packet);
  }

  @ParameterizedTest
  @CsvSource({AES_128, AES_256})
  void decryptsKnownAnswerAndNothingElse(String key, String srtp) {
    AeadTransform aead = AeadTransform.ofSessionKey(Cipher.DECRYPT_MODE, hex(key), hex(SALT));
    byte[] packet = hex(srtp);
    byte[] rtp = hex(RTP);
    byte[] out = new byte[100];

    for (int at = 0; at < packet.length; at++) {
      assertFalse(decrypt(aead, SSRC, INDEX, flip(packet, at, 1), out), "octet " + at);
    }
    assertFalse(decrypt(aead, SSRC ^ 1, INDEX, packet, out));
    assertFalse(decrypt(aead, SSRC, INDEX + 1, packet, out));
    assertFalse(decrypt(aead, SSRC, INDEX + 0x10000, packet, out));
    assertTrue(decrypt(aead, SSRC, INDEX, packet, out));
    assertArrayEquals(
        Arrays.copyOfRange(rtp, HEADER, rtp.length), Arrays.copyOf(out, rtp.length - HEADER));
    assertEquals(packet.length + 4, aead.calls());
  }

  @Test
  void refusesToEncryptOnceDestroyed() {
    AeadTransform aead = AeadTransform.encrypting(TestPackets.key(1));
    aead.destroy();

    assertThrows(
        IllegalStateException.class,
        () -> aead.encrypt(1, 1, new byte[12], 0, 12, new byte[40], 0, 10));
  }

  private static boolean decrypt(
      AeadTransform aead, int ssrc, long index, byte[] packet, byte[] out) {
    return aead.decrypt(
        ssrc, index, packet, 0, HEADER, packet, HEADER, packet.length - HEADER, out);
  }
}
