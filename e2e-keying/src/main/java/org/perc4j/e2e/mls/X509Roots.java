/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.security.InvalidAlgorithmParameterException;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Date;
import java.util.Set;
import org.bouncycastle.asn1.ASN1IA5String;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1UTF8String;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.OtherName;
import org.jspecify.annotations.Nullable;

/**
 * Accepts names that a certification authority vouches for (PKIX, RFC 5280). The first certificate
 * must name the holder in its subjectAltName, as an XMPP address (id-on-xmppAddr, RFC 6120 section
 * 13.7.1.4) or as a mail address (rfc822Name), in exactly the same characters, and its keyUsage, if
 * there is one, must have digitalSignature. Raw keys are refused.
 *
 * <p><b>Revocation is not checked</b> unless revocation lists are given: without them a stolen key
 * is good until its certificate expires. Nothing is ever fetched from the network.
 *
 * <p>The JDK's constraints on algorithms and key lengths ({@code jdk.certpath.disabledAlgorithms})
 * apply to the certificates. Thread-safe.
 */
public final class X509Roots implements CredentialValidator {
  private static final String SUBJECT_ALT_NAME = "2.5.29.17";
  private static final ASN1ObjectIdentifier XMPP_ADDR =
      new ASN1ObjectIdentifier("1.3.6.1.5.5.7.8.5");
  private static final int DIGITAL_SIGNATURE = 0;

  private final Set<TrustAnchor> roots;
  private final Clock clock;
  private final @Nullable CertStore revocationLists;

  /**
   * Without a check for revocation.
   *
   * @param roots who is believed: 1 or more
   * @throws IllegalArgumentException if there are no roots
   */
  public X509Roots(Set<TrustAnchor> roots, Clock clock) {
    this(roots, clock, null);
  }

  /**
   * With revocation lists. A certificate is refused if it is on its issuer's, and also if there is
   * no list of its issuer that is current.
   *
   * @param roots who is believed: 1 or more
   * @param revocationLists with the CRLs of all issuers; how it is kept up to date is its owner's
   *     affair
   * @throws IllegalArgumentException if there are no roots
   */
  public static X509Roots withRevocationLists(
      Set<TrustAnchor> roots, Clock clock, CertStore revocationLists) {
    return new X509Roots(roots, clock, revocationLists);
  }

  private X509Roots(Set<TrustAnchor> roots, Clock clock, @Nullable CertStore revocationLists) {
    this.roots = Set.copyOf(roots);
    this.clock = clock;
    this.revocationLists = revocationLists;
    if (roots.isEmpty()) {
      throw new IllegalArgumentException("no roots");
    }
  }

  @Override
  public void check(LeafCredential credential) throws RefusedException {
    if (credential.chain().isEmpty()) {
      throw refused(credential, "has no certificate");
    }
    X509Certificate holder = credential.chain().get(0);
    boolean @Nullable [] keyUsage = holder.getKeyUsage();
    if (keyUsage != null && !keyUsage[DIGITAL_SIGNATURE]) {
      throw refused(credential, "has a certificate that is not for signatures");
    }
    if (!isNamed(holder, credential)) {
      throw refused(credential, "has a certificate for another name");
    }
    validate(credential);
  }

  private void validate(LeafCredential credential) throws RefusedException {
    try {
      PKIXParameters parameters = new PKIXParameters(roots);
      parameters.setDate(Date.from(clock.instant()));
      parameters.setRevocationEnabled(revocationLists != null);
      if (revocationLists != null) {
        parameters.addCertStore(revocationLists);
      }
      CertPath path = CertificateFactory.getInstance("X.509").generateCertPath(credential.chain());
      var unused = CertPathValidator.getInstance("PKIX").validate(path, parameters);
    } catch (CertPathValidatorException e) {
      throw refused(credential, "has a certificate that is not valid: " + e.getMessage());
    } catch (CertificateException e) {
      throw refused(credential, "has certificates that make no path: " + e.getMessage());
    } catch (NoSuchAlgorithmException | InvalidAlgorithmParameterException e) {
      throw new IllegalStateException("the JCE provider can't validate certificates", e);
    }
  }

  private static boolean isNamed(X509Certificate holder, LeafCredential credential)
      throws RefusedException {
    byte @Nullable [] extension = holder.getExtensionValue(SUBJECT_ALT_NAME);
    if (extension == null) {
      return false;
    }
    try {
      GeneralNames names =
          GeneralNames.getInstance(ASN1OctetString.getInstance(extension).getOctets());
      for (GeneralName name : names.getNames()) {
        if (credential.name().equals(address(name))) {
          return true;
        }
      }
      return false;
    } catch (IllegalArgumentException e) {
      // How Bouncy Castle says that it is malformed.
      throw refused(credential, "has a certificate with malformed names");
    }
  }

  private static @Nullable String address(GeneralName name) {
    if (name.getTagNo() == GeneralName.rfc822Name) {
      return ASN1IA5String.getInstance(name.getName()).getString();
    }
    if (name.getTagNo() == GeneralName.otherName) {
      OtherName other = OtherName.getInstance(name.getName());
      if (other.getTypeID().equals(XMPP_ADDR)) {
        return ASN1UTF8String.getInstance(other.getValue()).getString();
      }
    }
    return null;
  }

  private static RefusedException refused(LeafCredential credential, String why) {
    return new RefusedException(RefusedException.Reason.CREDENTIAL, credential.name() + " " + why);
  }
}
