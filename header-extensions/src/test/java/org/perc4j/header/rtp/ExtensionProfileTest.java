/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ExtensionProfileTest {

  @Test
  void everyValueBelongsToTheFormThatItsRfcSays() {
    for (int profile = -1; profile <= 0xFFFF; profile++) {
      assertEquals(profile == 0xBEDE, ExtensionProfile.isOneByte(profile));
      assertEquals(profile >= 0x1000 && profile <= 0x100F, ExtensionProfile.isTwoByte(profile));
      assertEquals(profile == 0xC0DE || profile == 0xC2DE, ExtensionProfile.isCryptex(profile));
    }
  }
}
