/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.perc4j.e2e.srtp.TestPackets.hex;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.bouncycastle.mls.KeyScheduleEpoch;
import org.bouncycastle.mls.crypto.MlsCipherSuite;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.perc4j.header.srtp.DoubleSrtpProfile;

class EpochSecretTest {
  private static final String LABEL = "perc4j double-srtp 1";
  private static final DoubleSrtpProfile SMALL =
      DoubleSrtpProfile.DOUBLE_AEAD_AES_128_GCM_AEAD_AES_128_GCM;
  private static final DoubleSrtpProfile LARGE =
      DoubleSrtpProfile.DOUBLE_AEAD_AES_256_GCM_AEAD_AES_256_GCM;

  /** From an exporter_secret of 00 01 .. 1f, by {@code src/test/python/epoch_keys.py}. */
  private static final byte[] SECRET =
      hex("b06ef607b49259ccd6dca895f5154c721c4613505701889a6a9cdbc8eb0d09a0");

  @ParameterizedTest
  @CsvSource({
    "0,dd2ff1ba17bca23766a1932bf749e6b6,a2b34290767c67c1dba47477",
    "0,c4962848d28a2ffe2725e16b1a073af434d15c5beb9b3ce00a568dd99f1f5d14,a4df8e8b8cea5fe862924431",
    "1,6eb8620cb4cffcf7248ec95159b94929,35ee9a72cb0f36751be10e62",
    "1,8e858f4e9fa9009b72292c609dbfb20379d9633ee524faed4d2968d528714cb6,c9de9820eb22c276530fb968",
    "258,a55c08978a5913c8f1120601e2534b1c,afa40cde873ac975ef62fc60",
    "258,2812686a1879cc669f613d68c5a5afe84005af3d264a551eac2fea8aaa030d58,0966dc2e651fb78814790dce",
    "-1,5e1510c6cd5859e23131b995fc86ab44,a662d25babc55b80eb5630fd",
    "-1,4d9a5442a650ee12991155ef3b68592c4380d69115dfe84d0136564846d8f69f,84f7deaa99ae6155b86d423b",
  })
  void derivesWhatPythonDerives(int leaf, String key, String salt) {
    DoubleSrtpProfile profile = key.length() == 32 ? SMALL : LARGE;
    SrtpMasterKey derived = new EpochSecret(profile, SECRET).senderKey(leaf);

    assertArrayEquals(hex(key), derived.key());
    assertArrayEquals(hex(salt), derived.salt());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 499, 65536})
  void derivesWhatBouncyCastleExports(int leaf) throws IOException, IllegalAccessException {
    MlsCipherSuite suite = MlsCipherSuite.BCMLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;
    byte[] init = new byte[32];
    init[0] = (byte) leaf;
    KeyScheduleEpoch epoch = KeyScheduleEpoch.forCreator(suite, init);
    byte[] derived = epoch.exporterSecret.deriveSecret(suite, LABEL).value();
    byte[] context = ByteBuffer.allocate(4).putInt(leaf).array();
    for (DoubleSrtpProfile profile : DoubleSrtpProfile.values()) {
      SrtpMasterKey key = new EpochSecret(profile, derived).senderKey(leaf);
      ByteArrayOutputStream keyThenSalt = new ByteArrayOutputStream();
      keyThenSalt.writeBytes(key.key());
      keyThenSalt.writeBytes(key.salt());

      assertArrayEquals(
          epoch.MLSExporter(LABEL, context, profile.keyLengthBytes() + 12),
          keyThenSalt.toByteArray());
    }
  }

  @Test
  void isACopyThatCanBeZeroed() {
    byte[] octets = SECRET.clone();
    EpochSecret secret = new EpochSecret(SMALL, octets);
    Arrays.fill(octets, (byte) 0);
    assertArrayEquals(hex("6eb8620cb4cffcf7248ec95159b94929"), secret.senderKey(1).key());
    assertTrue(secret.sameAs(new EpochSecret(SMALL, SECRET)));
    assertFalse(secret.sameAs(new EpochSecret(SMALL, octets)));

    secret.destroy();
    secret.destroy();
    assertTrue(secret.isDestroyed());
    assertTrue(secret.sameAs(new EpochSecret(SMALL, new byte[32])));
    assertThrows(IllegalStateException.class, () -> secret.senderKey(1));
    assertEquals("EpochSecret[redacted]", secret.toString());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 31, 33, 48})
  void rejectsOtherLengths(int length) {
    assertThrows(IllegalArgumentException.class, () -> new EpochSecret(SMALL, new byte[length]));
  }
}
