/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.identity;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.perc4j.e2e.mls.EndpointIdentity;
import org.perc4j.e2e.mls.LeafCredential;

/**
 * Keeps an {@link EndpointIdentity} with its private key in a file, which is written in place of
 * what was there, at once or not at all, with permissions 0600 where the file system knows them.
 * The private key is not encrypted.
 *
 * <pre>
 *   perc4j identity 1
 *   name NAME
 *   public-key BASE64         SubjectPublicKeyInfo
 *   private-key BASE64        PKCS #8
 *   certificate BASE64        0 to 5 times
 * </pre>
 *
 * <p>Stateless.
 */
public final class IdentityFile {
  private static final String FILE_HEADER = "perc4j identity 1";
  private static final int MAX_FILE_BYTES = 65536;
  private static final List<String> KEY_ALGORITHMS = List.of("Ed25519", "EC", "RSA");

  private IdentityFile() {}

  /**
   * Writes a name and a key.
   *
   * @param name as in {@link JcaSigner#identity(String, KeyPair)}
   * @param pair as there
   * @throws IOException if it can't be written, or the private key can't leave its token
   * @throws IllegalArgumentException as there
   */
  public static void save(Path path, String name, KeyPair pair) throws IOException {
    write(path, JcaSigner.identity(name, pair), pair.getPrivate(), List.of(), PrivateFile::replace);
  }

  /**
   * Writes a name, a key and its certificates.
   *
   * @param name as in {@link JcaSigner#identity(String, List, PrivateKey)}
   * @param chain as there
   * @param privateKey as there
   * @throws IOException if it can't be written, or the private key can't leave its token
   * @throws IllegalArgumentException as there
   */
  public static void save(
      Path path, String name, List<X509Certificate> chain, PrivateKey privateKey)
      throws IOException {
    write(
        path, JcaSigner.identity(name, chain, privateKey), privateKey, chain, PrivateFile::replace);
  }

  /** A way to write a file. */
  private interface Writer {
    void write(Path path, byte[] content) throws IOException;
  }

  private static void write(
      Path path,
      EndpointIdentity identity,
      PrivateKey privateKey,
      List<X509Certificate> chain,
      Writer writer)
      throws IOException {
    byte[] content = content(identity, privateKey, chain);
    try {
      writer.write(path, content);
    } finally {
      Arrays.fill(content, (byte) 0);
    }
  }

  private static byte[] content(
      EndpointIdentity identity, PrivateKey privateKey, List<X509Certificate> chain)
      throws IOException {
    byte[] pkcs8 = privateKey.getEncoded();
    if (pkcs8 == null) {
      throw new IOException("the private key can't be exported");
    }
    byte[] secret = Base64.getEncoder().encode(pkcs8);
    Arrays.fill(pkcs8, (byte) 0);
    StringBuilder head = new StringBuilder();
    head.append(FILE_HEADER).append("\nname ").append(identity.name());
    head.append("\npublic-key ")
        .append(base64(identity.subjectPublicKeyInfo()))
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
    Arrays.fill(secret, (byte) 0);
    return content;
  }

  /**
   * Reads what {@code save} wrote.
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
      if (lines.size() < 4 || lines.size() > 4 + LeafCredential.MAX_CERTIFICATES) {
        throw corrupt(path, lines.size() + " lines");
      }
      if (!Arrays.equals(lines.get(0), FILE_HEADER.getBytes(StandardCharsets.US_ASCII))) {
        throw corrupt(path, "its first line is not '" + FILE_HEADER + "'");
      }
      String name = text(path, value(path, lines.get(1), "name "));
      byte[] publicKey = decode(path, lines.get(2), "public-key ");
      secret = decode(path, lines.get(3), "private-key ");
      List<X509Certificate> chain = new ArrayList<>();
      for (byte[] line : lines.subList(4, lines.size())) {
        chain.add(certificate(decode(path, line, "certificate ")));
      }
      EndpointIdentity identity = identity(name, publicKey, secret, chain);
      if (!Arrays.equals(identity.subjectPublicKeyInfo(), publicKey)) {
        throw corrupt(path, "its certificate is for another key");
      }
      return identity;
    } catch (GeneralSecurityException | RuntimeException e) {
      // the JDK's parsers are not made for everything
      throw corrupt(path, String.valueOf(e.getMessage()));
    } finally {
      Arrays.fill(content, (byte) 0);
      Arrays.fill(secret, (byte) 0);
      lines.forEach(line -> Arrays.fill(line, (byte) 0));
    }
  }

  /**
   * Loads the identity that a file has, or generates one with an Ed25519 key and saves it there if
   * there is no such file. Of several who do that at once, in any number of processes, all get the
   * same one. A file that is there is never written.
   *
   * @param name as in {@link EndpointIdentity#generate}
   * @throws IllegalArgumentException if the name can't be one
   * @throws IOException if the file is one that {@link #load} refuses, or is of another name; or if
   *     it can't be written, or its file system has no hard links
   */
  public static EndpointIdentity loadOrGenerate(Path path, String name, SecureRandom random)
      throws IOException {
    EndpointIdentity identity;
    try {
      identity = load(path);
    } catch (NoSuchFileException e) {
      KeyPair pair = generate(random);
      EndpointIdentity generated = JcaSigner.identity(name, pair);
      try {
        write(path, generated, pair.getPrivate(), List.of(), PrivateFile::create);
      } catch (FileAlreadyExistsException overtaken) {
        // it was written since, by somebody else
      }
      identity = load(path);
    }
    if (!identity.name().equals(name)) {
      throw new IOException(path + " is the identity of " + identity.name() + ", not of " + name);
    }
    return identity;
  }

  private static KeyPair generate(SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
      generator.initialize(NamedParameterSpec.ED25519, random);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JCE provider has no Ed25519", e);
    }
  }

  private static EndpointIdentity identity(
      String name, byte[] publicKey, byte[] secret, List<X509Certificate> chain)
      throws GeneralSecurityException {
    PublicKey key = chain.isEmpty() ? publicKey(publicKey) : chain.get(0).getPublicKey();
    PrivateKey privateKey =
        KeyFactory.getInstance(key.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(secret));
    return chain.isEmpty()
        ? JcaSigner.identity(name, new KeyPair(key, privateKey))
        : JcaSigner.identity(name, chain, privateKey);
  }

  private static PublicKey publicKey(byte[] octets) throws GeneralSecurityException {
    GeneralSecurityException last = new GeneralSecurityException("no key");
    for (String algorithm : KEY_ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(octets));
      } catch (GeneralSecurityException e) {
        last = e;
      }
    }
    throw last;
  }

  private static X509Certificate certificate(byte[] octets) throws GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(octets));
  }

  private static String text(Path path, byte[] octets) throws IOException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
    } catch (CharacterCodingException e) {
      throw corrupt(path, "its name is not UTF-8");
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
}
