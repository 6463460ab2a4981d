/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.srtp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jitsi.srtp.SrtpCryptoContext;
import org.jitsi.srtp.SrtpErrorStatus;
import org.jitsi.srtp.SrtpPolicy;
import org.jitsi.utils.logging2.Logger;
import org.jitsi.utils.logging2.LoggerImpl;
import org.perc4j.fuzzing.FuzzInput;
import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.ohb.OhbCodec;
import org.perc4j.header.rtp.RtpPacketView;
import org.perc4j.header.srtp.DoubleSrtpProfile;
import org.perc4j.jvb.metrics.BridgeCounter;
import org.perc4j.jvb.metrics.BridgeCounters;
import org.perc4j.jvb.packet.OriginalHeaders;

/**
 * The bridge's outer layers, with packets whose inside a sender may make up. What comes out on the
 * other side has the ciphertext that came in, and a block from which a receiver gets the header
 * that came in; no index is sent under twice; nothing is lost to an exception.
 */
class OuterContextFuzzTest {
  private static final DoubleSrtpProfile PROFILE =
      DoubleSrtpProfile.DOUBLE_AEAD_AES_128_GCM_AEAD_AES_128_GCM;
  private static final Logger LOGGER = new LoggerImpl(OuterContextFuzzTest.class.getName());
  private static final int SSRC = 0x01020304;
  private static final byte[] UPLINK = filled(32, 1);
  private static final byte[] DOWNLINK = filled(32, 2);
  private static final byte[] SALTS = filled(24, 3);
  private static final int MAX_STEPS = 48;

  /** What a block says of the header that a packet was protected with. */
  private record Original(boolean marker, int payloadType, int sequenceNumber) {}

  @FuzzTest
  void relay(byte[] octets) throws Exception {
    new Relay(new FuzzInput(octets)).run();
  }

  private static final class Relay {
    private final FuzzInput input;
    private final BridgeCounters counters = new BridgeCounters();
    private final SrtpCryptoContext uplinkSender = plain(true, UPLINK);
    private final SrtpCryptoContext uplinkReceiver;
    private final SrtpCryptoContext downlinkSender;
    private final SrtpCryptoContext downlinkReceiver = plain(false, DOWNLINK);
    private final List<byte[]> onTheWire = new ArrayList<>();
    private final Set<Long> sentUnder = new HashSet<>();
    private int nextIn = 100;
    private long highestOut = -1;

    /** As the bridge counts, which is not told of numbers that are sent instead. */
    private int nextOut = 100;

    Relay(FuzzInput input) throws GeneralSecurityException {
      this.input = input;
      uplinkReceiver = context(factories(UPLINK).receiving());
      downlinkSender = context(factories(DOWNLINK).sending());
    }

    private OuterContextFactory.Pair factories(byte[] key) {
      byte[] material = ByteBuffer.allocate(112).put(key).put(key).put(SALTS).put(SALTS).array();
      return OuterContextFactory.fromExporter(
          PROFILE, material, false, false, false, counters, LOGGER);
    }

    void run() throws Exception {
      for (int step = 0; step < MAX_STEPS && input.hasMore(); step++) {
        switch (input.below(5)) {
          case 0 -> arrive(protectedInside(inside(input.vector())), true);
          case 1 -> arrive(protectedInside(inside(genuineBlock(input))), true);
          case 2 -> arrive(input.vector(), false);
          case 3 -> arrive(input.mutated(any()), false);
          default -> arrive(input.mutated(protectedInside(inside(genuineBlock(input)))), false);
        }
        assertEquals(0, counters.get(BridgeCounter.DROPPED_HOOK_FAILURE));
      }
      byte[] genuine =
          inside(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 0});
      TestPacket packet = new TestPacket(protectedInside(genuine), 10, 20);
      assertEquals(SrtpErrorStatus.OK, uplinkReceiver.reverseTransformPacket(packet, false));
      forward(packet, false);
    }

    private byte[] any() {
      return onTheWire.isEmpty() ? new byte[0] : onTheWire.get(input.octet() % onTheWire.size());
    }

    /** Ciphertext that is long enough, then a block that is one. */
    private static byte[] genuineBlock(FuzzInput input) {
      int ohb = OhbCodec.EMPTY;
      int fields = input.octet();
      if ((fields & 1) != 0) {
        ohb = OhbCodec.withMarker(ohb, (fields & 8) != 0);
      }
      if ((fields & 2) != 0) {
        ohb = OhbCodec.withPayloadType(ohb, input.below(128));
      }
      if ((fields & 4) != 0) {
        ohb = OhbCodec.withSequenceNumber(ohb, input.uint16());
      }
      byte[] ciphertext = filled(16 + input.below(8), fields);
      byte[] payload = Arrays.copyOf(ciphertext, ciphertext.length + OhbCodec.MAX_LENGTH);
      int length = OhbCodec.write(ohb, payload, ciphertext.length);
      return Arrays.copyOf(payload, ciphertext.length + length);
    }

    /** A packet as a sender's outer layer takes it. */
    private byte[] inside(byte[] payload) {
      int flags = input.octet();
      boolean extension = (flags & 1) != 0;
      int csrcs = (flags >> 1) & 3;
      ByteBuffer rtp = ByteBuffer.allocate(12 + 4 * csrcs + (extension ? 8 : 0) + payload.length);
      rtp.put((byte) (0x80 | (extension ? 0x10 : 0) | csrcs));
      rtp.put((byte) flags);
      rtp.putShort((short) nextIn++).putInt(1000).putInt(SSRC);
      for (int i = 0; i < csrcs; i++) {
        rtp.putInt(i);
      }
      if (extension) {
        rtp.putInt(0xBEDE0001).putInt(0x10550000);
      }
      return rtp.put(payload).array();
    }

    private byte[] protectedInside(byte[] inside) throws GeneralSecurityException {
      TestPacket packet = new TestPacket(inside, 10, 20);
      assertEquals(SrtpErrorStatus.OK, uplinkSender.transformPacket(packet));
      return packet.octets();
    }

    private void arrive(byte[] wire, boolean genuine) throws Exception {
      if (genuine) {
        onTheWire.add(wire);
      }
      TestPacket packet = new TestPacket(wire, 10, 20);
      byte[] before = packet.getBuffer().clone();
      SrtpErrorStatus status = uplinkReceiver.reverseTransformPacket(packet, false);
      for (int i = 0; i < 10; i++) {
        assertEquals(before[i], packet.getBuffer()[i]);
      }
      for (int i = 10 + wire.length; i < before.length; i++) {
        assertEquals(before[i], packet.getBuffer()[i]);
      }
      if (status != SrtpErrorStatus.OK) {
        assertFalse(OriginalHeaders.present(packet.perc4jOriginalHeader()));
        return;
      }
      assertTrue(genuine || !onTheWire.contains(wire));
      forward(packet, true);
    }

    private void forward(TestPacket packet, boolean wild) throws Exception {
      assertTrue(OriginalHeaders.present(packet.perc4jOriginalHeader()));
      RtpPacketView view = view(packet);
      byte[] ciphertext = payload(packet, view, 0);
      assertTrue(ciphertext.length >= DoubleSrtpProfile.TAG_LENGTH_BYTES);
      int asReceived =
          OriginalHeaders.ohb(
              packet.perc4jOriginalHeader(),
              view.marker(),
              view.payloadType(),
              view.sequenceNumber());
      Original original = original(asReceived, view);
      int number = nextOut;
      if (wild && input.below(4) == 0) {
        number = input.uint16();
      }
      view.setSequenceNumber(number);
      if (wild) {
        view.setPayloadType(input.flag() ? input.below(128) : view.payloadType());
        view.setMarker(input.below(4) == 0 ? input.flag() : view.marker());
      }
      SrtpErrorStatus status = downlinkSender.transformPacket(packet);
      if (wild && status == SrtpErrorStatus.REPLAY_FAIL) {
        return;
      }
      assertEquals(SrtpErrorStatus.OK, status);
      // A number that no receiver could make sense of is not sent: another one is.
      int sent = view(packet).sequenceNumber();
      long index = highestOut < 0 ? sent : highestOut + (short) (sent - (int) highestOut);
      if (index > highestOut) {
        highestOut = index;
        nextOut = (number + 1) & 0xFFFF;
      }
      assertTrue(sentUnder.add(index), "sent twice under " + sent);
      TestPacket received = new TestPacket(packet.octets(), 10, 20);
      SrtpErrorStatus read = downlinkReceiver.reverseTransformPacket(received, false);
      if (read != SrtpErrorStatus.OK) {
        // The bridge's window is longer than a receiver's of this library.
        assertEquals(SrtpErrorStatus.REPLAY_OLD, read);
        return;
      }
      RtpPacketView again = view(received);
      int ohb = OhbCodec.parse(again.buffer(), again.payloadOffset(), again.payloadLength());
      assertEquals(original, original(ohb, again));
      assertArrayEquals(ciphertext, payload(received, again, OhbCodec.encodedLength(ohb)));
    }

    private static Original original(int ohb, RtpPacketView view) {
      return new Original(
          OhbCodec.originalMarker(ohb, view.marker()),
          OhbCodec.originalPayloadType(ohb, view.payloadType()),
          OhbCodec.originalSequenceNumber(ohb, view.sequenceNumber()));
    }

    private static RtpPacketView view(TestPacket packet) throws MalformedPacketException {
      RtpPacketView view = new RtpPacketView();
      view.wrap(packet.getBuffer(), packet.getOffset(), packet.getLength());
      return view;
    }

    private static byte[] payload(TestPacket packet, RtpPacketView view, int without) {
      return Arrays.copyOfRange(
          packet.getBuffer(),
          view.payloadOffset(),
          view.payloadOffset() + view.payloadLength() - without);
    }
  }

  private static SrtpCryptoContext context(OuterContextFactory factory)
      throws GeneralSecurityException {
    return Objects.requireNonNull(factory.deriveContext(SSRC, 0));
  }

  /** An endpoint's outer layer, by jitsi-srtp alone. */
  private static SrtpCryptoContext plain(boolean sender, byte[] key)
      throws GeneralSecurityException {
    SrtpPolicy policy =
        new SrtpPolicy(SrtpPolicy.AESGCM_ENCRYPTION, 16, SrtpPolicy.NULL_AUTHENTICATION, 0, 16, 12);
    policy.setSendReplayEnabled(false);
    return new SrtpCryptoContext(
        sender,
        SSRC,
        0,
        Arrays.copyOfRange(key, 16, 32),
        Arrays.copyOfRange(SALTS, 12, 24),
        policy,
        LOGGER);
  }

  private static byte[] filled(int length, int seed) {
    byte[] octets = new byte[length];
    for (int i = 0; i < length; i++) {
      octets[i] = (byte) (seed + 7 * i);
    }
    return octets;
  }
}
