/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.perc4j.e2e.srtp.TestPackets.PROFILE;
import static org.perc4j.e2e.srtp.TestPackets.carrier;
import static org.perc4j.e2e.srtp.TestPackets.holders;
import static org.perc4j.e2e.srtp.TestPackets.key;
import static org.perc4j.e2e.srtp.TestPackets.octets;
import static org.perc4j.e2e.srtp.TestPackets.protect;
import static org.perc4j.e2e.srtp.TestPackets.rtp;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.perc4j.fuzzing.FuzzInput;
import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.ohb.OhbCodec;
import org.perc4j.header.rtp.RtpPacketView;

/**
 * Packets on their way to a receiver, under keys that the fuzzer has: genuine ones, and what a
 * network or a bridge can make of them. Whatever is accepted was sent, with that header, by that
 * sender, and was not accepted before; and whatever came in between, the next genuine packet is
 * accepted.
 */
class DoubleSrtpFuzzTest {
  private static final int INNER = 1;
  private static final int DOWNLINK = 3;
  private static final int MAX_STEPS = 64;
  private static final int STREAMS = 3;
  private static final int FIRST_SSRC = 0x0A0B0C00;
  private static final int MAX_STREAMS = 8;

  private static final List<CryptexPolicy> POLICIES = List.of(CryptexPolicy.values());
  private static final Map<Integer, LeafHolder> ALL =
      holders(Map.of(0, "alice", 3, "bob", 8, "carol"));
  private static final Map<Integer, LeafHolder> WITHOUT_CAROL =
      holders(Map.of(0, "alice", 3, "bob"));

  /** What was sent and not received yet, and by whom: without extension, which may change. */
  private static final class Sent {
    private final Map<ByteBuffer, String> outstanding = new HashMap<>();
    private final Set<ByteBuffer> accepted = new HashSet<>();

    void add(byte[] rtp, String sender) {
      outstanding.put(withoutExtension(rtp), sender);
    }

    String accept(byte[] rtp) {
      ByteBuffer packet = withoutExtension(rtp);
      assertTrue(accepted.add(packet), "accepted twice");
      String sender = outstanding.remove(packet);
      assertTrue(sender != null, "accepted what was not sent");
      return sender;
    }

    private static ByteBuffer withoutExtension(byte[] rtp) {
      RtpPacketView view = new RtpPacketView();
      try {
        view.wrap(rtp, 0, rtp.length);
      } catch (MalformedPacketException e) {
        throw new AssertionError("accepted a malformed packet", e);
      }
      ByteBuffer all = ByteBuffer.allocate(view.fixedHeaderLength() + view.payloadLength());
      all.put(rtp, 0, view.fixedHeaderLength()).put(0, (byte) (rtp[0] & ~0x10));
      all.put(rtp, view.payloadOffset(), view.payloadLength());
      return all.flip();
    }
  }

  /** Numbers of a sender's streams. */
  private static final class Numbers {
    private final int sender;
    private final int[] next = new int[STREAMS];
    private int count;

    Numbers(int sender) {
      this.sender = sender;
    }

    byte[] packet(FuzzInput input, int ssrcBase) {
      int stream = input.below(STREAMS);
      next[stream] += input.below(100);
      return packet(input, ssrcBase, stream);
    }

    byte[] packet(FuzzInput input, int ssrcBase, int stream) {
      byte[] extension =
          switch (input.below(3)) {
            case 0 -> new byte[0];
            case 1 -> TestPackets.ONE_BYTE_EXTENSION;
            default -> TestPackets.TWO_BYTE_EXTENSION;
          };
      byte[] rtp = rtp(ssrcBase + stream, next[stream]++ & 0xFFFF, input.below(3), extension, 8);
      rtp[4] = (byte) (count >> 8);
      rtp[5] = (byte) count++;
      rtp[6] = (byte) sender;
      return rtp;
    }
  }

  /** What a bridge may do: other numbers, with a block that has the sender's. */
  private static byte[] renumbered(byte[] inner, FuzzInput input, int sequenceNumber) {
    RtpPacketView view = new RtpPacketView();
    byte[] relayed = Arrays.copyOf(inner, inner.length + OhbCodec.MAX_LENGTH);
    try {
      view.wrap(relayed, 0, inner.length);
    } catch (MalformedPacketException e) {
      throw new AssertionError(e);
    }
    int ohb = OhbCodec.withSequenceNumber(OhbCodec.EMPTY, view.sequenceNumber());
    view.setSequenceNumber(sequenceNumber);
    if (input.flag()) {
      ohb = OhbCodec.withPayloadType(ohb, view.payloadType());
      view.setPayloadType(input.below(128));
    }
    if (input.flag()) {
      ohb = OhbCodec.withMarker(ohb, view.marker());
      view.setMarker(input.flag());
    }
    int length = OhbCodec.write(ohb, relayed, inner.length - 1);
    return Arrays.copyOf(relayed, inner.length - 1 + length);
  }

  /** Both layers of one sender's packets, with a bridge between that may do anything. */
  @FuzzTest
  void receiver(byte[] octets) {
    new Receiver(new FuzzInput(octets)).run();
  }

  private static final class Receiver {
    private final FuzzInput input;
    private final CryptexPolicy cryptex;
    private final InnerSender sender = new InnerSender(PROFILE, key(INNER));
    private final OuterSender bridge;
    private final OuterReceiver outer;
    private final InnerReceiver inner;
    private final DoubleSrtpReceiver receiver;
    private final Sent sent = new Sent();
    private final Numbers numbers = new Numbers(0);
    private final int[] bridgeNumbers = new int[STREAMS];
    private final List<byte[]> onTheWire = new ArrayList<>();
    private final List<byte[]> atTheBridge = new ArrayList<>();

    Receiver(FuzzInput input) {
      this.input = input;
      this.cryptex = POLICIES.get(input.below(POLICIES.size()));
      this.bridge = new OuterSender(PROFILE, key(DOWNLINK), cryptex);
      this.outer = new OuterReceiver(PROFILE, key(DOWNLINK), cryptex, MAX_STREAMS);
      this.inner = new InnerReceiver(PROFILE, key(INNER), MAX_STREAMS);
      this.receiver = new DoubleSrtpReceiver(outer, inner);
      Arrays.setAll(numbers.next, i -> input.uint16());
      Arrays.setAll(bridgeNumbers, i -> input.uint16());
    }

    void run() {
      // Before a stream is known, others' forgeries may delay it where its counter is not 0.
      for (int stream = 0; stream < STREAMS; stream++) {
        assertDelivered(numbers.packet(input, FIRST_SSRC, stream));
      }
      for (int step = 0; step < MAX_STEPS && input.hasMore(); step++) {
        switch (input.below(8)) {
          case 0, 1 -> {
            byte[] rtp = numbers.packet(input, FIRST_SSRC);
            assertDelivered(rtp);
          }
          case 2 -> {
            // Sent, but held back by the network.
            onTheWire.add(relayed(atBridge(numbers.packet(input, FIRST_SSRC))));
          }
          case 3 -> arrive(input.vector());
          case 4 -> arrive(input.mutated(any(onTheWire)));
          case 5 -> arriveInside(input.mutated(any(atTheBridge)));
          case 6 -> arriveInside(input.vector());
          default -> {
            byte[] at = any(atTheBridge);
            if (at.length > 0) {
              arriveInside(input.mutated(renumbered(at, input, input.uint16())));
            }
          }
        }
      }
      for (int stream = 0; stream < STREAMS; stream++) {
        assertDelivered(numbers.packet(input, FIRST_SSRC, stream));
      }
    }

    private byte[] any(List<byte[]> packets) {
      return packets.isEmpty() ? new byte[0] : packets.get(input.octet() % packets.size());
    }

    private byte[] atBridge(byte[] rtp) {
      sent.add(rtp, "");
      byte[] protectedInner = protect(sender, rtp);
      atTheBridge.add(protectedInner);
      return protectedInner;
    }

    private byte[] relayed(byte[] protectedInner) {
      int stream = protectedInner[11] & 3;
      byte[] relayed = renumbered(protectedInner, input, bridgeNumbers[stream]++ & 0xFFFF);
      return protect(bridge, relayed);
    }

    private void assertDelivered(byte[] rtp) {
      byte[] wire = relayed(atBridge(rtp));
      onTheWire.add(wire);
      MediaPacket packet = guarded(wire);
      assertEquals(DoubleSrtpResult.OK, receiver.unprotect(packet));
      String unused = sent.accept(octets(packet));
    }

    private void arrive(byte[] wire) {
      MediaPacket packet = guarded(wire);
      long outerBefore = outer.aeadCalls();
      long innerBefore = inner.aeadCalls();
      DoubleSrtpResult result = receiver.unprotect(packet);
      assertGuarded(packet, wire.length);
      assertTrue(outer.aeadCalls() - outerBefore <= OuterReceiver.MAX_AEAD_CALLS_PER_PACKET);
      assertTrue(inner.aeadCalls() - innerBefore <= InnerReceiver.MAX_AEAD_CALLS_PER_PACKET);
      if (result == DoubleSrtpResult.OK) {
        String unused = sent.accept(octets(packet));
        assertTrue(onTheWire.stream().anyMatch(genuine -> Arrays.equals(genuine, wire)));
      } else if (packet.length() == wire.length) {
        assertArrayEquals(wire, octets(packet));
      }
    }

    /** From a bridge that has the outer key and changes anything between the layers. */
    private void arriveInside(byte[] between) {
      MediaPacket packet = guarded(between);
      long before = inner.aeadCalls();
      DoubleSrtpResult result = inner.unprotect(packet);
      assertGuarded(packet, between.length);
      assertTrue(inner.aeadCalls() - before <= InnerReceiver.MAX_AEAD_CALLS_PER_PACKET);
      if (result == DoubleSrtpResult.OK) {
        String unused = sent.accept(octets(packet));
      } else {
        assertArrayEquals(between, octets(packet));
      }
    }
  }

  /** A member of a group whose epochs come and go. */
  @FuzzTest
  void keyring(byte[] octets) {
    new Keyring(new FuzzInput(octets)).run();
  }

  private static final class Keyring {
    private final FuzzInput input;
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L);
    private final EpochKeyring alice = keyring();
    private final EpochKeyring bob = keyring();
    private final EpochKeyring carol = keyring();
    private final Numbers bobNumbers = new Numbers(1);
    private final Numbers carolNumbers = new Numbers(2);
    private final Numbers aliceNumbers = new Numbers(3);
    private final Sent sent = new Sent();
    private final List<byte[]> onTheWire = new ArrayList<>();
    private int epochs;
    private boolean carolIsMember;

    Keyring(FuzzInput input) {
      this.input = input;
      install(true, true);
    }

    private EpochKeyring keyring() {
      return new EpochKeyring(PROFILE, EpochKeyring.Timing.DEFAULT, clock::get);
    }

    void run() {
      for (int step = 0; step < MAX_STEPS && input.hasMore(); step++) {
        switch (input.below(9)) {
          case 0 -> install(input.flag(), input.flag());
          case 1 -> clock.addAndGet(Duration.ofMillis(20L * input.octet()).toNanos());
          case 2, 3 -> send(bob, "bob", bobNumbers);
          case 4 -> send(carol, "carol", carolNumbers);
          case 5 -> send(alice, "alice", aliceNumbers);
          case 6 -> alice.hint(ssrc(), List.of("bob", "carol", "alice", "x").get(input.below(4)));
          case 7 -> arrive(input.vector());
          default -> arrive(input.mutated(any()));
        }
        assertTrue(alice.liveEpochs() <= EpochKeyring.MAX_LIVE_EPOCHS);
      }
      // A new stream in a new epoch, as signalling has it.
      install(true, true);
      int ssrc = 0x7777_7777;
      alice.hint(ssrc, "bob");
      byte[] rtp = rtp(ssrc, input.uint16());
      MediaPacket packet = carrier(rtp);
      assertEquals(DoubleSrtpResult.OK, bob.protect(packet));
      assertEquals(DoubleSrtpResult.OK, alice.unprotect(packet));
      assertEquals("bob", packet.senderName());
      assertArrayEquals(rtp, octets(packet));
    }

    private int ssrc() {
      return FIRST_SSRC + input.below(8);
    }

    private byte[] any() {
      return onTheWire.isEmpty() ? new byte[0] : onTheWire.get(input.octet() % onTheWire.size());
    }

    private void install(boolean withCarol, boolean immediately) {
      epochs++;
      carolIsMember = withCarol;
      Map<Integer, LeafHolder> members = withCarol ? ALL : WITHOUT_CAROL;
      byte[] secret = new byte[32];
      secret[31] = (byte) epochs;
      alice.install(secret, members, 0, immediately);
      bob.install(secret, members, 3, immediately);
      if (withCarol) {
        carol.install(secret, members, 8, immediately);
      }
    }

    private void send(EpochKeyring from, String name, Numbers numbers) {
      // SSRCs collide where the fuzzer wants them to.
      byte[] rtp = numbers.packet(input, FIRST_SSRC + (input.below(2) == 0 ? name.length() : 0));
      MediaPacket packet = carrier(rtp);
      DoubleSrtpResult result = from.protect(packet);
      if (result != DoubleSrtpResult.OK) {
        assertEquals(DoubleSrtpResult.INNER_INDEX_REUSED, result);
        return;
      }
      sent.add(rtp, name);
      byte[] wire = octets(packet);
      onTheWire.add(wire);
      if (input.flag()) {
        arrive(wire);
      }
    }

    private void arrive(byte[] wire) {
      MediaPacket packet = guarded(wire);
      long before = alice.aeadCalls();
      DoubleSrtpResult result = alice.unprotect(packet);
      assertGuarded(packet, wire.length);
      assertTrue(alice.aeadCalls() - before <= EpochKeyring.MAX_AEAD_CALLS_PER_PACKET);
      if (result == DoubleSrtpResult.OK) {
        assertEquals(sent.accept(octets(packet)), packet.senderName());
        assertNotEquals("alice", packet.senderName());
        assertTrue(carolIsMember || !"carol".equals(packet.senderName()));
      } else {
        assertArrayEquals(wire, octets(packet));
        assertNull(packet.senderName());
      }
    }
  }

  /** Any header through the outer layer, as it is and as if it had come from the network. */
  @FuzzTest
  void header(byte[] octets) throws MalformedPacketException {
    FuzzInput input = new FuzzInput(octets);
    CryptexPolicy cryptex = POLICIES.get(input.below(POLICIES.size()));
    int change = input.uint16();
    int mask = 1 << input.below(8);
    byte[] rtp = input.take(2048);
    OuterReceiver receiver = new OuterReceiver(PROFILE, key(DOWNLINK), cryptex, MAX_STREAMS);

    MediaPacket raw = guarded(rtp);
    DoubleSrtpResult refusal = receiver.unprotect(raw);
    assertNotEquals(DoubleSrtpResult.OK, refusal);
    assertGuarded(raw, rtp.length);
    assertArrayEquals(rtp, octets(raw));

    MediaPacket packet = guarded(rtp);
    DoubleSrtpResult result = new OuterSender(PROFILE, key(DOWNLINK), cryptex).protect(packet);
    assertGuarded(packet, rtp.length + OuterSender.MAX_OVERHEAD_BYTES);
    if (result != DoubleSrtpResult.OK) {
      assertArrayEquals(rtp, octets(packet));
      return;
    }
    byte[] wire = octets(packet);
    MediaPacket changed = guarded(TestPackets.flip(wire, change % wire.length, mask));
    assertNotEquals(DoubleSrtpResult.OK, receiver.unprotect(changed));
    assertEquals(wire.length, changed.length());

    MediaPacket received = guarded(wire);
    assertEquals(
        isPadding(rtp) ? DoubleSrtpResult.BRIDGE_PADDING : DoubleSrtpResult.OK,
        receiver.unprotect(received));
    assertGuarded(received, wire.length);
    assertArrayEquals(withExtensionIfHidden(rtp, cryptex), octets(received));
    assertEquals(DoubleSrtpResult.OUTER_REPLAYED, receiver.unprotect(guarded(wire)));
  }

  private static boolean isPadding(byte[] rtp) throws MalformedPacketException {
    RtpPacketView view = new RtpPacketView();
    view.wrap(rtp, 0, rtp.length);
    return view.payloadLength() > 0 && rtp[rtp.length - 1] == (byte) 0x80;
  }

  /** Cryptex hides CSRCs behind an extension with nothing in it, which stays. */
  private static byte[] withExtensionIfHidden(byte[] rtp, CryptexPolicy cryptex) {
    boolean hasExtension = (rtp[0] & 0x10) != 0;
    int fixed = 12 + 4 * (rtp[0] & 0x0F);
    if (cryptex == CryptexPolicy.OFF || hasExtension || fixed == 12) {
      return rtp;
    }
    ByteBuffer all = ByteBuffer.allocate(rtp.length + 4);
    all.put(rtp, 0, fixed).putInt(0xBEDE0000).put(rtp, fixed, rtp.length - fixed);
    all.put(0, (byte) (rtp[0] | 0x10));
    return all.array();
  }

  private static final byte GUARD = 0x5A;
  private static final int GUARD_LENGTH = 32;

  /** Between octets that nobody may touch, but for the room that a sender needs. */
  private static MediaPacket guarded(byte[] packet) {
    byte[] buffer = new byte[GUARD_LENGTH + packet.length + 2 * GUARD_LENGTH];
    Arrays.fill(buffer, GUARD);
    System.arraycopy(packet, 0, buffer, GUARD_LENGTH, packet.length);
    return new MediaPacket()
        .wrap(buffer, GUARD_LENGTH, packet.length, packet.length + 2 * GUARD_LENGTH);
  }

  private static void assertGuarded(MediaPacket packet, int length) {
    for (int i = 0; i < GUARD_LENGTH; i++) {
      assertEquals(GUARD, packet.buffer()[i]);
    }
    for (int i = GUARD_LENGTH + length; i < packet.buffer().length; i++) {
      assertEquals(GUARD, packet.buffer()[i]);
    }
  }
}
