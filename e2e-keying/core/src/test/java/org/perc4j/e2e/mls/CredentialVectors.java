/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/** Known answers made by {@code src/test/python/leaf_credentials.py}. */
public final class CredentialVectors {
  public static final JsonNode CREDENTIALS = read("/vectors/leaf-credentials.json");
  public static final JsonNode CODES = read("/vectors/verification-codes.json");
  public static final String ROOM = CREDENTIALS.get("room").asText();

  private CredentialVectors() {}

  private static JsonNode read(String resource) {
    try (InputStream in =
        Objects.requireNonNull(CredentialVectors.class.getResourceAsStream(resource))) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static byte[] leafKey() {
    return hex(CREDENTIALS.get("leafKey").asText());
  }

  public static JsonNode of(String label) {
    return Objects.requireNonNull(CREDENTIALS.get("credentials").get(label), label);
  }

  public static byte[] octets(String label) {
    return hex(of(label).get("credential").asText());
  }

  /** The key, or the certificates, as a credential has them. */
  static byte[] identityField(String label) {
    ByteBuffer in = ByteBuffer.wrap(octets(label)).position(2);
    for (int i = 0; i < 2; i++) {
      int length = Short.toUnsignedInt(in.getShort());
      in.position(in.position() + length);
    }
    byte[] field = new byte[Short.toUnsignedInt(in.getShort())];
    in.get(field);
    return field;
  }

  public static LeafCredential credential(String label) throws RefusedException {
    return LeafCredential.verify(octets(label), ROOM, leafKey());
  }

  public static String fingerprint(String label) {
    return of(label).get("fingerprint").asText();
  }

  public static PrivateKey privateKey(String label, String algorithm)
      throws GeneralSecurityException {
    return KeyFactory.getInstance(algorithm)
        .generatePrivate(new PKCS8EncodedKeySpec(hex(of(label).get("privateKey").asText())));
  }

  /** A raw key and its public half, as JCA has them. */
  public static KeyPair pair(String label, String algorithm) throws GeneralSecurityException {
    try {
      return new KeyPair(
          KeyFactory.getInstance(algorithm)
              .generatePublic(new X509EncodedKeySpec(credential(label).subjectPublicKeyInfo())),
          privateKey(label, algorithm));
    } catch (RefusedException e) {
      throw new AssertionError(e);
    }
  }

  public static List<X509Certificate> chain(String label) throws GeneralSecurityException {
    List<X509Certificate> chain = new ArrayList<>();
    for (JsonNode certificate : of(label).get("chain")) {
      chain.add(certificate(certificate));
    }
    return chain;
  }

  public static X509Certificate certificate(JsonNode node) throws GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(hex(node.asText())));
  }

  public static List<byte[]> certificates(String label) {
    return all(of(label).get("chain"));
  }

  public static byte[] root(String label) {
    return hex(CREDENTIALS.get(label).asText());
  }

  public static List<byte[]> revocationLists() {
    return all(CREDENTIALS.get("revocationLists"));
  }

  private static List<byte[]> all(JsonNode nodes) {
    List<byte[]> all = new ArrayList<>();
    nodes.forEach(node -> all.add(hex(node.asText())));
    return all;
  }

  public static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }
}
