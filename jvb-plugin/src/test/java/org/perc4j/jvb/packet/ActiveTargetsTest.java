/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ActiveTargetsTest {
  private static final int ALL_OF_32 = 0xffff_ffff;

  @Test
  void staysAsSentWhereTheReceiverKnowsIt() {
    long sent = ActiveTargets.sent(0b1111, false);
    assertEquals(sent, ActiveTargets.towards(sent, 0b0011, false));
    assertFalse(ActiveTargets.rewrites(sent));
    assertEquals(0b1111, ActiveTargets.mask(sent));
  }

  @Test
  void staysAsSentWhereTheDescriptorSaysItAlready() {
    long sent = ActiveTargets.sent(0b0011, true);
    assertEquals(sent, ActiveTargets.towards(sent, 0b0111, false));
    assertEquals(sent, ActiveTargets.towards(sent, 0b0111, true));
  }

  @Test
  void hasTheDescriptorSayWhatTheSenderAndTheBridgeLeave() {
    long received = ActiveTargets.towards(ActiveTargets.sent(0b0110, true), 0b0011, false);
    assertTrue(ActiveTargets.rewrites(received));
    assertEquals(0b0010, ActiveTargets.mask(received));
    long changed = ActiveTargets.towards(ActiveTargets.sent(ALL_OF_32, false), 0x8000_0001, true);
    assertTrue(ActiveTargets.rewrites(changed));
    assertEquals(0x8000_0001, ActiveTargets.mask(changed));
  }

  @Test
  void saysNothingWhereTheyHaveNothingInCommonOrNothingIsKnown() {
    long sent = ActiveTargets.sent(0b1000, true);
    assertEquals(sent, ActiveTargets.towards(sent, 0b0011, true));
    assertEquals(ActiveTargets.NONE, ActiveTargets.towards(ActiveTargets.NONE, 0b0011, true));
  }
}
