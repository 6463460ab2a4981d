/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.srtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jitsi.srtp.SrtcpCryptoContext;
import org.jitsi.srtp.SrtpCryptoContext;
import org.jitsi.srtp.SrtpErrorStatus;
import org.jitsi.srtp.SrtpPolicy;
import org.jitsi.utils.LRUCache;
import org.jitsi.utils.logging2.Logger;
import org.jitsi.utils.logging2.LoggerImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.perc4j.header.ohb.OhbCodec;
import org.perc4j.header.rtp.RtpPacketView;
import org.perc4j.header.srtp.DoubleSrtpProfile;
import org.perc4j.jvb.metrics.BridgeCounter;
import org.perc4j.jvb.metrics.BridgeCounters;
import org.perc4j.jvb.packet.OriginalHeaders;

/**
 * The bridge keeps 1,024 contexts for each direction of a transport, and makes another when a
 * packet comes of an SSRC whose context it forgot. {@code TwoThousandStreamsTest} has the real
 * bridge do it; here its transformers are played with the same cache.
 */
class ForgottenContextsTest {
  private static final DoubleSrtpProfile PROFILE =
      DoubleSrtpProfile.DOUBLE_AEAD_AES_128_GCM_AEAD_AES_128_GCM;
  private static final Logger logger = new LoggerImpl(ForgottenContextsTest.class.getName());
  private static final int BRIDGE_CACHE = 1024;
  private static final int SSRCS = 2500;
  private static final int FIRST_SSRC = 0x7fff_ff00;
  private static final byte[] KEY = octets(32, 1);
  private static final byte[] SALT = octets(24, 2);

  private final BridgeCounters counters = new BridgeCounters();

  /** As the bridge's transformers for RTP: contexts by SSRC, the least used one forgotten first. */
  private static final class Contexts {
    private final Map<Integer, SrtpCryptoContext> cached = new LRUCache<>(BRIDGE_CACHE, true);
    private final OuterContextFactory factory;
    int derived;

    Contexts(OuterContextFactory factory) {
      this.factory = factory;
    }

    SrtpErrorStatus send(TestPacket packet, int ssrc) throws GeneralSecurityException {
      SrtpCryptoContext context = cached.get(ssrc);
      if (context == null) {
        context = derive(ssrc);
        cached.put(ssrc, context);
      }
      return context.transformPacket(packet);
    }

    /** Here a context is cached when a packet has authenticated. */
    SrtpErrorStatus receive(TestPacket packet, int ssrc) throws GeneralSecurityException {
      SrtpCryptoContext known = cached.get(ssrc);
      SrtpCryptoContext context = known == null ? derive(ssrc) : known;
      SrtpErrorStatus status = context.reverseTransformPacket(packet, false);
      if (known == null && status == SrtpErrorStatus.OK) {
        cached.put(ssrc, context);
      }
      return status;
    }

    private SrtpCryptoContext derive(int ssrc) throws GeneralSecurityException {
      derived++;
      return Objects.requireNonNull(factory.deriveContext(ssrc, 0));
    }
  }

  /** The same for RTCP. */
  private static final class ControlContexts {
    private final Map<Integer, SrtcpCryptoContext> cached = new LRUCache<>(BRIDGE_CACHE, true);
    private final OuterContextFactory factory;

    ControlContexts(OuterContextFactory factory) {
      this.factory = factory;
    }

    SrtcpCryptoContext get(int ssrc) throws GeneralSecurityException {
      SrtcpCryptoContext known = cached.get(ssrc);
      if (known == null) {
        known = Objects.requireNonNull(factory.deriveControlContext(ssrc));
        cached.put(ssrc, known);
      }
      return known;
    }
  }

  private OuterContextFactory.Pair factories(boolean dtlsClient, boolean mixed) {
    byte[] material =
        ByteBuffer.allocate(PROFILE.exporterLengthBytes())
            .put(KEY)
            .put(KEY)
            .put(SALT)
            .put(SALT)
            .array();
    return OuterContextFactory.fromExporter(
        PROFILE, material, dtlsClient, mixed, false, counters, logger);
  }

  private static byte[] octets(int length, long seed) {
    byte[] octets = new byte[length];
    new Random(seed).nextBytes(octets);
    return octets;
  }

  private static byte[] rtp(int ssrc, int sequenceNumber, int timestamp, byte[] payload) {
    return ByteBuffer.allocate(12 + payload.length)
        .put((byte) 0x80)
        .put((byte) 96)
        .putShort((short) sequenceNumber)
        .putInt(timestamp)
        .putInt(ssrc)
        .put(payload)
        .array();
  }

  private static TestPacket doublePacket(byte[] rtp, int sequenceNumber) {
    TestPacket packet = new TestPacket(rtp, 10, 40);
    packet.perc4jOriginalHeader(
        OriginalHeaders.received(OhbCodec.EMPTY, false, 96, sequenceNumber));
    return packet;
  }

  /** What AES-GCM masked the payload with: the same one for two packets is a nonce used twice. */
  private static ByteBuffer keystream(byte[] plain, byte[] encrypted, int from, int length) {
    byte[] mask = new byte[length];
    for (int i = 0; i < length; i++) {
      mask[i] = (byte) (plain[from + i] ^ encrypted[from + i]);
    }
    return ByteBuffer.wrap(mask);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void noKeystreamIsUsedTwiceAndAllIsDecrypted(boolean link) throws Exception {
    Contexts sender = new Contexts(factories(true, link).sending());
    Contexts receiver = new Contexts(factories(false, link).receiving());
    Set<ByteBuffer> keystreams = new HashSet<>();
    Random random = new Random(3);
    // Bursts across a wrap; between two of one SSRC are all the others.
    for (int round = 0; round < 4; round++) {
      for (int i = 0; i < SSRCS; i++) {
        int ssrc = FIRST_SSRC + i;
        for (int k = 0; k < 3; k++) {
          int number = (65_530 + 3 * round + k) & 0xffff;
          byte[] payload = new byte[40];
          random.nextBytes(payload);
          byte[] rtp = rtp(ssrc, number, 1000 * round + k, payload);
          TestPacket packet = doublePacket(rtp, number);
          assertEquals(SrtpErrorStatus.OK, sender.send(packet, ssrc));
          assertTrue(keystreams.add(keystream(rtp, packet.octets(), 12, 16)), "used before");
          TestPacket arrived = new TestPacket(packet.octets(), 10, 0);
          assertEquals(
              SrtpErrorStatus.OK, receiver.receive(arrived, ssrc), "round " + round + ", " + i);
          assertEquals(ByteBuffer.wrap(rtp), ByteBuffer.wrap(arrived.octets()));
        }
      }
    }
    assertEquals(4 * SSRCS, sender.derived, "contexts are forgotten");
    assertEquals(0, counters.get(BridgeCounter.DROPPED_OUTER_INDEX_REUSE));
    assertEquals(0, counters.get(BridgeCounter.DROPPED_TOO_MANY_SSRCS));
  }

  @Test
  void whatWasSentIsNotSentAgainUnderItsIndex() throws Exception {
    Contexts sender = new Contexts(factories(true, false).sending());
    byte[] payload = octets(40, 9);
    for (int i = 0; i < SSRCS; i++) {
      int ssrc = FIRST_SSRC + i;
      assertEquals(
          SrtpErrorStatus.OK, sender.send(doublePacket(rtp(ssrc, 7, 0, payload), 7), ssrc));
    }
    assertEquals(
        SrtpErrorStatus.REPLAY_FAIL,
        sender.send(doublePacket(rtp(FIRST_SSRC, 7, 0, payload), 7), FIRST_SSRC));
    assertEquals(1, counters.get(BridgeCounter.DROPPED_OUTER_INDEX_REUSE));
  }

  @Test
  void whatWasReceivedIsNotReceivedAgain() throws Exception {
    Contexts sender = new Contexts(factories(true, false).sending());
    Contexts receiver = new Contexts(factories(false, false).receiving());
    TestPacket[] wire = new TestPacket[SSRCS];
    for (int i = 0; i < SSRCS; i++) {
      int ssrc = FIRST_SSRC + i;
      wire[i] = doublePacket(rtp(ssrc, 7, 0, octets(40, i)), 7);
      assertEquals(SrtpErrorStatus.OK, sender.send(wire[i], ssrc));
      TestPacket arrived = new TestPacket(wire[i].octets(), 10, 0);
      assertEquals(SrtpErrorStatus.OK, receiver.receive(arrived, ssrc));
    }
    for (int i = 0; i < SSRCS; i++) {
      TestPacket replayed = new TestPacket(wire[i].octets(), 10, 0);
      assertEquals(SrtpErrorStatus.REPLAY_FAIL, receiver.receive(replayed, FIRST_SSRC + i));
    }
  }

  @Test
  void controlPacketsDoNotBeginAnew() throws Exception {
    ControlContexts sender = new ControlContexts(factories(true, false).sending());
    ControlContexts receiver = new ControlContexts(factories(false, false).receiving());
    Map<Integer, SrtcpCryptoContext> standard = new HashMap<>();
    Set<ByteBuffer> keystreams = new HashSet<>();
    byte[][] wire = new byte[SSRCS][];
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < SSRCS; i++) {
        int ssrc = FIRST_SSRC + i;
        byte[] report = report(ssrc, i + round);
        TestPacket packet = new TestPacket(report, 10, 0);
        assertEquals(SrtpErrorStatus.OK, sender.get(ssrc).transformPacket(packet));
        wire[i] = packet.octets();
        assertEquals(round, ByteBuffer.wrap(wire[i]).getInt(wire[i].length - 4) & 0x7fff_ffff);
        assertTrue(keystreams.add(keystream(report, wire[i], 8, 16)), "used before");
        TestPacket arrived = new TestPacket(wire[i], 10, 0);
        assertEquals(SrtpErrorStatus.OK, receiver.get(ssrc).reverseTransformPacket(arrived));
        assertEquals(ByteBuffer.wrap(report), ByteBuffer.wrap(arrived.octets()));
        if (!standard.containsKey(ssrc)) {
          standard.put(ssrc, standardControl(ssrc));
        }
        TestPacket elsewhere = new TestPacket(wire[i], 10, 0);
        assertEquals(
            SrtpErrorStatus.OK,
            Objects.requireNonNull(standard.get(ssrc)).reverseTransformPacket(elsewhere));
        assertEquals(ByteBuffer.wrap(report), ByteBuffer.wrap(elsewhere.octets()));
      }
    }
    for (int i = 0; i < SSRCS; i++) {
      TestPacket replayed = new TestPacket(wire[i], 10, 0);
      assertEquals(
          SrtpErrorStatus.REPLAY_FAIL,
          receiver.get(FIRST_SSRC + i).reverseTransformPacket(replayed));
    }
  }

  @Test
  void controlPacketsOfAStandardSenderAreReceivedOnce() throws Exception {
    SrtcpCryptoContext sender = standardControl(FIRST_SSRC);
    OuterContextFactory receiving = factories(false, false).receiving();
    for (int i = 0; i < 100; i++) {
      TestPacket packet = new TestPacket(report(FIRST_SSRC, i), 10, 40);
      assertEquals(SrtpErrorStatus.OK, sender.transformPacket(packet));
      byte[] wire = packet.octets();
      SrtcpCryptoContext context =
          Objects.requireNonNull(receiving.deriveControlContext(FIRST_SSRC));
      assertEquals(SrtpErrorStatus.OK, context.reverseTransformPacket(new TestPacket(wire, 10, 0)));
      context = Objects.requireNonNull(receiving.deriveControlContext(FIRST_SSRC));
      assertEquals(
          SrtpErrorStatus.REPLAY_FAIL, context.reverseTransformPacket(new TestPacket(wire, 10, 0)));
    }
    TestPacket shorter = new TestPacket(new byte[27], 0, 0);
    assertEquals(
        SrtpErrorStatus.INVALID_PACKET,
        Objects.requireNonNull(receiving.deriveControlContext(FIRST_SSRC))
            .reverseTransformPacket(shorter));
  }

  private static byte[] report(int ssrc, int seed) {
    return ByteBuffer.allocate(28)
        .put((byte) 0x80)
        .put((byte) 200)
        .putShort((short) 6)
        .putInt(ssrc)
        .put(octets(20, seed))
        .array();
  }

  private static SrtpPolicy policy() {
    return new SrtpPolicy(
        SrtpPolicy.AESGCM_ENCRYPTION, 16, SrtpPolicy.NULL_AUTHENTICATION, 0, 16, 12);
  }

  private static SrtcpCryptoContext standardControl(int ssrc) throws GeneralSecurityException {
    return new SrtcpCryptoContext(
        ssrc, Arrays.copyOfRange(KEY, 16, 32), Arrays.copyOfRange(SALT, 12, 24), policy(), logger);
  }

  @Test
  void oneSsrcTooManyIsRefusedAndTheOthersGoOn() throws Exception {
    OuterContextFactory sending = factories(true, false).sending();
    byte[] payload = octets(20, 1);
    SrtpCryptoContext first = Objects.requireNonNull(sending.deriveContext(1, 0));
    assertEquals(SrtpErrorStatus.OK, first.transformPacket(doublePacket(rtp(1, 7, 0, payload), 7)));
    for (int ssrc = 2; ssrc <= OuterContextFactory.MAX_STREAMS; ssrc++) {
      assertNotEquals(null, sending.deriveControlContext(ssrc));
    }
    int tooMany = OuterContextFactory.MAX_STREAMS + 1;
    assertEquals(
        SrtpErrorStatus.FAIL,
        Objects.requireNonNull(sending.deriveContext(tooMany, 0))
            .transformPacket(doublePacket(rtp(tooMany, 7, 0, payload), 7)));
    assertEquals(
        SrtpErrorStatus.FAIL,
        Objects.requireNonNull(sending.deriveControlContext(tooMany))
            .transformPacket(new TestPacket(report(tooMany, 1), 0, 40)));
    assertEquals(2, counters.get(BridgeCounter.DROPPED_TOO_MANY_SSRCS));
    first = Objects.requireNonNull(sending.deriveContext(1, 0));
    assertEquals(SrtpErrorStatus.OK, first.transformPacket(doublePacket(rtp(1, 8, 0, payload), 8)));
  }

  @Test
  void inventedSsrcsTakeNoPlaceUnlessTheyAuthenticate() throws Exception {
    OuterContextFactory sending = factories(true, false).sending();
    Contexts receiver = new Contexts(factories(false, false).receiving());
    ControlContexts control = new ControlContexts(receiver.factory);
    for (int i = 0; i < 6000; i++) {
      TestPacket forged = new TestPacket(rtp(-i, 1, 0, octets(40, i)), 10, 0);
      assertEquals(SrtpErrorStatus.AUTH_FAIL, receiver.receive(forged, -i));
      TestPacket report = new TestPacket(report(-i, i), 10, 0);
      assertEquals(SrtpErrorStatus.AUTH_FAIL, control.get(-i).reverseTransformPacket(report));
    }
    for (int ssrc = 1; ssrc <= OuterContextFactory.MAX_ENDPOINT_STREAMS + 10; ssrc++) {
      TestPacket packet = doublePacket(rtp(ssrc, 7, 0, octets(20, 1)), 7);
      assertEquals(
          SrtpErrorStatus.OK,
          Objects.requireNonNull(sending.deriveContext(ssrc, 0)).transformPacket(packet));
      assertEquals(
          ssrc <= OuterContextFactory.MAX_ENDPOINT_STREAMS
              ? SrtpErrorStatus.OK
              : SrtpErrorStatus.FAIL,
          receiver.receive(new TestPacket(packet.octets(), 10, 0), ssrc));
    }
    assertEquals(10, counters.get(BridgeCounter.DROPPED_TOO_MANY_SSRCS));
  }

  /**
   * A stream that is not sent for a while goes on in step with a receiver that knows nothing but
   * RFC 3711: jitsi-srtp's own context. Some packets are lost before.
   */
  @ParameterizedTest
  @ValueSource(
      ints = {
        0, 1, 2000, 28_000, 28_700, 32_700, 32_768, 33_000, 40_000, 50_000, 61_000, 63_400, 63_500,
        64_000, 65_500, 65_535, 65_536, 66_000, 98_304, 100_000, 130_000, 131_072
      })
  void anyReceiverFollowsAStreamThatIsTakenUpAgain(int gap) throws Exception {
    for (int lost : new int[] {0, 1, 30, 4000}) {
      OuterContextFactory sending = factories(true, false).sending();
      SrtpCryptoContext receiver =
          new SrtpCryptoContext(
              false,
              FIRST_SSRC,
              0,
              Arrays.copyOfRange(KEY, 16, 32),
              Arrays.copyOfRange(SALT, 12, 24),
              policy(),
              logger);
      int number = 60_000;
      RtpPacketView view = new RtpPacketView();
      for (int part = 0; part < 3; part++) {
        for (int i = 0; i < 200 + lost; i++) {
          int sequenceNumber = number & 0xffff;
          byte[] rtp = rtp(FIRST_SSRC, sequenceNumber, 960 * number, octets(30, i));
          TestPacket packet = doublePacket(rtp, sequenceNumber);
          SrtpErrorStatus status =
              Objects.requireNonNull(sending.deriveContext(FIRST_SSRC, 0)).transformPacket(packet);
          assertEquals(SrtpErrorStatus.OK, status);
          if (i < 200) {
            status = receiver.reverseTransformPacket(packet, false);
            assertEquals(SrtpErrorStatus.OK, status, "lost " + lost + ", part " + part + ", " + i);
            view.wrap(packet.getBuffer(), packet.getOffset(), packet.getLength());
            int ohb = OhbCodec.parse(view.buffer(), view.payloadOffset(), view.payloadLength());
            assertEquals(
                sequenceNumber, OhbCodec.originalSequenceNumber(ohb, view.sequenceNumber()));
          }
          number++;
        }
        number += gap;
      }
    }
  }

  /** Whoever sends to the bridge may jump, and its packets may get lost, more than it can see. */
  @ParameterizedTest
  @ValueSource(ints = {1, 30_000, 32_768, 40_000, 63_000, 63_600, 65_000, 65_536, 66_000, 98_000})
  void theBridgeFollowsASenderThroughALossOfAnyLength(int loss) throws Exception {
    SrtpCryptoContext sender =
        new SrtpCryptoContext(
            true,
            FIRST_SSRC,
            0,
            Arrays.copyOfRange(KEY, 16, 32),
            Arrays.copyOfRange(SALT, 12, 24),
            policy(),
            logger);
    SrtpCryptoContext receiver =
        Objects.requireNonNull(factories(false, true).receiving().deriveContext(FIRST_SSRC, 0));
    Random random = new Random(8);
    int number = 100;
    int refused = 0;
    for (int i = 0; i < 3000 + loss; i++) {
      int sequenceNumber = number++ & 0xffff;
      byte[] rtp = rtp(FIRST_SSRC, sequenceNumber, 960 * number, octets(17, i));
      rtp[rtp.length - 1] = (byte) OhbCodec.NO_INNER_LAYER;
      TestPacket packet = new TestPacket(rtp, 10, 40);
      assertEquals(SrtpErrorStatus.OK, sender.transformPacket(packet));
      if (i >= 2500 && i < 2500 + loss) {
        continue;
      }
      byte[] forged = packet.octets();
      forged[14 + random.nextInt(8)] ^= 1;
      if (i % 3 == 0) {
        SrtpErrorStatus status =
            receiver.reverseTransformPacket(new TestPacket(forged, 10, 0), false);
        assertNotEquals(SrtpErrorStatus.OK, status);
      }
      SrtpErrorStatus status = receiver.reverseTransformPacket(packet, false);
      refused += status == SrtpErrorStatus.OK ? 0 : 1;
    }
    assertTrue(refused <= 1, refused + " were refused");
  }
}
