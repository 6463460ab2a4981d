/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.perc4j.e2e.srtp.TestPackets.hex;

import org.junit.jupiter.api.Test;

class SrtpKdfTest {
  private static final int LABEL_RTP_AUTHENTICATION = 1;

  /** RFC 3711 appendix B.3. */
  @Test
  void derivesWithAes128() {
    byte[] key = hex("E1F97A0D3E018BE0D64FA32C06DE4139");
    byte[] salt = hex("0EC675AD498AFEEBB6960B3AABE6");

    assertArrayEquals(
        hex("C61E7A93744F39EE10734AFE3FF7A087"),
        SrtpKdf.derive(key, salt, SrtpKdf.LABEL_RTP_ENCRYPTION, 16));
    assertArrayEquals(
        hex("30CBBC08863D8C85D49DB34A9AE1"), SrtpKdf.derive(key, salt, SrtpKdf.LABEL_RTP_SALT, 14));
    assertArrayEquals(
        hex("CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4"),
        SrtpKdf.derive(key, salt, LABEL_RTP_AUTHENTICATION, 20));
  }

  /** RFC 6188 section 7.2. */
  @Test
  void derivesWithAes256() {
    byte[] key = hex("f0f04914b513f2763a1b1fa130f10e2998f6f6e43e4309d1e622a0e332b9f1b6");
    byte[] salt = hex("3b04803de51ee7c96423ab5b78d2");

    assertArrayEquals(
        hex("5ba1064e30ec51613cad926c5a28ef731ec7fb397f70a960653caf06554cd8c4"),
        SrtpKdf.derive(key, salt, SrtpKdf.LABEL_RTP_ENCRYPTION, 32));
    assertArrayEquals(
        hex("fa31791685ca444a9e07c6c64e93"), SrtpKdf.derive(key, salt, SrtpKdf.LABEL_RTP_SALT, 14));
    assertArrayEquals(
        hex("fd9c32d39ed5fbb5a9dc96b30818454d1313dc05"),
        SrtpKdf.derive(key, salt, LABEL_RTP_AUTHENTICATION, 20));
  }

  /** RFC 9335 appendix A.2: the keys of AEAD_AES_128_GCM, with a salt of 12 octets. */
  @Test
  void padsTheSaltOfGcm() {
    byte[] key = hex("000102030405060708090a0b0c0d0e0f");
    byte[] salt = hex("a0a1a2a3a4a5a6a7a8a9aaab");

    assertArrayEquals(
        hex("077c6143cb221bc355ff23d5f984a16e"),
        SrtpKdf.derive(key, salt, SrtpKdf.LABEL_RTP_ENCRYPTION, 16));
    assertArrayEquals(
        hex("9af3e95364ebac9c99c5a7c4"), SrtpKdf.derive(key, salt, SrtpKdf.LABEL_RTP_SALT, 12));
  }

  @Test
  void rejectsLongSalt() {
    assertThrows(
        IllegalArgumentException.class,
        () -> {
          byte[] unused = SrtpKdf.derive(new byte[16], new byte[15], 0, 16);
        });
  }
}
