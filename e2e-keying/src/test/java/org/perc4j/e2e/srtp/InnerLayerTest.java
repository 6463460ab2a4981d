/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.perc4j.e2e.srtp.TestPackets.PROFILE;
import static org.perc4j.e2e.srtp.TestPackets.carrier;
import static org.perc4j.e2e.srtp.TestPackets.flip;
import static org.perc4j.e2e.srtp.TestPackets.hex;
import static org.perc4j.e2e.srtp.TestPackets.key;
import static org.perc4j.e2e.srtp.TestPackets.octets;
import static org.perc4j.e2e.srtp.TestPackets.protect;
import static org.perc4j.e2e.srtp.TestPackets.rtp;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InnerLayerTest {
  private static final int SSRC = 0x0A0B0C0D;
  private static final int HEADER = 12;

  private final InnerSender sender = new InnerSender(PROFILE, key(1));
  private final InnerReceiver receiver = new InnerReceiver(PROFILE, key(1));

  @Test
  void roundTripsEveryShape() {
    int sequenceNumber = 0;
    for (int csrcCount : new int[] {0, 1, 15}) {
      for (byte[] extension :
          new byte[][] {
            {}, TestPackets.ONE_BYTE_EXTENSION, TestPackets.TWO_BYTE_EXTENSION, hex("bede0000")
          }) {
        for (int payloadLength : new int[] {0, 1, 16, 1200, 5000}) {
          byte[] rtp = rtp(SSRC, sequenceNumber++, csrcCount, extension, payloadLength);
          byte[] sent = protect(sender, rtp);

          assertEquals(rtp.length + InnerSender.OVERHEAD_BYTES, sent.length);
          assertEquals(0, sent[sent.length - 1]);
          assertArrayEquals(rtp, unprotect(sent));
        }
      }
    }
  }

  @Test
  void paddingIsPartOfThePlaintext() {
    byte[] rtp = rtp(SSRC, 1);
    rtp[0] |= 0x20;
    rtp[rtp.length - 1] = 4;

    assertArrayEquals(rtp, unprotect(protect(sender, rtp)));
  }

  @Test
  void touchesNothingAroundThePacket() {
    byte[] buffer = new byte[100];
    Arrays.fill(buffer, (byte) 0x77);
    byte[] rtp = rtp(SSRC, 1);
    System.arraycopy(rtp, 0, buffer, 20, rtp.length);
    int end = 20 + rtp.length + InnerSender.OVERHEAD_BYTES;
    MediaPacket packet = new MediaPacket().wrap(buffer, 20, rtp.length, end);

    assertEquals(DoubleSrtpResult.OK, sender.protect(packet));
    assertEquals(DoubleSrtpResult.OK, receiver.unprotect(packet));
    for (int i = 0; i < buffer.length; i++) {
      assertTrue((i >= 20 && i < end) || buffer[i] == 0x77, "octet " + i);
    }
  }

  @Test
  void everyOctetOfTheOriginalHeaderIsAuthenticated() {
    byte[] sent = protect(sender, rtp(SSRC, 1, 2, new byte[0], 20));

    for (int at = 0; at < HEADER + 8; at++) {
      for (int bit = 1; bit < 0x100; bit <<= 1) {
        // The version, X and CC change what the header is; their own tests follow.
        if (at > 0 || bit == 0x20) {
          fails(DoubleSrtpResult.INNER_AUTHENTICATION_FAILED, flip(sent, at, bit));
        }
      }
    }
    assertEquals(DoubleSrtpResult.OK, receiver.unprotect(carrier(sent)));
  }

  @Test
  void csrcCountIsAuthenticated() {
    byte[] sent = protect(sender, rtp(SSRC, 1, 2, new byte[0], 60));

    for (int csrcCount = 0; csrcCount < 16; csrcCount++) {
      if (csrcCount != 2) {
        byte[] changed = sent.clone();
        changed[0] = (byte) (0x80 | csrcCount);
        fails(DoubleSrtpResult.INNER_AUTHENTICATION_FAILED, changed);
      }
    }
  }

  @Test
  void versionIsChecked() {
    byte[] sent = protect(sender, rtp(SSRC, 1));

    fails(DoubleSrtpResult.MALFORMED, flip(sent, 0, 0x40));
    fails(DoubleSrtpResult.MALFORMED, flip(sent, 0, 0x80));
  }

  @Test
  void everyOctetOfCiphertextAndTagIsAuthenticated() {
    byte[] sent = protect(sender, rtp(SSRC, 1));

    for (int at = HEADER; at < sent.length - 1; at++) {
      fails(DoubleSrtpResult.INNER_AUTHENTICATION_FAILED, flip(sent, at, 0x10));
    }
  }

  @Test
  void extensionIsTheBridgesToChange() {
    byte[] rtp = rtp(SSRC, 1, 1, TestPackets.ONE_BYTE_EXTENSION, 20);
    byte[] sent = protect(sender, rtp);
    int at = HEADER + 4;
    byte[] changed = flip(sent, at + 5, 0xFF);
    byte[] expected = flip(rtp, at + 5, 0xFF);
    assertArrayEquals(expected, unprotect(changed));

    // Taken off altogether, X bit included.
    byte[] other = protect(sender, rtp(SSRC, 2, 1, TestPackets.ONE_BYTE_EXTENSION, 20));
    byte[] stripped = new byte[other.length - TestPackets.ONE_BYTE_EXTENSION.length];
    System.arraycopy(other, 0, stripped, 0, at);
    System.arraycopy(
        other, at + TestPackets.ONE_BYTE_EXTENSION.length, stripped, at, stripped.length - at);
    stripped[0] &= (byte) ~0x10;
    byte[] received = unprotect(stripped);
    assertEquals(0x81, received[0] & 0xFF);
    assertArrayEquals(
        Arrays.copyOfRange(rtp(SSRC, 2, 1, TestPackets.ONE_BYTE_EXTENSION, 20), 24, 44),
        Arrays.copyOfRange(received, 16, 36));
  }

  @Test
  void changesThatTheOhbTellsOfAreUndone() {
    byte[] rtp = rtp(SSRC, 0x1234);
    byte[] sent = protect(sender, rtp);
    byte[] changed = Arrays.copyOf(sent, sent.length + 3);
    changed[1] = (byte) (0x80 | 111);
    changed[2] = 0x55;
    changed[3] = 0x66;
    System.arraycopy(hex("60 1234 07"), 0, changed, sent.length - 1, 4);
    MediaPacket packet = carrier(changed);

    assertEquals(DoubleSrtpResult.OK, receiver.unprotect(packet));
    assertArrayEquals(rtp, octets(packet));
    assertTrue(packet.receivedMarker());
    assertEquals(111, packet.receivedPayloadType());
    assertEquals(0x5566, packet.receivedSequenceNumber());
  }

  @Test
  void ohbThatLiesFails() {
    byte[] sent = protect(sender, rtp(SSRC, 0x1234));
    for (String ohb : new String[] {"0c", "61 02", "1235 01", "60 1235 03"}) {
      byte[] octets = hex(ohb);
      byte[] changed = Arrays.copyOf(sent, sent.length - 1 + octets.length);
      System.arraycopy(octets, 0, changed, sent.length - 1, octets.length);
      fails(DoubleSrtpResult.INNER_AUTHENTICATION_FAILED, changed);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0x08, 0x10, 0x20, 0x40, 0x80, 0x09, 0xFF})
  void malformedOhbIsRefusedAtNoCost(int config) {
    byte[] sent = protect(sender, rtp(SSRC, 1));
    sent[sent.length - 1] = (byte) config;

    fails(DoubleSrtpResult.MALFORMED_OHB, sent);
    assertEquals(0, receiver.aeadCalls());
  }

  @Test
  void truncatedPacketIsRefused() {
    byte[] sent = protect(sender, rtp(SSRC, 1, 1, TestPackets.ONE_BYTE_EXTENSION, 20));

    for (int length = 0; length < sent.length; length++) {
      MediaPacket packet = carrier(Arrays.copyOf(sent, length));
      assertNotEquals(DoubleSrtpResult.OK, receiver.unprotect(packet), "length " + length);
    }
    fails(DoubleSrtpResult.MALFORMED_OHB, Arrays.copyOf(sent, 24));
    byte[] tooShortForTag = Arrays.copyOf(sent, 24 + 16);
    tooShortForTag[39] = 0;
    fails(DoubleSrtpResult.MALFORMED, tooShortForTag);
  }

  @Test
  void replayIsRefusedWhereverItIs() {
    byte[] first = protect(sender, rtp(SSRC, 10));
    byte[] second = protect(sender, rtp(SSRC, 11));
    byte[] third = protect(sender, rtp(SSRC, 11 + 4096));
    unprotect(first);
    fails(DoubleSrtpResult.INNER_REPLAYED, first);
    unprotect(second);
    fails(DoubleSrtpResult.INNER_REPLAYED, first);

    unprotect(third);
    fails(DoubleSrtpResult.INNER_TOO_OLD, second);
    fails(DoubleSrtpResult.INNER_TOO_OLD, first);
  }

  @Test
  void latePacketIsTakenOnce() {
    byte[] late = protect(sender, rtp(SSRC, 10));
    unprotect(protect(sender, rtp(SSRC, 10 + 4095)));

    unprotect(late);
    fails(DoubleSrtpResult.INNER_REPLAYED, late);
  }

  @Test
  void failureDoesNotMarkAsReceived() {
    byte[] sent = protect(sender, rtp(SSRC, 10));
    fails(DoubleSrtpResult.INNER_AUTHENTICATION_FAILED, flip(sent, HEADER, 1));
    // Below the one that fails, so that it would be too old had the failure counted.
    fails(DoubleSrtpResult.INNER_AUTHENTICATION_FAILED, flip(sent, 2, 0x40));

    unprotect(sent);
  }

  @Test
  void packetsOfAnotherStreamDoNotFit() {
    InnerSender other = new InnerSender(PROFILE, key(1));
    byte[] sent = protect(other, rtp(SSRC + 1, 10));
    sent[11] = (byte) SSRC;

    fails(DoubleSrtpResult.INNER_AUTHENTICATION_FAILED, sent);
  }

  @Test
  void streamsAreIndependent() {
    for (int i = 0; i < 300; i++) {
      unprotect(protect(sender, rtp(SSRC, (65_400 + i) & 0xFFFF)));
      unprotect(protect(sender, rtp(SSRC + 1, 3 * i)));
    }
  }

  @Test
  void contextsForSeveralKeysCanBeTriedInTurn() {
    InnerReceiver[] epochs = {
      new InnerReceiver(PROFILE, key(2)), new InnerReceiver(PROFILE, key(3)), receiver
    };
    byte[] rtp = rtp(SSRC, 10);
    MediaPacket packet = carrier(protect(sender, rtp));

    assertEquals(DoubleSrtpResult.INNER_AUTHENTICATION_FAILED, epochs[0].unprotect(packet));
    assertEquals(DoubleSrtpResult.INNER_AUTHENTICATION_FAILED, epochs[1].unprotect(packet));
    assertEquals(DoubleSrtpResult.OK, epochs[2].unprotect(packet));
    assertArrayEquals(rtp, octets(packet));
  }

  @Test
  void senderRefusesToUseAnIndexTwice() {
    byte[] first = rtp(SSRC, 10);
    byte[] second = flip(first, 20, 1);
    protect(sender, first);
    MediaPacket packet = carrier(second);

    assertEquals(DoubleSrtpResult.INNER_INDEX_REUSED, sender.protect(packet));
    assertArrayEquals(second, octets(packet));
  }

  @Test
  void senderStopsAtTheLastIndex() {
    InnerSender last = new InnerSender(PROFILE, key(1), 1, -1);
    protect(last, rtp(SSRC, 0xFFFF));

    assertEquals(DoubleSrtpResult.INNER_INDEX_EXHAUSTED, last.protect(carrier(rtp(SSRC, 0))));
  }

  @Test
  void capsTheStreamsOfBothSides() {
    InnerSender small = new InnerSender(PROFILE, key(1), 1);
    InnerReceiver smallReceiver = new InnerReceiver(PROFILE, key(1), 1);
    byte[] other = protect(sender, rtp(SSRC + 1, 1));
    MediaPacket first = carrier(protect(small, rtp(SSRC, 1)));

    assertEquals(DoubleSrtpResult.INNER_TOO_MANY_STREAMS, small.protect(carrier(rtp(SSRC + 1, 1))));
    assertEquals(DoubleSrtpResult.OK, smallReceiver.unprotect(first));
    long calls = smallReceiver.aeadCalls();
    assertEquals(DoubleSrtpResult.INNER_TOO_MANY_STREAMS, smallReceiver.unprotect(carrier(other)));
    assertEquals(calls, smallReceiver.aeadCalls());
  }

  @Test
  void senderRefusesWhatIsNoRtpOrHasNoRoom() {
    byte[] rtp = rtp(SSRC, 1);
    MediaPacket tight =
        new MediaPacket()
            .wrap(Arrays.copyOf(rtp, rtp.length + InnerSender.OVERHEAD_BYTES - 1), 0, rtp.length);

    assertEquals(DoubleSrtpResult.NO_ROOM, sender.protect(tight));
    assertArrayEquals(rtp, octets(tight));
    assertEquals(DoubleSrtpResult.MALFORMED, sender.protect(carrier(new byte[11])));
    assertEquals(DoubleSrtpResult.MALFORMED, sender.protect(carrier(flip(rtp, 0, 0x80))));
    protect(sender, rtp);
  }

  @Test
  void garbageIsRefusedAtBoundedCostAndLeftAlone() {
    Random random = new Random(11);
    unprotect(protect(sender, rtp(SSRC, 1)));
    for (int i = 0; i < 50_000; i++) {
      byte[] garbage = new byte[random.nextInt(120)];
      random.nextBytes(garbage);
      if (garbage.length > 0) {
        garbage[0] = (byte) (0x80 | (garbage[0] & 0x3F));
        garbage[garbage.length - 1] &= 0x0F;
      }
      long before = receiver.aeadCalls();
      MediaPacket packet = carrier(garbage);
      assertNotEquals(DoubleSrtpResult.OK, receiver.unprotect(packet));
      assertArrayEquals(garbage, octets(packet));
      assertTrue(receiver.aeadCalls() - before <= InnerReceiver.MAX_AEAD_CALLS_PER_PACKET);
    }
    unprotect(protect(sender, rtp(SSRC, 2)));
  }

  @Test
  void destroyedContextsAreOfNoUse() {
    byte[] sent = protect(sender, rtp(SSRC, 1));
    assertFalse(sender.isDestroyed() || receiver.isDestroyed());
    sender.destroy();
    receiver.destroy();

    assertTrue(sender.isDestroyed() && receiver.isDestroyed());
    assertThrows(IllegalStateException.class, () -> sender.protect(carrier(rtp(SSRC, 2))));
    assertThrows(IllegalStateException.class, () -> receiver.unprotect(carrier(sent)));
  }

  @CanIgnoreReturnValue
  private byte[] unprotect(byte[] sent) {
    MediaPacket packet = carrier(sent);
    assertEquals(DoubleSrtpResult.OK, receiver.unprotect(packet));
    return octets(packet);
  }

  private void fails(DoubleSrtpResult why, byte[] sent) {
    MediaPacket packet = carrier(sent);
    assertEquals(why, receiver.unprotect(packet));
    assertArrayEquals(sent, octets(packet));
  }
}
