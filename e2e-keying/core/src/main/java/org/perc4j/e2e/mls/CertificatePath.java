/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraintValidatorException;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.PKIXNameConstraintValidator;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.RefusedException.Reason;

/**
 * Validates a chain of certificates up to a root (RFC 5280 section 6.1), and where there are
 * revocation lists, by those (section 6.3). Of policies nothing is known: certificates that
 * restrict them ({@code policyConstraints}, {@code inhibitAnyPolicy}) are refused, as they say that
 * who does not know must. So is every other critical extension that is not checked here. For one
 * use.
 */
final class CertificatePath {
  private static final Set<ASN1ObjectIdentifier> KNOWN_EXTENSIONS =
      Set.of(
          Extension.basicConstraints,
          Extension.keyUsage,
          Extension.extendedKeyUsage,
          Extension.subjectAlternativeName,
          Extension.nameConstraints,
          Extension.certificatePolicies);

  private final Instant now;
  private final @Nullable List<RevocationList> revocations;
  private final PKIXNameConstraintValidator names = new PKIXNameConstraintValidator();
  private final DirectoryConstraints directory = new DirectoryConstraints();

  /** How many more issuers there may be. */
  private int maxPathLength = Integer.MAX_VALUE;

  /**
   * Begins.
   *
   * @param revocations all lists that there are, or null if none are to be looked at
   */
  CertificatePath(Instant now, @Nullable List<RevocationList> revocations) {
    this.now = now;
    this.revocations = revocations;
  }

  /**
   * Whose word counts for a certificate.
   *
   * @param mayRevoke whether it may sign revocation lists, too
   */
  record Issuer(X500Name name, IssuerKey key, boolean mayRevoke) {
    /**
     * Who holds a certificate; whether it may issue others is not looked at.
     *
     * @throws RefusedException if its key is none that issuers have
     */
    static Issuer of(Certificate certificate) throws RefusedException {
      KeyUsage usage = certificateKeyUsage(certificate);
      return new Issuer(
          certificate.subject(),
          IssuerKey.of(certificate.subjectPublicKeyInfo()),
          usage == null || usage.hasUsages(KeyUsage.cRLSign));
    }

    /** Whether it has issued a certificate. */
    boolean issued(Certificate certificate) {
      return certificate.issuer().equals(name)
          && key.verify(
              certificate.signatureAlgorithm(), certificate.tbsOctets(), certificate.signature());
    }
  }

  /**
   * Validates.
   *
   * @param chain at least one certificate, the holder's first, each followed by its issuer's
   * @param roots whose keys and names are believed, whatever else they say
   * @throws RefusedException if it does not lead to one of the roots
   */
  void validate(List<Certificate> chain, Collection<Issuer> roots) throws RefusedException {
    Certificate last = chain.get(chain.size() - 1);
    Issuer issuer =
        roots.stream()
            .filter(root -> root.issued(last))
            .findFirst()
            .orElseThrow(() -> refused("that leads to none of the roots"));
    for (int i = chain.size() - 1; i >= 0; i--) {
      Certificate certificate = chain.get(i);
      requireCurrent(certificate, issuer);
      requireNamesPermitted(certificate, i == 0);
      requireKnownExtensions(certificate);
      if (i > 0) {
        requireIssuer(certificate);
        issuer = Issuer.of(certificate);
        if (!issuer.issued(chain.get(i - 1))) {
          throw refused("that is not from who is said to be its issuer");
        }
      }
    }
  }

  private void requireCurrent(Certificate certificate, Issuer issuer) throws RefusedException {
    if (now.isBefore(certificate.notBefore()) || now.isAfter(certificate.notAfter())) {
      throw refused("that is not valid now");
    }
    if (revocations != null) {
      requireNotRevoked(certificate, issuer, revocations);
    }
  }

  private void requireNotRevoked(Certificate certificate, Issuer issuer, List<RevocationList> lists)
      throws RefusedException {
    boolean known = false;
    for (RevocationList list : lists) {
      if (issuer.mayRevoke()
          && list.isOf(certificate.issuer(), now)
          && list.isSignedBy(issuer.key())) {
        known = true;
        if (list.revokes(certificate.serialNumber())) {
          throw refused("that was revoked");
        }
      }
    }
    if (!known) {
      throw refused("of whose issuer there is no current revocation list");
    }
  }

  private void requireNamesPermitted(Certificate certificate, boolean last)
      throws RefusedException {
    if (certificate.isSelfIssued() && !last) {
      return;
    }
    GeneralNames others =
        certificate.extension(Extension.subjectAlternativeName, GeneralNames::getInstance);
    boolean allowed = directory.allows(certificate.subject());
    try {
      for (GeneralName other : others == null ? new GeneralName[0] : others.getNames()) {
        if (other.getTagNo() == GeneralName.directoryName) {
          allowed &= directory.allows(X500Name.getInstance(other.getName()));
        } else {
          names.checkPermitted(other);
          names.checkExcluded(other);
        }
      }
    } catch (NameConstraintValidatorException | RuntimeException e) {
      // it may stumble over names that are malformed
      allowed = false;
    }
    if (!allowed) {
      throw refused("with a name that its issuers may not give");
    }
  }

  private static void requireKnownExtensions(Certificate certificate) throws RefusedException {
    Extensions extensions = certificate.extensions();
    if (extensions != null) {
      for (ASN1ObjectIdentifier critical : extensions.getCriticalExtensionOIDs()) {
        if (!KNOWN_EXTENSIONS.contains(critical)) {
          throw refused("with an extension that is not known: " + critical);
        }
      }
    }
  }

  /** Requires of a certificate that it may issue others, and notes what it says of those. */
  private void requireIssuer(Certificate certificate) throws RefusedException {
    BasicConstraints constraints =
        certificate.extension(Extension.basicConstraints, BasicConstraints::getInstance);
    KeyUsage usage = certificateKeyUsage(certificate);
    if (constraints == null
        || !constraints.isCA()
        || (usage != null && !usage.hasUsages(KeyUsage.keyCertSign))) {
      throw refused("whose holder may not issue others");
    }
    if (!certificate.isSelfIssued()) {
      if (maxPathLength == 0) {
        throw refused("with too many issuers");
      }
      maxPathLength--;
    }
    ASN1Integer limit = constraints.getPathLenConstraintInteger();
    if (limit != null && limit.getValue().bitLength() < Integer.SIZE) {
      if (limit.getValue().signum() < 0) {
        throw refused("with a limit below zero");
      }
      maxPathLength = Math.min(maxPathLength, limit.getValue().intValue());
    }
    addConstraints(certificate);
  }

  private void addConstraints(Certificate certificate) throws RefusedException {
    NameConstraints constraints =
        certificate.extension(Extension.nameConstraints, NameConstraints::getInstance);
    if (constraints == null) {
      return;
    }
    try {
      GeneralSubtree[] permitted = constraints.getPermittedSubtrees();
      if (permitted != null) {
        requireChecked(permitted);
        directory.permit(permitted);
        names.intersectPermittedSubtree(others(permitted));
      }
      GeneralSubtree[] excluded = constraints.getExcludedSubtrees();
      if (excluded != null) {
        requireChecked(excluded);
        directory.exclude(excluded);
        for (GeneralSubtree subtree : others(excluded)) {
          names.addExcludedSubtree(subtree);
        }
      }
    } catch (RuntimeException e) {
      throw refused("with constraints that are malformed");
    }
  }

  private static GeneralSubtree[] others(GeneralSubtree[] subtrees) {
    return Arrays.stream(subtrees)
        .filter(subtree -> subtree.getBase().getTagNo() != GeneralName.directoryName)
        .toArray(GeneralSubtree[]::new);
  }

  /** Refuses constraints on kinds of names that the library would let pass. */
  private static void requireChecked(GeneralSubtree[] subtrees) throws RefusedException {
    for (GeneralSubtree subtree : subtrees) {
      int kind = subtree.getBase().getTagNo();
      boolean checked =
          kind == GeneralName.directoryName
              || kind == GeneralName.rfc822Name
              || kind == GeneralName.dNSName
              || kind == GeneralName.uniformResourceIdentifier
              || kind == GeneralName.iPAddress;
      if (!checked) {
        throw refused("with a constraint on names of kind " + kind);
      }
    }
  }

  private static @Nullable KeyUsage certificateKeyUsage(Certificate certificate)
      throws RefusedException {
    return certificate.extension(Extension.keyUsage, KeyUsage::getInstance);
  }

  private static RefusedException refused(String detail) {
    return new RefusedException(Reason.CREDENTIAL, "a certificate " + detail);
  }
}
