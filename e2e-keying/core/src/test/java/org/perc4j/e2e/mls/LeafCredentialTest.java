/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.perc4j.e2e.mls.CredentialVectors.ROOM;
import static org.perc4j.e2e.mls.CredentialVectors.hex;
import static org.perc4j.e2e.mls.CredentialVectors.leafKey;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.perc4j.e2e.mls.RefusedException.Reason;

/** Known answers are those of {@link CredentialVectors} unless they say otherwise. */
class LeafCredentialTest {
  private static final byte[] ED25519_PREFIX = hex("302a300506032b6570032100");

  // RFC 8032 section 7.1, TEST 1.
  private static final byte[] ED25519_KEY =
      hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");

  @ParameterizedTest
  @ValueSource(
      strings = {"rawEd25519", "rawP256", "x509Ed25519", "x509P256Mail", "x509Rsa", "x509WithRoot"})
  void readsWhatAnotherImplementationWrote(String label)
      throws RefusedException, GeneralSecurityException {
    LeafCredential credential = CredentialVectors.credential(label);

    assertEquals(CredentialVectors.of(label).get("name").asText(), credential.name());
    assertEquals(CredentialVectors.of(label).get("occupant").asText(), credential.occupant());
    assertEquals(CredentialVectors.fingerprint(label), credential.fingerprint());
    assertEquals(
        CredentialVectors.certificates(label).stream().map(HexFormat.of()::formatHex).toList(),
        credential.certificates().stream().map(HexFormat.of()::formatHex).toList());
    assertEquals(
        credential.fingerprint(),
        HexFormat.of()
            .formatHex(
                MessageDigest.getInstance("SHA-256").digest(credential.subjectPublicKeyInfo())));
  }

  /** Spelled out here once more, octet by octet. Ed25519 signatures are always the same. */
  @Test
  void isEncodedAsDescribed() throws RefusedException, GeneralSecurityException {
    byte[] key = concat(ED25519_PREFIX, ED25519_KEY);
    byte[] signed =
        concat(
            "perc4j leaf credential 1".getBytes(StandardCharsets.US_ASCII),
            hex("00 001e".replace(" ", "")),
            ROOM.getBytes(StandardCharsets.US_ASCII),
            hex("0005416c696365"), // Alice
            hex("0011"),
            "alice@example.org".getBytes(StandardCharsets.US_ASCII),
            hex("0020"),
            leafKey(),
            hex("01"),
            MessageDigest.getInstance("SHA-256").digest(key));
    byte[] octets =
        concat(
            hex("01010011616c696365406578616d706c652e6f72670005416c696365002c"),
            key,
            hex("0040"),
            sign(CredentialVectors.privateKey("rawEd25519", "Ed25519"), signed));

    assertArrayEquals(octets, CredentialVectors.octets("rawEd25519"));
    assertEquals("Alice", LeafCredential.verify(octets, ROOM, leafKey()).occupant());
  }

  @Test
  void refusesEveryTruncation() {
    for (String label : List.of("rawEd25519", "rawP256", "x509Ed25519")) {
      byte[] octets = CredentialVectors.octets(label);
      for (int length = 0; length < octets.length; length++) {
        refused(Reason.MALFORMED, Arrays.copyOf(octets, length));
      }
    }
  }

  @Test
  void refusesOctetsLeftOver() {
    refused(Reason.MALFORMED, concat(CredentialVectors.octets("rawEd25519"), hex("00")));
  }

  @Test
  void refusesEveryFlippedBit() {
    for (String label : List.of("rawEd25519", "rawP256", "x509Ed25519", "x509Rsa")) {
      byte[] octets = CredentialVectors.octets(label);
      for (int bit = 0; bit < 8 * octets.length; bit++) {
        octets[bit / 8] ^= (byte) (1 << bit % 8);
        assertThrows(
            RefusedException.class,
            () -> LeafCredential.verify(octets, ROOM, leafKey()),
            label + " bit " + bit);
        octets[bit / 8] ^= (byte) (1 << bit % 8);
      }
    }
  }

  @Test
  void refusesEveryFlippedBitOfTheSignatureAsNotAuthentic() {
    for (String label : List.of("rawEd25519", "rawP256", "x509P256Mail", "x509Rsa")) {
      byte[] octets = CredentialVectors.octets(label);
      int length = label.equals("x509Rsa") ? 256 : 64;
      for (int bit = 8 * (octets.length - length); bit < 8 * octets.length; bit++) {
        octets[bit / 8] ^= (byte) (1 << bit % 8);
        refused(Reason.NOT_AUTHENTIC, octets);
        octets[bit / 8] ^= (byte) (1 << bit % 8);
      }
    }
  }

  @Test
  void survivesAnything() {
    Random random = new Random(1);
    for (String label : List.of("rawP256", "x509Ed25519", "x509Rsa")) {
      for (int i = 0; i < 2000; i++) {
        byte[] octets = CredentialVectors.octets(label);
        for (int j = random.nextInt(4); j >= 0; j--) {
          octets[random.nextInt(octets.length)] ^= (byte) (1 + random.nextInt(255));
        }
        assertThrows(RefusedException.class, () -> LeafCredential.verify(octets, ROOM, leafKey()));
      }
    }
  }

  @Test
  void isForOneRoom() {
    RefusedException e =
        assertThrows(
            RefusedException.class,
            () ->
                LeafCredential.verify(
                    CredentialVectors.octets("rawEd25519"), "other@example.org", leafKey()));
    assertEquals(Reason.NOT_AUTHENTIC, e.reason());
    assertThrows(
        IllegalArgumentException.class,
        () -> LeafCredential.verify(CredentialVectors.octets("rawEd25519"), "", leafKey()));
  }

  @Test
  void isForOneLeafKey() {
    byte[] other = leafKey();
    other[31] ^= 1;
    for (byte[] key : List.of(other, Arrays.copyOf(leafKey(), 31), Arrays.copyOf(leafKey(), 33))) {
      RefusedException e =
          assertThrows(
              RefusedException.class,
              () -> LeafCredential.verify(CredentialVectors.octets("rawEd25519"), ROOM, key));
      assertEquals(Reason.NOT_AUTHENTIC, e.reason());
    }
    for (byte[] key : List.of(new byte[0], new byte[1025])) {
      RefusedException e =
          assertThrows(
              RefusedException.class,
              () -> LeafCredential.verify(CredentialVectors.octets("rawEd25519"), ROOM, key));
      assertEquals(Reason.MALFORMED, e.reason());
    }
  }

  @Test
  void isForOneNameAndOccupant() {
    byte[] octets = CredentialVectors.octets("rawEd25519");
    refused(Reason.NOT_AUTHENTIC, replace(octets, "alice@", "alicf@"));
    refused(Reason.NOT_AUTHENTIC, replace(octets, "Alice", "Alicf"));
  }

  @Test
  void fieldsDoNotRunIntoEachOther() {
    // "Alice" moved from one field to the next would sign the same octets without lengths.
    byte[] octets = CredentialVectors.octets("rawEd25519");
    byte[] shifted = octets.clone();
    shifted[3]++;
    System.arraycopy("alice@example.orgA".getBytes(StandardCharsets.US_ASCII), 0, shifted, 4, 18);
    System.arraycopy(hex("00046c696365"), 0, shifted, 22, 6);
    refused(Reason.NOT_AUTHENTIC, shifted);
  }

  @ParameterizedTest
  @CsvSource({"0,0", "0,2", "0,255", "1,0", "1,3", "1,255"})
  void refusesOtherVersionsAndKinds(int at, int value) {
    byte[] octets = CredentialVectors.octets("rawEd25519");
    octets[at] = (byte) value;
    refused(Reason.UNSUPPORTED, octets);
  }

  @Test
  void refusesTheOtherKind() {
    byte[] raw = CredentialVectors.octets("rawEd25519");
    raw[1] = 2;
    refused(Reason.MALFORMED, raw);
    byte[] certified = CredentialVectors.octets("x509Ed25519");
    certified[1] = 1;
    refused(Reason.UNSUPPORTED, certified);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rawP384", "rawRsa", "x509Rsa1024", "x509P384"})
  void refusesOtherKeys(String label) {
    refused(Reason.UNSUPPORTED, CredentialVectors.octets(label));
  }

  @Test
  void refusesKeyOfAnotherThanTheFirstCertificate() {
    refused(Reason.NOT_AUTHENTIC, CredentialVectors.octets("x509KeyOfAnother"));
  }

  @Test
  void refusesMoreThanFiveCertificates() {
    refused(Reason.TOO_LARGE, CredentialVectors.octets("x509SixCertificates"));
  }

  @Test
  void refusesNoCertificate() {
    refused(Reason.MALFORMED, unsigned(2, "alice", "Alice", new byte[0]));
    refused(Reason.MALFORMED, unsigned(2, "alice", "Alice", hex("0000")));
  }

  @Test
  void refusesCertificatesThatAreNotExactlyDer() {
    byte[] der = hex(CredentialVectors.of("x509Ed25519").get("chain").get(0).asText());
    byte[] pem =
        ("-----BEGIN CERTIFICATE-----\n"
                + java.util.Base64.getMimeEncoder().encodeToString(der)
                + "\n-----END CERTIFICATE-----\n")
            .getBytes(StandardCharsets.US_ASCII);
    for (byte[] octets : List.of(pem, concat(der, hex("00")), concat(der, der), hex("3000"))) {
      refused(Reason.MALFORMED, unsigned(2, "alice", "Alice", field(octets)));
    }
  }

  @Test
  void refusesMoreOctetsThanItMayHave() {
    refused(Reason.TOO_LARGE, new byte[8193]);
    refused(Reason.UNSUPPORTED, new byte[8192]);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", // empty
        "c0af", // overlong
        "eda080", // a surrogate
        "f4908080", // above U+10FFFF
        "61c3", // cut short
        "ff",
        "610a", // line feed
        "61007a", // NUL
        "7f",
        "c285", // next line
        "e280a8", // line separator
        "e280ae61", // right-to-left override
        "d89c", // Arabic letter mark
        "e281a6", // isolate
        "e2808b61", // zero-width space
        "61e281a0", // word joiner
        "61efbbbf", // zero-width no-break space
        "61c2ad62", // soft hyphen
        "61f3a08181", // tag
        "61f3a08480", // variation selector
        "e385a4", // Hangul filler
        "61c2a062", // no-break space
        "61202062", // two spaces
        "2061", // space in front
        "6120", // space behind
        "65cc81", // decomposed
      })
  void refusesNames(String name) {
    refused(Reason.MALFORMED, unsigned(hex(name), hex("41")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "c0af", "61c3", "610a", "c285", "e280ae61", "e2808b61", "61c2a062", "2061"})
  void refusesOccupants(String occupant) {
    refused(Reason.MALFORMED, unsigned(hex("41"), hex(occupant)));
  }

  @Test
  void limitsNamesAndOccupants() {
    // What is within the limits is refused for its signature only.
    refused(Reason.NOT_AUTHENTIC, unsigned(text(255), text(1023)));
    refused(Reason.MALFORMED, unsigned(text(256), text(1)));
    refused(Reason.MALFORMED, unsigned(text(1), text(1024)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // The points of small order, RFC 7748's list as Ed25519 encodes them, either sign.
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        // p and p + 1: zero and one written otherwise; all ones.
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      })
  void refusesWeakEd25519Keys(String key) {
    refused(Reason.MALFORMED, unsigned(1, "alice", "Alice", concat(ED25519_PREFIX, hex(key))));
  }

  @Test
  void refusesPointsOffTheCurve() {
    byte[] octets = CredentialVectors.octets("rawP256");
    // The key ends where the signature's length and 64 octets begin.
    octets[octets.length - 67] ^= 1;
    refused(Reason.MALFORMED, octets);
  }

  @Test
  void refusesCompressedPoints() {
    byte[] compressed =
        hex(
            "3039301306072a8648ce3d020106082a8648ce3d030107032200"
                + "036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296");
    refused(Reason.UNSUPPORTED, unsigned(1, "alice", "Alice", compressed));
  }

  @Test
  void refusesZeroesAsEcdsaSignature() {
    byte[] octets = CredentialVectors.octets("rawP256");
    Arrays.fill(octets, octets.length - 64, octets.length, (byte) 0);
    refused(Reason.NOT_AUTHENTIC, octets);
  }

  @Test
  void refusesSignaturesOfOtherLengths() {
    for (String label : List.of("rawEd25519", "rawP256")) {
      byte[] octets = CredentialVectors.octets(label);
      byte[] longer = Arrays.copyOf(octets, octets.length + 1);
      longer[octets.length - 65]++;
      refused(Reason.NOT_AUTHENTIC, longer);
      byte[] shorter = Arrays.copyOf(octets, octets.length - 1);
      shorter[octets.length - 65]--;
      refused(Reason.NOT_AUTHENTIC, shorter);
    }
  }

  @Test
  void isACopy() throws RefusedException {
    byte[] octets = CredentialVectors.octets("rawEd25519");
    LeafCredential credential = LeafCredential.verify(octets, ROOM, leafKey());
    Arrays.fill(octets, (byte) 0);

    assertTrue(credential.sameAs(CredentialVectors.credential("rawEd25519")));
    assertFalse(credential.sameAs(CredentialVectors.credential("rawP256")));
    assertTrue(credential.toString().contains("alice@example.org"));
    assertTrue(credential.toString().contains(credential.fingerprint()));
  }

  private static void refused(Reason reason, byte[] octets) {
    RefusedException e =
        assertThrows(RefusedException.class, () -> LeafCredential.verify(octets, ROOM, leafKey()));
    assertEquals(reason, e.reason(), e.getMessage());
  }

  private static byte[] unsigned(byte[] name, byte[] occupant) {
    return concat(
        hex("0101"),
        field(name),
        field(occupant),
        field(concat(ED25519_PREFIX, ED25519_KEY)),
        field(new byte[64]));
  }

  private static byte[] unsigned(int kind, String name, String occupant, byte[] identity) {
    return concat(
        new byte[] {1, (byte) kind},
        field(name.getBytes(StandardCharsets.UTF_8)),
        field(occupant.getBytes(StandardCharsets.UTF_8)),
        field(identity),
        field(new byte[64]));
  }

  private static byte[] field(byte[] octets) {
    return concat(new byte[] {(byte) (octets.length >> 8), (byte) octets.length}, octets);
  }

  private static byte[] text(int length) {
    byte[] octets = new byte[length];
    Arrays.fill(octets, (byte) 'a');
    return octets;
  }

  private static byte[] replace(byte[] octets, String from, String to) {
    String text = new String(octets, StandardCharsets.ISO_8859_1);
    assertTrue(text.contains(from));
    return text.replace(from, to).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] sign(PrivateKey key, byte[] content) throws GeneralSecurityException {
    Signature signature = Signature.getInstance("Ed25519");
    signature.initSign(key);
    signature.update(content);
    return signature.sign();
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
