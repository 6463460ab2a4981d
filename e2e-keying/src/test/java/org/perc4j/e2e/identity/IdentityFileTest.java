/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.perc4j.e2e.mls.CredentialVectors;
import org.perc4j.e2e.mls.EndpointIdentity;
import org.perc4j.e2e.mls.LeafCredential;
import org.perc4j.e2e.mls.RefusedException;

class IdentityFileTest {
  private final Path folder;

  IdentityFileTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void comesBackFromItsFile() throws IOException, GeneralSecurityException, RefusedException {
    Path path = folder.resolve("identity");
    KeyPair ed25519 = pair("Ed25519", 255);
    KeyPair p256 = pair("EC", 256);
    List<EndpointIdentity> saved =
        List.of(
            JcaSigner.identity("alice \u2603", ed25519),
            JcaSigner.identity("bob", p256),
            certified("x509Ed25519", "Ed25519"),
            certified("x509Rsa", "RSA"));
    for (int i = 0; i < saved.size(); i++) {
      switch (i) {
        case 0 -> IdentityFile.save(path, "alice \u2603", ed25519);
        case 1 -> IdentityFile.save(path, "bob", p256);
        case 2 -> save(path, "x509Ed25519", "Ed25519");
        default -> save(path, "x509Rsa", "RSA");
      }
      EndpointIdentity identity = saved.get(i);
      EndpointIdentity loaded = IdentityFile.load(path);

      assertEquals(identity.name(), loaded.name());
      assertEquals(identity.fingerprint(), loaded.fingerprint());
      LeafCredential credential =
          LeafCredential.verify(loaded.vouchFor(ROOM, "A", leafKey()), ROOM, leafKey());
      assertEquals(identity.fingerprint(), credential.fingerprint());
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of("identity"), files.map(p -> p.getFileName().toString()).toList());
    }
  }

  @Test
  void writesWhatItDescribes() throws IOException, GeneralSecurityException {
    Path path = folder.resolve("identity");
    IdentityFile.save(path, "alice@example.org", CredentialVectors.pair("rawEd25519", "Ed25519"));

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
  void fileIsTheOwnersAlone() throws IOException, GeneralSecurityException {
    Path path = folder.resolve("identity");
    KeyPair pair = pair("Ed25519", 255);
    IdentityFile.save(path, "alice", pair);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
    for (String permissions : List.of("rw-r-----", "rw-----w-", "rw----r--", "rw--w----")) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
      assertThrows(IOException.class, () -> IdentityFile.load(path));
    }
    IdentityFile.save(path, "alice", pair);
    assertEquals("alice", IdentityFile.load(path).name());
  }

  @Test
  void refusesFilesThatItDidNotWrite() throws IOException, GeneralSecurityException {
    Path path = folder.resolve("identity");
    save(path, "x509Ed25519", "Ed25519");
    String good = Files.readString(path);
    String[] lines = good.split("\n", -1);
    Path other = folder.resolve("other");
    save(other, "x509P256Mail", "EC");
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
    assertThrows(IOException.class, () -> IdentityFile.load(folder.resolve("none")));
    for (int length = 0; length < good.length(); length++) {
      if (length % 37 == 0) {
        rejected(path, good.substring(0, length));
      }
    }
  }

  @Test
  void refusesAKeyPairThatIsNone() throws IOException, GeneralSecurityException {
    Path path = folder.resolve("identity");
    Path other = folder.resolve("other");
    IdentityFile.save(path, "alice", pair("Ed25519", 255));
    IdentityFile.save(other, "alice", pair("Ed25519", 255));
    String good = Files.readString(path);
    rejected(
        path, good.replace(good.split("\n", -1)[3], Files.readString(other).split("\n", -1)[3]));
  }

  private static void rejected(Path path, String content) throws IOException {
    // Written in place, so that its permissions stay.
    Files.write(path, content.getBytes(StandardCharsets.UTF_8));
    IOException e = assertThrows(IOException.class, () -> IdentityFile.load(path), content);
    assertTrue(String.valueOf(e.getMessage()).startsWith(path.toString()), e.getMessage());
  }

  private static EndpointIdentity certified(String label, String algorithm)
      throws GeneralSecurityException {
    return JcaSigner.identity(
        CredentialVectors.of(label).get("name").asText(),
        CredentialVectors.chain(label),
        CredentialVectors.privateKey(label, algorithm));
  }

  private static void save(Path path, String label, String algorithm)
      throws GeneralSecurityException, IOException {
    IdentityFile.save(
        path,
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
