/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.perc4j.e2e.srtp.TestPackets.carrier;
import static org.perc4j.e2e.srtp.TestPackets.hex;
import static org.perc4j.e2e.srtp.TestPackets.octets;
import static org.perc4j.e2e.srtp.TestPackets.protect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.index.PacketIndex;
import org.perc4j.header.ohb.OhbCodec;
import org.perc4j.header.rtp.RtpPacketView;
import org.perc4j.header.srtp.DoubleSrtpProfile;

/**
 * Known answers made from the RFCs with another implementation; the file's own entries {@code
 * source} and {@code fields} say how and what. Further files of the form are read from the folder
 * that {@code -Dperc4j.vectors=DIR} names.
 */
class DoubleSrtpVectorTest {
  private static final String RESOURCE = "/vectors/double-srtp.json";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final CryptexPolicy CRYPTEX = CryptexPolicy.OFF;

  @TestFactory
  Stream<DynamicTest> vectorsOfTheProject() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(DoubleSrtpVectorTest.class.getResourceAsStream(RESOURCE))) {
      List<DynamicTest> tests = tests(RESOURCE, JSON.readTree(in));
      assertEquals(24, tests.size());
      return tests.stream();
    }
  }

  @TestFactory
  Stream<DynamicTest> vectorsOfOthers() throws IOException {
    String named = System.getProperty("perc4j.vectors", "");
    Assumptions.assumeFalse(named.isBlank(), "-Dperc4j.vectors is not set");
    return testsIn(resolve(named)).stream();
  }

  @Test
  void folderWithoutVectorsFails(@TempDir Path folder) throws IOException {
    assertFails(folder.resolve("missing"));
    assertFails(folder);
    Files.writeString(folder.resolve("other.json"), "{\"something\": \"else\"}");
    assertFails(folder);
    Files.writeString(folder.resolve("empty.json"), "{\"vectors\": []}");
    assertFails(folder);
  }

  @Test
  void folderWithVectorsIsRead(@TempDir Path folder) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(DoubleSrtpVectorTest.class.getResourceAsStream(RESOURCE))) {
      Files.copy(in, folder.resolve("a.json"));
    }
    Files.writeString(folder.resolve("other.json"), "{\"something\": \"else\"}");

    assertEquals(24, testsIn(folder).size());
  }

  private static void assertFails(Path folder) {
    boolean failed = false;
    try {
      assertEquals(List.of(), testsIn(folder));
    } catch (IOException | AssertionError e) {
      failed = true;
    }
    assertTrue(failed, "no failure for " + folder);
  }

  /** A relative path is relative to where the build was started, not to this module. */
  private static Path resolve(String named) {
    Path path = Path.of(named);
    String root = System.getProperty("perc4j.root", "");
    if (!path.isAbsolute() && !root.isBlank()) {
      Path fromRoot = Path.of(root).resolve(path);
      return Files.isDirectory(fromRoot) ? fromRoot : path;
    }
    return path;
  }

  private static List<DynamicTest> testsIn(Path folder) throws IOException {
    assertTrue(Files.isDirectory(folder), "perc4j.vectors names no folder: " + folder);
    List<DynamicTest> tests = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
        JsonNode root = JSON.readTree(file.toFile());
        if (root.path("vectors").isArray()) {
          tests.addAll(tests(file.getFileName().toString(), root));
        }
      }
    }
    assertFalse(tests.isEmpty(), "no double SRTP vectors in " + folder);
    return tests;
  }

  private static List<DynamicTest> tests(String file, JsonNode root) {
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode vector : root.path("vectors")) {
      String name = file + " " + vector.path("name").asText("#" + tests.size());
      tests.add(DynamicTest.dynamicTest(name, () -> check(vector)));
    }
    return tests;
  }

  private static void check(JsonNode vector) throws MalformedPacketException {
    DoubleSrtpProfile profile = DoubleSrtpProfile.valueOf(vector.required("profile").asText());
    DoubleKeyingMaterial keys =
        DoubleKeyingMaterial.split(
            profile, octetsOf(vector, "master_key"), octetsOf(vector, "master_salt"));
    int innerRoc = rocOf(vector.required("roc"), "inner");
    int outerRoc = rocOf(vector.required("roc"), "outer");
    byte[] rtp = octetsOf(vector, "rtp");
    byte[] authenticated = octetsOf(vector, "authenticated_rtp");
    JsonNode relay = vector.required("relay");
    SrtpMasterKey relayKey =
        SrtpMasterKey.copyOf(
            octetsOf(relay, "outer_master_key"), octetsOf(relay, "outer_master_salt"));
    int relayRoc = rocOf(relay, "outer_roc");

    byte[] innerProtected = protect(new InnerSender(profile, keys.inner(), 1, innerRoc), rtp);
    assertArrayEquals(
        octetsOf(vector, "double_protected"),
        protect(new OuterSender(profile, keys.outer(), CRYPTEX, 1, outerRoc), innerProtected),
        "double_protected");
    assertAuthenticated(keys.inner(), innerRoc, innerProtected, authenticated);

    MediaPacket atRelay = carrier(octetsOf(vector, "double_protected"));
    assertEquals(
        DoubleSrtpResult.OK,
        new OuterReceiver(profile, keys.outer(), CRYPTEX, 1, outerRoc).unprotect(atRelay));
    assertArrayEquals(innerProtected, octets(atRelay), "after the outer layer");
    byte[] changed = change(octets(atRelay), relay.required("change"), octetsOf(relay, "ohb"));
    assertArrayEquals(
        octetsOf(relay, "relayed"),
        protect(new OuterSender(profile, relayKey, CRYPTEX, 1, relayRoc), changed),
        "relayed");

    for (String received : new String[] {"relayed", "double_protected"}) {
      boolean relayed = received.equals("relayed");
      MediaPacket packet = carrier(octetsOf(relayed ? relay : vector, received));
      DoubleSrtpReceiver receiver =
          new DoubleSrtpReceiver(
              new OuterReceiver(
                  profile,
                  relayed ? relayKey : keys.outer(),
                  CRYPTEX,
                  1,
                  relayed ? relayRoc : outerRoc),
              new InnerReceiver(profile, keys.inner(), 1, innerRoc));
      assertEquals(DoubleSrtpResult.OK, receiver.unprotect(packet), received);
      assertArrayEquals(rtp, octets(packet), received);
      assertArrayEquals(authenticated, withoutExtension(octets(packet)), received);
      RtpPacketView wire = view(octetsOf(relayed ? relay : vector, received));
      assertEquals(wire.marker(), packet.receivedMarker());
      assertEquals(wire.payloadType(), packet.receivedPayloadType());
      assertEquals(wire.sequenceNumber(), packet.receivedSequenceNumber());
    }
  }

  /** What a media distributor does to a packet between its two outer layers. */
  private static byte[] change(byte[] packet, JsonNode change, byte[] expectedOhb)
      throws MalformedPacketException {
    RtpPacketView view = view(packet);
    int ohb = OhbCodec.parse(packet, view.payloadOffset(), view.payloadLength());
    boolean marker = change.has("marker") ? change.get("marker").asInt() != 0 : view.marker();
    int payloadType = change.path("payload_type").asInt(view.payloadType());
    int sequenceNumber = change.path("sequence_number").asInt(view.sequenceNumber());
    int newOhb =
        OhbCodec.afterChange(
            ohb,
            view.marker(),
            marker,
            view.payloadType(),
            payloadType,
            view.sequenceNumber(),
            sequenceNumber);
    view.setMarker(marker);
    view.setPayloadType(payloadType);
    view.setSequenceNumber(sequenceNumber);
    int end = packet.length - OhbCodec.encodedLength(ohb);
    byte[] changed = Arrays.copyOf(packet, end + OhbCodec.encodedLength(newOhb));
    assertEquals(changed.length - end, OhbCodec.write(newOhb, changed, end));
    assertArrayEquals(expectedOhb, Arrays.copyOfRange(changed, end, changed.length), "ohb");
    return changed;
  }

  /** The header in the vector, and nothing else, is what authenticates the inner ciphertext. */
  private static void assertAuthenticated(
      SrtpMasterKey key, int roc, byte[] innerProtected, byte[] authenticated)
      throws MalformedPacketException {
    RtpPacketView header = view(authenticated);
    RtpPacketView sent = view(innerProtected);
    int ciphertextLength = sent.payloadLength() - OhbCodec.encodedLength(OhbCodec.EMPTY);
    byte[] plaintext = new byte[ciphertextLength];
    assertTrue(
        AeadTransform.decrypting(key)
            .decrypt(
                header.ssrc(),
                PacketIndex.of(roc, header.sequenceNumber()),
                authenticated,
                0,
                header.fixedHeaderLength(),
                innerProtected,
                sent.payloadOffset(),
                ciphertextLength,
                plaintext),
        "authenticated_rtp");
    assertArrayEquals(
        Arrays.copyOfRange(authenticated, header.fixedHeaderLength(), authenticated.length),
        Arrays.copyOf(plaintext, ciphertextLength - DoubleSrtpProfile.TAG_LENGTH_BYTES));
  }

  private static byte[] withoutExtension(byte[] packet) throws MalformedPacketException {
    RtpPacketView view = view(packet);
    byte[] result = Arrays.copyOf(packet, view.fixedHeaderLength() + view.payloadLength());
    System.arraycopy(
        packet, view.payloadOffset(), result, view.fixedHeaderLength(), view.payloadLength());
    result[0] &= (byte) ~0x10;
    return result;
  }

  private static RtpPacketView view(byte[] packet) throws MalformedPacketException {
    RtpPacketView view = new RtpPacketView();
    view.wrap(packet, 0, packet.length);
    return view;
  }

  private static byte[] octetsOf(JsonNode node, String field) {
    return hex(node.required(field).asText());
  }

  private static int rocOf(JsonNode node, String field) {
    return (int) node.required(field).asLong();
  }
}
