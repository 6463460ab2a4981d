/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.perc4j.e2e.srtp.TestPackets.PROFILE;
import static org.perc4j.e2e.srtp.TestPackets.carrier;
import static org.perc4j.e2e.srtp.TestPackets.flip;
import static org.perc4j.e2e.srtp.TestPackets.holder;
import static org.perc4j.e2e.srtp.TestPackets.holders;
import static org.perc4j.e2e.srtp.TestPackets.octets;
import static org.perc4j.e2e.srtp.TestPackets.rtp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EpochKeyringTest {
  private static final int SSRC = 0x0A0B0C0D;
  private static final int ALICE = 0;
  private static final int BOB = 3;
  private static final int CAROL = 8;
  private static final Map<Integer, LeafHolder> ALL =
      holders(Map.of(ALICE, "alice", BOB, "bob", CAROL, "carol"));
  private static final Map<Integer, LeafHolder> WITHOUT_CAROL =
      holders(Map.of(ALICE, "alice", BOB, "bob"));
  private static final int PER_CONTEXT = InnerReceiver.MAX_AEAD_CALLS_PER_PACKET;

  // Starts so that it wraps around during the tests.
  private final AtomicLong clock =
      new AtomicLong(Long.MAX_VALUE - Duration.ofMillis(100).toNanos());
  private final EpochKeyring alice = keyring();
  private final EpochKeyring bob = keyring();
  private final EpochKeyring carol = keyring();

  @Test
  void tellsWhoSent() {
    installAll(1);
    assertSender("alice", ALICE, bob, protect(alice, 1));
    MediaPacket packet = received(carol, protect(bob, 1));
    assertEquals("bob", packet.senderName());
    assertEquals(BOB, packet.senderLeaf());
    assertArrayEquals(rtp(SSRC, 1), octets(packet));

    assertEquals(DoubleSrtpResult.MALFORMED, carol.unprotect(packet.wrap(new byte[3], 0, 3)));
    assertNull(packet.senderName());
  }

  @Test
  void forgetsTheSenderOfThePacketBefore() {
    installAll(1);
    byte[] sent = protect(bob, 1);
    MediaPacket packet = received(alice, sent);
    System.arraycopy(sent, 0, packet.buffer(), packet.offset(), sent.length);
    packet.setLength(sent.length);

    assertEquals(DoubleSrtpResult.INNER_REPLAYED, alice.unprotect(packet));
    assertNull(packet.senderName());
    assertNull(packet.senderOccupant());
    assertEquals(MediaPacket.NO_LEAF, packet.senderLeaf());
  }

  @Test
  void withoutEpochThereIsNoKey() {
    assertEquals(DoubleSrtpResult.NO_KEY_YET, alice.protect(carrier(rtp(SSRC, 1))));
    assertEquals(DoubleSrtpResult.NO_KEY_YET, alice.unprotect(carrier(rtp(SSRC, 1))));
    assertEquals(EpochKeyring.NO_EPOCH, alice.sendingEpoch());
    assertEquals(EpochKeyring.NO_EPOCH, alice.newestEpoch());
    assertEquals(0, alice.liveEpochs());
    assertEquals(Long.MAX_VALUE, alice.nanosUntilExpiry());
    alice.expire();
  }

  @Test
  void firstEpochIsSentUnderAtOnce() {
    install(alice, ALICE, 1, ALL, false);
    assertEquals(1, alice.sendingEpoch());
    assertEquals(DoubleSrtpResult.OK, alice.protect(carrier(rtp(SSRC, 1))));
  }

  @Test
  void senderFollowsAfter250MillisecondsAndReceiverAtOnce() {
    installAll(1);
    installAll(2);
    assertEquals(2, alice.newestEpoch());
    advance(249);
    assertEquals(1, alice.sendingEpoch());
    assertUnder(1, protect(alice, 1));
    advance(1);
    assertUnder(2, protect(alice, 2));
    assertEquals(2, alice.sendingEpoch());
  }

  @Test
  void senderFollowsAtOnceIfSomebodyWasRemoved() {
    installAll(1);
    install(alice, ALICE, 2, ALL, true);
    assertUnder(2, protect(alice, 1));
    assertEquals(2, alice.sendingEpoch());
  }

  @Test
  void furtherEpochDoesNotPostponeTheOneBefore() {
    installAll(1);
    installAll(2);
    advance(200);
    installAll(3);
    assertEquals(1, alice.sendingEpoch());
    advance(50);
    assertEquals(2, alice.sendingEpoch());
    advance(199);
    assertUnder(2, protect(alice, 1));
    advance(1);
    assertUnder(3, protect(alice, 2));
  }

  @Test
  void urgentEpochOvertakesTheOneThatWaits() {
    installAll(1);
    installAll(2);
    install(alice, ALICE, 3, ALL, true);
    assertUnder(3, protect(alice, 1));
    installAll(4);
    assertEquals(3, alice.sendingEpoch());
  }

  @Test
  void delayedEpochBehindAnUrgentOneNeverTakesItBack() {
    installAll(1);
    install(alice, ALICE, 2, ALL, true);
    installAll(3);
    advance(250);
    assertEquals(3, alice.sendingEpoch());
    advance(10_000);
    assertEquals(3, alice.sendingEpoch());
  }

  @Test
  void oldKeysAreErasedAfterFiveSeconds() {
    installAll(1);
    List<byte[]> old = List.of(protect(bob, 1), protect(bob, 2), protect(bob, 3));
    advance(60_000);
    assertEquals(Long.MAX_VALUE, alice.nanosUntilExpiry());
    installAll(2);
    assertEquals(Duration.ofSeconds(5).toNanos(), alice.nanosUntilExpiry());
    assertSender("bob", BOB, alice, old.get(0));
    advance(4_999);
    assertEquals(Duration.ofMillis(1).toNanos(), alice.nanosUntilExpiry());
    assertSender("bob", BOB, alice, old.get(1));
    assertEquals(2, alice.liveEpochs());
    advance(1);
    assertEquals(0, alice.nanosUntilExpiry());
    refused(DoubleSrtpResult.INNER_AUTHENTICATION_FAILED, alice, old.get(2));
    assertEquals(1, alice.liveEpochs());
    assertEquals(Long.MAX_VALUE, alice.nanosUntilExpiry());
    assertSender("bob", BOB, alice, protect(bob, 4));
  }

  @Test
  void expireErasesWithoutPackets() {
    installAll(1);
    installAll(2);
    advance(5_000);
    alice.expire();
    assertEquals(Long.MAX_VALUE, alice.nanosUntilExpiry());
    assertEquals(1, alice.liveEpochs());
  }

  @Test
  void retentionRunsFromTheNextEpochNotTheLast() {
    installAll(1);
    installAll(2);
    advance(3_000);
    installAll(3);
    assertEquals(3, alice.liveEpochs());
    advance(2_000);
    assertEquals(2, alice.liveEpochs());
    advance(3_000);
    assertEquals(1, alice.liveEpochs());
  }

  @Test
  void fourthEpochErasesTheFirst() {
    installAll(1);
    alice.hint(SSRC, "bob");
    byte[] one = protect(bob, 1);
    byte[] late = protect(bob, 2);
    install(bob, BOB, 2, ALL, true);
    byte[] two = protect(bob, 3);
    install(alice, ALICE, 2, ALL, false);
    install(alice, ALICE, 3, ALL, false);
    assertEquals(3, alice.liveEpochs());
    assertSender("bob", BOB, alice, one);
    install(alice, ALICE, 4, ALL, false);

    assertEquals(3, alice.liveEpochs());
    assertEquals(4, alice.newestEpoch());
    refused(DoubleSrtpResult.INNER_AUTHENTICATION_FAILED, alice, late);
    assertSender("bob", BOB, alice, two);
    // Nobody could read what would be sent under the first any more.
    assertUnder(2, protect(alice, 1));
  }

  @Test
  void removedMemberIsRefusedInOldEpochsAtOnce() {
    installAll(1);
    byte[] before = protect(carol, 1);
    byte[] after = protect(carol, 2);
    byte[] ofBob = protect(bob, 3);
    assertSender("carol", CAROL, alice, before);
    install(alice, ALICE, 2, WITHOUT_CAROL, true);

    alice.hint(SSRC, "carol");
    refused(DoubleSrtpResult.INNER_AUTHENTICATION_FAILED, alice, after);
    assertSender("bob", BOB, alice, ofBob);
  }

  @Test
  void newHolderOfALeafIsNotTheOldOne() {
    installAll(1);
    byte[] before = protect(carol, 1);
    byte[] after = protect(carol, 2);
    assertSender("carol", CAROL, alice, before);
    Map<Integer, LeafHolder> withDave = holders(Map.of(ALICE, "alice", BOB, "bob", CAROL, "dave"));
    install(alice, ALICE, 2, withDave, true);

    refused(DoubleSrtpResult.INNER_AUTHENTICATION_FAILED, alice, after);
    EpochKeyring dave = keyring();
    install(dave, CAROL, 2, withDave, true);
    assertSender("dave", CAROL, alice, protect(dave, 3));
  }

  @Test
  void anotherDeviceAtTheLeafOfItsNameIsNotTheOldOne() {
    installAll(1);
    byte[] before = protect(carol, 1);
    byte[] after = protect(carol, 2);
    byte[] unheard = protect(carol, 3, SSRC + 1);
    assertSender("carol", CAROL, alice, before);
    Map<Integer, LeafHolder> withLaptop =
        Map.of(ALICE, holder("alice"), BOB, holder("bob"), CAROL, holder("carol", "laptop"));
    install(alice, ALICE, 2, withLaptop, true);

    alice.hint(SSRC + 1, "carol-laptop");
    refused(DoubleSrtpResult.INNER_AUTHENTICATION_FAILED, alice, after);
    refused(DoubleSrtpResult.INNER_AUTHENTICATION_FAILED, alice, unheard);
    EpochKeyring laptop = keyring();
    install(laptop, CAROL, 2, withLaptop, true);
    assertSender("carol", CAROL, alice, protect(laptop, 4));
    refused(DoubleSrtpResult.INNER_AUTHENTICATION_FAILED, alice, after);
  }

  @Test
  void thoseWhoStayAreReceivedUnderTheKeysBeforeWhateverTheirLeaves() {
    installAll(1);
    byte[] ofBob = protect(bob, 1);
    byte[] ofCarol = protect(carol, 2);
    Map<Integer, LeafHolder> elsewhere = Map.of(0, holder("bob"), 1, holder("alice"));
    alice.install(secret(2), elsewhere, 1, false);

    alice.hint(SSRC, "bob");
    assertSender("bob", BOB, alice, ofBob);
    refused(DoubleSrtpResult.INNER_AUTHENTICATION_FAILED, alice, ofCarol);
    refused(DoubleSrtpResult.INNER_AUTHENTICATION_FAILED, alice, protect(alice, 4));
    assertUnder(1, protect(alice, 5));
    bob.install(secret(2), elsewhere, 0, true);
    assertSender("bob", 0, alice, protect(bob, 6));
    advance(5_000);
    refused(DoubleSrtpResult.INNER_AUTHENTICATION_FAILED, alice, protect(carol, 7));
    assertEquals(1, alice.liveEpochs());
  }

  @Test
  void anotherDeviceAtAnotherTimeIsNotTheOldOne() {
    installAll(1);
    byte[] ofBob = protect(bob, 1);
    byte[] ofCarol = protect(carol, 2);
    alice.install(
        secret(2),
        Map.of(ALICE, holder("alice"), BOB, holder("bob"), CAROL, holder("carol", "laptop")),
        ALICE,
        false);

    alice.hint(SSRC, "carol-laptop");
    refused(DoubleSrtpResult.INNER_AUTHENTICATION_FAILED, alice, ofCarol);
    alice.hint(SSRC, "bob");
    assertSender("bob", BOB, alice, ofBob);
  }

  @Test
  void whoHasAnotherLeafIsHeardUnderTheKeysBeforeInTheNextEpochToo() {
    installAll(1);
    byte[] ofBob = protect(bob, 1);
    byte[] ofCarol = protect(carol, 2);
    Map<Integer, LeafHolder> elsewhere = holders(Map.of(0, "bob", 1, "alice", 2, "carol"));
    install(alice, 1, 2, elsewhere, false);
    install(alice, 1, 3, elsewhere, false);

    alice.hint(SSRC, "bob");
    assertSender("bob", BOB, alice, ofBob);
    alice.hint(SSRC, "carol");
    assertSender("carol", CAROL, alice, ofCarol);
  }

  @Test
  void whatCameBeforeTheNewestEpochIsTriedWithItsKeysOnly() {
    installAll(1);
    byte[] old = protect(carol, 1, SSRC + 1);
    assertSender("bob", BOB, alice, protect(bob, 1));
    install(bob, BOB, 2, ALL, true);
    byte[] ahead = protect(bob, 2);
    refused(DoubleSrtpResult.INNER_AUTHENTICATION_FAILED, alice, ahead);
    install(alice, ALICE, 2, ALL, false);

    long before = alice.aeadCalls();
    MediaPacket packet = carrier(ahead);
    assertEquals(DoubleSrtpResult.OK, alice.unprotectInNewest(packet));
    assertEquals("bob", packet.senderName());
    assertEquals(1, alice.aeadCalls() - before);
    assertEquals(
        DoubleSrtpResult.INNER_AUTHENTICATION_FAILED, alice.unprotectInNewest(carrier(old)));
    assertEquals(DoubleSrtpResult.INNER_REPLAYED, alice.unprotectInNewest(carrier(ahead)));
    assertSender("carol", CAROL, alice, old);
  }

  @Test
  void whatSignallingNamesIsFoundInTheNewestEpochAtOnce() {
    installAll(1);
    alice.hint(SSRC, "carol");
    long before = alice.aeadCalls();
    assertEquals(DoubleSrtpResult.OK, alice.unprotectInNewest(carrier(protect(carol, 1))));
    assertEquals(1, alice.aeadCalls() - before);
    // Bob has it by now, as signalling knows
    assertSender("bob", BOB, alice, protect(bob, 2));
    assertEquals(DoubleSrtpResult.OK, alice.unprotectInNewest(carrier(protect(carol, 3))));
  }

  @Test
  void noPacketCostsMoreThanTheBoundInTheNewestEpoch() {
    Map<Integer, LeafHolder> members = new TreeMap<>();
    for (int leaf = 0; leaf < 20; leaf++) {
      members.put(leaf, holder("member" + leaf));
    }
    EpochKeyring sender = keyring();
    install(sender, 1, 1, members, false);
    EpochKeyring receiver = keyring();
    for (int epoch = 1; epoch <= 3; epoch++) {
      install(receiver, 0, epoch, members, false);
    }
    var unused = received(receiver, searched(receiver, sender));
    receiver.hint(SSRC, "member2");
    for (int ssrc : new int[] {SSRC, SSRC + 1}) {
      byte[] forged = flip(protect(sender, 1000, ssrc), 20, 1);
      long before = receiver.aeadCalls();
      MediaPacket packet = carrier(forged);
      assertEquals(
          DoubleSrtpResult.INNER_AUTHENTICATION_FAILED, receiver.unprotectInNewest(packet));
      assertArrayEquals(forged, octets(packet));
      long calls = receiver.aeadCalls() - before;
      assertTrue(calls > 0 && calls <= EpochKeyring.MAX_AEAD_CALLS_IN_NEWEST, calls + " calls");
    }
  }

  /** Has a receiver find who sends, and returns the next packet. */
  private static byte[] searched(EpochKeyring receiver, EpochKeyring sender) {
    int number = 1;
    while (receiver.unprotect(carrier(protect(sender, number))) != DoubleSrtpResult.OK) {
      number++;
    }
    return protect(sender, number + 1);
  }

  @Test
  void withoutEpochNothingIsTriedInTheNewest() {
    assertEquals(DoubleSrtpResult.NO_KEY_YET, alice.unprotectInNewest(carrier(rtp(SSRC, 1))));
    installAll(1);
    assertEquals(
        DoubleSrtpResult.MALFORMED,
        alice.unprotectInNewest(new MediaPacket().wrap(new byte[3], 0, 3)));
    alice.destroy();
    assertEquals(DoubleSrtpResult.KEYS_ERASED, alice.unprotectInNewest(carrier(rtp(SSRC, 1))));
  }

  @Test
  void ownPacketsAreRefused() {
    installAll(1);
    alice.hint(SSRC, "alice");
    refused(DoubleSrtpResult.INNER_AUTHENTICATION_FAILED, alice, protect(alice, 1));
  }

  @Test
  void knownSenderCostsOneCall() {
    installAll(1);
    var unused = received(alice, protect(bob, 1));
    assertCost(1, bob, 2);
    installAll(2);
    assertCost(1, bob, 3);
  }

  @Test
  void triesTheLastThatWorkedThenTheOthersNewestFirst() {
    installAll(1);
    byte[] late = protect(bob, 1);
    assertCost(PER_CONTEXT + 1, carol, 100, SSRC + 1, "bob");
    var unused = received(alice, protect(bob, 2));
    installAll(2);
    installAll(3);
    advance(250);
    // Under 1 before, under 3 now: 1 fails, then 3.
    byte[] next = protect(bob, 3);
    assertCost(PER_CONTEXT + 1, next);
    assertCost(1, protect(bob, 4));
    // 3, then 2, then 1.
    assertCost(2 * PER_CONTEXT + 1, late);
  }

  @Test
  void hintSavesTheSearch() {
    installAll(1);
    alice.hint(SSRC, "carol");
    assertCost(1, carol, 1);
    byte[] late = protect(carol, 1, SSRC + 1);
    installAll(2);
    alice.hint(SSRC + 1, "carol");
    assertCost(PER_CONTEXT + 1, late);
  }

  @Test
  void hintIsKeptForAnOccupantWhoComesLater() {
    install(alice, ALICE, 1, WITHOUT_CAROL, false);
    alice.hint(SSRC, "carol");
    install(alice, ALICE, 2, ALL, false);
    install(carol, CAROL, 2, ALL, false);
    assertCost(1, carol, 1);
    install(alice, ALICE, 3, WITHOUT_CAROL, true);
    install(alice, ALICE, 4, ALL, false);
    install(carol, CAROL, 4, ALL, true);
    assertCost(1, carol, 2);
  }

  @Test
  void eachDeviceOfOneNameIsHeardAndTold() {
    Map<Integer, LeafHolder> withLaptop =
        Map.of(ALICE, holder("alice"), BOB, holder("bob"), CAROL, holder("bob", "laptop"));
    install(alice, ALICE, 1, withLaptop, false);
    install(bob, BOB, 1, withLaptop, false);
    install(carol, CAROL, 1, withLaptop, false);
    alice.hint(SSRC, "bob");
    alice.hint(SSRC + 1, "bob-laptop");
    MediaPacket phone = received(alice, protect(bob, 1));
    MediaPacket laptop = received(alice, protect(carol, 1, SSRC + 1));
    assertEquals("bob", phone.senderName());
    assertEquals("bob", laptop.senderName());
    assertEquals("bob", phone.senderOccupant());
    assertEquals("bob-laptop", laptop.senderOccupant());
    assertCost(1, carol, 2, SSRC + 1, "bob-laptop");
  }

  @Test
  void wrongHintIsNotBelieved() {
    installAll(1);
    alice.hint(SSRC, "carol");
    assertCost(PER_CONTEXT + 1, bob, 1);
    alice.hint(SSRC, "nobody");
    assertSender("bob", BOB, alice, protect(bob, 2));
  }

  @Test
  void ssrcThatChangesHandsIsFound() {
    installAll(1);
    var unused = received(alice, protect(bob, 1));
    assertSender("carol", CAROL, alice, protect(carol, 2));
    assertCost(1, carol, 3);
    alice.hint(SSRC, "bob");
    assertSender("bob", BOB, alice, protect(bob, 4));
  }

  @Test
  void hintsCanBeForgottenAndAreBounded() {
    installAll(1);
    alice.hint(SSRC, "carol");
    alice.forgetHint(SSRC);
    alice.forgetHint(SSRC);
    alice.hint(SSRC + 1, "carol");
    for (int i = 0; i < EpochKeyring.MAX_STREAMS; i++) {
      alice.hint(i, "bob");
    }
    // Both would cost one call with the hint; without, the search may start with Bob.
    byte[] one = protect(carol, 1, 5000);
    long before = alice.aeadCalls();
    assertSender("carol", CAROL, alice, one);
    long withoutHint = alice.aeadCalls() - before;
    assertTrue(withoutHint == 1 || withoutHint == PER_CONTEXT + 1, "" + withoutHint);
    assertCost(1, bob, 1, 4095, "bob");
  }

  @Test
  void senderWithoutHintIsFoundWithinItsShareOfPackets() {
    int leaves = 50;
    Map<Integer, LeafHolder> members = new TreeMap<>();
    for (int leaf = 0; leaf < leaves; leaf++) {
      members.put(2 * leaf, holder("member" + leaf));
    }
    for (int leaf : new int[] {2, 48, 98}) {
      EpochKeyring sender = keyring();
      EpochKeyring receiver = keyring();
      install(sender, leaf, 1, members, false);
      for (int epoch = 1; epoch <= 3; epoch++) {
        install(receiver, ALICE, epoch, members, false);
      }
      int packets = 1;
      while (receiver.unprotect(carrier(protect(sender, packets, leaf))) != DoubleSrtpResult.OK) {
        packets++;
        assertTrue(packets <= (leaves * 3 + 3) / 4, packets + " packets");
      }
      MediaPacket packet = received(receiver, protect(sender, packets + 1, leaf));
      assertEquals("member" + leaf / 2, packet.senderName());
    }
  }

  @Test
  void noPacketCostsMoreThanTheBound() {
    Map<Integer, LeafHolder> members = new TreeMap<>();
    for (int leaf = 0; leaf < 20; leaf++) {
      members.put(leaf, holder("member" + leaf));
    }
    EpochKeyring sender = keyring();
    install(sender, 1, 1, members, false);
    EpochKeyring receiver = keyring();
    install(receiver, 0, 1, members, false);
    receiver.hint(SSRC, "member1");
    byte[] first = protect(sender, 1);
    var unused = received(receiver, first);
    receiver.hint(SSRC, "member2");
    install(receiver, 0, 2, members, false);
    install(receiver, 0, 3, members, false);
    byte[] forged = flip(protect(sender, 2), 20, 1);
    long before = receiver.aeadCalls();
    refused(DoubleSrtpResult.INNER_AUTHENTICATION_FAILED, receiver, forged);

    assertEquals(40, EpochKeyring.MAX_AEAD_CALLS_PER_PACKET);
    assertEquals(EpochKeyring.MAX_AEAD_CALLS_PER_PACKET, receiver.aeadCalls() - before);
  }

  @Test
  void replayIsToldWithoutTryingOthers() {
    installAll(1);
    byte[] sent = protect(bob, 1);
    var unused = received(alice, sent);
    long before = alice.aeadCalls();
    refused(DoubleSrtpResult.INNER_REPLAYED, alice, sent);
    assertTrue(alice.aeadCalls() - before <= PER_CONTEXT);
  }

  @Test
  void tooOldIsToldWithoutTryingOthers() {
    installAll(1);
    byte[] old = protect(bob, 1);
    for (int i = 2; i < 4200; i += 1000) {
      var unused = received(alice, protect(bob, i));
    }
    var unused = received(alice, protect(bob, 4200));
    long before = alice.aeadCalls();
    refused(DoubleSrtpResult.INNER_TOO_OLD, alice, old);
    assertTrue(alice.aeadCalls() - before <= PER_CONTEXT);
  }

  @Test
  void replayAcrossEpochsIsRefused() {
    installAll(1);
    byte[] old = protect(bob, 1);
    var unused = received(alice, old);
    installAll(2);
    advance(250);
    refused(DoubleSrtpResult.INNER_REPLAYED, alice, old);
    unused = received(alice, protect(bob, 2));
    refused(DoubleSrtpResult.INNER_REPLAYED, alice, old);
    advance(5_000);
    refused(DoubleSrtpResult.INNER_AUTHENTICATION_FAILED, alice, old);
  }

  @Test
  void rolloverCountersStartAgainWithEachEpoch() {
    installAll(1);
    for (int i : new int[] {65_000, 65_535, 65_536, 65_540}) {
      assertSender("bob", BOB, alice, protect(bob, i & 0xffff));
    }
    byte[] late = protect(bob, 5);
    install(alice, ALICE, 2, ALL, true);
    install(bob, BOB, 2, ALL, true);
    byte[] next = protect(bob, 6);

    SrtpMasterKey key = new EpochSecret(PROFILE, secret(2)).senderKey(BOB);
    assertArrayEquals(TestPackets.protect(new InnerSender(PROFILE, key), rtp(SSRC, 6)), next);
    assertSender("bob", BOB, alice, next);
    assertSender("bob", BOB, alice, late);
    assertSender("bob", BOB, alice, protect(bob, 7));
  }

  @Test
  void noIndexIsUsedTwice() {
    installAll(1);
    var unused = protect(alice, 1);
    refusedToSend(DoubleSrtpResult.INNER_INDEX_REUSED, alice, 1);
    installAll(2);
    refusedToSend(DoubleSrtpResult.INNER_INDEX_REUSED, alice, 1);
    advance(250);
    assertUnder(2, protect(alice, 1));
    refusedToSend(DoubleSrtpResult.INNER_INDEX_REUSED, alice, 1);
  }

  @Test
  void secretOfALiveEpochIsNotInstalledAgain() {
    installAll(1);
    installAll(2);
    for (int seed : new int[] {1, 2}) {
      assertThrows(IllegalArgumentException.class, () -> install(alice, ALICE, seed, ALL, true));
    }
    assertEquals(2, alice.newestEpoch());
    assertEquals(1, alice.sendingEpoch());
    assertEquals(2, alice.liveEpochs());
  }

  @Test
  void stoppedSenderStaysSilentUntilTheNextEpoch() {
    installAll(1);
    installAll(2);
    alice.stopSending();
    refusedToSend(DoubleSrtpResult.SENDING_STOPPED, alice, 1);
    advance(300);
    refusedToSend(DoubleSrtpResult.SENDING_STOPPED, alice, 1);
    assertEquals(EpochKeyring.NO_EPOCH, alice.sendingEpoch());
    assertSender("bob", BOB, alice, protect(bob, 1));
    install(alice, ALICE, 3, ALL, false);
    assertUnder(3, protect(alice, 1));
  }

  @Test
  void secretIsACopy() {
    byte[] secret = secret(1);
    alice.install(secret, ALL, ALICE, false);
    Arrays.fill(secret, (byte) 0);
    install(bob, BOB, 1, ALL, false);
    assertSender("bob", BOB, alice, protect(bob, 1));
  }

  @Test
  void badInstallChangesNothing() {
    installAll(1);
    assertThrows(
        IllegalArgumentException.class, () -> alice.install(new byte[31], ALL, ALICE, true));
    assertThrows(IllegalArgumentException.class, () -> install(alice, 1, 2, ALL, true));
    assertThrows(
        IllegalArgumentException.class,
        () -> install(alice, ALICE, 2, holders(Map.of(ALICE, "alice", BOB, "alice")), true));
    assertEquals(1, alice.newestEpoch());
    assertUnder(1, protect(alice, 1));
  }

  @Test
  void destroyedKeyringHasNoKeys() {
    installAll(1);
    byte[] sent = protect(bob, 1);
    assertFalse(alice.isDestroyed());
    alice.destroy();
    alice.destroy();

    assertTrue(alice.isDestroyed());
    refusedToSend(DoubleSrtpResult.KEYS_ERASED, alice, 1);
    refused(DoubleSrtpResult.KEYS_ERASED, alice, sent);
    assertThrows(IllegalStateException.class, () -> install(alice, ALICE, 2, ALL, false));
    alice.expire();
  }

  @Test
  void timingIsChecked() {
    assertEquals(Duration.ofMillis(250), EpochKeyring.Timing.DEFAULT.senderDelay());
    assertEquals(Duration.ofSeconds(5), EpochKeyring.Timing.DEFAULT.retention());
    var unused = new EpochKeyring.Timing(Duration.ZERO, Duration.ZERO);
    for (long[] millis : new long[][] {{-1, 5}, {5, 4}, {0, -1}}) {
      assertThrows(
          IllegalArgumentException.class,
          () ->
              new EpochKeyring.Timing(Duration.ofMillis(millis[0]), Duration.ofMillis(millis[1])));
    }
  }

  @Test
  void remembersABoundedNumberOfStreamsAndServesTheOthersAllTheSame() {
    installAll(1);
    // As many as each of the contexts takes: more than are remembered.
    int streams = 0;
    for (int epoch = 1; epoch <= 5; epoch++) {
      for (int i = 0; i < InnerReceiver.DEFAULT_MAX_STREAMS; i++) {
        int ssrc = streams++;
        alice.hint(ssrc, "bob");
        assertSender("bob", BOB, alice, protect(bob, 1, ssrc));
      }
      advance(epoch == 5 ? 0 : 100);
      install(alice, ALICE, epoch + 1, ALL, true);
      install(bob, BOB, epoch + 1, ALL, true);
    }
    alice.hint(SSRC, "bob");
    assertSender("bob", BOB, alice, protect(bob, 1, SSRC));
  }

  @Test
  void protectsUnprotectsAndInstallsAtOnce() throws Exception {
    int epochs = 60;
    int packets = 6_000;
    installAll(1);
    ConcurrentLinkedQueue<byte[]> network = new ConcurrentLinkedQueue<>();
    AtomicInteger running = new AtomicInteger(2);
    AtomicInteger accepted = new AtomicInteger();
    Set<String> ciphertexts = new HashSet<>();
    CountDownLatch start = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Future<?>> all = new ArrayList<>();
    all.add(
        threads.submit(
            () -> {
              start.await();
              for (int i = 0; i < packets; i++) {
                byte[] sent = protect(bob, i);
                network.add(sent);
                // One plaintext for ever: under an index that was used before it would look the
                // same.
                MediaPacket same = carrier(rtp(SSRC + 1, 1));
                if (bob.protect(same) == DoubleSrtpResult.OK) {
                  assertTrue(ciphertexts.add(Arrays.toString(octets(same))));
                }
              }
              running.decrementAndGet();
              return null;
            }));
    all.add(
        threads.submit(
            () -> {
              start.await();
              while (running.get() > 0 || !network.isEmpty()) {
                byte[] sent = network.poll();
                if (sent == null) {
                  Thread.onSpinWait();
                  continue;
                }
                MediaPacket packet = carrier(sent);
                DoubleSrtpResult result = alice.unprotect(packet);
                if (result == DoubleSrtpResult.OK) {
                  assertEquals("bob", packet.senderName());
                  accepted.incrementAndGet();
                } else {
                  assertEquals(DoubleSrtpResult.INNER_AUTHENTICATION_FAILED, result);
                }
              }
              return null;
            }));
    all.add(
        threads.submit(
            () -> {
              start.await();
              for (int epoch = 2; epoch <= epochs; epoch++) {
                // at no epoch may the receiver be left so far behind that it hears nothing at all
                int before = accepted.get();
                while (accepted.get() == before && (running.get() == 2 || !network.isEmpty())) {
                  Thread.onSpinWait();
                }
                install(alice, ALICE, epoch, ALL, epoch % 3 == 0);
                install(bob, BOB, epoch, ALL, epoch % 3 == 0);
                advance(epoch * 7L);
                alice.hint(SSRC, epoch % 2 == 0 ? "bob" : "carol");
              }
              running.decrementAndGet();
              return null;
            }));
    all.add(
        threads.submit(
            () -> {
              start.await();
              while (running.get() > 0) {
                alice.expire();
                bob.expire();
                assertTrue(alice.liveEpochs() <= EpochKeyring.MAX_LIVE_EPOCHS);
                assertTrue(bob.sendingEpoch() <= bob.newestEpoch());
              }
              return null;
            }));
    start.countDown();
    for (Future<?> each : all) {
      var unused = each.get();
    }
    threads.shutdown();
    assertNotEquals(0, accepted.get());
    assertTrue(ciphertexts.size() <= epochs);
    advance(1_000);
    assertSender("bob", BOB, alice, protect(bob, packets));
  }

  private EpochKeyring keyring() {
    return new EpochKeyring(PROFILE, EpochKeyring.Timing.DEFAULT, clock::get);
  }

  private void installAll(int seed) {
    install(alice, ALICE, seed, ALL, false);
    install(bob, BOB, seed, ALL, false);
    install(carol, CAROL, seed, ALL, false);
  }

  private static void install(
      EpochKeyring keyring,
      int leaf,
      int seed,
      Map<Integer, LeafHolder> members,
      boolean immediately) {
    keyring.install(secret(seed), members, leaf, immediately);
  }

  private static byte[] secret(int seed) {
    byte[] octets = new byte[32];
    octets[31] = (byte) seed;
    return octets;
  }

  private void advance(long millis) {
    clock.addAndGet(Duration.ofMillis(millis).toNanos());
  }

  private static byte[] protect(EpochKeyring keyring, int sequenceNumber) {
    return protect(keyring, sequenceNumber, SSRC);
  }

  private static byte[] protect(EpochKeyring keyring, int sequenceNumber, int ssrc) {
    MediaPacket packet = carrier(rtp(ssrc, sequenceNumber));
    assertEquals(DoubleSrtpResult.OK, keyring.protect(packet));
    return octets(packet);
  }

  private static MediaPacket received(EpochKeyring keyring, byte[] sent) {
    MediaPacket packet = carrier(sent);
    assertEquals(DoubleSrtpResult.OK, keyring.unprotect(packet));
    return packet;
  }

  private static void assertSender(String name, int leaf, EpochKeyring keyring, byte[] sent) {
    MediaPacket packet = received(keyring, sent);
    assertEquals(name, packet.senderName());
    assertEquals(leaf, packet.senderLeaf());
  }

  private static void refused(DoubleSrtpResult why, EpochKeyring keyring, byte[] sent) {
    MediaPacket packet = carrier(sent);
    assertEquals(why, keyring.unprotect(packet));
    assertArrayEquals(sent, octets(packet));
    assertNull(packet.senderName());
  }

  private static void refusedToSend(
      DoubleSrtpResult why, EpochKeyring keyring, int sequenceNumber) {
    byte[] rtp = rtp(SSRC, sequenceNumber);
    MediaPacket packet = carrier(rtp);
    assertEquals(why, keyring.protect(packet));
    assertArrayEquals(rtp, octets(packet));
  }

  /** That Alice sent a packet under that epoch. */
  private static void assertUnder(int seed, byte[] sent) {
    SrtpMasterKey key = new EpochSecret(PROFILE, secret(seed)).senderKey(ALICE);
    assertEquals(DoubleSrtpResult.OK, new InnerReceiver(PROFILE, key).unprotect(carrier(sent)));
  }

  private void assertCost(int calls, EpochKeyring sender, int sequenceNumber) {
    assertCost(calls, protect(sender, sequenceNumber));
  }

  private void assertCost(
      int calls, EpochKeyring sender, int sequenceNumber, int ssrc, String hint) {
    alice.hint(ssrc, hint);
    assertCost(calls, protect(sender, sequenceNumber, ssrc));
  }

  private void assertCost(int calls, byte[] sent) {
    long before = alice.aeadCalls();
    var unused = received(alice, sent);
    assertEquals(calls, alice.aeadCalls() - before);
  }
}
