/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.io.IOException;
import java.math.BigInteger;
import java.time.Instant;
import java.util.function.Function;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.jspecify.annotations.Nullable;

/**
 * An X.509 certificate (RFC 5280 section 4.1) in DER, read as a whole and not validated. Immutable.
 */
final class Certificate {
  private final byte[] octets;
  private final org.bouncycastle.asn1.x509.Certificate structure;
  private final byte[] tbsOctets;
  private final byte[] subjectPublicKeyInfoOctets;

  private Certificate(
      byte[] octets,
      org.bouncycastle.asn1.x509.Certificate structure,
      byte[] tbsOctets,
      byte[] subjectPublicKeyInfoOctets) {
    this.octets = octets;
    this.structure = structure;
    this.tbsOctets = tbsOctets;
    this.subjectPublicKeyInfoOctets = subjectPublicKeyInfoOctets;
  }

  /**
   * Reads one certificate.
   *
   * @param octets DER and nothing else; not kept
   * @throws RefusedException with {@code MALFORMED}
   */
  static Certificate parse(byte[] octets) throws RefusedException {
    try {
      var structure =
          org.bouncycastle.asn1.x509.Certificate.getInstance(
              Der.readCanonical(octets, "a certificate"));
      TBSCertificate tbs = structure.getTBSCertificate();
      if (!structure.getSignatureAlgorithm().equals(tbs.getSignature())) {
        throw malformed("with two signature algorithms");
      }
      Certificate certificate =
          new Certificate(
              octets.clone(),
              structure,
              tbs.getEncoded(ASN1Encoding.DER),
              tbs.getSubjectPublicKeyInfo().getEncoded(ASN1Encoding.DER));
      certificate.requireReadable();
      return certificate;
    } catch (IOException | RuntimeException e) {
      // how Bouncy Castle says that it is something else: in many ways
      throw malformed(String.valueOf(e.getMessage()));
    }
  }

  /** What is read later is read once now: its faults shall not come as a surprise. */
  private void requireReadable() {
    var unusedDates = new Instant[] {notBefore(), notAfter()};
    var unusedBits = structure.getSignature().getOctets();
    Extensions extensions = structure.getTBSCertificate().getExtensions();
    if (extensions != null && structure.getVersionNumber() != 3) {
      throw new IllegalArgumentException("extensions in version " + structure.getVersionNumber());
    }
  }

  /** Returns a copy of the octets. */
  byte[] octets() {
    return octets.clone();
  }

  /** Returns what is signed. Must not be changed. */
  byte[] tbsOctets() {
    return tbsOctets;
  }

  AlgorithmIdentifier signatureAlgorithm() {
    return structure.getSignatureAlgorithm();
  }

  byte[] signature() {
    return structure.getSignature().getOctets();
  }

  X500Name subject() {
    return structure.getSubject();
  }

  X500Name issuer() {
    return structure.getIssuer();
  }

  Instant notBefore() {
    return CertificateTime.instant(structure.getStartDate());
  }

  Instant notAfter() {
    return CertificateTime.instant(structure.getEndDate());
  }

  BigInteger serialNumber() {
    return structure.getSerialNumber().getValue();
  }

  SubjectPublicKeyInfo subjectPublicKeyInfo() {
    return structure.getSubjectPublicKeyInfo();
  }

  /** Returns a copy of the same in DER. */
  byte[] subjectPublicKeyInfoOctets() {
    return subjectPublicKeyInfoOctets.clone();
  }

  /** Whether the subject is the issuer (RFC 5280 section 3.2). */
  boolean isSelfIssued() {
    return subject().equals(issuer());
  }

  /** Returns all extensions, or null if there are none. */
  @Nullable Extensions extensions() {
    return structure.getTBSCertificate().getExtensions();
  }

  /**
   * Reads an extension.
   *
   * @return null if there is none of this type
   * @throws RefusedException with {@code MALFORMED}
   */
  <T> @Nullable T extension(ASN1ObjectIdentifier type, Function<Object, T> reader)
      throws RefusedException {
    Extensions extensions = extensions();
    Extension extension = extensions == null ? null : extensions.getExtension(type);
    if (extension == null) {
      return null;
    }
    byte[] value = extension.getExtnValue().getOctets();
    try {
      return reader.apply(Der.read(value, "an extension"));
    } catch (IOException | RuntimeException e) {
      throw malformed("with an extension " + type + " that is malformed");
    }
  }

  private static RefusedException malformed(String detail) {
    return new RefusedException(RefusedException.Reason.MALFORMED, "a certificate " + detail);
  }
}
