/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.perc4j.e2e.srtp.TestPackets.PROFILE;
import static org.perc4j.e2e.srtp.TestPackets.carrier;
import static org.perc4j.e2e.srtp.TestPackets.flip;
import static org.perc4j.e2e.srtp.TestPackets.key;
import static org.perc4j.e2e.srtp.TestPackets.octets;
import static org.perc4j.e2e.srtp.TestPackets.protect;
import static org.perc4j.e2e.srtp.TestPackets.protectInner;
import static org.perc4j.e2e.srtp.TestPackets.rtp;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The search for the rollover counter with real packets; {@link ReceiveIndicesTest} has more. */
class RolloverRecoveryTest {
  private static final int SSRC = 0x0A0B0C0D;
  private static final int KEY = 1;

  private final InnerReceiver receiver = new InnerReceiver(PROFILE, key(KEY));

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 64, 255, 300})
  void lateJoinerFindsTheCounter(int roc) {
    int packets = packetsUntilReceived(roc, 40_000);

    assertTrue(packets <= (roc < 256 ? roc / 2 + 1 : roc * 7 / 6 + 1), "took " + packets);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 64, 255, 300})
  void streamThatWasWithheldComesBack(int wraps) {
    for (int i = 0; i < 100; i++) {
      receive(protectInner(KEY, 0, rtp(SSRC, 20_000 + i)));
    }

    int packets = packetsUntilReceived(wraps, 20_050);
    assertTrue(packets <= (wraps < 256 ? wraps / 2 + 2 : wraps * 7 / 6 + 2), "took " + packets);
    byte[] old = protectInner(KEY, 0, rtp(SSRC, 20_000));
    byte[] late = protectInner(KEY, 0, rtp(SSRC, 20_200));
    assertTrue(receiver.unprotect(carrier(old)) != DoubleSrtpResult.OK);
    assertTrue(receiver.unprotect(carrier(late)) != DoubleSrtpResult.OK);
  }

  @Test
  void packetOfAnEarlierCounterIsNeverTaken() {
    // Withheld by the bridge, then played back when the stream has moved on.
    byte[] recorded = protectInner(KEY, 0, rtp(SSRC, 30_000));
    receive(protectInner(KEY, 0, rtp(SSRC, 100)));
    receive(protectInner(KEY, 1, rtp(SSRC, 20_000)));
    for (int i = 0; i < 2000; i++) {
      assertTrue(receiver.unprotect(carrier(recorded)) != DoubleSrtpResult.OK);
    }
    receive(protectInner(KEY, 1, rtp(SSRC, 20_001)));
  }

  @Test
  void forgedFloodNeitherDisturbsNorCostsMore() {
    byte[] genuine = protectInner(KEY, 0, rtp(SSRC, 1));
    receive(genuine);
    for (int i = 2; i < 200; i++) {
      for (int j = 0; j < 20; j++) {
        byte[] forged = flip(genuine, 12 + j, 0x55);
        forged[2] = (byte) (j * 13);
        forged[3] = (byte) i;
        forged[11] = (byte) (j % 3 == 0 ? SSRC : j);
        long before = receiver.aeadCalls();
        assertTrue(receiver.unprotect(carrier(forged)) != DoubleSrtpResult.OK);
        assertTrue(receiver.aeadCalls() - before <= InnerReceiver.MAX_AEAD_CALLS_PER_PACKET);
      }
      long before = receiver.aeadCalls();
      receive(protectInner(KEY, 0, rtp(SSRC, i)));
      assertEquals(1, receiver.aeadCalls() - before);
    }
  }

  @Test
  void forgedPacketsDoNotStopTheRecovery() {
    int roc = 64;
    int packets = 0;
    while (true) {
      packets++;
      byte[] genuine = protectInner(KEY, roc, rtp(SSRC, 1000 + packets));
      byte[] forged = flip(genuine, 12, 1);
      assertTrue(receiver.unprotect(carrier(forged)) != DoubleSrtpResult.OK);
      if (receiver.unprotect(carrier(genuine)) == DoubleSrtpResult.OK) {
        break;
      }
    }
    assertTrue(packets <= ReceiveIndices.SCHEDULE_LENGTH, "took " + packets);
  }

  @Test
  void failedSearchCostsTheBoundExactly() {
    byte[] unknown = protectInner(KEY, 1_000_000, rtp(SSRC, 5));

    assertEquals(
        DoubleSrtpResult.INNER_AUTHENTICATION_FAILED, receiver.unprotect(carrier(unknown)));
    assertEquals(4, InnerReceiver.MAX_AEAD_CALLS_PER_PACKET);
    assertEquals(4, receiver.aeadCalls());
  }

  @Test
  void twoStreamsRecoverEachForItself() {
    int recovered = 0;
    boolean[] done = new boolean[2];
    for (int i = 0; recovered < 2; i++) {
      assertTrue(i < 200, "not recovered");
      for (int stream = 0; stream < 2; stream++) {
        int roc = stream == 0 ? 90 : 33;
        byte[] sent = protectInner(KEY, roc, rtp(SSRC + stream, 7000 + i));
        boolean ok = receiver.unprotect(carrier(sent)) == DoubleSrtpResult.OK;
        assertTrue(ok || !done[stream], "stream lost again");
        if (ok && !done[stream]) {
          done[stream] = true;
          recovered++;
        }
      }
    }
  }

  @Test
  void outerLayerRecoversToo() {
    OuterReceiver outer = new OuterReceiver(PROFILE, key(KEY), CryptexPolicy.ALLOWED);
    OuterSender sender = new OuterSender(PROFILE, key(KEY), CryptexPolicy.ALLOWED, 1, 20);
    int packets = 0;
    while (true) {
      packets++;
      byte[] rtp = rtp(SSRC, packets, 2, TestPackets.ONE_BYTE_EXTENSION, 50);
      MediaPacket packet = carrier(protect(sender, rtp));
      byte[] before = octets(packet);
      if (outer.unprotect(packet) == DoubleSrtpResult.OK) {
        assertArrayEquals(rtp, octets(packet));
        break;
      }
      assertArrayEquals(before, octets(packet));
    }
    assertTrue(packets <= 3 * 20 + 1, "took " + packets);
  }

  private void receive(byte[] sent) {
    assertEquals(DoubleSrtpResult.OK, receiver.unprotect(carrier(sent)));
  }

  private int packetsUntilReceived(int roc, int firstSequenceNumber) {
    InnerSender sender = new InnerSender(PROFILE, key(KEY), 1, roc);
    int packets = 0;
    while (true) {
      byte[] rtp = rtp(SSRC, firstSequenceNumber + packets);
      packets++;
      MediaPacket packet = carrier(protect(sender, rtp));
      byte[] before = octets(packet);
      if (receiver.unprotect(packet) == DoubleSrtpResult.OK) {
        assertArrayEquals(rtp, octets(packet));
        return packets;
      }
      assertArrayEquals(before, octets(packet));
    }
  }
}
