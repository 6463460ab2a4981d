/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.io.IOException;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Enumeration;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.CertificateList;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.TBSCertList;
import org.jspecify.annotations.Nullable;

/**
 * Whose certificates an issuer takes back (RFC 5280 section 5), in DER. Lists with a critical
 * extension, such as those of changes or of a part only, are of no use here. Immutable.
 */
final class RevocationList {
  private final CertificateList structure;
  private final byte[] tbsOctets;

  private RevocationList(CertificateList structure, byte[] tbsOctets) {
    this.structure = structure;
    this.tbsOctets = tbsOctets;
  }

  /**
   * Reads one.
   *
   * @throws RefusedException with {@code MALFORMED}
   */
  static RevocationList parse(byte[] octets) throws RefusedException {
    try {
      CertificateList list =
          CertificateList.getInstance(Der.readCanonical(octets, "a revocation list"));
      if (!list.getSignatureAlgorithm().equals(list.getTBSCertList().getSignature())) {
        throw malformed("with two signature algorithms");
      }
      var unusedDates =
          new @Nullable Object[] {CertificateTime.instant(list.getThisUpdate()), nextUpdate(list)};
      var unusedBits = list.getSignature().getOctets();
      return new RevocationList(list, list.getTBSCertList().getEncoded(ASN1Encoding.DER));
    } catch (IOException | RuntimeException e) {
      throw malformed(String.valueOf(e.getMessage()));
    }
  }

  private static @Nullable Instant nextUpdate(CertificateList list) {
    return list.getNextUpdate() == null ? null : CertificateTime.instant(list.getNextUpdate());
  }

  /** Whether it is a whole list of this issuer, and current. */
  boolean isOf(X500Name issuer, Instant now) {
    Instant next = nextUpdate(structure);
    Extensions extensions = structure.getTBSCertList().getExtensions();
    return structure.getIssuer().equals(issuer)
        && !now.isBefore(CertificateTime.instant(structure.getThisUpdate()))
        && next != null
        && !now.isAfter(next)
        && (extensions == null || extensions.getCriticalExtensionOIDs().length == 0);
  }

  boolean isSignedBy(IssuerKey key) {
    return key.verify(
        structure.getSignatureAlgorithm(), tbsOctets, structure.getSignature().getOctets());
  }

  /**
   * Whether a certificate of the issuer is on it, whatever the reason and since when: also if all
   * that is said of it is critical and not known.
   */
  boolean revokes(BigInteger serialNumber) {
    Enumeration<?> entries = structure.getRevokedCertificateEnumeration();
    while (entries.hasMoreElements()) {
      TBSCertList.CRLEntry entry = (TBSCertList.CRLEntry) entries.nextElement();
      if (entry.getUserCertificate().getValue().equals(serialNumber)) {
        return true;
      }
    }
    return false;
  }

  private static RefusedException malformed(String detail) {
    return new RefusedException(RefusedException.Reason.MALFORMED, "a revocation list " + detail);
  }
}
