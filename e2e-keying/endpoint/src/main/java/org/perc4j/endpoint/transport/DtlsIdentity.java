/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.transport;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCertificate;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/**
 * A self-signed certificate on P-256, made for one transport, known to the peer by its fingerprint.
 */
final class DtlsIdentity {
  private final AsymmetricKeyParameter privateKey;
  private final Certificate certificate;
  private final String fingerprint;

  private DtlsIdentity(
      AsymmetricKeyParameter privateKey, Certificate certificate, String fingerprint) {
    this.privateKey = privateKey;
    this.certificate = certificate;
    this.fingerprint = fingerprint;
  }

  static DtlsIdentity create(BcTlsCrypto crypto) throws IOException {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair keys = generator.generateKeyPair();
      X500Name name = new X500Name("CN=perc4j");
      Instant now = Instant.now();
      X509CertificateHolder holder =
          new JcaX509v3CertificateBuilder(
                  name,
                  new BigInteger(64, new SecureRandom()).setBit(64),
                  Date.from(now.minus(Duration.ofDays(1))),
                  Date.from(now.plus(Duration.ofDays(7))),
                  name,
                  keys.getPublic())
              .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
      return new DtlsIdentity(
          PrivateKeyFactory.createKey(keys.getPrivate().getEncoded()),
          new Certificate(
              new TlsCertificate[] {new BcTlsCertificate(crypto, holder.toASN1Structure())}),
          fingerprint(holder.getEncoded()));
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("no ECDSA on P-256", e);
    }
  }

  /** The fingerprint of a certificate in DER by SHA-256, in the form of RFC 8122. */
  static String fingerprint(byte[] certificate) {
    try {
      return HexFormat.ofDelimiter(":")
          .withUpperCase()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no SHA-256", e);
    }
  }

  AsymmetricKeyParameter privateKey() {
    return privateKey;
  }

  Certificate certificate() {
    return certificate;
  }

  String fingerprint() {
    return fingerprint;
  }
}
