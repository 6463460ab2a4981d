/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.identity;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.ArrayList;
import java.util.List;
import org.perc4j.e2e.mls.EndpointIdentity;
import org.perc4j.e2e.mls.IdentitySigner;

/**
 * Signs with a private key that JCA holds, in memory or in a token. Answers at once, on the
 * caller's thread. JCA has no way to zero a key. Thread-safe.
 */
public final class JcaSigner implements IdentitySigner {
  private static final byte[] PROBE = "perc4j key pair check".getBytes(StandardCharsets.US_ASCII);
  private static final PSSParameterSpec PSS =
      new PSSParameterSpec(
          "SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, PSSParameterSpec.TRAILER_FIELD_BC);

  private final PrivateKey privateKey;
  private final String algorithm;

  private JcaSigner(PrivateKey privateKey, String algorithm) {
    this.privateKey = privateKey;
    this.algorithm = algorithm;
  }

  /**
   * An identity with a key that speaks for itself.
   *
   * @param name as in {@link EndpointIdentity#generate}
   * @param pair Ed25519 or P-256
   * @throws IllegalArgumentException if the name can't be one, the key is of another kind, or the
   *     two halves do not belong together
   */
  public static EndpointIdentity identity(String name, KeyPair pair) {
    JcaSigner signer = matching(pair.getPublic(), pair.getPrivate());
    return EndpointIdentity.ofKey(name, pair.getPublic().getEncoded(), signer);
  }

  /**
   * An identity with certificates.
   *
   * @param name as in {@link EndpointIdentity#generate}
   * @param chain as in {@link EndpointIdentity#ofCertificates}
   * @param privateKey Ed25519, P-256 or RSA with 2048 to 4096 bits
   * @throws IllegalArgumentException if the name can't be one, the key is of another kind, or any
   *     two do not belong together
   */
  public static EndpointIdentity identity(
      String name, List<X509Certificate> chain, PrivateKey privateKey) {
    List<byte[]> encoded = new ArrayList<>();
    try {
      for (X509Certificate certificate : chain) {
        encoded.add(certificate.getEncoded());
      }
    } catch (CertificateEncodingException e) {
      throw new IllegalArgumentException("a certificate that can't be encoded", e);
    }
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("no certificates");
    }
    return EndpointIdentity.ofCertificates(
        name, encoded, matching(chain.get(0).getPublicKey(), privateKey));
  }

  private static JcaSigner matching(PublicKey publicKey, PrivateKey privateKey) {
    JcaSigner signer = new JcaSigner(privateKey, algorithm(publicKey));
    boolean matches;
    try {
      Signature verifier = signer.newSignature();
      verifier.initVerify(publicKey);
      verifier.update(PROBE);
      matches = verifier.verify(signer.sign(PROBE));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("the private key can't sign", e);
    }
    if (!matches) {
      throw new IllegalArgumentException("the private key does not belong to the public key");
    }
    return signer;
  }

  private static String algorithm(PublicKey key) {
    return switch (key.getAlgorithm()) {
      case "Ed25519", "EdDSA" -> "Ed25519";
      case "EC" -> "SHA256withECDSAinP1363Format";
      case "RSA" -> "RSASSA-PSS";
      default -> throw new IllegalArgumentException("a key for " + key.getAlgorithm());
    };
  }

  private Signature newSignature() throws GeneralSecurityException {
    Signature signature = Signature.getInstance(algorithm);
    if (algorithm.equals("RSASSA-PSS")) {
      signature.setParameter(PSS);
    }
    return signature;
  }

  private byte[] sign(byte[] content) throws GeneralSecurityException {
    Signature signature = newSignature();
    signature.initSign(privateKey);
    signature.update(content);
    return signature.sign();
  }

  @Override
  public void sign(byte[] content, Answer answer) {
    byte[] signature;
    try {
      signature = sign(content);
    } catch (GeneralSecurityException e) {
      answer.failed("the JCE provider refuses to sign: " + e.getMessage());
      return;
    }
    answer.signed(signature);
  }
}
