/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.transport;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority for certificates of web servers, that nobody knows but who is given it. */
public final class TestAuthority {
  private static final X500Name NAME = new X500Name("CN=perc4j's tests");

  /** How long a certificate is valid, and since when, unless told. */
  private static final Duration VALIDITY = Duration.ofDays(1);

  private final Clock clock;
  private final KeyPair keys;
  private final X509CertificateHolder certificate;

  /** A key and a certificate of a server's, in PEM. */
  public record Credentials(String key, String certificate) {}

  private TestAuthority(Clock clock, KeyPair keys, X509CertificateHolder certificate) {
    this.clock = clock;
    this.keys = keys;
    this.certificate = certificate;
  }

  /** Makes an authority. */
  public static TestAuthority create(Clock clock) throws IOException {
    KeyPair keys = newKeys();
    Instant now = clock.instant();
    JcaX509v3CertificateBuilder builder =
        builder(NAME, keys.getPublic(), now.minus(VALIDITY.multipliedBy(30)), now.plus(VALIDITY));
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
    return new TestAuthority(clock, keys, sign(builder, keys.getPrivate()));
  }

  /**
   * Makes what a server for a host, or an IPv4 address, has, valid since a day for a day, moved by
   * some time.
   */
  public Credentials issue(String host, Duration moved) throws IOException {
    KeyPair own = newKeys();
    Instant middle = clock.instant().plus(moved);
    JcaX509v3CertificateBuilder builder =
        builder(
            new X500Name("CN=" + host),
            own.getPublic(),
            middle.minus(VALIDITY),
            middle.plus(VALIDITY));
    builder.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(
            new GeneralName(isAddress(host) ? GeneralName.iPAddress : GeneralName.dNSName, host)));
    X509CertificateHolder issued = sign(builder, keys.getPrivate());
    return new Credentials(
        pem("PRIVATE KEY", own.getPrivate().getEncoded()), pem("CERTIFICATE", issued.getEncoded()));
  }

  private static boolean isAddress(String host) {
    return host.chars().allMatch(character -> character == '.' || Character.isDigit(character));
  }

  private static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no P-256", e);
    }
  }

  private static JcaX509v3CertificateBuilder builder(
      X500Name subject, PublicKey key, Instant from, Instant to) {
    return new JcaX509v3CertificateBuilder(
        NAME,
        new BigInteger(64, new SecureRandom()).setBit(64),
        Date.from(from),
        Date.from(to),
        subject,
        key);
  }

  private static X509CertificateHolder sign(JcaX509v3CertificateBuilder builder, PrivateKey key) {
    try {
      return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key));
    } catch (OperatorCreationException e) {
      throw new IllegalStateException("no ECDSA", e);
    }
  }

  private static String pem(String what, byte[] der) {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(what, base64);
  }

  /** Returns the authority's own certificate in PEM, for processes that are to trust it. */
  public String certificate() throws IOException {
    return pem("CERTIFICATE", certificate.getEncoded());
  }

  /** Returns what trusts this authority, and no other. */
  public X509TrustManager trust() throws IOException {
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(roots());
      return Arrays.stream(factory.getTrustManagers())
          .filter(X509TrustManager.class::isInstance)
          .map(X509TrustManager.class::cast)
          .findFirst()
          .orElseThrow();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no trust in certificates", e);
    }
  }

  /** Writes a file for {@code javax.net.ssl.trustStore}. */
  public void store(Path file, String password) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      roots().store(out, password.toCharArray());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no file of certificates", e);
    }
  }

  private KeyStore roots() throws IOException, GeneralSecurityException {
    KeyStore roots = KeyStore.getInstance(KeyStore.getDefaultType());
    roots.load(null, null);
    roots.setCertificateEntry(
        "root", new JcaX509CertificateConverter().getCertificate(certificate));
    return roots;
  }
}
