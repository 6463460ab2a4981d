/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.srtp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jitsi.srtp.SrtpCryptoContext;
import org.jitsi.srtp.SrtpErrorStatus;
import org.jitsi.srtp.SrtpPolicy;
import org.jitsi.utils.logging2.Logger;
import org.jitsi.utils.logging2.LoggerImpl;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.perc4j.header.ohb.OhbCodec;
import org.perc4j.header.rtp.RtpPacketView;
import org.perc4j.header.srtp.DoubleSrtpProfile;
import org.perc4j.jvb.metrics.BridgeCounter;
import org.perc4j.jvb.metrics.BridgeCounters;
import org.perc4j.jvb.packet.OriginalHeaders;

class OuterContextTest {
  private static final DoubleSrtpProfile PROFILE =
      DoubleSrtpProfile.DOUBLE_AEAD_AES_128_GCM_AEAD_AES_128_GCM;
  private static final Logger logger = new LoggerImpl(OuterContextTest.class.getName());
  private static final HexFormat HEX = HexFormat.of();
  private static final int SSRC = 0x01020304;

  private final BridgeCounters counters = new BridgeCounters();

  /** Known answers made independently of this project; see the file's own "source". */
  @TestFactory
  List<DynamicTest> relaysTheKnownAnswers() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    try (InputStream in = OuterContextTest.class.getResourceAsStream("/vectors/double-srtp.json")) {
      for (JsonNode vector : new ObjectMapper().readTree(in).get("vectors")) {
        tests.add(DynamicTest.dynamicTest(vector.get("name").asText(), () -> relays(vector)));
      }
    }
    assertFalse(tests.isEmpty());
    return tests;
  }

  private void relays(JsonNode vector) throws Exception {
    DoubleSrtpProfile profile = DoubleSrtpProfile.valueOf(vector.get("profile").asText());
    byte[] doubleKey = HEX.parseHex(vector.get("master_key").asText());
    byte[] doubleSalt = HEX.parseHex(vector.get("master_salt").asText());
    JsonNode relay = vector.get("relay");
    byte[] relayKey = HEX.parseHex(relay.get("outer_master_key").asText());
    byte[] relaySalt = HEX.parseHex(relay.get("outer_master_salt").asText());
    // The sender is a DTLS client of the bridge, and so is the receiver.
    OuterContextFactory.Pair from =
        factories(profile, doubleKey, new byte[doubleKey.length], doubleSalt, new byte[24], false);
    OuterContextFactory.Pair to =
        factories(
            profile,
            new byte[doubleKey.length],
            withInner(relayKey),
            new byte[24],
            withInner(relaySalt),
            false);
    TestPacket packet = TestPacket.ofHex(vector.get("double_protected").asText());
    RtpPacketView view = new RtpPacketView();
    view.wrap(packet.getBuffer(), packet.getOffset(), packet.getLength());
    int ssrc = view.ssrc();

    SrtpErrorStatus received =
        context(from.receiving(), ssrc, vector.get("roc").get("outer").asInt())
            .reverseTransformPacket(packet, false);
    assertEquals(SrtpErrorStatus.OK, received);

    JsonNode change = relay.get("change");
    view.wrap(packet.getBuffer(), packet.getOffset(), packet.getLength());
    if (change.has("payload_type")) {
      view.setPayloadType(change.get("payload_type").asInt());
    }
    if (change.has("sequence_number")) {
      view.setSequenceNumber(change.get("sequence_number").asInt());
    }
    if (change.has("marker")) {
      view.setMarker(change.get("marker").asInt() != 0);
    }
    SrtpErrorStatus sent =
        context(to.sending(), ssrc, relay.get("outer_roc").asInt()).transformPacket(packet);

    assertEquals(SrtpErrorStatus.OK, sent);
    assertEquals(relay.get("relayed").asText(), packet.hex());
  }

  @Test
  void refusesPacketsWithoutInnerLayer() throws Exception {
    TestPacket plain = new TestPacket(rtp(1, 40), 10, 20);

    assertEquals(SrtpErrorStatus.FAIL, bridgeSender().transformPacket(plain));
    assertEquals(1, counters.get(BridgeCounter.DROPPED_NOT_DOUBLE));
  }

  @Test
  void carriesPlainPacketsBetweenBridgesAsWhatTheyAre() throws Exception {
    SrtpCryptoContext sender = context(linkedBridge(true).sending(), SSRC, 0);
    SrtpCryptoContext receiver = context(linkedBridge(false).receiving(), SSRC, 0);
    for (int payloadLength : new int[] {0, 1, 15, 16, 17, 40, 1200}) {
      byte[] sent = rtp(payloadLength, payloadLength);
      TestPacket packet = new TestPacket(sent, 10, 0);

      assertEquals(SrtpErrorStatus.OK, sender.transformPacket(packet));
      assertEquals(SrtpErrorStatus.OK, receiver.reverseTransformPacket(packet, false));
      assertArrayEquals(sent, packet.octets());
      assertEquals(OriginalHeaders.NONE, packet.perc4jOriginalHeader());
    }
    assertEquals(0, counters.get(BridgeCounter.DOUBLE_PACKETS_SENT));
    assertEquals(0, counters.get(BridgeCounter.DOUBLE_PACKETS_RECEIVED));
  }

  @Test
  void carriesDoublePacketsBetweenBridgesWithWhatEarlierOnesNoted() throws Exception {
    SrtpCryptoContext sender = context(linkedBridge(true).sending(), SSRC, 0);
    SrtpCryptoContext receiver = context(linkedBridge(false).receiving(), SSRC, 0);
    // the sender's 700 is 7 since the first bridge
    TestPacket packet = new TestPacket(rtp(7, 40), 10, 20);
    packet.perc4jOriginalHeader(
        OriginalHeaders.received(OhbCodec.withSequenceNumber(OhbCodec.EMPTY, 700), false, 96, 7));

    assertEquals(SrtpErrorStatus.OK, sender.transformPacket(packet));
    assertEquals(SrtpErrorStatus.OK, receiver.reverseTransformPacket(packet, false));
    assertArrayEquals(rtp(7, 40), packet.octets());
    assertEquals(
        OhbCodec.withSequenceNumber(OhbCodec.EMPTY, 700),
        OriginalHeaders.ohb(packet.perc4jOriginalHeader(), false, 96, 9));
  }

  @Test
  void takesNoPlainPacketsFromEndpointsWhateverTheySay() throws Exception {
    assertEquals(SrtpErrorStatus.INVALID_PACKET, receive(payload(60, 0x80)));
    assertEquals(1, counters.get(BridgeCounter.DROPPED_MALFORMED));
  }

  @Test
  void refusesEmptyPacketsBetweenBridges() throws Exception {
    SrtpCryptoContext receiver = context(linkedBridge(false).receiving(), SSRC, 0);

    assertEquals(
        SrtpErrorStatus.INVALID_PACKET,
        receiver.reverseTransformPacket(protectedByEndpoint(new byte[0]), false));
  }

  @Test
  void refusesToEncryptTwiceUnderOneIndex() throws Exception {
    SrtpCryptoContext sender = bridgeSender();

    assertEquals(SrtpErrorStatus.OK, sender.transformPacket(doublePacket(7)));
    assertEquals(SrtpErrorStatus.REPLAY_FAIL, sender.transformPacket(doublePacket(7)));
    assertEquals(1, counters.get(BridgeCounter.DROPPED_OUTER_INDEX_REUSE));
  }

  @Test
  void refusesReservedBitsInTheOhb() throws Exception {
    assertEquals(SrtpErrorStatus.INVALID_PACKET, receive(payload(17, 0x10)));
    assertEquals(1, counters.get(BridgeCounter.DROPPED_MALFORMED));
  }

  @Test
  void refusesMarkerValueWithoutMarker() throws Exception {
    assertEquals(SrtpErrorStatus.INVALID_PACKET, receive(payload(17, 0x08)));
    assertEquals(1, counters.get(BridgeCounter.DROPPED_MALFORMED));
  }

  @Test
  void refusesPayloadWithoutRoomForAnInnerTag() throws Exception {
    assertEquals(SrtpErrorStatus.INVALID_PACKET, receive(payload(16, 0x00)));
    assertEquals(SrtpErrorStatus.INVALID_PACKET, receive(payload(19, 0x03)));
    assertEquals(2, counters.get(BridgeCounter.DROPPED_MALFORMED));
  }

  @Test
  void refusesForgedPackets() throws Exception {
    TestPacket packet = protectedByEndpoint(payload(60, 0));
    packet.getBuffer()[packet.getOffset() + 30] ^= 1;

    assertEquals(SrtpErrorStatus.AUTH_FAIL, bridgeReceiver().reverseTransformPacket(packet, false));
    assertFalse(OriginalHeaders.present(packet.perc4jOriginalHeader()));
  }

  @Test
  void refusesReplayedPackets() throws Exception {
    SrtpCryptoContext receiver = bridgeReceiver();
    byte[] octets = protectedByEndpoint(payload(60, 0)).octets();

    assertEquals(
        SrtpErrorStatus.OK, receiver.reverseTransformPacket(new TestPacket(octets, 10, 20), false));
    assertEquals(
        SrtpErrorStatus.REPLAY_FAIL,
        receiver.reverseTransformPacket(new TestPacket(octets, 10, 20), false));
  }

  @Test
  void marksPacketsToBeDiscardedAsNotDouble() throws Exception {
    TestPacket packet = protectedByEndpoint(payload(60, 0));

    assertEquals(SrtpErrorStatus.OK, bridgeReceiver().reverseTransformPacket(packet, true));
    assertFalse(OriginalHeaders.present(packet.perc4jOriginalHeader()));
  }

  @Test
  void sendsItsOwnPaddingEmptiedAndMarkedAsSuch() throws Exception {
    byte[] padding = rtp(7, 50);
    padding[0] |= 0x20;
    Arrays.fill(padding, 12, padding.length, (byte) 0xaa);
    padding[padding.length - 1] = 50;
    TestPacket packet = new TestPacket(padding, 10, 20);
    packet.perc4jOriginalHeader(OriginalHeaders.PADDING);

    assertEquals(SrtpErrorStatus.OK, bridgeSender().transformPacket(packet));
    byte[] received = openedByEndpoint(packet);

    byte[] expected = rtp(7, 51);
    Arrays.fill(expected, 12, expected.length, (byte) 0);
    expected[expected.length - 1] = (byte) 0x80;
    assertArrayEquals(expected, received);
    assertEquals(1, counters.get(BridgeCounter.PADDING_SENT));
    assertEquals(0, counters.get(BridgeCounter.DOUBLE_PACKETS_SENT));
  }

  @Test
  void sendsNoPaddingUnderAnIndexThatWasUsed() throws Exception {
    SrtpCryptoContext sender = bridgeSender();
    assertEquals(SrtpErrorStatus.OK, sender.transformPacket(doublePacket(7)));
    TestPacket packet = new TestPacket(rtp(7, 50), 10, 20);
    packet.perc4jOriginalHeader(OriginalHeaders.PADDING);

    assertEquals(SrtpErrorStatus.REPLAY_FAIL, sender.transformPacket(packet));
    assertEquals(0, counters.get(BridgeCounter.PADDING_SENT));
  }

  @Test
  void refusesWhatAnEndpointSendsAsPadding() throws Exception {
    assertEquals(SrtpErrorStatus.INVALID_PACKET, receive(payload(60, 0x80)));
    assertEquals(1, counters.get(BridgeCounter.DROPPED_MALFORMED));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 4, 10})
  void growsABufferThatIsTooSmall(int offset) throws Exception {
    for (int room = 0; room <= 40; room++) {
      for (boolean cryptex : new boolean[] {false, true}) {
        // CSRCs without an extension are moved to make room for an empty one
        TestPacket packet = new TestPacket(rtpWithSource(5, 40), offset, room);
        packet.perc4jOriginalHeader(OriginalHeaders.received(0, true, 99, 4));

        SrtpCryptoContext sender = context(endpoint(cryptex).sending(), SSRC, 0);
        assertEquals(SrtpErrorStatus.OK, sender.transformPacket(packet));
        assertEquals(16 + (cryptex ? 4 : 0) + 40 + 4 + 16, packet.getLength());
        assertTrue(packet.getOffset() + packet.getLength() <= packet.getBuffer().length);
        assertEquals(SrtpErrorStatus.OK, bridgeReceiver().reverseTransformPacket(packet, false));
      }
    }
  }

  private static byte[] rtpWithSource(int sequenceNumber, int payloadLength) {
    byte[] packet = rtp(sequenceNumber, payloadLength + 4);
    packet[0] |= 1;
    return packet;
  }

  @Test
  void answersWithCryptexOnceThePeerHasUsedIt() throws Exception {
    OuterContextFactory.Pair bridge = bridge();
    OuterContextFactory.Pair endpoint = endpoint(true);
    byte[] payload = payload(60, 0);
    TestPacket first = new TestPacket(withExtension(payload), 10, 20);
    first.perc4jOriginalHeader(OriginalHeaders.received(0, false, 96, 1));

    assertEquals(0xBEDE, extensionProfile(sent(bridge, 1, payload)));
    assertEquals(SrtpErrorStatus.OK, context(endpoint.sending(), SSRC, 0).transformPacket(first));
    assertEquals(0xC0DE, extensionProfile(first));
    assertEquals(
        SrtpErrorStatus.OK,
        context(bridge.receiving(), SSRC, 0).reverseTransformPacket(first, false));
    assertEquals(0xC0DE, extensionProfile(sent(bridge, 2, payload)));
  }

  private static TestPacket sent(OuterContextFactory.Pair from, int ssrcOffset, byte[] payload)
      throws GeneralSecurityException {
    TestPacket packet = new TestPacket(withExtension(payload), 10, 20);
    packet.perc4jOriginalHeader(OriginalHeaders.received(0, false, 96, 1));
    SrtpErrorStatus status = context(from.sending(), SSRC + ssrcOffset, 0).transformPacket(packet);
    assertEquals(SrtpErrorStatus.OK, status);
    return packet;
  }

  @Test
  void dropsAndCountsThePacketWhenSomethingThrows() throws Exception {
    TestPacket packet =
        new TestPacket(rtp(5, 40), 0, 0) {
          @Override
          public void grow(int delta) {
            throw new IllegalStateException("no memory, say");
          }
        };
    packet.perc4jOriginalHeader(OriginalHeaders.received(0, true, 99, 4));
    SrtpCryptoContext sender = bridgeSender();

    assertEquals(SrtpErrorStatus.FAIL, sender.transformPacket(packet));
    assertEquals(1, counters.get(BridgeCounter.DROPPED_HOOK_FAILURE));
    assertEquals(SrtpErrorStatus.OK, sender.transformPacket(doublePacket(6)));
  }

  @Test
  void refusesPacketsWhoseHeaderIsMalformed() throws Exception {
    TestPacket packet = new TestPacket(HEX.parseHex("9f60000100000000"), 10, 20);

    assertEquals(
        SrtpErrorStatus.INVALID_PACKET, bridgeReceiver().reverseTransformPacket(packet, false));
    assertEquals(1, counters.get(BridgeCounter.DROPPED_MALFORMED));
  }

  @Test
  void givesOutNoContextAfterClose() throws Exception {
    OuterContextFactory.Pair bridge = bridge();
    bridge.sending().close();

    assertNull(bridge.sending().deriveContext(SSRC, 0));
    assertNull(bridge.sending().deriveControlContext(SSRC));
  }

  @Test
  void erasesTheKeyingMaterial() {
    byte[] material = new byte[PROFILE.exporterLengthBytes()];
    Arrays.fill(material, (byte) 7);

    OuterContextFactory.Pair unused =
        OuterContextFactory.fromExporter(PROFILE, material, true, false, false, counters, logger);

    assertArrayEquals(new byte[PROFILE.exporterLengthBytes()], material);
  }

  @Test
  void refusesKeyingMaterialOfAnotherLength() {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            OuterContextFactory.fromExporter(
                PROFILE, new byte[111], true, false, false, counters, logger));
  }

  @Test
  void countsWhatItForwards() throws Exception {
    assertEquals(SrtpErrorStatus.OK, receive(payload(60, 0)));
    assertEquals(SrtpErrorStatus.OK, bridgeSender().transformPacket(doublePacket(7)));

    assertEquals(1, counters.get(BridgeCounter.DOUBLE_PACKETS_RECEIVED));
    assertEquals(1, counters.get(BridgeCounter.DOUBLE_PACKETS_SENT));
  }

  @Test
  void takesTheOhbOffAndNothingElse() throws Exception {
    byte[] payload = payload(60, 0);
    TestPacket packet = protectedByEndpoint(payload);

    assertEquals(SrtpErrorStatus.OK, bridgeReceiver().reverseTransformPacket(packet, false));
    byte[] octets = packet.octets();
    assertArrayEquals(
        Arrays.copyOf(payload, payload.length - 1), Arrays.copyOfRange(octets, 12, octets.length));
    assertTrue(OriginalHeaders.present(packet.perc4jOriginalHeader()));
  }

  /** What an endpoint's outer layer would make of an RTP packet with this payload, OHB included. */
  private static TestPacket protectedByEndpoint(byte[] payloadAndOhb)
      throws GeneralSecurityException {
    // A plain jitsi-srtp context under the endpoint's outer key, so that the block may be anything.
    byte[] rtp =
        ByteBuffer.allocate(12 + payloadAndOhb.length)
            .put((byte) 0x80)
            .put((byte) 96)
            .putShort((short) 1)
            .putInt(1000)
            .putInt(SSRC)
            .put(payloadAndOhb)
            .array();
    TestPacket packet = new TestPacket(rtp, 10, 20);
    SrtpErrorStatus status = plainContext(true, CLIENT_KEY, CLIENT_SALT).transformPacket(packet);
    assertEquals(SrtpErrorStatus.OK, status);
    return packet;
  }

  /** What an endpoint's outer layer leaves of a packet, block and all. */
  private static byte[] openedByEndpoint(TestPacket packet) throws GeneralSecurityException {
    SrtpErrorStatus status =
        plainContext(false, SERVER_KEY, SERVER_SALT).reverseTransformPacket(packet, false);
    assertEquals(SrtpErrorStatus.OK, status);
    return packet.octets();
  }

  private static SrtpCryptoContext plainContext(boolean sender, byte[] key, byte[] salt)
      throws GeneralSecurityException {
    return new SrtpCryptoContext(
        sender,
        SSRC,
        0,
        Arrays.copyOfRange(key, 16, 32),
        Arrays.copyOfRange(salt, 12, 24),
        new SrtpPolicy(SrtpPolicy.AESGCM_ENCRYPTION, 16, SrtpPolicy.NULL_AUTHENTICATION, 0, 16, 12),
        logger);
  }

  private SrtpErrorStatus receive(byte[] payloadAndOhb) throws GeneralSecurityException {
    return bridgeReceiver().reverseTransformPacket(protectedByEndpoint(payloadAndOhb), false);
  }

  private static final byte[] CLIENT_KEY = random(32, 1);
  private static final byte[] SERVER_KEY = random(32, 2);
  private static final byte[] CLIENT_SALT = random(24, 3);
  private static final byte[] SERVER_SALT = random(24, 4);

  private static SrtpCryptoContext context(OuterContextFactory factory, int ssrc, int roc)
      throws GeneralSecurityException {
    return Objects.requireNonNull(factory.deriveContext(ssrc, roc));
  }

  private OuterContextFactory.Pair bridge() {
    return factories(PROFILE, CLIENT_KEY, SERVER_KEY, CLIENT_SALT, SERVER_SALT, false);
  }

  private OuterContextFactory.Pair endpoint(boolean cryptex) {
    return OuterContextFactory.fromExporter(
        PROFILE,
        material(CLIENT_KEY, SERVER_KEY, CLIENT_SALT, SERVER_SALT),
        true,
        false,
        cryptex,
        counters,
        logger);
  }

  private SrtpCryptoContext bridgeReceiver() throws GeneralSecurityException {
    return context(bridge().receiving(), SSRC, 0);
  }

  private SrtpCryptoContext bridgeSender() throws GeneralSecurityException {
    return context(bridge().sending(), SSRC, 0);
  }

  private OuterContextFactory.Pair factories(
      DoubleSrtpProfile profile,
      byte[] clientKey,
      byte[] serverKey,
      byte[] clientSalt,
      byte[] serverSalt,
      boolean dtlsClient) {
    return OuterContextFactory.fromExporter(
        profile,
        material(clientKey, serverKey, clientSalt, serverSalt),
        dtlsClient,
        false,
        false,
        counters,
        logger);
  }

  /** One end of a link between bridges. */
  private OuterContextFactory.Pair linkedBridge(boolean dtlsClient) {
    return OuterContextFactory.fromExporter(
        PROFILE,
        material(CLIENT_KEY, SERVER_KEY, CLIENT_SALT, SERVER_SALT),
        dtlsClient,
        true,
        false,
        counters,
        logger);
  }

  private static byte[] material(
      byte[] clientKey, byte[] serverKey, byte[] clientSalt, byte[] serverSalt) {
    return ByteBuffer.allocate(2 * clientKey.length + 2 * clientSalt.length)
        .put(clientKey)
        .put(serverKey)
        .put(clientSalt)
        .put(serverSalt)
        .array();
  }

  private static byte[] withInner(byte[] outer) {
    return ByteBuffer.allocate(2 * outer.length).put(new byte[outer.length]).put(outer).array();
  }

  private static TestPacket doublePacket(int sequenceNumber) {
    TestPacket packet = new TestPacket(rtp(sequenceNumber, 40), 10, 20);
    packet.perc4jOriginalHeader(OriginalHeaders.received(0, false, 96, sequenceNumber));
    return packet;
  }

  private static byte[] rtp(int sequenceNumber, int payloadLength) {
    return ByteBuffer.allocate(12 + payloadLength)
        .put((byte) 0x80)
        .put((byte) 96)
        .putShort((short) sequenceNumber)
        .putInt(1000)
        .putInt(SSRC)
        .array();
  }

  private static byte[] withExtension(byte[] payload) {
    return ByteBuffer.allocate(20 + payload.length)
        .put((byte) 0x90)
        .put((byte) 96)
        .putShort((short) 1)
        .putInt(1000)
        .putInt(SSRC)
        .putInt(0xBEDE0001)
        .putInt(0x10550000)
        .put(payload)
        .array();
  }

  private static int extensionProfile(TestPacket packet) {
    return ByteBuffer.wrap(packet.octets()).getShort(12) & 0xffff;
  }

  /** Random octets, the last one being the OHB's config octet. */
  private static byte[] payload(int length, int config) {
    byte[] payload = random(length, length);
    payload[length - 1] = (byte) config;
    return payload;
  }

  private static byte[] random(int length, long seed) {
    byte[] octets = new byte[length];
    new Random(seed).nextBytes(octets);
    return octets;
  }
}
