/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

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
 * <p>Immutable.
 */
final class IdentityKey {
  private enum Algorithm {
    ED25519,
    ECDSA_P256,
    RSA_PSS
  }

  private static final byte[] ED25519_PREFIX = hex("302a300506032b6570032100");
  private static final int ED25519_KEY_LENGTH_BYTES = 32;
  private static final int ED25519_SIGNATURE_LENGTH_BYTES = 64;
  private static final BigInteger ED25519_P =
      BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));

  /** The y coordinates of the points of order 1, 2, 4 and 8: anybody can sign under those. */
  private static final Set<BigInteger> ED25519_WEAK_Y =
      Set.of(
          BigInteger.ZERO,
          BigInteger.ONE,
          ED25519_P.subtract(BigInteger.ONE),
          new BigInteger("05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826", 16),
          new BigInteger("7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7", 16));

  private static final byte[] P256_PREFIX =
      hex("3059301306072a8648ce3d020106082a8648ce3d03010703420004");
  private static final int P256_COORDINATE_LENGTH_BYTES = 32;
  private static final BigInteger P256_P =
      new BigInteger("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", 16);
  private static final BigInteger P256_B =
      new BigInteger("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b", 16);
  private static final BigInteger P256_ORDER =
      new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

  private static final int RSA_MIN_BITS = 2048;
  private static final int RSA_MAX_BITS = 4096;
  private static final int RSA_EXPONENT_MAX_BITS = 32;
  private static final PSSParameterSpec PSS =
      new PSSParameterSpec(
          "SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, PSSParameterSpec.TRAILER_FIELD_BC);

  private final Algorithm algorithm;
  private final PublicKey key;
  private final byte[] subjectPublicKeyInfo;

  private IdentityKey(Algorithm algorithm, PublicKey key, byte[] subjectPublicKeyInfo) {
    this.algorithm = algorithm;
    this.key = key;
    this.subjectPublicKeyInfo = subjectPublicKeyInfo;
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
      return decoded(Algorithm.ED25519, "Ed25519", octets);
    }
    if (octets.length == P256_PREFIX.length + 2 * P256_COORDINATE_LENGTH_BYTES
        && startsWith(octets, P256_PREFIX)) {
      requireOnP256(octets);
      return decoded(Algorithm.ECDSA_P256, "EC", octets);
    }
    throw new RefusedException(
        RefusedException.Reason.UNSUPPORTED, "an identity key that is not Ed25519 or P-256");
  }

  /**
   * The key that a certificate is about.
   *
   * @throws RefusedException as {@link #ofSubjectPublicKeyInfo}, but RSA is taken, too
   */
  static IdentityKey ofCertificate(X509Certificate certificate) throws RefusedException {
    PublicKey key = certificate.getPublicKey();
    byte[] octets = key.getEncoded();
    if (!(key instanceof RSAPublicKey rsa) || !key.getAlgorithm().equals("RSA")) {
      return ofSubjectPublicKeyInfo(octets);
    }
    int bits = rsa.getModulus().bitLength();
    if (bits < RSA_MIN_BITS || bits > RSA_MAX_BITS) {
      throw new RefusedException(
          RefusedException.Reason.UNSUPPORTED, "an RSA identity key of " + bits + " bits");
    }
    if (rsa.getPublicExponent().bitLength() > RSA_EXPONENT_MAX_BITS) {
      throw new RefusedException(
          RefusedException.Reason.UNSUPPORTED, "an RSA identity key with a long exponent");
    }
    return new IdentityKey(Algorithm.RSA_PSS, key, octets);
  }

  private static IdentityKey decoded(Algorithm algorithm, String name, byte[] octets)
      throws RefusedException {
    try {
      PublicKey key = KeyFactory.getInstance(name).generatePublic(new X509EncodedKeySpec(octets));
      return new IdentityKey(algorithm, key, octets.clone());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the JCE provider has no " + name, e);
    } catch (GeneralSecurityException e) {
      throw new RefusedException(RefusedException.Reason.MALFORMED, "an identity key: " + e);
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

  private static void requireOnP256(byte[] octets) throws RefusedException {
    int yOffset = P256_PREFIX.length + P256_COORDINATE_LENGTH_BYTES;
    BigInteger x = new BigInteger(1, Arrays.copyOfRange(octets, P256_PREFIX.length, yOffset));
    BigInteger y = new BigInteger(1, Arrays.copyOfRange(octets, yOffset, octets.length));
    BigInteger right = x.pow(3).subtract(x.multiply(BigInteger.valueOf(3))).add(P256_B).mod(P256_P);
    if (x.compareTo(P256_P) >= 0
        || y.compareTo(P256_P) >= 0
        || !y.multiply(y).mod(P256_P).equals(right)) {
      throw new RefusedException(
          RefusedException.Reason.MALFORMED, "a P-256 key that is not on the curve");
    }
  }

  /** Signs with the private key that belongs to this key. */
  byte[] sign(PrivateKey privateKey, byte[] content) throws GeneralSecurityException {
    Signature signature = newSignature();
    signature.initSign(privateKey);
    signature.update(content);
    return signature.sign();
  }

  /** Whether a signature of this key is good. */
  boolean verify(byte[] content, byte[] octets) {
    if (!isPlausible(octets)) {
      return false;
    }
    if (algorithm == Algorithm.ED25519) {
      // several times as fast as the JDK's, which matters to who joins many
      try {
        Ed25519Signer verifier = new Ed25519Signer();
        verifier.init(
            false,
            new Ed25519PublicKeyParameters(
                subjectPublicKeyInfo,
                subjectPublicKeyInfo.length - Ed25519PublicKeyParameters.KEY_SIZE));
        verifier.update(content, 0, content.length);
        return verifier.verifySignature(octets);
      } catch (IllegalArgumentException e) {
        return false; // the key is no point
      }
    }
    try {
      Signature signature = newSignature();
      signature.initVerify(key);
      signature.update(content);
      return signature.verify(octets);
    } catch (InvalidKeyException | SignatureException e) {
      // How providers say that an Ed25519 key is no point, or the octets can't be a signature.
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JCE provider refuses to verify", e);
    }
  }

  /** Whether the octets have the length and range of a signature. */
  private boolean isPlausible(byte[] octets) {
    return switch (algorithm) {
      case ED25519 -> octets.length == ED25519_SIGNATURE_LENGTH_BYTES;
      // JDKs before 17.0.3 take zeroes for a good signature: CVE-2022-21449.
      case ECDSA_P256 ->
          octets.length == 2 * P256_COORDINATE_LENGTH_BYTES
              && isBelowOrder(octets, 0)
              && isBelowOrder(octets, P256_COORDINATE_LENGTH_BYTES);
      case RSA_PSS ->
          octets.length == (((RSAPublicKey) key).getModulus().bitLength() + 7) / Byte.SIZE;
    };
  }

  private static boolean isBelowOrder(byte[] octets, int offset) {
    BigInteger value = new BigInteger(1, octets, offset, P256_COORDINATE_LENGTH_BYTES);
    return value.signum() > 0 && value.compareTo(P256_ORDER) < 0;
  }

  private Signature newSignature() throws GeneralSecurityException {
    return switch (algorithm) {
      case ED25519 -> Signature.getInstance("Ed25519");
      case ECDSA_P256 -> Signature.getInstance("SHA256withECDSAinP1363Format");
      case RSA_PSS -> {
        Signature signature = Signature.getInstance("RSASSA-PSS");
        signature.setParameter(PSS);
        yield signature;
      }
    };
  }

  PublicKey key() {
    return key;
  }

  /** A copy of the key in DER. */
  byte[] subjectPublicKeyInfo() {
    return subjectPublicKeyInfo.clone();
  }

  /** SHA-256 of the SubjectPublicKeyInfo, in lower-case hexadecimal digits. */
  String fingerprint() {
    return HexFormat.of().formatHex(sha256(subjectPublicKeyInfo));
  }

  static byte[] sha256(byte[] octets) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(octets);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the JCE provider has no SHA-256", e);
    }
  }

  private static boolean startsWith(byte[] octets, byte[] prefix) {
    return Arrays.equals(octets, 0, prefix.length, prefix, 0, prefix.length);
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }

  @Override
  public String toString() {
    return algorithm + " " + fingerprint();
  }
}
