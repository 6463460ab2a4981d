/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.bouncycastle.asn1.ASN1IA5String;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1UTF8String;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.OtherName;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.CertificatePath.Issuer;
import org.perc4j.e2e.mls.RefusedException.Reason;

/**
 * Accepts names that a certification authority vouches for (PKIX, RFC 5280). The first certificate
 * must name the holder in its subjectAltName, as an XMPP address (id-on-xmppAddr, RFC 6120 section
 * 13.7.1.4) or as a mail address (rfc822Name), in exactly the same characters, and its keyUsage, if
 * there is one, must have digitalSignature. Raw keys are refused.
 *
 * <p><b>Revocation is not checked</b> unless revocation lists are given: without them a stolen key
 * is good until its certificate expires. Nothing is ever fetched from the network.
 *
 * <p>Issuers may sign with RSA (2048 to 8192 bits), ECDSA (P-256, P-384, P-521) and Ed25519, and
 * with no older hash than SHA-256. Constraints on path length and names are heeded. Certificates
 * with any other critical extension are refused, restrictions of policies among them. All is
 * computed by Bouncy Castle's lightweight API, the same on every platform. Thread-safe.
 */
public final class X509Roots implements CredentialValidator {
  private static final Logger LOGGER = Logger.getLogger(X509Roots.class.getName());

  private static final ASN1ObjectIdentifier XMPP_ADDR =
      new ASN1ObjectIdentifier("1.3.6.1.5.5.7.8.5");

  private final List<Issuer> roots;
  private final Clock clock;
  private final @Nullable Supplier<? extends Collection<byte[]>> revocationLists;

  /**
   * Without a check for revocation.
   *
   * @param roots whose names and keys are believed: 1 or more certificates in DER
   * @throws IllegalArgumentException if there are no roots, or one is malformed or has a key that
   *     issuers may not have
   */
  public X509Roots(Collection<byte[]> roots, Clock clock) {
    this(roots, clock, null);
  }

  /**
   * With revocation lists. A certificate is refused if it is on its issuer's, and also if there is
   * no whole list of its issuer that is current.
   *
   * @param roots as in {@link #X509Roots(Collection, Clock)}
   * @param revocationLists returns the lists of all issuers in DER, whenever it is asked; how they
   *     are kept up to date is its owner's affair. Those that are malformed count as not there
   * @throws IllegalArgumentException as {@link #X509Roots(Collection, Clock)}
   */
  public static X509Roots withRevocationLists(
      Collection<byte[]> roots,
      Clock clock,
      Supplier<? extends Collection<byte[]>> revocationLists) {
    return new X509Roots(roots, clock, revocationLists);
  }

  private X509Roots(
      Collection<byte[]> roots,
      Clock clock,
      @Nullable Supplier<? extends Collection<byte[]>> revocationLists) {
    List<Issuer> parsed = new ArrayList<>();
    try {
      for (byte[] root : roots) {
        parsed.add(Issuer.of(Certificate.parse(root)));
      }
    } catch (RefusedException e) {
      throw new IllegalArgumentException("root " + (parsed.size() + 1) + ": " + e.getMessage(), e);
    }
    if (parsed.isEmpty()) {
      throw new IllegalArgumentException("no roots");
    }
    this.roots = List.copyOf(parsed);
    this.clock = clock;
    this.revocationLists = revocationLists;
  }

  @Override
  public void check(LeafCredential credential) throws RefusedException {
    if (credential.chain().isEmpty()) {
      throw refused(credential, "has no certificate");
    }
    try {
      requireHolder(credential.chain().get(0), credential.name());
      new CertificatePath(clock.instant(), currentLists()).validate(credential.chain(), roots);
    } catch (RefusedException e) {
      RefusedException refusal = refused(credential, "has " + e.detail());
      refusal.initCause(e);
      throw refusal;
    }
  }

  private static void requireHolder(Certificate holder, String name) throws RefusedException {
    KeyUsage usage = holder.extension(Extension.keyUsage, KeyUsage::getInstance);
    if (usage != null && !usage.hasUsages(KeyUsage.digitalSignature)) {
      throw new RefusedException(Reason.CREDENTIAL, "a certificate that is not for signatures");
    }
    GeneralNames names =
        holder.extension(Extension.subjectAlternativeName, GeneralNames::getInstance);
    try {
      for (GeneralName each : names == null ? new GeneralName[0] : names.getNames()) {
        if (name.equals(address(each))) {
          return;
        }
      }
    } catch (IllegalArgumentException e) {
      // how Bouncy Castle says that it is malformed
      throw new RefusedException(Reason.MALFORMED, "a certificate with malformed names");
    }
    throw new RefusedException(Reason.CREDENTIAL, "a certificate for another name");
  }

  private @Nullable List<RevocationList> currentLists() {
    if (revocationLists == null) {
      return null;
    }
    List<RevocationList> lists = new ArrayList<>();
    for (byte[] octets : revocationLists.get()) {
      try {
        lists.add(RevocationList.parse(octets));
      } catch (RefusedException e) {
        LOGGER.log(Level.WARNING, "could not read a revocation list", e);
      }
    }
    return lists;
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
    return new RefusedException(Reason.CREDENTIAL, credential.name() + " " + why);
  }
}
