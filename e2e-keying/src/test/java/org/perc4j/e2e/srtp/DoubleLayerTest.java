/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
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

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DoubleLayerTest {
  private static final int SSRC = 0x0A0B0C0D;
  private static final int RTX_SSRC = 0x0E0F1011;
  private static final int RTX_PAYLOAD_TYPE = 97;

  private static final int INNER = 1;
  private static final int UPLINK = 2;
  private static final int DOWNLINK = 3;

  private final InnerSender innerSender = new InnerSender(PROFILE, key(INNER));
  private final InnerReceiver innerReceiver = new InnerReceiver(PROFILE, key(INNER));

  @ParameterizedTest
  @EnumSource(CryptexPolicy.class)
  void carriesAStreamAcrossWraps(CryptexPolicy cryptex) {
    DoubleSrtpSender sender = sender(cryptex);
    DoubleSrtpReceiver receiver = receiver(cryptex);
    for (int i = 0; i < 1000; i++) {
      byte[] rtp = rtp(SSRC + i % 2, (65_000 + i) & 0xFFFF, 0, TestPackets.ONE_BYTE_EXTENSION, 50);
      MediaPacket packet = carrier(rtp);
      assertEquals(DoubleSrtpResult.OK, sender.protect(packet));
      assertEquals(DoubleSrtpResult.OK, receiver.unprotect(packet));
      assertArrayEquals(rtp, octets(packet));
    }
  }

  @Test
  void saysWhichLayerRefused() {
    DoubleSrtpReceiver receiver = receiver(CryptexPolicy.OFF);
    MediaPacket packet = carrier(rtp(SSRC, 1));
    assertEquals(DoubleSrtpResult.OK, sender(CryptexPolicy.OFF).protect(packet));
    byte[] sent = octets(packet);
    assertEquals(
        DoubleSrtpResult.OUTER_AUTHENTICATION_FAILED,
        receiver.unprotect(carrier(flip(sent, 30, 1))));

    // A bridge that changes what it may not.
    for (int at : new int[] {0, 1, 2, 4, 8}) {
      byte[] inner = protect(new InnerSender(PROFILE, key(INNER)), rtp(SSRC, 100));
      byte[] relayed =
          protect(
              new OuterSender(PROFILE, key(UPLINK), CryptexPolicy.OFF),
              flip(inner, at, at == 0 ? 0x20 : 1));
      assertEquals(
          DoubleSrtpResult.INNER_AUTHENTICATION_FAILED,
          receiver(CryptexPolicy.OFF).unprotect(carrier(relayed)),
          "octet " + at);
    }
  }

  @Test
  void innerReplayUnderFreshOuterLayerIsRefused() {
    byte[] inner = protect(innerSender, rtp(SSRC, 1));
    OuterSender bridge = new OuterSender(PROFILE, key(UPLINK), CryptexPolicy.OFF);
    DoubleSrtpReceiver receiver = receiver(CryptexPolicy.OFF);
    byte[] renumbered = Arrays.copyOf(inner, inner.length + 2);
    renumbered[3] = 2;
    System.arraycopy(hex("0001 01"), 0, renumbered, inner.length - 1, 3);

    assertEquals(DoubleSrtpResult.OK, receiver.unprotect(carrier(protect(bridge, inner))));
    assertEquals(
        DoubleSrtpResult.INNER_REPLAYED, receiver.unprotect(carrier(protect(bridge, renumbered))));
  }

  @Test
  void malformedOhbUnderOuterLayerIsRefused() {
    byte[] inner = protect(innerSender, rtp(SSRC, 1));
    inner[inner.length - 1] = 0x08;
    byte[] sent = protect(new OuterSender(PROFILE, key(UPLINK), CryptexPolicy.OFF), inner);

    assertEquals(
        DoubleSrtpResult.MALFORMED_OHB, receiver(CryptexPolicy.OFF).unprotect(carrier(sent)));
  }

  @Test
  void singleLayerPacketIsRefused() {
    // As the bridge's own probes are, which have no inner layer.
    byte[] rtp = rtp(SSRC, 1, 0, new byte[0], 255);
    rtp[rtp.length - 1] = 0;
    byte[] single = protect(new OuterSender(PROFILE, key(UPLINK), CryptexPolicy.OFF), rtp);

    assertEquals(
        DoubleSrtpResult.INNER_AUTHENTICATION_FAILED,
        receiver(CryptexPolicy.OFF).unprotect(carrier(single)));
  }

  @Test
  void paddingOfTheBridgeIsToldFromMedia() {
    OuterSender bridge = new OuterSender(PROFILE, key(UPLINK), CryptexPolicy.OFF);
    DoubleSrtpReceiver receiver = receiver(CryptexPolicy.OFF);
    for (int length = 1; length < 300; length++) {
      byte[] rtp = padding(rtp(SSRC, length, 0, TestPackets.ONE_BYTE_EXTENSION, length));
      rtp[0] |= (byte) (length % 2 << 5);
      byte[] sent = protect(bridge, rtp);
      MediaPacket packet = carrier(sent);

      assertEquals(DoubleSrtpResult.BRIDGE_PADDING, receiver.unprotect(packet));
      assertArrayEquals(rtp, octets(packet));
      // its index is used, and its tag is looked at
      assertEquals(DoubleSrtpResult.OUTER_REPLAYED, receiver.unprotect(carrier(sent)));
      byte[] forged = protect(bridge, padding(rtp(SSRC, 1000 + length)));
      assertEquals(
          DoubleSrtpResult.OUTER_AUTHENTICATION_FAILED,
          receiver.unprotect(carrier(flip(forged, forged.length - 1, 1))));
    }
  }

  @Test
  void mediaWithOtherwiseGoodLayersAndThePaddingsOctetArePadding() {
    byte[] inner = protect(innerSender, rtp(SSRC, 1));
    byte[] padding = padding(inner.clone());
    OuterSender bridge = new OuterSender(PROFILE, key(UPLINK), CryptexPolicy.OFF);
    DoubleSrtpReceiver receiver = receiver(CryptexPolicy.OFF);

    assertEquals(
        DoubleSrtpResult.BRIDGE_PADDING, receiver.unprotect(carrier(protect(bridge, padding))));
    // the inner index is not used up by it
    byte[] again = inner.clone();
    again[3] = 2;
    byte[] renumbered = Arrays.copyOf(again, again.length + 2);
    renumbered[again.length - 1] = 0;
    renumbered[again.length] = 1;
    renumbered[again.length + 1] = 1;
    assertEquals(DoubleSrtpResult.OK, receiver.unprotect(carrier(protect(bridge, renumbered))));
  }

  @Test
  void headerWithoutPayloadIsNoPadding() {
    byte[] rtp = rtp(SSRC, 1);
    byte[] header = Arrays.copyOf(rtp, 12);
    header[11] = (byte) 0x80;
    byte[] sent = protect(new OuterSender(PROFILE, key(UPLINK), CryptexPolicy.OFF), header);

    assertEquals(
        DoubleSrtpResult.MALFORMED_OHB, receiver(CryptexPolicy.OFF).unprotect(carrier(sent)));
  }

  @Test
  void paddingMayHideItsHeader() {
    byte[] rtp = padding(rtp(SSRC, 1, 2, TestPackets.ONE_BYTE_EXTENSION, 30));
    byte[] sent = protect(new OuterSender(PROFILE, key(UPLINK), CryptexPolicy.REQUIRED), rtp);
    MediaPacket packet = carrier(sent);

    assertEquals(
        DoubleSrtpResult.BRIDGE_PADDING, receiver(CryptexPolicy.REQUIRED).unprotect(packet));
    assertArrayEquals(rtp, octets(packet));
  }

  private static byte[] padding(byte[] rtp) {
    rtp[rtp.length - 1] = (byte) 0x80;
    return rtp;
  }

  @Test
  void needsRoomForBothLayers() {
    byte[] rtp = rtp(SSRC, 1);
    int length = rtp.length + DoubleSrtpSender.MAX_OVERHEAD_BYTES;
    DoubleSrtpSender sender = sender(CryptexPolicy.OFF);

    assertEquals(
        DoubleSrtpResult.NO_ROOM,
        sender.protect(new MediaPacket().wrap(Arrays.copyOf(rtp, length - 1), 0, rtp.length)));
    assertEquals(
        DoubleSrtpResult.OK,
        sender.protect(new MediaPacket().wrap(Arrays.copyOf(rtp, length), 0, rtp.length)));
  }

  /** RFC 4588, around the inner layer only: the endpoint repairs towards the bridge and from it. */
  @Test
  void repairPacketCarriesTheInnerLayer() {
    OuterSender outerSender = new OuterSender(PROFILE, key(UPLINK), CryptexPolicy.ALLOWED);
    OuterReceiver outerReceiver = new OuterReceiver(PROFILE, key(UPLINK), CryptexPolicy.ALLOWED);
    byte[] rtp = rtp(SSRC, 500, 2, TestPackets.ONE_BYTE_EXTENSION, 100);
    byte[] kept = protect(innerSender, rtp);
    assertEquals(rtp.length + 17 + 16, protect(outerSender, kept).length);
    // Later packets arrive, the one above is lost.
    MediaPacket later = carrier(protect(outerSender, protect(innerSender, rtp(SSRC, 600))));
    assertEquals(DoubleSrtpResult.OK, outerReceiver.unprotect(later));
    assertEquals(DoubleSrtpResult.OK, innerReceiver.unprotect(later));

    MediaPacket repair = carrier(protect(outerSender, toRepair(kept, 7)));
    assertEquals(DoubleSrtpResult.OK, outerReceiver.unprotect(repair));
    MediaPacket repaired = carrier(fromRepair(octets(repair)));
    assertEquals(DoubleSrtpResult.OK, innerReceiver.unprotect(repaired));
    assertArrayEquals(rtp, octets(repaired));

    // Repaired again, it is a replay for the inner layer.
    MediaPacket again = carrier(protect(outerSender, toRepair(kept, 8)));
    assertEquals(DoubleSrtpResult.OK, outerReceiver.unprotect(again));
    assertEquals(
        DoubleSrtpResult.INNER_REPLAYED,
        innerReceiver.unprotect(carrier(fromRepair(octets(again)))));
  }

  @Test
  void sendingAgainWithoutRepairStreamIsRefused() {
    OuterSender outerSender = new OuterSender(PROFILE, key(UPLINK), CryptexPolicy.OFF);
    byte[] kept = protect(innerSender, rtp(SSRC, 500));
    assertTrue(protect(outerSender, kept).length > 0);

    assertEquals(DoubleSrtpResult.OUTER_INDEX_REUSED, outerSender.protect(carrier(kept)));
  }

  /** A bridge between two outer layers with their own rollover counters and sequence numbers. */
  @Test
  void survivesABridgeThatRenumbers() {
    OuterSender up = new OuterSender(PROFILE, key(UPLINK), CryptexPolicy.OFF);
    OuterReceiver atBridge = new OuterReceiver(PROFILE, key(UPLINK), CryptexPolicy.OFF);
    OuterSender fromBridge = new OuterSender(PROFILE, key(DOWNLINK), CryptexPolicy.OFF);
    OuterReceiver down = new OuterReceiver(PROFILE, key(DOWNLINK), CryptexPolicy.OFF);
    int forwarded = 100;
    for (int i = 0; i < 70_000; i++) {
      int original = (64_000 + i) & 0xFFFF;
      byte[] inner = protect(innerSender, rtp(SSRC, original));
      if (i % 7 > 1) {
        continue;
      }
      MediaPacket packet = carrier(protect(up, inner));
      assertEquals(DoubleSrtpResult.OK, atBridge.unprotect(packet));
      byte[] changed = Arrays.copyOf(octets(packet), inner.length + 2);
      changed[2] = (byte) (forwarded >> 8);
      changed[3] = (byte) forwarded;
      changed[inner.length - 1] = (byte) (original >> 8);
      changed[inner.length] = (byte) original;
      changed[inner.length + 1] = 1;
      forwarded = (forwarded + 1) & 0xFFFF;
      MediaPacket received = carrier(protect(fromBridge, changed));
      assertEquals(DoubleSrtpResult.OK, down.unprotect(received));
      assertEquals(DoubleSrtpResult.OK, innerReceiver.unprotect(received), "packet " + i);
      assertArrayEquals(rtp(SSRC, original), octets(received));
    }
  }

  @Test
  void destroysBothLayers() {
    DoubleSrtpSender sender = sender(CryptexPolicy.OFF);
    DoubleSrtpReceiver receiver = receiver(CryptexPolicy.OFF);
    sender.destroy();
    receiver.destroy();

    assertTrue(sender.isDestroyed() && receiver.isDestroyed());
    assertThrows(IllegalStateException.class, () -> sender.protect(carrier(rtp(SSRC, 1))));
  }

  private DoubleSrtpSender sender(CryptexPolicy cryptex) {
    return new DoubleSrtpSender(innerSender, new OuterSender(PROFILE, key(UPLINK), cryptex));
  }

  private DoubleSrtpReceiver receiver(CryptexPolicy cryptex) {
    return new DoubleSrtpReceiver(new OuterReceiver(PROFILE, key(UPLINK), cryptex), innerReceiver);
  }

  /** Header of the repair stream, original sequence number, then the payload as it was. */
  private static byte[] toRepair(byte[] packet, int sequenceNumber) {
    int headerLength = headerLength(packet);
    byte[] repair = new byte[packet.length + 2];
    System.arraycopy(packet, 0, repair, 0, headerLength);
    System.arraycopy(packet, 2, repair, headerLength, 2);
    System.arraycopy(packet, headerLength, repair, headerLength + 2, packet.length - headerLength);
    repair[1] = (byte) ((packet[1] & 0x80) | RTX_PAYLOAD_TYPE);
    repair[2] = (byte) (sequenceNumber >> 8);
    repair[3] = (byte) sequenceNumber;
    setSsrc(repair, RTX_SSRC);
    return repair;
  }

  private static byte[] fromRepair(byte[] repair) {
    int headerLength = headerLength(repair);
    byte[] packet = new byte[repair.length - 2];
    System.arraycopy(repair, 0, packet, 0, headerLength);
    System.arraycopy(repair, headerLength, packet, 2, 2);
    System.arraycopy(repair, headerLength + 2, packet, headerLength, packet.length - headerLength);
    packet[1] = (byte) ((repair[1] & 0x80) | 96);
    setSsrc(packet, SSRC);
    return packet;
  }

  private static int headerLength(byte[] packet) {
    int csrcs = 12 + 4 * (packet[0] & 0xF);
    return (packet[0] & 0x10) == 0 ? csrcs : csrcs + 4 + 4 * packet[csrcs + 3];
  }

  private static void setSsrc(byte[] packet, int ssrc) {
    for (int i = 0; i < 4; i++) {
      packet[8 + i] = (byte) (ssrc >> (24 - 8 * i));
    }
  }
}
