/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.io.IOException;
import java.math.BigInteger;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.pkcs.RSASSAPSSparams;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.Signer;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.engines.RSABlindedEngine;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.signers.DSADigestSigner;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.crypto.signers.PSSSigner;
import org.bouncycastle.crypto.signers.RSADigestSigner;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.jspecify.annotations.Nullable;

/**
 * A key of a certification authority, and what it signs with: RSA of 2048 to 8192 bits with PKCS #1
 * v1.5 or PSS, ECDSA on P-256, P-384 or P-521, each with SHA-256, SHA-384 or SHA-512 (RFC 4055, RFC
 * 5758), and Ed25519 (RFC 8410). Immutable.
 */
final class IssuerKey {
  private static final int RSA_MIN_BITS = 2048;
  private static final int RSA_MAX_BITS = 8192;
  private static final Set<ASN1ObjectIdentifier> CURVES =
      Set.of(
          SECObjectIdentifiers.secp256r1,
          SECObjectIdentifiers.secp384r1,
          SECObjectIdentifiers.secp521r1);

  private static final Map<ASN1ObjectIdentifier, Supplier<Digest>> DIGESTS =
      Map.of(
          NISTObjectIdentifiers.id_sha256, SHA256Digest::new,
          NISTObjectIdentifiers.id_sha384, SHA384Digest::new,
          NISTObjectIdentifiers.id_sha512, SHA512Digest::new);
  private static final Map<ASN1ObjectIdentifier, Supplier<Digest>> RSA =
      Map.of(
          PKCSObjectIdentifiers.sha256WithRSAEncryption, SHA256Digest::new,
          PKCSObjectIdentifiers.sha384WithRSAEncryption, SHA384Digest::new,
          PKCSObjectIdentifiers.sha512WithRSAEncryption, SHA512Digest::new);
  private static final Map<ASN1ObjectIdentifier, Supplier<Digest>> ECDSA =
      Map.of(
          X9ObjectIdentifiers.ecdsa_with_SHA256, SHA256Digest::new,
          X9ObjectIdentifiers.ecdsa_with_SHA384, SHA384Digest::new,
          X9ObjectIdentifiers.ecdsa_with_SHA512, SHA512Digest::new);

  private final AsymmetricKeyParameter key;

  private IssuerKey(AsymmetricKeyParameter key) {
    this.key = key;
  }

  /**
   * Reads a key.
   *
   * @throws RefusedException if it is of another kind, too short, too long or malformed
   */
  static IssuerKey of(SubjectPublicKeyInfo info) throws RefusedException {
    try {
      return new IssuerKey(
          info.getAlgorithm().getAlgorithm().equals(PKCSObjectIdentifiers.rsaEncryption)
              ? IdentityKey.rsa(
                  RSAPublicKey.getInstance(info.parsePublicKey()), RSA_MIN_BITS, RSA_MAX_BITS)
              : curve(PublicKeyFactory.createKey(info)));
    } catch (IOException | RuntimeException e) {
      // how Bouncy Castle says that it is no key: in many ways
      throw new RefusedException(RefusedException.Reason.MALFORMED, "an issuer's key");
    }
  }

  private static AsymmetricKeyParameter curve(AsymmetricKeyParameter key) throws RefusedException {
    if (key instanceof Ed25519PublicKeyParameters) {
      return key;
    }
    if (key instanceof ECPublicKeyParameters ec
        && ec.getParameters() instanceof ECNamedDomainParameters named
        && CURVES.contains(named.getName())) {
      return key;
    }
    throw new RefusedException(
        RefusedException.Reason.UNSUPPORTED, "an issuer's key that is not taken");
  }

  /** Whether what is signed by this algorithm is signed by this key. */
  boolean verify(AlgorithmIdentifier algorithm, byte[] content, byte[] signature) {
    Signer verifier = newVerifier(algorithm);
    if (verifier == null) {
      return false;
    }
    verifier.init(false, key);
    verifier.update(content, 0, content.length);
    return verifier.verifySignature(signature);
  }

  /** Returns what verifies this algorithm with this kind of key, or null. */
  private @Nullable Signer newVerifier(AlgorithmIdentifier algorithm) {
    ASN1ObjectIdentifier type = algorithm.getAlgorithm();
    ASN1Encodable parameters = algorithm.getParameters();
    if (key instanceof RSAKeyParameters) {
      Supplier<Digest> digest = RSA.get(type);
      if (digest != null) {
        return DERNull.INSTANCE.equals(parameters) ? new RSADigestSigner(digest.get()) : null;
      }
      return type.equals(PKCSObjectIdentifiers.id_RSASSA_PSS) ? newPssVerifier(parameters) : null;
    }
    if (parameters != null) {
      return null;
    }
    if (key instanceof Ed25519PublicKeyParameters) {
      return type.equals(EdECObjectIdentifiers.id_Ed25519) ? new Ed25519Signer() : null;
    }
    Supplier<Digest> digest = ECDSA.get(type);
    return digest == null ? null : new DSADigestSigner(new ECDSASigner(), digest.get());
  }

  private static @Nullable Signer newPssVerifier(@Nullable ASN1Encodable parameters) {
    if (parameters == null) {
      return null; // SHA-1
    }
    try {
      RSASSAPSSparams pss = RSASSAPSSparams.getInstance(parameters);
      ASN1ObjectIdentifier type = pss.getHashAlgorithm().getAlgorithm();
      AlgorithmIdentifier mask = pss.getMaskGenAlgorithm();
      Supplier<Digest> hash = DIGESTS.get(type);
      if (hash == null
          || !mask.getAlgorithm().equals(PKCSObjectIdentifiers.id_mgf1)
          || !AlgorithmIdentifier.getInstance(mask.getParameters()).getAlgorithm().equals(type)
          || !pss.getTrailerField().equals(BigInteger.ONE)) {
        return null;
      }
      Digest digest = hash.get();
      int salt = pss.getSaltLength().intValueExact();
      return salt < 0 || salt > digest.getDigestSize()
          ? null
          : new PSSSigner(new RSABlindedEngine(), digest, salt);
    } catch (IllegalArgumentException | ArithmeticException e) {
      return null;
    }
  }
}
