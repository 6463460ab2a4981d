/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.perc4j.e2e.srtp.TestPackets.PROFILE;
import static org.perc4j.e2e.srtp.TestPackets.carrier;
import static org.perc4j.e2e.srtp.TestPackets.flip;
import static org.perc4j.e2e.srtp.TestPackets.key;
import static org.perc4j.e2e.srtp.TestPackets.octets;
import static org.perc4j.e2e.srtp.TestPackets.protect;
import static org.perc4j.e2e.srtp.TestPackets.rtp;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OuterLayerTest {
  private static final int SSRC = 0x0A0B0C0D;

  private final OuterSender sender = new OuterSender(PROFILE, key(5), CryptexPolicy.OFF);
  private final OuterReceiver receiver = new OuterReceiver(PROFILE, key(5), CryptexPolicy.OFF);

  @Test
  void everyOctetIsAuthenticated() {
    byte[] sent = protect(sender, rtp(SSRC, 1, 1, TestPackets.ONE_BYTE_EXTENSION, 20));

    for (int at = 1; at < sent.length; at++) {
      // The high octet of the extension's length makes it reach past the packet.
      fails(
          at == 18 ? DoubleSrtpResult.MALFORMED : DoubleSrtpResult.OUTER_AUTHENTICATION_FAILED,
          flip(sent, at, 1));
    }
    unprotect(sent);
  }

  @Test
  void truncatedPacketIsRefused() {
    byte[] sent = protect(sender, rtp(SSRC, 1, 1, TestPackets.ONE_BYTE_EXTENSION, 20));

    for (int length = 0; length < 24 + 16; length++) {
      fails(DoubleSrtpResult.MALFORMED, Arrays.copyOf(sent, length));
    }
    for (int length = 24 + 16; length < sent.length; length++) {
      fails(DoubleSrtpResult.OUTER_AUTHENTICATION_FAILED, Arrays.copyOf(sent, length));
    }
  }

  @Test
  void replayIsRefusedWhereverItIs() {
    byte[] first = protect(sender, rtp(SSRC, 10));
    unprotect(first);

    fails(DoubleSrtpResult.OUTER_REPLAYED, first);
    unprotect(protect(sender, rtp(SSRC, 10 + 4096)));
    fails(DoubleSrtpResult.OUTER_TOO_OLD, first);
  }

  @Test
  void followsWraps() {
    for (int i = 0; i < 200_000; i += 50) {
      unprotect(protect(sender, rtp(SSRC, i & 0xFFFF)));
    }
  }

  @Test
  void senderRefusesToUseAnIndexTwice() {
    byte[] rtp = rtp(SSRC, 10);
    protect(sender, rtp);
    MediaPacket packet = carrier(rtp);

    assertEquals(DoubleSrtpResult.OUTER_INDEX_REUSED, sender.protect(packet));
    assertArrayEquals(rtp, octets(packet));
  }

  @Test
  void senderStopsAtTheLastIndex() {
    OuterSender last = new OuterSender(PROFILE, key(5), CryptexPolicy.OFF, 1, -1);
    protect(last, rtp(SSRC, 0xFFFF));

    assertEquals(DoubleSrtpResult.OUTER_INDEX_EXHAUSTED, last.protect(carrier(rtp(SSRC, 0))));
  }

  @Test
  void capsTheStreamsOfBothSides() {
    OuterSender small = new OuterSender(PROFILE, key(5), CryptexPolicy.OFF, 1);
    OuterReceiver smallReceiver = new OuterReceiver(PROFILE, key(5), CryptexPolicy.OFF, 1);
    MediaPacket first = carrier(protect(small, rtp(SSRC, 1)));

    assertEquals(DoubleSrtpResult.OUTER_TOO_MANY_STREAMS, small.protect(carrier(rtp(SSRC + 1, 1))));
    assertEquals(DoubleSrtpResult.OK, smallReceiver.unprotect(first));
    assertEquals(
        DoubleSrtpResult.OUTER_TOO_MANY_STREAMS,
        smallReceiver.unprotect(carrier(protect(sender, rtp(SSRC + 1, 1)))));
  }

  @Test
  void senderRefusesWhatIsNoRtpOrHasNoRoom() {
    byte[] rtp = rtp(SSRC, 1);
    MediaPacket tight =
        new MediaPacket()
            .wrap(Arrays.copyOf(rtp, rtp.length + OuterSender.OVERHEAD_BYTES - 1), 0, rtp.length);

    assertEquals(DoubleSrtpResult.NO_ROOM, sender.protect(tight));
    assertArrayEquals(rtp, octets(tight));
    assertEquals(DoubleSrtpResult.MALFORMED, sender.protect(carrier(new byte[11])));
    protect(sender, rtp);
  }

  @Test
  void garbageIsRefusedAtBoundedCostAndLeftAlone() {
    OuterReceiver cryptex = new OuterReceiver(PROFILE, key(5), CryptexPolicy.ALLOWED);
    Random random = new Random(12);
    for (int i = 0; i < 50_000; i++) {
      byte[] garbage = new byte[random.nextInt(120)];
      random.nextBytes(garbage);
      if (garbage.length > 20) {
        garbage[0] = (byte) (random.nextBoolean() ? 0x90 : 0x80 | (garbage[0] & 0x2F));
        if (garbage[0] == (byte) 0x90) {
          garbage[12] = (byte) 0xC0;
          garbage[13] = (byte) 0xDE;
          garbage[14] = 0;
          garbage[15] &= 3;
        }
      }
      long before = cryptex.aeadCalls();
      MediaPacket packet = carrier(garbage);
      assertNotEquals(DoubleSrtpResult.OK, cryptex.unprotect(packet));
      assertArrayEquals(garbage, octets(packet));
      assertTrue(cryptex.aeadCalls() - before <= OuterReceiver.MAX_AEAD_CALLS_PER_PACKET);
    }
  }

  @Test
  void destroyedContextsAreOfNoUse() {
    byte[] sent = protect(sender, rtp(SSRC, 1));
    sender.destroy();
    receiver.destroy();

    assertTrue(sender.isDestroyed() && receiver.isDestroyed());
    assertThrows(IllegalStateException.class, () -> sender.protect(carrier(rtp(SSRC, 2))));
    assertThrows(IllegalStateException.class, () -> receiver.unprotect(carrier(sent)));
  }

  private void unprotect(byte[] sent) {
    assertEquals(DoubleSrtpResult.OK, receiver.unprotect(carrier(sent)));
  }

  private void fails(DoubleSrtpResult why, byte[] sent) {
    MediaPacket packet = carrier(sent);
    assertEquals(why, receiver.unprotect(packet));
    assertArrayEquals(sent, octets(packet));
  }
}
