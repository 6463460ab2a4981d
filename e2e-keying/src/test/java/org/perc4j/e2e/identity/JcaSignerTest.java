/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.identity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.perc4j.e2e.mls.CredentialVectors.ROOM;
import static org.perc4j.e2e.mls.CredentialVectors.leafKey;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.perc4j.e2e.mls.CredentialVectors;
import org.perc4j.e2e.mls.EndpointIdentity;
import org.perc4j.e2e.mls.LeafCredential;
import org.perc4j.e2e.mls.RefusedException;

/** What JCA signs, the lightweight API verifies. */
class JcaSignerTest {
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

    assertEquals(hex(CredentialVectors.certificates(label)), hex(credential.certificates()));
    assertEquals(CredentialVectors.fingerprint(label), identity.fingerprint());
    assertEquals(identity.name(), credential.name());
  }

  @Test
  void vouchesWithP256() throws GeneralSecurityException, RefusedException {
    EndpointIdentity identity = JcaSigner.identity("bob", pair("EC", 256));
    LeafCredential credential =
        LeafCredential.verify(identity.vouchFor(ROOM, "Bob", leafKey()), ROOM, leafKey());

    assertEquals(identity.fingerprint(), credential.fingerprint());
    assertEquals(List.of(), credential.certificates());
  }

  @Test
  void rejectsOtherKeys() throws GeneralSecurityException {
    for (KeyPair pair : List.of(pair("EC", 384), pair("RSA", 2048))) {
      assertThrows(IllegalArgumentException.class, () -> JcaSigner.identity("a", pair));
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
      assertThrows(IllegalArgumentException.class, () -> JcaSigner.identity("a", pair));
    }
    List<X509Certificate> chain = CredentialVectors.chain("x509P256Mail");
    assertThrows(
        IllegalArgumentException.class,
        () -> JcaSigner.identity("bob@example.org", chain, one.getPrivate()));
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
          () -> JcaSigner.identity("alice@example.org", wrong, key));
    }
  }

  private static EndpointIdentity alice() throws GeneralSecurityException {
    return JcaSigner.identity("alice@example.org", CredentialVectors.pair("rawEd25519", "Ed25519"));
  }

  private static EndpointIdentity certified(String label, String algorithm)
      throws GeneralSecurityException {
    return JcaSigner.identity(
        CredentialVectors.of(label).get("name").asText(),
        CredentialVectors.chain(label),
        CredentialVectors.privateKey(label, algorithm));
  }

  private static List<String> hex(List<byte[]> all) {
    return all.stream().map(HexFormat.of()::formatHex).toList();
  }

  private static KeyPair pair(String algorithm, int bits) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(bits);
    return generator.generateKeyPair();
  }
}
