/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CRL;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/** Known answers made by {@code src/test/python/leaf_credentials.py}. */
final class CredentialVectors {
  static final JsonNode CREDENTIALS = read("/vectors/leaf-credentials.json");
  static final JsonNode CODES = read("/vectors/verification-codes.json");
  static final String ROOM = CREDENTIALS.get("room").asText();

  private CredentialVectors() {}

  private static JsonNode read(String resource) {
    try (InputStream in =
        Objects.requireNonNull(CredentialVectors.class.getResourceAsStream(resource))) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] leafKey() {
    return hex(CREDENTIALS.get("leafKey").asText());
  }

  static JsonNode of(String label) {
    return Objects.requireNonNull(CREDENTIALS.get("credentials").get(label), label);
  }

  static byte[] octets(String label) {
    return hex(of(label).get("credential").asText());
  }

  static LeafCredential credential(String label) throws RefusedException {
    return LeafCredential.verify(octets(label), ROOM, leafKey());
  }

  static String fingerprint(String label) {
    return of(label).get("fingerprint").asText();
  }

  static PrivateKey privateKey(String label, String algorithm) throws GeneralSecurityException {
    return KeyFactory.getInstance(algorithm)
        .generatePrivate(new PKCS8EncodedKeySpec(hex(of(label).get("privateKey").asText())));
  }

  static List<X509Certificate> chain(String label) throws GeneralSecurityException {
    List<X509Certificate> chain = new ArrayList<>();
    for (JsonNode certificate : of(label).get("chain")) {
      chain.add(certificate(certificate));
    }
    return chain;
  }

  static X509Certificate certificate(JsonNode node) throws GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(hex(node.asText())));
  }

  static List<CRL> revocationLists() throws GeneralSecurityException {
    List<CRL> lists = new ArrayList<>();
    for (JsonNode list : CREDENTIALS.get("revocationLists")) {
      lists.add(
          CertificateFactory.getInstance("X.509")
              .generateCRL(new ByteArrayInputStream(hex(list.asText()))));
    }
    return lists;
  }

  static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }
}
