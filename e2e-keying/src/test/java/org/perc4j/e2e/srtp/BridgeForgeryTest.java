/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.perc4j.e2e.srtp.TestPackets.ONE_BYTE_EXTENSION;
import static org.perc4j.e2e.srtp.TestPackets.PROFILE;
import static org.perc4j.e2e.srtp.TestPackets.carrier;
import static org.perc4j.e2e.srtp.TestPackets.flip;
import static org.perc4j.e2e.srtp.TestPackets.holders;
import static org.perc4j.e2e.srtp.TestPackets.key;
import static org.perc4j.e2e.srtp.TestPackets.octets;
import static org.perc4j.e2e.srtp.TestPackets.protect;
import static org.perc4j.e2e.srtp.TestPackets.rtp;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.perc4j.header.index.PacketIndex;

/**
 * What a bridge can write between the layers, one by one, under a hop key that is good. What is to
 * become of it is read from RFC 3550 section 5.1 and RFC 8723 sections 4 and 5.3 by a parser of
 * this test's own.
 */
class BridgeForgeryTest {
  private static final int SSRC = 0x0A0B0C0D;
  private static final int INNER = 1;
  private static final int DOWNLINK = 3;
  private static final int SEQUENCE_NUMBER = 0x1234;
  private static final int TAG_BYTES = 16;
  private static final int WINDOW = 4096;
  private static final AeadTransform HOP = AeadTransform.encrypting(key(DOWNLINK));
  private static final int ALICE = 0;
  private static final int BOB = 1;
  private static final Map<Integer, LeafHolder> MEMBERS =
      holders(Map.of(ALICE, "alice", BOB, "bob"));

  /** The receiving sides that an endpoint can have. */
  private enum Side {
    /** One sender under one key, both layers. */
    BOTH_LAYERS,
    /** A group, behind the outer layer. */
    KEYRING
  }

  /** A receiver that has not received anything, and what it cost so far. */
  private static final class Target {
    final Function<byte[], DoubleSrtpResult> receive;
    final Supplier<Long> innerCalls;
    MediaPacket packet = new MediaPacket();

    Target(Side side) {
      if (side == Side.KEYRING) {
        EpochKeyring keyring = keyring(BOB);
        receive = between -> keyring.unprotect(carry(between));
        innerCalls = keyring::aeadCalls;
      } else {
        InnerReceiver inner = new InnerReceiver(PROFILE, key(INNER));
        receive =
            between ->
                new DoubleSrtpReceiver(
                        new OuterReceiver(PROFILE, key(DOWNLINK), CryptexPolicy.OFF), inner)
                    .unprotect(carry(underHopKey(between)));
        innerCalls = inner::aeadCalls;
      }
    }

    private MediaPacket carry(byte[] octets) {
      packet = carrier(octets);
      return packet;
    }
  }

  private static EpochKeyring keyring(int leaf) {
    EpochKeyring keyring = new EpochKeyring(PROFILE, EpochKeyring.Timing.DEFAULT, () -> 0L);
    keyring.install(new byte[32], MEMBERS, leaf, false);
    keyring.hint(SSRC, "alice");
    return keyring;
  }

  /** What Alice sends, as a bridge has it. */
  private static byte[] sent(Side side, byte[] rtp) {
    if (side == Side.BOTH_LAYERS) {
      return protect(new InnerSender(PROFILE, key(INNER)), rtp);
    }
    MediaPacket packet = carrier(rtp);
    assertEquals(DoubleSrtpResult.OK, keyring(ALICE).protect(packet));
    return octets(packet);
  }

  /** The outer layer of whoever does not care whether what is in it is RTP. */
  private static byte[] underHopKey(byte[] between) {
    int header = Math.max(12, payloadOffset(between));
    byte[] sealed = Arrays.copyOf(between, between.length + TAG_BYTES);
    // the provider refuses the nonce that it had last, and most forgeries have the same
    HOP.encrypt(0, PacketIndex.MAX, sealed, 0, 0, new byte[TAG_BYTES], 0, 0);
    HOP.encrypt(
        int32(between, 8),
        int32(between, 0) & 0xFFFF,
        between,
        0,
        header,
        sealed,
        header,
        between.length - header);
    return sealed;
  }

  private static int int32(byte[] octets, int at) {
    return (octets[at] & 0xFF) << 24
        | (octets[at + 1] & 0xFF) << 16
        | (octets[at + 2] & 0xFF) << 8
        | (octets[at + 3] & 0xFF);
  }

  /** RFC 3550 section 5.1: where the payload begins, or -1 if that is not RTP. */
  private static int payloadOffset(byte[] octets) {
    if ((octets[0] & 0xC0) != 0x80) {
      return -1;
    }
    int at = 12 + 4 * (octets[0] & 0xF);
    if ((octets[0] & 0x10) != 0) {
      if (at + 4 > octets.length) {
        return -1;
      }
      at += 4 + 4 * (int32(octets, at) & 0xFFFF);
    }
    return at > octets.length ? -1 : at;
  }

  /** RFC 8723 sections 4 and 5.3, for a receiver that has nothing of the stream yet. */
  private static DoubleSrtpResult expected(byte[] genuine, byte[] forged) {
    int payload = payloadOffset(forged);
    if (payload < 0) {
      return DoubleSrtpResult.MALFORMED;
    }
    int end = forged.length;
    if (payload == end) {
      return DoubleSrtpResult.MALFORMED_OHB;
    }
    int config = forged[--end];
    boolean marker = (config & 0x04) != 0;
    boolean payloadType = (config & 0x02) != 0;
    boolean sequenceNumber = (config & 0x01) != 0;
    if ((config & 0xF0) != 0 || ((config & 0x08) != 0 && !marker)) {
      return DoubleSrtpResult.MALFORMED_OHB;
    }
    end -= (payloadType ? 1 : 0) + (sequenceNumber ? 2 : 0);
    if (end < payload || (payloadType && forged[end] < 0)) {
      return DoubleSrtpResult.MALFORMED_OHB;
    }
    if (end - payload < TAG_BYTES) {
      return DoubleSrtpResult.MALFORMED;
    }
    byte[] header = Arrays.copyOf(forged, 12 + 4 * (forged[0] & 0xF));
    header[0] &= (byte) ~0x10;
    if (marker) {
      header[1] = (byte) ((header[1] & 0x7F) | ((config & 0x08) != 0 ? 0x80 : 0));
    }
    if (payloadType) {
      header[1] = (byte) ((header[1] & 0x80) | forged[end]);
    }
    if (sequenceNumber) {
      System.arraycopy(forged, end + (payloadType ? 1 : 0), header, 2, 2);
    }
    byte[] original = Arrays.copyOf(genuine, 12 + 4 * (genuine[0] & 0xF));
    original[0] &= (byte) ~0x10;
    return Arrays.equals(header, original)
            && Arrays.equals(
                Arrays.copyOfRange(forged, payload, end),
                Arrays.copyOfRange(genuine, payloadOffset(genuine), genuine.length - 1))
        ? DoubleSrtpResult.OK
        : DoubleSrtpResult.INNER_AUTHENTICATION_FAILED;
  }

  /** Behind the outer layer, whatever else is in it. */
  private static boolean isPadding(byte[] forged) {
    int payload = payloadOffset(forged);
    return payload >= 0 && payload < forged.length && forged[forged.length - 1] == (byte) 0x80;
  }

  /** A packet with other last octets in place of its block. */
  private static byte[] withBlock(byte[] between, int... block) {
    byte[] result = Arrays.copyOf(between, between.length - 1 + block.length);
    for (int i = 0; i < block.length; i++) {
      result[between.length - 1 + i] = (byte) block[i];
    }
    return result;
  }

  /** Tries forgeries one after the other on receivers that have accepted nothing yet. */
  private static final class Trial {
    private final Side side;
    private final byte[] rtp;
    private final byte[] genuine;
    private final Map<DoubleSrtpResult, Integer> seen = new EnumMap<>(DoubleSrtpResult.class);
    private Target target;

    Trial(Side side, byte[] rtp) {
      this.side = side;
      this.rtp = rtp;
      this.genuine = sent(side, rtp);
      this.target = new Target(side);
    }

    void run(byte[] forged, String what) {
      DoubleSrtpResult expected =
          side == Side.BOTH_LAYERS && isPadding(forged)
              ? DoubleSrtpResult.BRIDGE_PADDING
              : expected(genuine, forged);
      long before = target.innerCalls.get();
      assertEquals(expected, target.receive.apply(forged), what);
      long calls = target.innerCalls.get() - before;
      if (expected == DoubleSrtpResult.OK) {
        assertOriginal(what);
        // once: whatever is written around it the next time
        assertEquals(DoubleSrtpResult.INNER_REPLAYED, target.receive.apply(forged), what);
        assertEquals(DoubleSrtpResult.INNER_REPLAYED, target.receive.apply(genuine), what);
        target = new Target(side);
      } else if (expected != DoubleSrtpResult.INNER_AUTHENTICATION_FAILED) {
        assertEquals(0, calls, what);
      }
      assertTrue(calls <= maxCalls(), () -> calls + " calls, " + what);
      seen.merge(expected, 1, Integer::sum);
    }

    private int maxCalls() {
      return side == Side.BOTH_LAYERS
          ? InnerReceiver.MAX_AEAD_CALLS_PER_PACKET
          : EpochKeyring.MAX_AEAD_CALLS_PER_PACKET;
    }

    /** All that its sender wrote, whatever the bridge did to header and extension. */
    private void assertOriginal(String what) {
      byte[] received = octets(target.packet);
      byte[] header = Arrays.copyOf(received, 12 + 4 * (received[0] & 0xF));
      header[0] = (byte) ((header[0] & ~0x10) | (rtp[0] & 0x10));
      assertArrayEquals(Arrays.copyOf(rtp, header.length), header, what);
      assertArrayEquals(
          Arrays.copyOfRange(rtp, payloadOffset(rtp), rtp.length),
          Arrays.copyOfRange(received, payloadOffset(received), received.length),
          what);
    }

    int count(DoubleSrtpResult result) {
      return seen.getOrDefault(result, 0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyConfigWithEveryHeaderBit(Side side) {
    byte[] rtp = rtp(SSRC, SEQUENCE_NUMBER, 1, ONE_BYTE_EXTENSION, 20);
    Trial trial = new Trial(side, rtp);
    int payloadType = rtp[1] & 0x7F;
    int headerBits = 8 * (12 + 4 + ONE_BYTE_EXTENSION.length);
    for (int config = 0; config < 0x100; config++) {
      for (int written : payloadTypes(side, config, payloadType)) {
        for (int number : numbers(side, config)) {
          byte[] forged = withBlock(trial.genuine, block(config, written, number));
          trial.run(forged, "config " + config + ", PT " + written + ", SEQ " + number);
          for (int bit = 0; bit < headerBits; bit++) {
            trial.run(
                flip(forged, bit / 8, 1 << bit % 8),
                "bit " + bit + ", config " + config + ", PT " + written + ", SEQ " + number);
          }
        }
      }
    }
    assertTrue(trial.count(DoubleSrtpResult.OK) > 300, trial.seen.toString());
    assertTrue(
        trial.count(DoubleSrtpResult.INNER_AUTHENTICATION_FAILED) > 1_000, trial.seen.toString());
    assertTrue(trial.count(DoubleSrtpResult.MALFORMED_OHB) > 40_000, trial.seen.toString());
    assertTrue(trial.count(DoubleSrtpResult.MALFORMED) > 1_000, trial.seen.toString());
  }

  /** The original; where it is written and trying is cheap, another one, and one of eight bits. */
  private static int[] payloadTypes(Side side, int config, int original) {
    return (config & 2) == 0 || side == Side.BOTH_LAYERS
        ? new int[] {original}
        : new int[] {original, original ^ 1, original | 0x80};
  }

  private static int[] numbers(Side side, int config) {
    return (config & 1) == 0 || side == Side.BOTH_LAYERS
        ? new int[] {SEQUENCE_NUMBER}
        : new int[] {SEQUENCE_NUMBER, SEQUENCE_NUMBER ^ 1, SEQUENCE_NUMBER ^ 0x8000};
  }

  private static int[] block(int config, int payloadType, int sequenceNumber) {
    int[] block = new int[1 + ((config & 2) != 0 ? 1 : 0) + ((config & 1) != 0 ? 2 : 0)];
    int at = 0;
    if ((config & 2) != 0) {
      block[at++] = payloadType;
    }
    if ((config & 1) != 0) {
      block[at++] = sequenceNumber >> 8;
      block[at++] = sequenceNumber & 0xFF;
    }
    block[at] = config;
    return block;
  }

  @ParameterizedTest
  @EnumSource
  void everyBitOfPayloadTagAndBlock(Side side) {
    Trial trial = new Trial(side, rtp(SSRC, SEQUENCE_NUMBER, 0, ONE_BYTE_EXTENSION, 40));
    int from = payloadOffset(trial.genuine);
    for (int bit = 8 * from; bit < 8 * trial.genuine.length; bit++) {
      trial.run(flip(trial.genuine, bit / 8, 1 << bit % 8), "bit " + bit);
    }
    // bit 2 of a config of 0 says of the marker what it is
    assertEquals(1, trial.count(DoubleSrtpResult.OK));
    for (int length = from; length < trial.genuine.length; length++) {
      trial.run(Arrays.copyOf(trial.genuine, length), "length " + length);
    }
    trial.run(trial.genuine, "genuine");
    assertEquals(2, trial.count(DoubleSrtpResult.OK));
  }

  @ParameterizedTest
  @EnumSource
  void everyExtensionIsTheBridgesAndNothingElse(Side side) {
    for (byte[] before : new byte[][] {{}, ONE_BYTE_EXTENSION}) {
      Trial trial = new Trial(side, rtp(SSRC, SEQUENCE_NUMBER, 2, before, 30));
      int at = 12 + 8;
      for (int words = 0; words < 20; words++) {
        byte[] extension = new byte[4 + 4 * words];
        new Random(words).nextBytes(extension);
        extension[2] = 0;
        extension[3] = (byte) words;
        byte[] forged = new byte[trial.genuine.length - before.length + extension.length];
        System.arraycopy(trial.genuine, 0, forged, 0, at);
        System.arraycopy(extension, 0, forged, at, extension.length);
        System.arraycopy(
            trial.genuine,
            at + before.length,
            forged,
            at + extension.length,
            trial.genuine.length - at - before.length);
        forged[0] |= 0x10;
        trial.run(forged, words + " words");
      }
      assertEquals(20, trial.count(DoubleSrtpResult.OK));
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyRenumberingThatTheBlockTellsOfIsUndone(Side side) {
    byte[] rtp = rtp(SSRC, SEQUENCE_NUMBER, 0, new byte[0], 20);
    Trial trial = new Trial(side, rtp);
    int count = 0;
    for (int second = 0; second < 0x100; second++) {
      for (int number = second; number < 0x10000; number += 0x1111) {
        byte[] changed = trial.genuine.clone();
        changed[1] = (byte) second;
        changed[2] = (byte) (number >> 8);
        changed[3] = (byte) number;
        trial.run(
            withBlock(
                changed, block((rtp[1] < 0 ? 0x08 : 0) | 0x07, rtp[1] & 0x7F, SEQUENCE_NUMBER)),
            "octet " + second + ", number " + number);
        count++;
      }
    }
    assertEquals(count, trial.count(DoubleSrtpResult.OK));
  }

  @ParameterizedTest
  @EnumSource
  void onlyTheLast4096AreTakenLateAndEachOnce(Side side) {
    int packets = WINDOW + 900;
    byte[][] sent = new byte[packets][];
    InnerSender sender = new InnerSender(PROFILE, key(INNER));
    EpochKeyring alice = keyring(ALICE);
    for (int i = 0; i < packets; i++) {
      MediaPacket packet = carrier(rtp(SSRC, 100 + i));
      assertEquals(
          DoubleSrtpResult.OK,
          side == Side.KEYRING ? alice.protect(packet) : sender.protect(packet));
      sent[i] = octets(packet);
    }
    // withheld until the last one came
    Target target = new Target(side);
    assertEquals(DoubleSrtpResult.OK, target.receive.apply(sent[packets - 1]));
    for (int i = 0; i < packets - 1; i++) {
      assertEquals(
          packets - 1 - i < WINDOW ? DoubleSrtpResult.OK : DoubleSrtpResult.INNER_TOO_OLD,
          target.receive.apply(sent[i]),
          "packet " + i);
    }
    for (int i = 0; i < packets; i++) {
      assertEquals(
          packets - 1 - i < WINDOW
              ? DoubleSrtpResult.INNER_REPLAYED
              : DoubleSrtpResult.INNER_TOO_OLD,
          target.receive.apply(sent[i]),
          "packet " + i);
    }
  }

  @ParameterizedTest
  @EnumSource
  void payloadsDoNotMoveBetweenStreamsOfOneKey(Side side) {
    byte[] audio = rtp(SSRC, 7);
    byte[] video = rtp(SSRC + 1, 7);
    byte[][] sent = {sent(side, audio), sent(side, video)};
    assertEquals(int32(audio, 0), int32(video, 0));
    assertEquals(int32(audio, 4), int32(video, 4));
    Target target = new Target(side);
    for (int header : new int[] {4, 8, 12}) {
      // all that can be told apart, or a part of it, from the one before the body of the other
      for (int from = 0; from < 2; from++) {
        byte[] spliced = sent[1 - from].clone();
        System.arraycopy(sent[from], 0, spliced, 0, header);
        if (!Arrays.equals(spliced, sent[1 - from])) {
          assertEquals(DoubleSrtpResult.INNER_AUTHENTICATION_FAILED, target.receive.apply(spliced));
        }
      }
    }
    assertEquals(DoubleSrtpResult.OK, target.receive.apply(sent[0]));
    assertEquals(DoubleSrtpResult.OK, target.receive.apply(sent[1]));
  }

  private static byte[] garbage(Random random, int ssrc, int sequenceNumber) {
    byte[] garbage = rtp(ssrc, sequenceNumber, 0, new byte[0], 80);
    byte[] noise = new byte[80];
    random.nextBytes(noise);
    System.arraycopy(noise, 0, garbage, 12, noise.length);
    garbage[garbage.length - 1] &= 0x07;
    return garbage;
  }

  private static long usedBytes() {
    Runtime runtime = Runtime.getRuntime();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      System.gc();
      least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
    }
    return least;
  }

  /** What the same flood would take if each SSRC had a window of its own. */
  private static final long FLAT_BYTES = 4_000_000;

  private static final int FLOOD = 100_000;

  @Test
  void garbageUnderManySsrcsTakesNoMemoryBehindTheOuterLayer() {
    EpochKeyring alice = keyring(ALICE);
    EpochKeyring bob = keyring(BOB);
    assertEquals(DoubleSrtpResult.OK, bob.unprotect(sent(alice, SSRC, 1)));
    Random random = new Random(3);
    long before = usedBytes();
    for (int i = 0; i < FLOOD; i++) {
      long calls = bob.aeadCalls();
      DoubleSrtpResult result = bob.unprotect(carrier(garbage(random, 1 + i, i & 0xFFFF)));
      assertTrue(
          result == DoubleSrtpResult.INNER_AUTHENTICATION_FAILED
              || result == DoubleSrtpResult.MALFORMED_OHB,
          result::toString);
      assertTrue(bob.aeadCalls() - calls <= EpochKeyring.MAX_AEAD_CALLS_PER_PACKET);
    }
    long grown = usedBytes() - before;
    assertTrue(grown < FLAT_BYTES, () -> grown + " octets for " + FLOOD + " SSRCs");
    assertEquals(DoubleSrtpResult.OK, bob.unprotect(sent(alice, SSRC, 2)));
    // and no place in the table of streams, as all of them are still to be had
    for (int i = 1; i < InnerReceiver.DEFAULT_MAX_STREAMS; i++) {
      bob.hint(SSRC + i, "alice");
      assertEquals(DoubleSrtpResult.OK, bob.unprotect(sent(alice, SSRC + i, 1)), "stream " + i);
    }
  }

  private static MediaPacket sent(EpochKeyring sender, int ssrc, int sequenceNumber) {
    MediaPacket packet = carrier(rtp(ssrc, sequenceNumber));
    assertEquals(DoubleSrtpResult.OK, sender.protect(packet));
    return packet;
  }

  /** The hop's own key is the bridge's: it can take all places in the outer layer's table. */
  @Test
  void garbageUnderManySsrcsFillsTheOuterTableAndNoMore() {
    OuterReceiver outer = new OuterReceiver(PROFILE, key(DOWNLINK), CryptexPolicy.OFF);
    InnerSender sender = new InnerSender(PROFILE, key(INNER));
    DoubleSrtpReceiver receiver =
        new DoubleSrtpReceiver(outer, new InnerReceiver(PROFILE, key(INNER)));
    assertEquals(DoubleSrtpResult.OK, receive(receiver, protect(sender, rtp(SSRC, 1))));
    Random random = new Random(4);
    Map<DoubleSrtpResult, Integer> results = new EnumMap<>(DoubleSrtpResult.class);
    long before = usedBytes();
    for (int i = 0; i < FLOOD; i++) {
      long calls = outer.aeadCalls();
      results.merge(receive(receiver, garbage(random, 1 + i, 1)), 1, Integer::sum);
      assertTrue(outer.aeadCalls() - calls <= 1);
    }
    long grown = usedBytes() - before;
    assertTrue(grown < FLAT_BYTES, () -> grown + " octets for " + FLOOD + " SSRCs");
    assertEquals(
        FLOOD - (OuterReceiver.DEFAULT_MAX_STREAMS - 1),
        results.get(DoubleSrtpResult.OUTER_TOO_MANY_STREAMS));
    assertEquals(
        OuterReceiver.DEFAULT_MAX_STREAMS - 1,
        results.getOrDefault(DoubleSrtpResult.INNER_AUTHENTICATION_FAILED, 0)
            + results.getOrDefault(DoubleSrtpResult.MALFORMED_OHB, 0)
            + results.getOrDefault(DoubleSrtpResult.BRIDGE_PADDING, 0));
    assertEquals(DoubleSrtpResult.OK, receive(receiver, protect(sender, rtp(SSRC, 2))));
  }

  private static DoubleSrtpResult receive(DoubleSrtpReceiver receiver, byte[] between) {
    return receiver.unprotect(carrier(underHopKey(between)));
  }

  /** What packets of one kind cost the receiver. */
  private static final class Cost {
    long packets;
    long nanos;
    long mostOuterCalls;
    long mostInnerCalls;

    double nanosEach() {
      return (double) nanos / packets;
    }
  }

  /** A receiver whose work is counted and timed by what it says of each packet. */
  private static final class Meter {
    private final OuterSender bridge = new OuterSender(PROFILE, key(DOWNLINK), CryptexPolicy.OFF);
    private final OuterReceiver outer =
        new OuterReceiver(PROFILE, key(DOWNLINK), CryptexPolicy.OFF);
    private final InnerReceiver inner = new InnerReceiver(PROFILE, key(INNER));
    private final DoubleSrtpReceiver receiver = new DoubleSrtpReceiver(outer, inner);
    private final Map<DoubleSrtpResult, Cost> costs = new EnumMap<>(DoubleSrtpResult.class);
    private int number;

    /** Renumbers a packet as a bridge may, and protects it. */
    byte[] underHopKey(byte[] between) {
      byte[] renumbered = withBlock(between, between[2] & 0xFF, between[3] & 0xFF, 0x01);
      renumbered[2] = (byte) (number >> 8);
      renumbered[3] = (byte) number;
      number = (number + 1) & 0xFFFF;
      return protect(bridge, renumbered);
    }

    void receive(byte[] datagram) {
      MediaPacket packet = carrier(datagram);
      long outerCalls = outer.aeadCalls();
      long innerCalls = inner.aeadCalls();
      long start = System.nanoTime();
      DoubleSrtpResult result = receiver.unprotect(packet);
      long nanos = System.nanoTime() - start;
      Cost cost = costs.computeIfAbsent(result, unused -> new Cost());
      cost.packets++;
      cost.nanos += nanos;
      cost.mostOuterCalls = Math.max(cost.mostOuterCalls, outer.aeadCalls() - outerCalls);
      cost.mostInnerCalls = Math.max(cost.mostInnerCalls, inner.aeadCalls() - innerCalls);
    }

    void assertCost(DoubleSrtpResult result, int packets, int outerCalls, int innerCalls) {
      Cost cost = costs.getOrDefault(result, new Cost());
      assertEquals(packets, cost.packets, result.toString());
      assertEquals(outerCalls, cost.mostOuterCalls, result.toString());
      assertEquals(innerCalls, cost.mostInnerCalls, result.toString());
      System.out.printf(
          "%s: %d + %d calls, %.1f times the time of a packet that is accepted%n",
          result,
          outerCalls,
          innerCalls,
          cost.nanosEach() / costs.getOrDefault(DoubleSrtpResult.OK, cost).nanosEach());
    }
  }

  @Test
  void forgedPacketsCostAtMostThreeAndFourCalls() {
    int packets = 5_000;
    Meter meter = new Meter();
    InnerSender sender = new InnerSender(PROFILE, key(INNER));
    for (int i = 0; i < packets; i++) {
      byte[] between = protect(sender, rtp(SSRC, i, 0, new byte[0], 100));
      meter.receive(meter.underHopKey(between));
      meter.receive(meter.underHopKey(between));
      byte[] next = rtp(SSRC, i + 1, 0, new byte[117], 0);
      next[0] = (byte) 0x80;
      meter.receive(meter.underHopKey(next));
      byte[] datagram = meter.underHopKey(between);
      meter.receive(flip(datagram, 40, 1));
    }
    meter.assertCost(DoubleSrtpResult.OK, packets, 1, 1);
    meter.assertCost(DoubleSrtpResult.INNER_REPLAYED, packets, 1, 4);
    meter.assertCost(DoubleSrtpResult.INNER_AUTHENTICATION_FAILED, packets, 1, 4);
    meter.assertCost(DoubleSrtpResult.OUTER_AUTHENTICATION_FAILED, packets, 3, 0);
    assertEquals(3, OuterReceiver.MAX_AEAD_CALLS_PER_PACKET);
    assertEquals(4, InnerReceiver.MAX_AEAD_CALLS_PER_PACKET);
  }
}
