/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.perc4j.e2e.mls.CredentialVectors.ROOM;
import static org.perc4j.e2e.mls.CredentialVectors.leafKey;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointIdentityTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path folder;

  EndpointIdentityTest(@TempDir Path folder) {
    this.folder = folder;
  }

  /**
   * The key of RFC 8032 section 7.1, TEST 1. The fingerprint is what OpenSSL says:
   *
   * <pre>
   *   (echo -n 302e020100300506032b657004220420; echo -n 9d61b19deffd5a60ba844af492ec2cc4;
   *    echo -n 4449c5697b326919703bac031cae7f60) | xxd -r -p |
   *   openssl pkey -inform DER -pubout -outform DER | sha256sum
   * </pre>
   */
  @Test
  void fingerprintIsThatOfOpenssl() throws GeneralSecurityException {
    assertEquals(
        "06e3fd8fda29bb60ab59557de61edb0aecdb231134be30e75b455f8e1b792fa9", alice().fingerprint());
  }

  @Test
  void vouchesWithTheOctetsOfAnotherImplementation() throws GeneralSecurityException {
    assertArrayEquals(
        CredentialVectors.octets("rawEd25519"), alice().vouchFor(ROOM, "Alice", leafKey()));
  }

  @ParameterizedTest
  @CsvSource({"x509Ed25519,Ed25519", "x509P256Mail,EC", "x509Rsa,RSA"})
  void vouchesWithCertificates(String label, String algorithm)
      throws GeneralSecurityException, RefusedException {
    EndpointIdentity identity = certified(label, algorithm);
    LeafCredential credential =
        LeafCredential.verify(identity.vouchFor(ROOM, "Holder", leafKey()), ROOM, leafKey());

    assertEquals(CredentialVectors.chain(label), credential.chain());
    assertEquals(CredentialVectors.fingerprint(label), identity.fingerprint());
    assertEquals(identity.name(), credential.name());
  }

  @Test
  void vouchesWithP256() throws GeneralSecurityException, RefusedException {
    EndpointIdentity identity = EndpointIdentity.ofKey("bob", pair("EC", 256));
    LeafCredential credential =
        LeafCredential.verify(identity.vouchFor(ROOM, "Bob", leafKey()), ROOM, leafKey());

    assertEquals(identity.fingerprint(), credential.fingerprint());
    assertTrue(credential.chain().isEmpty());
  }

  @Test
  void generatesKeysThatDiffer() {
    assertNotEquals(
        EndpointIdentity.generate("alice", RANDOM).fingerprint(),
        EndpointIdentity.generate("alice", RANDOM).fingerprint());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a\nb",
        "a\u0000",
        "\u202Ea",
        "\uD800",
        "a\u200B",
        "a\u00A0b",
        "a ",
        "e\u0301"
      })
  void rejectsNames(String name) {
    assertThrows(IllegalArgumentException.class, () -> EndpointIdentity.generate(name, RANDOM));
  }

  @Test
  void limitsWhatItVouchesFor() {
    EndpointIdentity identity = EndpointIdentity.generate("a".repeat(255), RANDOM);
    assertEquals(
        1396, identity.vouchFor("r".repeat(2047), "o".repeat(1023), new byte[1024]).length);
    assertThrows(
        IllegalArgumentException.class, () -> EndpointIdentity.generate("a".repeat(256), RANDOM));
    assertThrows(
        IllegalArgumentException.class, () -> identity.vouchFor("r".repeat(2048), "o", leafKey()));
    assertThrows(
        IllegalArgumentException.class, () -> identity.vouchFor("r", "o".repeat(1024), leafKey()));
    assertThrows(IllegalArgumentException.class, () -> identity.vouchFor("r", "o", new byte[1025]));
    assertThrows(IllegalArgumentException.class, () -> identity.vouchFor("r", "o", new byte[0]));
  }

  @Test
  void rejectsOtherKeys() throws GeneralSecurityException {
    for (KeyPair pair : List.of(pair("EC", 384), pair("RSA", 2048))) {
      assertThrows(IllegalArgumentException.class, () -> EndpointIdentity.ofKey("a", pair));
    }
  }

  @Test
  void rejectsHalvesThatDoNotBelongTogether() throws GeneralSecurityException {
    KeyPair one = pair("EC", 256);
    KeyPair other = pair("EC", 256);
    KeyPairGenerator ed25519 = KeyPairGenerator.getInstance("Ed25519");
    for (KeyPair pair :
        List.of(
            new KeyPair(one.getPublic(), other.getPrivate()),
            new KeyPair(one.getPublic(), ed25519.generateKeyPair().getPrivate()))) {
      assertThrows(IllegalArgumentException.class, () -> EndpointIdentity.ofKey("a", pair));
    }
    List<X509Certificate> chain = CredentialVectors.chain("x509P256Mail");
    assertThrows(
        IllegalArgumentException.class,
        () -> EndpointIdentity.ofCertificates("bob@example.org", chain, one.getPrivate()));
  }

  @Test
  void rejectsChainsThatAreNone() throws GeneralSecurityException {
    List<X509Certificate> chain = CredentialVectors.chain("x509Ed25519");
    var key = CredentialVectors.privateKey("x509Ed25519", "Ed25519");
    for (List<X509Certificate> wrong :
        List.of(
            List.<X509Certificate>of(),
            List.of(chain.get(0), chain.get(0)),
            List.of(chain.get(1), chain.get(0)),
            CredentialVectors.chain("x509SixCertificates"))) {
      assertThrows(
          IllegalArgumentException.class,
          () -> EndpointIdentity.ofCertificates("alice@example.org", wrong, key));
    }
  }

  @Test
  void saysNothingAboutThePrivateKey() throws GeneralSecurityException {
    String text = alice().toString();
    assertTrue(text.contains("redacted") && text.contains("alice@example.org"), text);
    assertFalse(text.contains("9d61"), text);
  }

  @Test
  void comesBackFromItsFile() throws IOException, GeneralSecurityException, RefusedException {
    for (EndpointIdentity identity :
        List.of(
            EndpointIdentity.generate("alice \u2603", RANDOM),
            EndpointIdentity.ofKey("bob", pair("EC", 256)),
            certified("x509Ed25519", "Ed25519"),
            certified("x509Rsa", "RSA"))) {
      Path path = folder.resolve("identity");
      identity.save(path);
      EndpointIdentity loaded = EndpointIdentity.load(path);

      assertEquals(identity.name(), loaded.name());
      assertEquals(identity.fingerprint(), loaded.fingerprint());
      LeafCredential credential =
          LeafCredential.verify(loaded.vouchFor(ROOM, "A", leafKey()), ROOM, leafKey());
      assertEquals(identity.fingerprint(), credential.fingerprint());
      assertEquals(
          identity.toString().contains("RSA"),
          credential.identityKey().getAlgorithm().equals("RSA"));
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of("identity"), files.map(p -> p.getFileName().toString()).toList());
    }
  }

  @Test
  void writesWhatItDescribes() throws IOException, GeneralSecurityException {
    Path path = folder.resolve("identity");
    alice().save(path);

    assertEquals(
        """
        perc4j identity 1
        name alice@example.org
        public-key MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
        private-key %s
        """
            .formatted(
                Base64.getEncoder()
                    .encodeToString(
                        CredentialVectors.privateKey("rawEd25519", "Ed25519").getEncoded())),
        Files.readString(path));
  }

  @Test
  void fileIsTheOwnersAlone() throws IOException {
    Path path = folder.resolve("identity");
    EndpointIdentity identity = EndpointIdentity.generate("alice", RANDOM);
    identity.save(path);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
    for (String permissions : List.of("rw-r-----", "rw-----w-", "rw----r--", "rw--w----")) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
      assertThrows(IOException.class, () -> EndpointIdentity.load(path));
    }
    identity.save(path);
    assertEquals(identity.fingerprint(), EndpointIdentity.load(path).fingerprint());
  }

  @Test
  void refusesFilesThatItDidNotWrite() throws IOException, GeneralSecurityException {
    Path path = folder.resolve("identity");
    certified("x509Ed25519", "Ed25519").save(path);
    String good = Files.readString(path);
    String[] lines = good.split("\n", -1);
    Path other = folder.resolve("other");
    certified("x509P256Mail", "EC").save(other);
    String[] otherLines = Files.readString(other).split("\n", -1);

    rejected(path, "");
    rejected(path, good.substring(0, good.length() - 1));
    rejected(path, good + "\n");
    rejected(path, good + lines[4] + "\n" + lines[4] + "\n" + lines[4] + "\n" + lines[4] + "\n");
    rejected(path, good.replace("identity 1", "identity 2"));
    rejected(path, good.replace("\n", "\r\n"));
    rejected(path, good.replace("name ", "Name "));
    rejected(path, good.replace("alice", "al\u202Eice"));
    rejected(path, good.replace("public-key M", "public-key  M"));
    rejected(path, good.replace("=\n", "\n"));
    rejected(path, good.replace(lines[2] + "\n", ""));
    rejected(path, good.replace(lines[2], otherLines[2]));
    rejected(path, good.replace(lines[3], otherLines[3]));
    rejected(path, good.replace(lines[4], otherLines[4]));
    rejected(path, good.replace(lines[4], lines[5]));
    rejected(path, good.replace(lines[3], "private-key AAAA"));
    rejected(path, "x".repeat(65537));
    assertThrows(IOException.class, () -> EndpointIdentity.load(folder.resolve("none")));
    for (int length = 0; length < good.length(); length++) {
      if (length % 37 == 0) {
        rejected(path, good.substring(0, length));
      }
    }
  }

  @Test
  void refusesAKeyPairThatIsNone() throws IOException {
    Path path = folder.resolve("identity");
    Path other = folder.resolve("other");
    EndpointIdentity.generate("alice", RANDOM).save(path);
    EndpointIdentity.generate("alice", RANDOM).save(other);
    String good = Files.readString(path);
    rejected(
        path, good.replace(good.split("\n", -1)[3], Files.readString(other).split("\n", -1)[3]));
  }

  private static void rejected(Path path, String content) throws IOException {
    // Written in place, so that its permissions stay.
    Files.write(path, content.getBytes(StandardCharsets.UTF_8));
    IOException e = assertThrows(IOException.class, () -> EndpointIdentity.load(path), content);
    assertTrue(String.valueOf(e.getMessage()).startsWith(path.toString()), e.getMessage());
  }

  private static EndpointIdentity alice() throws GeneralSecurityException {
    try {
      return EndpointIdentity.ofKey(
          "alice@example.org",
          new KeyPair(
              CredentialVectors.credential("rawEd25519").identityKey(),
              CredentialVectors.privateKey("rawEd25519", "Ed25519")));
    } catch (RefusedException e) {
      throw new AssertionError(e);
    }
  }

  private static EndpointIdentity certified(String label, String algorithm)
      throws GeneralSecurityException {
    return EndpointIdentity.ofCertificates(
        CredentialVectors.of(label).get("name").asText(),
        CredentialVectors.chain(label),
        CredentialVectors.privateKey(label, algorithm));
  }

  private static KeyPair pair(String algorithm, int bits) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(bits);
    return generator.generateKeyPair();
  }
}
