/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header.srtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class DoubleSrtpProfileTest {
  private static final DoubleSrtpProfile SMALL =
      DoubleSrtpProfile.DOUBLE_AEAD_AES_128_GCM_AEAD_AES_128_GCM;
  private static final DoubleSrtpProfile LARGE =
      DoubleSrtpProfile.DOUBLE_AEAD_AES_256_GCM_AEAD_AES_256_GCM;

  @Test
  void profilesAreThoseOfRfc8723() {
    assertEquals(SMALL, DoubleSrtpProfile.fromId(0x0009));
    assertEquals(LARGE, DoubleSrtpProfile.fromId(0x000A));
    assertEquals(16, SMALL.keyLengthBytes());
    assertEquals(32, LARGE.keyLengthBytes());
    assertEquals(112, SMALL.exporterLengthBytes());
    assertEquals(176, LARGE.exporterLengthBytes());
  }

  @Test
  void singleProfilesAreNotDouble() {
    assertNull(DoubleSrtpProfile.withId(0x0007));
    assertThrows(IllegalArgumentException.class, () -> DoubleSrtpProfile.fromId(0x0007));
  }

  @Test
  void doubleKeysAndSaltsTellTheProfile() {
    assertEquals(SMALL, DoubleSrtpProfile.withDoubleLengths(32, 24));
    assertEquals(LARGE, DoubleSrtpProfile.withDoubleLengths(64, 24));
    assertNull(DoubleSrtpProfile.withDoubleLengths(16, 12));
    assertNull(DoubleSrtpProfile.withDoubleLengths(32, 28));
  }
}
