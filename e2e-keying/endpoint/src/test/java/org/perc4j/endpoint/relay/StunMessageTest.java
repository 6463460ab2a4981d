/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.relay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StunMessageTest {
  /** RFC 5769, section 2.2: a response with an IPv4 address. */
  private static final byte[] IPV4_RESPONSE =
      octets(
          "0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220"
              + "002000080001a147e112a643000800142b91f599fd9e90c38c7489f92af9ba53f06be7d7"
              + "80280004c07d4c96");

  /** RFC 5769, section 2.3: a response with an IPv6 address. */
  private static final byte[] IPV6_RESPONSE =
      octets(
          "010100482112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220"
              + "002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d900080014a382954e4be67bf1"
              + "1784c97c8292c275bfe3ed4180280004c8fb0b4c");

  /** RFC 5769, section 2.4: a request with long-term authentication. */
  private static final byte[] LONG_TERM_REQUEST =
      octets(
          "000100602112a44278ad3433c6ad72c029da412e00060012e3839ee38388e383aae38383"
              + "e382afe382b900000015001c662f2f3439396b39353464364f4c33346f4c394653547679"
              + "363473410014000b6578616d706c652e6f72670000080014f67024656dd64a3e02b8e0712e85c9a2"
              + "8ca89666");

  private static final int FINGERPRINT_OFFSET = 72;

  private static final byte[] SHORT_TERM_KEY =
      "VOkJxbRl1RmTxUk/WvJxBt".getBytes(StandardCharsets.US_ASCII);

  private static final String HEADER = "2112a442000102030405060708090a0b";
  private static final byte[] TRANSACTION = octets("000102030405060708090a0b");

  private static byte[] octets(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  private static StunMessage parse(byte[] octets) throws MalformedStunException {
    return StunMessage.parse(octets, 0, octets.length);
  }

  private static StunMessage answer(String length, String attributes)
      throws MalformedStunException {
    return parse(octets("0101" + length + HEADER + attributes));
  }

  @Test
  void readsTheResponsesOfTheTestVectors() throws Exception {
    StunMessage ipv4 = parse(IPV4_RESPONSE);
    assertEquals(StunMethod.BINDING.request() | StunMethod.SUCCESS, ipv4.type());
    assertTrue(ipv4.isAuthentic(SHORT_TERM_KEY));
    assertEquals(
        new InetSocketAddress("192.0.2.1", 32853), ipv4.address(StunAttribute.XOR_MAPPED_ADDRESS));
    StunMessage ipv6 = parse(IPV6_RESPONSE);
    assertTrue(ipv6.isAuthentic(SHORT_TERM_KEY));
    assertEquals(
        new InetSocketAddress("2001:db8:1234:5678:11:2233:4455:6677", 32853),
        ipv6.address(StunAttribute.XOR_MAPPED_ADDRESS));
  }

  @Test
  void writesTheRequestOfTheTestVectors() throws Exception {
    byte[] realm = "example.org".getBytes(StandardCharsets.US_ASCII);
    byte[] written =
        new StunWriter(StunMethod.BINDING.request(), octets("78ad3433c6ad72c029da412e"))
            .add(StunAttribute.USERNAME, "\u30DE\u30C8\u30EA\u30C3\u30AF\u30B9")
            .add(StunAttribute.NONCE, "f//499k954d6OL34oL9FSTvy64sA")
            .add(StunAttribute.REALM, realm)
            .addIntegrity(
                StunKey.longTerm("\u30DE\u30C8\u30EA\u30C3\u30AF\u30B9", realm, "TheMatrIX"))
            .toBytes();
    assertArrayEquals(LONG_TERM_REQUEST, written);
  }

  @Test
  void writesAddressesThatItReads() throws Exception {
    for (String host : new String[] {"192.0.2.1", "2001:db8::1"}) {
      InetSocketAddress address = new InetSocketAddress(host, 12345);
      byte[] written =
          new StunWriter(StunMethod.CHANNEL_BIND.request(), TRANSACTION)
              .addAddress(StunAttribute.XOR_PEER_ADDRESS, address)
              .addFingerprint()
              .toBytes();
      assertEquals(address, parse(written).address(StunAttribute.XOR_PEER_ADDRESS));
    }
  }

  @Test
  void refusesAChangedMessage() {
    for (int i = 0; i < IPV4_RESPONSE.length; i++) {
      if (i == FINGERPRINT_OFFSET || i == FINGERPRINT_OFFSET + 1) {
        // another attribute in place of the fingerprint, behind the integrity: does not count
        continue;
      }
      byte[] changed = IPV4_RESPONSE.clone();
      changed[i] ^= 1;
      assertThrows(MalformedStunException.class, () -> parse(changed), "octet " + i);
    }
  }

  @Test
  void knowsAChangedMessageWithoutFingerprint() throws Exception {
    // as above, but without the fingerprint, which anybody can compute
    byte[] bare = Arrays.copyOf(IPV4_RESPONSE, IPV4_RESPONSE.length - 8);
    bare[3] = 0x34;
    assertTrue(parse(bare).isAuthentic(SHORT_TERM_KEY));
    assertFalse(parse(bare).isAuthentic(new byte[16]));
    bare[44] ^= 1;
    assertFalse(parse(bare).isAuthentic(SHORT_TERM_KEY));
    assertFalse(answer("0000", "").isAuthentic(SHORT_TERM_KEY), "there is none");
  }

  @Test
  void readsNothingBehindTheIntegrity() throws Exception {
    StunMessage message =
        parse(
            new StunWriter(StunMethod.ALLOCATE.request(), TRANSACTION)
                .addIntegrity(new byte[16])
                .add(StunAttribute.LIFETIME, 7)
                .toBytes());
    assertEquals(600, message.number(StunAttribute.LIFETIME, 600));
  }

  @Test
  void readsTheFirstOfAType() throws Exception {
    StunMessage message =
        parse(
            new StunWriter(StunMethod.ALLOCATE.request(), TRANSACTION)
                .add(StunAttribute.LIFETIME, 7)
                .add(StunAttribute.LIFETIME, 8)
                .toBytes());
    assertEquals(7, message.number(StunAttribute.LIFETIME, 600));
    assertNull(message.value(StunAttribute.NONCE));
  }

  @ParameterizedTest
  @CsvSource({
    "0101, 0004, '', another length",
    "0101, 0001, 00, no multiple of four",
    "4101, 0000, '', no message",
    "0101, 0004, 00200008, an attribute beyond the end",
    "0101, 0008, 0008000400000000, a short integrity",
    "0101, 0008, 8028000400000000, a wrong fingerprint",
    "0101, 0008, 8028000100000000, a short fingerprint",
  })
  void refusesWhatIsNoMessage(String type, String length, String attributes, String what) {
    byte[] octets = octets(type + length + HEADER + attributes);
    assertThrows(MalformedStunException.class, () -> parse(octets), what);
  }

  @Test
  void refusesAFingerprintThatIsNotTheLast() {
    byte[] octets =
        new StunWriter(StunMethod.BINDING.request(), TRANSACTION)
            .addFingerprint()
            .add(StunAttribute.LIFETIME, 1)
            .toBytes();
    assertThrows(MalformedStunException.class, () -> parse(octets));
  }

  @Test
  void refusesAnotherCookieAndOtherLengths() {
    assertThrows(MalformedStunException.class, () -> parse(new byte[StunMessage.HEADER_BYTES]));
    assertThrows(MalformedStunException.class, () -> parse(new byte[0]));
    byte[] huge = new byte[StunMessage.MAX_BYTES + 4];
    System.arraycopy(octets("01010000" + HEADER), 0, huge, 0, StunMessage.HEADER_BYTES);
    assertThrows(MalformedStunException.class, () -> parse(huge));
  }

  @ParameterizedTest
  @CsvSource({
    "0020000400010000, too short",
    "002000080002111111111111, IPv6 of four octets",
    "002000080003111111111111, another family",
    "0020000800012112e112a643, no port"
  })
  void refusesWhatIsNoAddress(String attribute, String what) throws Exception {
    StunMessage message = answer(attribute.length() == 16 ? "0008" : "000c", attribute);
    assertThrows(
        MalformedStunException.class,
        () -> message.address(StunAttribute.XOR_MAPPED_ADDRESS),
        what);
  }

  @Test
  void refusesANumberOfAnotherLength() throws Exception {
    StunMessage message = answer("0008", "000d000200010000");
    assertThrows(MalformedStunException.class, () -> message.number(StunAttribute.LIFETIME, 600));
  }

  @Test
  void readsAnError() throws Exception {
    StunMessage message = answer("000c", "0009000600000401410a0000");
    assertEquals(401, message.errorCode());
    assertEquals("A?", message.errorReason());
  }

  @ParameterizedTest
  @CsvSource({"0004, 00090000", "0008, 0009000400000201", "0008, 0009000400000464"})
  void refusesAnErrorWithoutACode(String length, String attribute) throws Exception {
    StunMessage message = answer(length, attribute);
    assertThrows(MalformedStunException.class, message::errorCode);
  }
}
