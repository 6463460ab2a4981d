/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * Who this endpoint is: a name, and a key that lives as long as the endpoint does. The key vouches
 * for the fresh signature keys of the endpoint's leaves ({@link #vouchFor}) and is used for nothing
 * else. Others recognise it by its {@link #fingerprint}, or by certificates.
 *
 * <p>Immutable and thread-safe. The private key is held by JCA, which has no way to zero it.
 */
public final class EndpointIdentity {
  private static final String FILE_HEADER = "perc4j identity 1";
  private static final int MAX_FILE_BYTES = 65536;
  private static final byte[] PROBE = "perc4j key pair check".getBytes(StandardCharsets.US_ASCII);

  private final String name;
  private final IdentityKey key;
  private final PrivateKey privateKey;
  private final List<X509Certificate> chain;
  private final byte[] identityField;

  private EndpointIdentity(
      String name,
      IdentityKey key,
      PrivateKey privateKey,
      List<X509Certificate> chain,
      byte[] identityField) {
    this.name = name;
    this.key = key;
    this.privateKey = privateKey;
    this.chain = chain;
    this.identityField = identityField;
    requireName(name);
    boolean matches;
    try {
      matches = key.verify(PROBE, key.sign(privateKey, PROBE));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("the private key can't sign", e);
    }
    if (!matches) {
      throw new IllegalArgumentException("the private key does not belong to the public key");
    }
  }

  private static void requireName(String name) {
    var unused = CredentialText.NAME.encode(name);
  }

  /**
   * An identity with a new Ed25519 key.
   *
   * @param name 1 to 255 octets in UTF-8, as {@link LeafCredential} describes; best an XMPP address
   * @throws IllegalArgumentException if the name can't be one
   */
  public static EndpointIdentity generate(String name, SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
      generator.initialize(NamedParameterSpec.ED25519, random);
      return ofKey(name, generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JCE provider has no Ed25519", e);
    }
  }

  /**
   * An identity with a key that speaks for itself.
   *
   * @param name as in {@link #generate}
   * @param pair Ed25519 or P-256
   * @throws IllegalArgumentException if the name can't be one, the key is of another kind, or the
   *     two halves do not belong together
   */
  public static EndpointIdentity ofKey(String name, KeyPair pair) {
    try {
      IdentityKey key = IdentityKey.ofSubjectPublicKeyInfo(pair.getPublic().getEncoded());
      return new EndpointIdentity(
          name, key, pair.getPrivate(), List.of(), key.subjectPublicKeyInfo());
    } catch (RefusedException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /**
   * An identity with certificates.
   *
   * @param name as in {@link #generate}; validators will look for it in the first certificate
   * @param chain 1 to 5 certificates, together at most 6 KiB, the private key's first, each
   *     followed by its issuer's; the root's may be left out
   * @param privateKey Ed25519, P-256 or RSA with 2048 to 4096 bits
   * @throws IllegalArgumentException if the name can't be one, the key is of another kind, or any
   *     two do not belong together
   */
  public static EndpointIdentity ofCertificates(
      String name, List<X509Certificate> chain, PrivateKey privateKey) {
    List<X509Certificate> copy = List.copyOf(chain);
    if (copy.isEmpty() || copy.size() > LeafCredentialCodec.MAX_CERTIFICATES) {
      throw new IllegalArgumentException(copy.size() + " certificates");
    }
    for (int i = 1; i < copy.size(); i++) {
      if (!copy.get(i - 1).getIssuerX500Principal().equals(copy.get(i).getSubjectX500Principal())) {
        throw new IllegalArgumentException("certificate " + i + " is not the issuer of the last");
      }
    }
    try {
      return new EndpointIdentity(
          name,
          IdentityKey.ofCertificate(copy.get(0)),
          privateKey,
          copy,
          LeafCredentialCodec.certificateList(copy));
    } catch (RefusedException | GeneralSecurityException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** Returns the name. */
  public String name() {
    return name;
  }

  /**
   * Returns what others pin or compare: SHA-256 of the key's SubjectPublicKeyInfo, as 64 lower-case
   * hexadecimal digits.
   */
  public String fingerprint() {
    return key.fingerprint();
  }

  /**
   * Says that a leaf key is this endpoint's.
   *
   * @param room the room's bare JID
   * @param occupant the nickname there
   * @param leafSignatureKey the public key as it will stand in the leaf node; not kept
   * @return a {@link LeafCredential}'s octets
   * @throws IllegalArgumentException if one of them can't be one
   */
  public byte[] vouchFor(String room, String occupant, byte[] leafSignatureKey) {
    if (leafSignatureKey.length == 0
        || leafSignatureKey.length > LeafCredentialCodec.MAX_LEAF_KEY_LENGTH_BYTES) {
      throw new IllegalArgumentException("leaf key of " + leafSignatureKey.length + " octets");
    }
    int kind = chain.isEmpty() ? LeafCredentialCodec.KIND_RAW_KEY : LeafCredentialCodec.KIND_X509;
    byte[] content =
        LeafCredentialCodec.signedContent(
            room, occupant, name, leafSignatureKey, kind, identityField);
    try {
      return LeafCredentialCodec.write(
          kind, name, occupant, identityField, key.sign(privateKey, content));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JCE provider refuses to sign", e);
    }
  }

  /**
   * Writes name, key and certificates to a file in place of what was there, at once or not at all,
   * with permissions 0600 where the file system knows them. The private key is not encrypted.
   *
   * <pre>
   *   perc4j identity 1
   *   name NAME
   *   public-key BASE64         SubjectPublicKeyInfo
   *   private-key BASE64        PKCS #8
   *   certificate BASE64        0 to 5 times
   * </pre>
   *
   * @throws IOException if it can't be written, or the private key can't leave its token
   */
  public void save(Path path) throws IOException {
    byte[] pkcs8 = privateKey.getEncoded();
    if (pkcs8 == null) {
      throw new IOException("the private key can't be exported");
    }
    byte[] secret = Base64.getEncoder().encode(pkcs8);
    StringBuilder head = new StringBuilder();
    head.append(FILE_HEADER).append("\nname ").append(name);
    head.append("\npublic-key ")
        .append(base64(key.subjectPublicKeyInfo()))
        .append("\nprivate-key ");
    StringBuilder tail = new StringBuilder("\n");
    try {
      for (X509Certificate certificate : chain) {
        tail.append("certificate ").append(base64(certificate.getEncoded())).append('\n');
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate that can't be encoded", e);
    }
    byte[] before = head.toString().getBytes(StandardCharsets.UTF_8);
    byte[] after = tail.toString().getBytes(StandardCharsets.UTF_8);
    byte[] content = Arrays.copyOf(before, before.length + secret.length + after.length);
    System.arraycopy(secret, 0, content, before.length, secret.length);
    System.arraycopy(after, 0, content, before.length + secret.length, after.length);
    try {
      PrivateFile.replace(path, content);
    } finally {
      Arrays.fill(pkcs8, (byte) 0);
      Arrays.fill(secret, (byte) 0);
      Arrays.fill(content, (byte) 0);
    }
  }

  /**
   * Reads what {@link #save} wrote.
   *
   * @throws IOException if there is no such file, if others may read or write it, or if it is not
   *     exactly what {@code save} writes; the message says what is wrong
   */
  public static EndpointIdentity load(Path path) throws IOException {
    byte[] content = PrivateFile.read(path, MAX_FILE_BYTES, PrivateFile.SECRET);
    List<byte[]> lines = new ArrayList<>();
    byte[] secret = new byte[0];
    try {
      splitLines(path, content, lines);
      if (lines.size() < 4 || lines.size() > 4 + LeafCredentialCodec.MAX_CERTIFICATES) {
        throw corrupt(path, lines.size() + " lines");
      }
      if (!Arrays.equals(lines.get(0), FILE_HEADER.getBytes(StandardCharsets.US_ASCII))) {
        throw corrupt(path, "its first line is not '" + FILE_HEADER + "'");
      }
      String name = CredentialText.NAME.decode(value(path, lines.get(1), "name "));
      byte[] publicKey = decode(path, lines.get(2), "public-key ");
      secret = decode(path, lines.get(3), "private-key ");
      List<X509Certificate> chain = new ArrayList<>();
      for (byte[] line : lines.subList(4, lines.size())) {
        chain.add(LeafCredentialCodec.certificate(decode(path, line, "certificate ")));
      }
      IdentityKey key =
          chain.isEmpty()
              ? IdentityKey.ofSubjectPublicKeyInfo(publicKey)
              : IdentityKey.ofCertificate(chain.get(0));
      if (!Arrays.equals(key.subjectPublicKeyInfo(), publicKey)) {
        throw corrupt(path, "its certificate is for another key");
      }
      PrivateKey privateKey =
          KeyFactory.getInstance(key.key().getAlgorithm())
              .generatePrivate(new PKCS8EncodedKeySpec(secret));
      return chain.isEmpty()
          ? new EndpointIdentity(name, key, privateKey, List.of(), publicKey)
          : ofCertificates(name, chain, privateKey);
    } catch (RefusedException | GeneralSecurityException | IllegalArgumentException e) {
      throw corrupt(path, String.valueOf(e.getMessage()));
    } finally {
      Arrays.fill(content, (byte) 0);
      Arrays.fill(secret, (byte) 0);
      lines.forEach(line -> Arrays.fill(line, (byte) 0));
    }
  }

  private static void splitLines(Path path, byte[] content, List<byte[]> lines) throws IOException {
    int start = 0;
    for (int i = 0; i < content.length; i++) {
      if (content[i] == '\n') {
        lines.add(Arrays.copyOfRange(content, start, i));
        start = i + 1;
      }
    }
    if (start != content.length) {
      throw corrupt(path, "its last line has no end");
    }
  }

  private static byte[] value(Path path, byte[] line, String key) throws IOException {
    byte[] prefix = key.getBytes(StandardCharsets.US_ASCII);
    if (line.length < prefix.length
        || !Arrays.equals(line, 0, prefix.length, prefix, 0, prefix.length)) {
      throw corrupt(path, "a line does not start with '" + key + "'");
    }
    return Arrays.copyOfRange(line, prefix.length, line.length);
  }

  private static byte[] decode(Path path, byte[] line, String key) throws IOException {
    byte[] encoded = value(path, line, key);
    byte[] octets;
    try {
      octets = Base64.getDecoder().decode(encoded);
    } catch (IllegalArgumentException e) {
      throw corrupt(path, "'" + key + "' is not followed by base64");
    }
    byte[] again = Base64.getEncoder().encode(octets);
    boolean canonical = Arrays.equals(again, encoded);
    Arrays.fill(encoded, (byte) 0);
    Arrays.fill(again, (byte) 0);
    if (!canonical) {
      throw corrupt(path, "'" + key + "' is not followed by base64");
    }
    return octets;
  }

  private static IOException corrupt(Path path, String detail) {
    return new IOException(path + " is not an identity: " + detail);
  }

  private static String base64(byte[] octets) {
    return Base64.getEncoder().encodeToString(octets);
  }

  /** Says nothing about the private key. */
  @Override
  public String toString() {
    return "EndpointIdentity[" + name + ", " + key + ", private key redacted]";
  }
}
