/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.perc4j.e2e.srtp.TestPackets.holder;
import static org.perc4j.e2e.srtp.TestPackets.holders;
import static org.perc4j.e2e.srtp.TestPackets.identity;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ReceiveEpochTest {
  private static final Map<Integer, String> MEMBERS = Map.of(0, "alice", 3, "bob", 8, "carol");

  private final EpochSecret secret = secret(1);
  private final ReceiveEpoch epoch = epoch(secret, MEMBERS);

  @Test
  void numbersMembersByLeafAndRefusesOneself() {
    assertEquals(3, epoch.size());
    assertEquals(8, epoch.leaf(2));
    assertEquals("carol", epoch.holder(2).name());
    assertEquals(1, find("bob"));
    assertEquals(ReceiveEpoch.NONE, find("dave"));
    assertEquals(ReceiveEpoch.NONE, find("alice"));
    assertTrue(epoch.has(identity("alice", "device")));
    assertFalse(epoch.has(identity("dave", "device")));
    assertTrue(epoch.isRefused(0));
  }

  @Test
  void makesEachContextOnce() {
    assertSame(epoch.receiver(1), epoch.receiver(1));
  }

  @Test
  void erasesKeysAndContexts() {
    InnerReceiver receiver = epoch.receiver(1);
    epoch.erase();

    assertTrue(receiver.isDestroyed());
    assertTrue(secret.isDestroyed());
    assertTrue(epoch.isErased());
    assertEquals(0, epoch.size());
    assertEquals(ReceiveEpoch.NONE, find("bob"));
  }

  @Test
  void refusesAndErasesThoseWhoAreNotInTheNext() {
    InnerReceiver bob = epoch.receiver(1);
    InnerReceiver carol = epoch.receiver(2);
    // Bob has left, and Dave has his leaf.
    epoch.replacedBy(epoch(secret(2), Map.of(0, "alice", 3, "dave", 8, "carol")), 0);

    assertTrue(bob.isDestroyed());
    assertFalse(carol.isDestroyed());
    assertEquals(ReceiveEpoch.NONE, find("bob"));
    assertTrue(epoch.isRefused(1));
    assertEquals(2, find("carol"));

    // Coming back does not make the old key good again.
    epoch.replacedBy(epoch(secret(3), MEMBERS), 1);
    assertEquals(ReceiveEpoch.NONE, find("bob"));
    assertFalse(secret.isDestroyed());
  }

  @Test
  void refusesAnotherDeviceOfTheSameNameAtTheSameLeaf() {
    InnerReceiver bob = epoch.receiver(1);
    epoch.replacedBy(
        epochOf(
            secret(2), Map.of(0, holder("alice"), 3, holder("bob", "laptop"), 8, holder("carol"))),
        0);

    assertTrue(bob.isDestroyed());
    assertEquals(ReceiveEpoch.NONE, find("bob"));
    assertEquals(2, find("carol"));
  }

  @Test
  void afterRegroupingRefusesThoseWhoseIdentitiesAreNotInTheNext() {
    InnerReceiver bob = epoch.receiver(1);
    InnerReceiver carol = epoch.receiver(2);
    epoch.replacedBy(epoch(secret(2), Map.of(0, "bob", 1, "alice", 8, "dave")), 0);

    assertFalse(bob.isDestroyed());
    assertEquals(1, find("bob"));
    assertTrue(carol.isDestroyed());
    assertEquals(ReceiveEpoch.NONE, find("carol"));
    assertEquals(ReceiveEpoch.NONE, find("alice"));
  }

  @Test
  void expiresAfterTheFirstThatReplacedIt() {
    assertEquals(Long.MAX_VALUE, epoch.nanosUntilExpiry(0, 10));
    epoch.replacedBy(epoch(secret(2), MEMBERS), Long.MAX_VALUE);
    epoch.replacedBy(epoch(secret(3), MEMBERS), Long.MIN_VALUE + 5);
    assertEquals(10, epoch.nanosUntilExpiry(Long.MAX_VALUE, 10));
    assertEquals(1, epoch.nanosUntilExpiry(Long.MIN_VALUE + 8, 10));
    assertEquals(0, epoch.nanosUntilExpiry(Long.MIN_VALUE + 9, 10));
    assertEquals(0, epoch.nanosUntilExpiry(Long.MIN_VALUE + 90, 10));
  }

  @Test
  void rejectsMembersThatCannotBe() {
    for (Map<Integer, String> members :
        java.util.List.of(
            Map.<Integer, String>of(),
            Map.of(1, "alice"),
            Map.of(0, "alice", 1, "alice"),
            Map.of(0, "alice", -1, "bob"))) {
      assertThrows(IllegalArgumentException.class, () -> epoch(secret(2), members));
    }
  }

  @Test
  void knowsTheIdentityOfAnOccupant() {
    assertEquals(identity("bob", "device"), epoch.identityOf("bob"));
    assertNull(epoch.identityOf("dave"));
  }

  @Test
  void tellsDevicesOfOneNameApart() {
    ReceiveEpoch next =
        epochOf(
            secret(2), Map.of(0, holder("alice"), 1, holder("bob"), 2, holder("bob", "laptop")));
    assertEquals(1, next.find(identity("bob", "device")));
    assertEquals(2, next.find(identity("bob", "laptop")));
    assertEquals(identity("bob", "laptop"), next.identityOf("bob-laptop"));
    epoch.replacedBy(next, 0);
    assertEquals(1, find("bob"));
  }

  private int find(String name) {
    return epoch.find(identity(name, "device"));
  }

  private static EpochSecret secret(int seed) {
    byte[] octets = new byte[32];
    octets[0] = (byte) seed;
    return new EpochSecret(TestPackets.PROFILE, octets);
  }

  private static ReceiveEpoch epoch(EpochSecret secret, Map<Integer, String> members) {
    return epochOf(secret, holders(members));
  }

  private static ReceiveEpoch epochOf(EpochSecret secret, Map<Integer, LeafHolder> members) {
    return new ReceiveEpoch(1, TestPackets.PROFILE, secret, members, 0);
  }
}
