/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Set;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.CipherParameters;
import org.bouncycastle.crypto.Signer;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.engines.RSABlindedEngine;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.signers.DSADigestSigner;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.crypto.signers.PSSSigner;
import org.bouncycastle.crypto.signers.PlainDSAEncoding;
import org.bouncycastle.util.encoders.Hex;

/**
 * A public key that stands for a person or a device, and the one signature algorithm that goes with
 * it:
 *
 * <table>
 *   <caption>Keys and signatures</caption>
 *   <tr><th>key</th><th>signature</th></tr>
 *   <tr><td>Ed25519 (RFC 8410)</td><td>64 octets of RFC 8032</td></tr>
 *   <tr><td>P-256, uncompressed (RFC 5480)</td>
 *       <td>ECDSA with SHA-256: r | s, 32 octets each</td></tr>
 *   <tr><td>RSA, 2048 to 4096 bits, in certificates only</td>
 *       <td>RSASSA-PSS with SHA-256, MGF1 with SHA-256, 32 octets of salt</td></tr>
 * </table>
 *
 * <p>All is computed by Bouncy Castle's lightweight API, so that the same octets are accepted on
 * every platform. Immutable.
 */
final class IdentityKey {
  private enum Algorithm {
    ED25519,
    ECDSA_P256,
    RSA_PSS
  }

  private static final byte[] ED25519_PREFIX = Hex.decode("302a300506032b6570032100");
  private static final int ED25519_KEY_LENGTH_BYTES = 32;
  private static final int ED25519_SIGNATURE_LENGTH_BYTES = 64;
  private static final BigInteger ED25519_P =
      BigInteger.ONE.shiftLeft(255).subtract(BigInteger.valueOf(19));

  /** The y coordinates of the points of order 1, 2, 4 and 8: anybody can sign under those. */
  private static final Set<BigInteger> ED25519_WEAK_Y =
      Set.of(
          BigInteger.ZERO,
          BigInteger.ONE,
          ED25519_P.subtract(BigInteger.ONE),
          new BigInteger("05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826", 16),
          new BigInteger("7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7", 16));

  /** Up to the octet that says that the point is not compressed. */
  private static final byte[] P256_PREFIX =
      Hex.decode("3059301306072a8648ce3d020106082a8648ce3d03010703420004");

  private static final int P256_COORDINATE_LENGTH_BYTES = 32;
  private static final ECDomainParameters P256 =
      new ECDomainParameters(CustomNamedCurves.getByName("P-256"));

  private static final int RSA_MIN_BITS = 2048;
  private static final int RSA_MAX_BITS = 4096;
  private static final int RSA_EXPONENT_MAX_BITS = 32;
  private static final int PSS_SALT_LENGTH_BYTES = 32;

  private final Algorithm algorithm;
  private final CipherParameters key;
  private final int signatureLengthBytes;
  private final byte[] subjectPublicKeyInfo;
  private final String fingerprint;

  private IdentityKey(
      Algorithm algorithm,
      CipherParameters key,
      int signatureLengthBytes,
      byte[] subjectPublicKeyInfo) {
    this.algorithm = algorithm;
    this.key = key;
    this.signatureLengthBytes = signatureLengthBytes;
    this.subjectPublicKeyInfo = subjectPublicKeyInfo;
    this.fingerprint = Hex.toHexString(sha256(subjectPublicKeyInfo));
  }

  /**
   * A key that stands for itself.
   *
   * @param octets a SubjectPublicKeyInfo in DER; not kept
   * @throws RefusedException if it is none of Ed25519 or P-256, no point that such a key can be, or
   *     not in the one encoding that there is
   */
  static IdentityKey ofSubjectPublicKeyInfo(byte[] octets) throws RefusedException {
    if (octets.length == ED25519_PREFIX.length + ED25519_KEY_LENGTH_BYTES
        && startsWith(octets, ED25519_PREFIX)) {
      requireGoodEd25519(octets);
      return new IdentityKey(
          Algorithm.ED25519, ed25519(octets), ED25519_SIGNATURE_LENGTH_BYTES, octets.clone());
    }
    if (octets.length == P256_PREFIX.length + 2 * P256_COORDINATE_LENGTH_BYTES
        && startsWith(octets, P256_PREFIX)) {
      return new IdentityKey(
          Algorithm.ECDSA_P256, p256(octets), 2 * P256_COORDINATE_LENGTH_BYTES, octets.clone());
    }
    throw new RefusedException(
        RefusedException.Reason.UNSUPPORTED, "an identity key that is not Ed25519 or P-256");
  }

  /**
   * The key that a certificate is about.
   *
   * @throws RefusedException as {@link #ofSubjectPublicKeyInfo}, but RSA is taken, too
   */
  static IdentityKey ofCertificate(Certificate certificate) throws RefusedException {
    SubjectPublicKeyInfo info = certificate.subjectPublicKeyInfo();
    byte[] octets = certificate.subjectPublicKeyInfoOctets();
    if (!info.getAlgorithm().getAlgorithm().equals(PKCSObjectIdentifiers.rsaEncryption)) {
      return ofSubjectPublicKeyInfo(octets);
    }
    RSAKeyParameters rsa = rsa(info);
    int bits = rsa.getModulus().bitLength();
    return new IdentityKey(Algorithm.RSA_PSS, rsa, (bits + 7) / Byte.SIZE, octets);
  }

  /** Returns the SubjectPublicKeyInfo of an Ed25519 key of 32 octets. */
  static byte[] ed25519SubjectPublicKeyInfo(byte[] point) {
    byte[] octets = Arrays.copyOf(ED25519_PREFIX, ED25519_PREFIX.length + point.length);
    System.arraycopy(point, 0, octets, ED25519_PREFIX.length, point.length);
    return octets;
  }

  private static Ed25519PublicKeyParameters ed25519(byte[] octets) throws RefusedException {
    try {
      return new Ed25519PublicKeyParameters(octets, ED25519_PREFIX.length);
    } catch (IllegalArgumentException e) {
      throw new RefusedException(
          RefusedException.Reason.MALFORMED, "an Ed25519 key that is not on the curve");
    }
  }

  private static void requireGoodEd25519(byte[] octets) throws RefusedException {
    byte[] y = new byte[ED25519_KEY_LENGTH_BYTES];
    for (int i = 0; i < y.length; i++) {
      y[i] = octets[octets.length - 1 - i];
    }
    y[0] &= 0x7f;
    BigInteger value = new BigInteger(1, y);
    if (value.compareTo(ED25519_P) >= 0) {
      throw new RefusedException(
          RefusedException.Reason.MALFORMED, "an Ed25519 key that is not canonical");
    }
    if (ED25519_WEAK_Y.contains(value)) {
      throw new RefusedException(
          RefusedException.Reason.MALFORMED, "an Ed25519 key under which anybody can sign");
    }
  }

  private static ECPublicKeyParameters p256(byte[] octets) throws RefusedException {
    byte[] point = Arrays.copyOfRange(octets, P256_PREFIX.length - 1, octets.length);
    try {
      return new ECPublicKeyParameters(P256.getCurve().decodePoint(point), P256);
    } catch (IllegalArgumentException e) {
      throw new RefusedException(
          RefusedException.Reason.MALFORMED, "a P-256 key that is not on the curve");
    }
  }

  private static RSAKeyParameters rsa(SubjectPublicKeyInfo info) throws RefusedException {
    RSAPublicKey rsa;
    try {
      rsa = RSAPublicKey.getInstance(info.parsePublicKey());
    } catch (IOException | IllegalArgumentException e) {
      throw new RefusedException(RefusedException.Reason.MALFORMED, "an RSA identity key");
    }
    if (!DERNull.INSTANCE.equals(info.getAlgorithm().getParameters())) {
      throw new RefusedException(RefusedException.Reason.MALFORMED, "an RSA identity key");
    }
    return rsa(rsa, RSA_MIN_BITS, RSA_MAX_BITS);
  }

  /**
   * Checks an RSA key of so many bits, which may be any.
   *
   * @throws RefusedException if it has more or fewer, a long exponent, or is one under which
   *     anybody can sign
   */
  static RSAKeyParameters rsa(RSAPublicKey rsa, int minBits, int maxBits) throws RefusedException {
    BigInteger modulus = rsa.getModulus();
    BigInteger exponent = rsa.getPublicExponent();
    if (modulus.signum() <= 0 || exponent.signum() <= 0) {
      throw new RefusedException(RefusedException.Reason.MALFORMED, "an RSA key");
    }
    int bits = modulus.bitLength();
    if (bits < minBits || bits > maxBits) {
      throw new RefusedException(
          RefusedException.Reason.UNSUPPORTED, "an RSA key of " + bits + " bits");
    }
    if (exponent.bitLength() > RSA_EXPONENT_MAX_BITS) {
      throw new RefusedException(
          RefusedException.Reason.UNSUPPORTED, "an RSA key with a long exponent");
    }
    if (!modulus.testBit(0) || !exponent.testBit(0) || exponent.equals(BigInteger.ONE)) {
      throw new RefusedException(
          RefusedException.Reason.MALFORMED, "an RSA key under which anybody can sign");
    }
    // whether the modulus is a good one is its holder's affair, and takes long to find out
    return new RSAKeyParameters(false, modulus, exponent, true);
  }

  /** Whether a signature of this key is good. */
  boolean verify(byte[] content, byte[] octets) {
    if (octets.length != signatureLengthBytes) {
      return false;
    }
    Signer verifier = newVerifier();
    verifier.init(false, key);
    verifier.update(content, 0, content.length);
    return verifier.verifySignature(octets);
  }

  private Signer newVerifier() {
    return switch (algorithm) {
      case ED25519 -> new Ed25519Signer();
      case ECDSA_P256 ->
          new DSADigestSigner(new ECDSASigner(), new SHA256Digest(), PlainDSAEncoding.INSTANCE);
      case RSA_PSS ->
          new PSSSigner(new RSABlindedEngine(), new SHA256Digest(), PSS_SALT_LENGTH_BYTES);
    };
  }

  /** A copy of the key in DER. */
  byte[] subjectPublicKeyInfo() {
    return subjectPublicKeyInfo.clone();
  }

  /** SHA-256 of the SubjectPublicKeyInfo, in lower-case hexadecimal digits. */
  String fingerprint() {
    return fingerprint;
  }

  static byte[] sha256(byte[] octets) {
    SHA256Digest digest = new SHA256Digest();
    digest.update(octets, 0, octets.length);
    byte[] hash = new byte[digest.getDigestSize()];
    digest.doFinal(hash, 0);
    return hash;
  }

  private static boolean startsWith(byte[] octets, byte[] prefix) {
    return Arrays.equals(octets, 0, prefix.length, prefix, 0, prefix.length);
  }

  @Override
  public String toString() {
    return algorithm + " " + fingerprint();
  }
}
