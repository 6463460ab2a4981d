/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.errorprone.annotations.Immutable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.perc4j.e2e.srtp.DoubleSrtpResult;
import org.perc4j.e2e.srtp.InnerSender;
import org.perc4j.e2e.srtp.MediaPacket;
import org.perc4j.e2e.srtp.SrtpMasterKey;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.rtp.Rtcp;
import org.perc4j.endpoint.signalling.PayloadTypes;
import org.perc4j.endpoint.signalling.Source;
import org.perc4j.endpoint.transport.SessionEndToEnd;
import org.perc4j.header.srtp.DoubleSrtpProfile;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.Delivery;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.endpoint.EndpointOptions;
import org.perc4j.it.endpoint.ReceivedStream;
import org.perc4j.it.harness.Await;
import org.perc4j.it.keying.Attendee;
import org.perc4j.it.media.Clips;
import org.perc4j.it.scripted.Wire;
import org.perc4j.it.transport.BridgeKnowledge;

/**
 * A bridge with all hop keys against one conference of real endpoints: Alice and Bob speak and show
 * pictures, Carol listens. Each attack is on what Alice sends to Carol, who must count exactly its
 * packets, take none of them, and miss nothing else of Alice's and nothing of Bob's.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledIf(
    value = "org.perc4j.it.harness.LabNetwork#isAvailable",
    disabledReason = "no network namespace to meet in")
class HostileBridgeTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Path FOLDER =
      Path.of(System.getProperty("perc4j.output", "target"), "attack");
  private static final int HEADER_BYTES = 12;
  private static final int EXTENSION_BYTES = 8;
  private static final int RENUMBERED_BLOCK_BYTES = 3;
  private static final int TAG_BYTES = 16;

  /** As many datagrams as any socket's buffer takes. */
  private static final int BURST = 32;

  /** Within the distance in which a number is ahead of any that a test's streams have. */
  private static final int AHEAD = 5000;

  private static final String AUTHENTICATION_FAILED =
      DoubleSrtpResult.INNER_AUTHENTICATION_FAILED.name();
  private static final String REPLAYED = DoubleSrtpResult.INNER_REPLAYED.name();
  private static final String TOO_OLD = DoubleSrtpResult.INNER_TOO_OLD.name();
  private static final String MALFORMED_OHB = DoubleSrtpResult.MALFORMED_OHB.name();

  private final HostileBridge bridge = new HostileBridge();
  private final Map<MediaKind, Integer> lostOnPurpose = new TreeMap<>();
  private final Map<String, Long> expectedInTest = new TreeMap<>();
  private Counters countedInTest;
  private Conference conference;
  private Endpoint alice;
  private Endpoint bob;
  private Endpoint carol;
  private Attendee guest;
  private Hop hop;

  /** Near those that Alice gives her own repair packets. */
  private int repairNumber = 31_000;

  @BeforeAll
  void meet() throws Exception {
    conference = new Conference(bridge, "attacked");
    // Alice's numbers are ahead of Bob's, so that a receiver takes hers for new in his streams
    alice = conference.join(talker("a11ce000", 1, 30_000));
    bob = conference.join(talker("b0b00000", 2, 20_000));
    carol = conference.join(new EndpointOptions("ca201000", FOLDER).seed(3).impatient());
    guest = conference.joinSilently(conference.messages("guest"));
    hop = bridge.hop(carol.id());
    conference.startSending();
    conference.awaitFlow(10, SOON);
  }

  private static EndpointOptions talker(String id, int number, int initialSequenceNumber)
      throws IOException {
    return new EndpointOptions(id, FOLDER)
        .seed(number)
        .speech(Clips.speech(number))
        .picture(Clips.picture(number))
        .initialSequenceNumber(initialSequenceNumber);
  }

  @AfterAll
  void part() throws Exception {
    conference.close();
  }

  @BeforeEach
  void mark() throws Exception {
    lostOnPurpose.clear();
    expectedInTest.clear();
    countedInTest = Counters.from(carol);
    conference.mark();
    conference.awaitMarked(SOON);
  }

  @AfterEach
  void assertNothingElseHappened() throws Exception {
    bridge.take((endpoint, between) -> true);
    for (Endpoint sender : List.of(alice, bob)) {
      for (MediaKind kind : MediaKind.values()) {
        int before = carol.receivedPackets(sender.id(), kind);
        Await.until(
            kind + " of " + sender.id() + " to go on",
            SOON,
            () -> carol.receivedPackets(sender.id(), kind) > before + 2);
        Delivery delivery = conference.delivery(sender, kind, carol);
        String what = kind + " of " + sender.id() + ": " + delivery + "\n" + carol;
        assertEquals(0, delivery.foreign(), what);
        assertEquals(
            sender == alice ? lostOnPurpose.getOrDefault(kind, 0) : 0, delivery.missing(), what);
        assertEquals(0, received(sender, kind).duplicates(), what);
      }
    }
    assertEquals(expectedInTest, countedInTest.moved());
    for (Endpoint endpoint : conference.endpoints()) {
      endpoint.requireNoFailure();
    }
  }

  private ReceivedStream received(Endpoint sender, MediaKind kind) {
    ReceivedStream stream = carol.received(sender.id(), kind);
    assertNotNull(stream);
    return stream;
  }

  private Source source(Endpoint sender, MediaKind kind) {
    return bridge.source(sender.id(), kind);
  }

  private int ssrc(Endpoint sender, MediaKind kind) {
    return source(sender, kind).ssrc();
  }

  private List<byte[]> withhold(MediaKind kind, int packets) throws Exception {
    return bridge.withhold(ssrc(alice, kind), carol.id(), packets);
  }

  private static byte[] withSsrc(byte[] between, int ssrc) {
    byte[] changed = between.clone();
    ByteBuffer unused = ByteBuffer.wrap(changed).putInt(8, ssrc);
    return changed;
  }

  private static byte[] flip(byte[] octets, int at, int mask) {
    byte[] changed = octets.clone();
    changed[at] ^= (byte) mask;
    return changed;
  }

  /** With other octets in place of the block that renumbering made. */
  private static byte[] withBlock(byte[] numbered, int... block) {
    int body = numbered.length - RENUMBERED_BLOCK_BYTES;
    byte[] changed = Arrays.copyOf(numbered, body + block.length);
    for (int i = 0; i < block.length; i++) {
      changed[body + i] = (byte) block[i];
    }
    return changed;
  }

  /** Says that the original number was another one. */
  private static byte[] claiming(byte[] numbered, int number) {
    return withBlock(numbered, number >> 8, number, 0x01);
  }

  /** What the block says of a packet that was renumbered. */
  private static int original(byte[] numbered) {
    return ByteBuffer.wrap(numbered).getShort(numbered.length - RENUMBERED_BLOCK_BYTES) & 0xFFFF;
  }

  /** Something that Carol is sent. */
  private interface Attack {
    void run() throws Exception;
  }

  /** Attacks, and checks what Carol counts. */
  private void counted(Map<String, Integer> expected, Attack attack) throws Exception {
    Counters counters = Counters.from(carol);
    attack.run();
    Map<String, Long> all = new TreeMap<>();
    expected.forEach((name, count) -> all.put(name, count.longValue()));
    boolean unused = Await.holdsWithin(SOON, () -> counters.moved().equals(all));
    assertEquals(all, counters.moved());
    all.forEach((name, count) -> expectedInTest.merge(name, count, Long::sum));
  }

  private void refused(String reason, byte[]... forged) throws Exception {
    refused(Map.of(reason, forged.length), List.of(forged));
  }

  /** Sends packets under the hop's key, in bursts that Carol keeps up with. */
  private void refused(Map<String, Integer> expected, List<byte[]> forged) throws Exception {
    counted(
        expected,
        () -> {
          Counters counters = Counters.from(carol);
          for (int i = 0; i < forged.size(); i++) {
            hop.send(forged.get(i));
            if (i % BURST == BURST - 1) {
              int sent = i + 1;
              Await.until("a burst to be counted", SOON, () -> counters.total() >= sent);
            }
          }
        });
  }

  /** Lets a packet that was withheld through, which then has to be taken as it was sent. */
  private void released(MediaKind kind, byte[] between) throws Exception {
    counted(Map.of(), () -> hop.forward(between));
    assertTaken(kind, between);
  }

  private void assertTaken(MediaKind kind, byte[] between) throws Exception {
    ByteBuffer header = ByteBuffer.wrap(between);
    int number = Wire.sequenceNumber(between);
    long timestamp = Integer.toUnsignedLong(header.getInt(4));
    boolean marker = between[1] < 0;
    Await.until(
        "packet " + number + " as it was sent",
        SOON,
        () ->
            received(alice, kind).arrivals().stream()
                .anyMatch(
                    arrival ->
                        arrival.sequenceNumber() == number
                            && arrival.timestamp() == timestamp
                            && arrival.marker() == marker));
  }

  /** A change to a packet that was renumbered. */
  @Immutable
  private interface Change {
    byte[] apply(byte[] numbered);
  }

  /** What a bridge may not change, in a packet that it has renumbered. */
  private enum Field {
    PADDING(numbered -> flip(numbered, 0, 0x20)),
    NO_EXTENSION(numbered -> flip(numbered, 0, 0x10)),
    CSRC_COUNT(numbered -> flip(numbered, 0, 0x01)),
    MARKER(numbered -> flip(numbered, 1, 0x80)),
    PAYLOAD_TYPE(numbered -> flip(numbered, 1, 0x01)),
    SEQUENCE_NUMBER(numbered -> withBlock(numbered, 0x00)),
    TIMESTAMP_HIGH(numbered -> flip(numbered, 4, 0x80)),
    TIMESTAMP_LOW(numbered -> flip(numbered, 7, 0x01)),
    PAYLOAD_FIRST(numbered -> flip(numbered, HEADER_BYTES + EXTENSION_BYTES, 0x01)),
    PAYLOAD_MIDDLE(numbered -> flip(numbered, (numbered.length + HEADER_BYTES) / 2, 0x10)),
    PAYLOAD_LAST(
        numbered -> flip(numbered, numbered.length - RENUMBERED_BLOCK_BYTES - TAG_BYTES - 1, 0x80)),
    TAG_FIRST(
        numbered -> flip(numbered, numbered.length - RENUMBERED_BLOCK_BYTES - TAG_BYTES, 0x01)),
    TAG_LAST(numbered -> flip(numbered, numbered.length - RENUMBERED_BLOCK_BYTES - 1, 0x80)),
    BLOCK_NUMBER(numbered -> claiming(numbered, original(numbered) + AHEAD)),
    PAYLOAD_SHORTER(
        numbered ->
            withBlock(
                Arrays.copyOf(numbered, numbered.length - 1),
                numbered[numbered.length - 3],
                numbered[numbered.length - 2],
                0x01));

    final Change change;

    Field(Change change) {
      this.change = change;
    }
  }

  @ParameterizedTest
  @EnumSource
  void aChangedFieldIsRefused(Field field) throws Exception {
    List<byte[]> withheld = withhold(MediaKind.AUDIO, 3);
    List<byte[]> forged = new ArrayList<>();
    for (byte[] between : withheld) {
      forged.add(field.change.apply(hop.numbered(between)));
    }
    refused(AUTHENTICATION_FAILED, forged.toArray(byte[][]::new));
    for (byte[] between : withheld) {
      released(MediaKind.AUDIO, between);
    }
  }

  @Test
  void anotherVersionIsNotRtp() throws Exception {
    byte[] between = withhold(MediaKind.AUDIO, 1).get(0);
    byte[] datagram = hop.underHopKey(hop.numbered(between));
    counted(
        Map.of(),
        () -> {
          for (int mask : new int[] {0x40, 0x80, 0xC0}) {
            hop.sendDatagram(flip(datagram, 0, mask));
          }
        });
    released(MediaKind.AUDIO, between);
  }

  @Test
  void anotherSsrcIsRefused() throws Exception {
    byte[] between = withhold(MediaKind.AUDIO, 1).get(0);
    refused(
        Counters.UNKNOWN_SSRC,
        hop.numbered(withSsrc(between, ssrc(alice, MediaKind.AUDIO) ^ 0x10)));
    released(MediaKind.AUDIO, between);
  }

  @Test
  void whatABridgeMayChangeIsUndone() throws Exception {
    List<byte[]> withheld = withhold(MediaKind.AUDIO, 8);
    List<byte[]> changed = new ArrayList<>();
    for (byte[] between : withheld) {
      changed.add(hop.numbered(between));
    }
    int marker = withheld.get(0)[1] < 0 ? 0x08 : 0;
    byte[] first = changed.get(0);
    int number = Wire.sequenceNumber(withheld.get(0));
    changed.set(0, flip(withBlock(first, number >> 8, number, marker | 0x05), 1, 0x80));
    number = Wire.sequenceNumber(withheld.get(1));
    changed.set(
        1, flip(withBlock(changed.get(1), PayloadTypes.OPUS, number >> 8, number, 0x03), 1, 0x13));
    // the audio level's value, its id, both, the profile, and the extension as a whole
    int extension = HEADER_BYTES;
    changed.set(2, flip(changed.get(2), extension + 5, 0x7F));
    changed.set(3, flip(changed.get(3), extension + 4, 0x30));
    changed.set(4, flip(flip(changed.get(4), extension + 4, 0x40), extension + 5, 0xFF));
    changed.set(5, flip(changed.get(5), extension, 0x40));
    byte[] whole = changed.get(6);
    byte[] without = new byte[whole.length - EXTENSION_BYTES];
    System.arraycopy(whole, 0, without, 0, extension);
    System.arraycopy(
        whole, extension + EXTENSION_BYTES, without, extension, without.length - extension);
    changed.set(6, flip(without, 0, 0x10));
    counted(Map.of(), () -> changed.forEach(hop::send));
    for (byte[] between : withheld) {
      assertTaken(MediaKind.AUDIO, between);
    }
    refused(Map.of(REPLAYED, withheld.size()), withheld.stream().map(hop::numbered).toList());
  }

  @Test
  void everyConfigOfTheBlockIsRefusedUnlessItIsTrue() throws Exception {
    byte[] between = withhold(MediaKind.AUDIO, 1).get(0);
    boolean marker = between[1] < 0;
    int number = Wire.sequenceNumber(between);
    List<byte[]> forged = new ArrayList<>();
    Map<String, Integer> expected = new TreeMap<>();
    for (int config = 0; config < 0x100; config++) {
      boolean malformed =
          (config & 0xF0) != 0
              || (config & 0x0C) == 0x08
              // the payload type would be the number's last octet
              || ((config & 0x03) == 0x02 && (number & 0x80) != 0);
      boolean isTrue = config == 0x01 || config == (marker ? 0x0D : 0x05);
      if (!isTrue) {
        byte[] changed = hop.numbered(between);
        changed[changed.length - 1] = (byte) config;
        if ((config & 0x03) == 0x03) {
          // and here the tag's
          malformed |= changed[changed.length - 4] < 0;
        }
        forged.add(changed);
        String reason = malformed ? MALFORMED_OHB : AUTHENTICATION_FAILED;
        int unused = expected.merge(config == 0x80 ? Counters.PADDING : reason, 1, Integer::sum);
      }
    }
    assertEquals(254, forged.size());
    refused(expected, forged);
    released(MediaKind.AUDIO, between);
  }

  @Test
  void replaysWithinTheWindowAreRefused() throws Exception {
    List<byte[]> taken = withhold(MediaKind.AUDIO, 5);
    for (byte[] between : taken) {
      released(MediaKind.AUDIO, between);
    }
    List<byte[]> again = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      for (byte[] between : taken) {
        again.add(hop.numbered(between));
      }
    }
    refused(Map.of(REPLAYED, again.size()), again);
    // and as they came, datagram by datagram
    byte[] another = withhold(MediaKind.AUDIO, 1).get(0);
    byte[] datagram = hop.underHopKey(hop.numbered(another));
    counted(
        Map.of(DoubleSrtpResult.OUTER_REPLAYED.name(), 20),
        () -> {
          for (int i = 0; i < 21; i++) {
            hop.sendDatagram(datagram);
          }
        });
    assertTaken(MediaKind.AUDIO, another);
  }

  @Test
  void whatIsReleasedBehindTheWindowIsRefused() throws Exception {
    List<byte[]> withheld = withhold(MediaKind.AUDIO, 2);
    released(MediaKind.AUDIO, withheld.get(0));
    alice.burnSequenceNumbers(4096);
    int before = carol.receivedPackets(alice.id(), MediaKind.AUDIO);
    Await.until(
        "Alice's next packets",
        SOON,
        () -> carol.receivedPackets(alice.id(), MediaKind.AUDIO) > before + 3);
    refused(TOO_OLD, hop.numbered(withheld.get(1)));
    refused(TOO_OLD, hop.numbered(withheld.get(0)));
    lostOnPurpose.put(MediaKind.AUDIO, 1);
  }

  @Test
  void whatIsReleasedLateIsTakenOnce() throws Exception {
    List<byte[]> withheld = withhold(MediaKind.AUDIO, 20);
    int before = carol.receivedPackets(alice.id(), MediaKind.AUDIO);
    Await.until(
        "Alice's next packets",
        SOON,
        () -> carol.receivedPackets(alice.id(), MediaKind.AUDIO) > before + 10);
    for (int i = withheld.size() - 1; i >= 0; i--) {
      released(MediaKind.AUDIO, withheld.get(i));
      refused(REPLAYED, hop.numbered(withheld.get(i)));
    }
  }

  @Test
  void packetsOfAnEarlierEpochAreTakenOnceAndNotAfterItsEnd() throws Exception {
    List<byte[]> withheld = withhold(MediaKind.AUDIO, 3);
    released(MediaKind.AUDIO, withheld.get(0));
    Attendee unused = conference.joinSilently(conference.messages("another"));
    int before = carol.receivedPackets(alice.id(), MediaKind.AUDIO);
    Await.until(
        "packets of the new epoch",
        SOON,
        () -> carol.receivedPackets(alice.id(), MediaKind.AUDIO) > before + 2);
    refused(REPLAYED, hop.numbered(withheld.get(0)));
    released(MediaKind.AUDIO, withheld.get(1));
    refused(REPLAYED, hop.numbered(withheld.get(1)));
    // until the keys are erased, what was taken is a replay; from then on it is nobody's
    Map<String, Long> last = Map.of();
    while (!last.equals(Map.of(AUTHENTICATION_FAILED, 1L))) {
      Counters counters = Counters.from(carol);
      hop.forward(withheld.get(0));
      Await.until("a refusal", SOON, () -> counters.total() > 0);
      last = counters.moved();
      last.forEach((name, count) -> expectedInTest.merge(name, count, Long::sum));
    }
    assertEquals(Set.of(AUTHENTICATION_FAILED, REPLAYED), expectedInTest.keySet());
    refused(
        AUTHENTICATION_FAILED,
        hop.numbered(withheld.get(0)),
        hop.numbered(withheld.get(1)),
        hop.numbered(withheld.get(2)));
    lostOnPurpose.put(MediaKind.AUDIO, 1);
  }

  @Test
  void packetsDoNotMoveBetweenStreamsAndMembers() throws Exception {
    byte[] audio = withhold(MediaKind.AUDIO, 1).get(0);
    byte[] video = withhold(MediaKind.VIDEO, 1).get(0);
    int ahead = Wire.sequenceNumber(audio) + AHEAD;
    int inVideo = ssrc(alice, MediaKind.VIDEO);
    int inAudio = ssrc(alice, MediaKind.AUDIO);
    int aheadInVideo = Wire.sequenceNumber(video) + AHEAD;
    refused(
        AUTHENTICATION_FAILED,
        claiming(hop.numbered(withSsrc(audio, inVideo)), aheadInVideo),
        claiming(hop.numbered(withSsrc(video, inAudio)), ahead),
        hop.numbered(withSsrc(audio, ssrc(bob, MediaKind.AUDIO))),
        hop.numbered(withSsrc(video, ssrc(bob, MediaKind.VIDEO))),
        hop.numbered(withSsrc(audio, ssrc(bob, MediaKind.VIDEO))));
    // a header of one before the payload of the other, under both numbers
    byte[] header = hop.numbered(audio);
    byte[] spliced = hop.numbered(withSsrc(video, inAudio));
    System.arraycopy(header, 4, spliced, 4, 8);
    refused(AUTHENTICATION_FAILED, claiming(spliced, Wire.sequenceNumber(audio)));
    byte[] other = hop.numbered(withSsrc(audio, inVideo));
    System.arraycopy(video, 4, other, 4, 8);
    refused(AUTHENTICATION_FAILED, claiming(other, Wire.sequenceNumber(video)));
    released(MediaKind.AUDIO, audio);
    released(MediaKind.VIDEO, video);
  }

  @Test
  void whosePacketItIsSignallingDoesNotDecide() throws Exception {
    byte[] between = withhold(MediaKind.AUDIO, 1).get(0);
    SessionEndToEnd member = new SessionEndToEnd(guest.session());
    MediaPacket packet = new MediaPacket().wrap(between.clone(), 0, between.length);
    assertEquals(DoubleSrtpResult.INNER_AUTHENTICATION_FAILED, member.unprotect(packet, bob.id()));
    released(MediaKind.AUDIO, between);
  }

  @Test
  void packetsThatAreReflectedAreRefused() throws Exception {
    byte[] between = withhold(MediaKind.AUDIO, 1).get(0);
    Counters counters = Counters.from(alice);
    Hop back = bridge.hop(alice.id());
    back.forward(between);
    // and as if they were Bob's
    back.forward(withSsrc(between, ssrc(bob, MediaKind.AUDIO)));
    Await.until("refusals", SOON, () -> counters.total() == 2);
    assertEquals(Map.of(Counters.UNKNOWN_SSRC, 1L, AUTHENTICATION_FAILED, 1L), counters.moved());
    released(MediaKind.AUDIO, between);
  }

  private byte[] made(byte[] like, SrtpMasterKey key) {
    InnerSender sender =
        new InnerSender(DoubleSrtpProfile.DOUBLE_AEAD_AES_128_GCM_AEAD_AES_128_GCM, key);
    byte[] octets = Arrays.copyOf(like, like.length + 64);
    Arrays.fill(octets, HEADER_BYTES + EXTENSION_BYTES, octets.length, (byte) 0x55);
    ByteBuffer unused =
        ByteBuffer.wrap(octets).putShort(2, (short) (Wire.sequenceNumber(like) + AHEAD));
    MediaPacket packet = new MediaPacket().wrap(octets, 0, like.length);
    assertEquals(DoubleSrtpResult.OK, sender.protect(packet));
    return Arrays.copyOf(octets, packet.length());
  }

  @Test
  void mediaOfTheBridgesOwnAreRefused() throws Exception {
    byte[] like =
        bridge.recorded().stream()
            .filter(packet -> Wire.ssrc(packet) == ssrc(alice, MediaKind.AUDIO))
            .findFirst()
            .orElseThrow();
    List<byte[]> forged = new ArrayList<>();
    List<BridgeKnowledge.Key> keys = bridge.knowledge().keys();
    assertEquals(3 * 4, keys.size());
    assertEquals(3 * 2, keys.stream().filter(BridgeKnowledge.Key::isInner).count());
    for (BridgeKnowledge.Key key : keys) {
      forged.add(hop.numbered(made(like, SrtpMasterKey.copyOf(key.masterKey(), key.masterSalt()))));
    }
    forged.add(hop.numbered(made(like, SrtpMasterKey.copyOf(new byte[16], new byte[12]))));
    refused(Map.of(AUTHENTICATION_FAILED, forged.size()), forged);
    // nor do these keys open anything
    assertEquals(0, bridge.knowledge().decryptable(bridge.recorded()));
    assertTrue(bridge.recorded().size() > 10);
  }

  @Test
  void packetsWithoutInnerLayerAreRefused() throws Exception {
    List<byte[]> withheld = withhold(MediaKind.AUDIO, 2);
    List<byte[]> plain = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      // a payload in the clear, which the bridge was never told: silence, that ends like a block
      byte[] packet = withheld.get(i % 2).clone();
      Arrays.fill(packet, HEADER_BYTES + EXTENSION_BYTES, packet.length, (byte) 0);
      plain.add(hop.numbered(packet));
    }
    refused(Map.of(AUTHENTICATION_FAILED, plain.size()), plain);
    // and one that does not
    byte[] speech = hop.numbered(withheld.get(0));
    speech[speech.length - 1] = (byte) 0xFC;
    refused(MALFORMED_OHB, speech);
    // without any layer
    byte[] naked = hop.numbered(withheld.get(0));
    counted(
        Map.of(DoubleSrtpResult.OUTER_AUTHENTICATION_FAILED.name(), 1),
        () -> hop.sendDatagram(naked));
    for (byte[] between : withheld) {
      released(MediaKind.AUDIO, between);
    }
  }

  /** RFC 4588: what the bridge says to be the payload of a packet that was lost. */
  private byte[] repair(byte[] between, int payloadType, int originalNumber) {
    int header = HEADER_BYTES + ((between[0] & 0x10) == 0 ? 0 : EXTENSION_BYTES);
    return ByteBuffer.allocate(between.length + 2)
        .put(between, 0, header)
        .putShort((short) originalNumber)
        .put(between, header, between.length - header)
        .put(1, (byte) ((between[1] & 0x80) | payloadType))
        .putShort(2, (short) repairNumber++)
        .putInt(8, source(alice, MediaKind.VIDEO).rtxSsrc())
        .array();
  }

  @Test
  void repairPacketsAroundAnythingElseAreRefused() throws Exception {
    byte[] video = withhold(MediaKind.VIDEO, 1).get(0);
    int number = Wire.sequenceNumber(video);
    byte[] audio = withhold(MediaKind.AUDIO, 1).get(0);
    byte[] ofBob = bridge.withhold(ssrc(bob, MediaKind.VIDEO), carol.id(), 1).get(0);
    byte[] noise = video.clone();
    byte[] octets = new byte[video.length - 20 - 1];
    new Random(5).nextBytes(octets);
    System.arraycopy(octets, 0, noise, 20, octets.length);
    refused(
        AUTHENTICATION_FAILED,
        repair(noise, PayloadTypes.RTX, number),
        repair(audio, PayloadTypes.RTX, number),
        repair(ofBob, PayloadTypes.RTX, number),
        repair(ofBob, PayloadTypes.RTX, number + AHEAD),
        repair(flip(video, video.length - 2, 1), PayloadTypes.RTX, number),
        repair(video, PayloadTypes.RTX, number + AHEAD));
    refused(MALFORMED_OHB, repair(flip(video, video.length - 1, 0x40), PayloadTypes.RTX, number));
    refused(
        Counters.PADDING, repair(flip(video, video.length - 1, 0x80), PayloadTypes.RTX, number));
    refused(
        Counters.EMPTY_REPAIR,
        repair(video, PayloadTypes.OPUS, number),
        repair(Arrays.copyOf(video, 20), PayloadTypes.RTX, number),
        repair(flip(video, 0, 0x20), PayloadTypes.RTX, number));
    counted(Map.of(), () -> hop.send(repair(video, PayloadTypes.RTX, number)));
    assertTaken(MediaKind.VIDEO, video);
    refused(REPLAYED, repair(video, PayloadTypes.RTX, number), hop.numbered(video));
    released(MediaKind.AUDIO, audio);
    counted(Map.of(), () -> hop.forward(ofBob));
  }

  @Test
  void garbageIsCountedAndHarmsNobody() throws Exception {
    Random random = new Random(6);
    byte[] like = withhold(MediaKind.AUDIO, 1).get(0);
    List<byte[]> forged = new ArrayList<>();
    Map<String, Integer> expected = new TreeMap<>();
    for (int i = 0; i < 1000; i++) {
      byte[] noise = new byte[TAG_BYTES + 8 + random.nextInt(200)];
      random.nextBytes(noise);
      // on an empty block, with a number ahead
      byte[] packet =
          ByteBuffer.allocate(HEADER_BYTES + EXTENSION_BYTES + noise.length + 1)
              .put(like, 0, HEADER_BYTES + EXTENSION_BYTES)
              .put(noise)
              .array();
      byte[] numbered = claiming(hop.numbered(packet), Wire.sequenceNumber(like) + AHEAD);
      if (i % 4 == 0) {
        numbered[numbered.length - 1] = (byte) (0x10 << random.nextInt(3));
      }
      forged.add(numbered);
      int count = expected.getOrDefault(i % 4 == 0 ? MALFORMED_OHB : AUTHENTICATION_FAILED, 0);
      expected.put(i % 4 == 0 ? MALFORMED_OHB : AUTHENTICATION_FAILED, count + 1);
    }
    refused(expected, forged);
    released(MediaKind.AUDIO, like);
  }

  @Test
  void paddingIsCountedAndHarmsNobody() throws Exception {
    Random random = new Random(8);
    byte[] like = withhold(MediaKind.VIDEO, 1).get(0);
    long asked = carol.negativeAcknowledgements();
    List<byte[]> padding = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      byte[] octets = new byte[random.nextInt(1000)];
      if (i % 2 == 0) {
        random.nextBytes(octets);
      }
      // of the repair stream, and of a stream of the bridge that nobody announced
      padding.add(
          ByteBuffer.allocate(HEADER_BYTES + octets.length + 1)
              .put((byte) (i % 3 == 0 ? 0xA0 : 0x80))
              .put((byte) random.nextInt(128))
              .putShort((short) (i % 2 == 0 ? repairNumber++ : i))
              .putInt(random.nextInt())
              .putInt(i % 2 == 0 ? source(alice, MediaKind.VIDEO).rtxSsrc() : 0xB21D6E)
              .put(octets)
              .put((byte) 0x80)
              .array());
    }
    refused(Map.of(Counters.PADDING, padding.size()), padding);
    // and of the stream itself, which leaves holes in its numbers
    for (int i = 0; i < 20; i++) {
      counted(Map.of(Counters.PADDING, 1), () -> hop.pad(like));
    }
    released(MediaKind.VIDEO, like);
    assertEquals(asked, carol.negativeAcknowledgements(), carol.toString());
  }

  @Test
  void garbageUnderUnknownSsrcsIsCountedAndHarmsNobody() throws Exception {
    Random random = new Random(7);
    byte[] like = withhold(MediaKind.AUDIO, 1).get(0);
    List<byte[]> forged = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      forged.add(hop.numbered(withSsrc(like, random.nextInt())));
    }
    refused(Map.of(Counters.UNKNOWN_SSRC, forged.size()), forged);
    released(MediaKind.AUDIO, like);
  }

  @Test
  void garbageUnderNoKeyIsCountedAndHarmsNobody() throws Exception {
    Random random = new Random(8);
    counted(
        Map.of(
            DoubleSrtpResult.OUTER_AUTHENTICATION_FAILED.name(),
            BURST,
            Counters.REFUSED_REPORT,
            30),
        () -> {
          for (int i = 0; i < BURST; i++) {
            byte[] noise = new byte[60];
            random.nextBytes(noise);
            noise[0] = (byte) 0x80;
            noise[1] = PayloadTypes.OPUS;
            hop.sendDatagram(noise);
          }
          for (int i = 0; i < 30; i++) {
            byte[] noise = new byte[12 + i];
            random.nextBytes(noise);
            noise[0] = (byte) 0x80;
            noise[1] = (byte) (200 + i % 7);
            hop.sendDatagram(noise);
          }
        });
    counted(
        Map.of(DoubleSrtpResult.MALFORMED.name(), 11),
        () -> {
          for (int length = 1; length < HEADER_BYTES; length++) {
            byte[] piece = new byte[length];
            piece[0] = (byte) 0x80;
            hop.sendDatagram(piece);
          }
        });
  }

  /** RTCP is the bridge's to write: whatever it says, no media come of it but repairs. */
  @Test
  void reportsOfTheBridgesOwnChangeNothing() throws Exception {
    Random random = new Random(9);
    counted(
        Map.of(),
        () -> {
          for (int i = 0; i < BURST; i++) {
            byte[] noise = new byte[8 + 4 * random.nextInt(50)];
            random.nextBytes(noise);
            noise[0] = (byte) 0x81;
            noise[1] = (byte) (200 + i % 7);
            hop.sendControl(noise);
          }
        });
    // Alice repairs what she sent, as she sent it
    byte[] sent = withhold(MediaKind.VIDEO, 1).get(0);
    long repairs = alice.repairsSent();
    byte[] report = Rtcp.receiverReport(1, List.of());
    byte[] nack = Rtcp.nack(1, ssrc(alice, MediaKind.VIDEO), List.of(Wire.sequenceNumber(sent)));
    bridge
        .hop(alice.id())
        .sendControl(
            ByteBuffer.allocate(report.length + nack.length).put(report).put(nack).array());
    Await.until("a repair", SOON, () -> alice.repairsSent() == repairs + 1);
    counted(Map.of(), () -> {});
    assertEquals(0, bridge.knowledge().decryptable(bridge.recorded()));
    assertTaken(MediaKind.VIDEO, sent);
  }
}
