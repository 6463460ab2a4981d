/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.jspecify.annotations.Nullable;

/**
 * Who this endpoint is: a name, and a key that lives as long as the endpoint does. The key vouches
 * for the fresh signature keys of the endpoint's leaves ({@link #vouchFor}) and is used for nothing
 * else. Others recognise it by its {@link #fingerprint}, or by certificates. The private key is
 * held by an {@link IdentitySigner}.
 *
 * <p>Immutable and thread-safe, if the signer is.
 */
public final class EndpointIdentity {
  private final String name;
  private final IdentityKey key;
  private final IdentitySigner signer;
  private final int kind;
  private final byte[] identityField;

  private EndpointIdentity(
      String name, IdentityKey key, IdentitySigner signer, int kind, byte[] identityField) {
    var unused = CredentialText.NAME.encode(name);
    this.name = name;
    this.key = key;
    this.signer = signer;
    this.kind = kind;
    this.identityField = identityField;
  }

  /**
   * An identity with a new Ed25519 key, which is held in memory and nowhere else.
   *
   * @param name 1 to 255 octets in UTF-8, as {@link LeafCredential} describes; best an XMPP address
   * @throws IllegalArgumentException if the name can't be one
   */
  public static EndpointIdentity generate(String name, SecureRandom random) {
    Ed25519PrivateKeyParameters privateKey = new Ed25519PrivateKeyParameters(random);
    byte[] point = privateKey.generatePublicKey().getEncoded();
    return ofKey(
        name,
        IdentityKey.ed25519SubjectPublicKeyInfo(point),
        (content, answer) -> {
          Ed25519Signer signer = new Ed25519Signer();
          signer.init(true, privateKey);
          signer.update(content, 0, content.length);
          answer.signed(signer.generateSignature());
        });
  }

  /**
   * An identity with a key that speaks for itself.
   *
   * @param name as in {@link #generate}
   * @param subjectPublicKeyInfo Ed25519 or P-256, in DER; not kept
   * @param signer has the private key; that it belongs to the public one is found out when it signs
   * @throws IllegalArgumentException if the name can't be one, or the key is of another kind
   */
  public static EndpointIdentity ofKey(
      String name, byte[] subjectPublicKeyInfo, IdentitySigner signer) {
    try {
      IdentityKey key = IdentityKey.ofSubjectPublicKeyInfo(subjectPublicKeyInfo);
      return new EndpointIdentity(
          name, key, signer, LeafCredentialCodec.KIND_RAW_KEY, key.subjectPublicKeyInfo());
    } catch (RefusedException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /**
   * An identity with certificates.
   *
   * @param name as in {@link #generate}; validators will look for it in the first certificate
   * @param certificates 1 to 5 in DER, together at most 6 KiB, the private key's first, each
   *     followed by its issuer's; the root's may be left out. The first is for an Ed25519 or P-256
   *     key, or RSA with 2048 to 4096 bits
   * @param signer as in {@link #ofKey}
   * @throws IllegalArgumentException if the name can't be one, the key is of another kind, or two
   *     certificates do not belong together
   */
  public static EndpointIdentity ofCertificates(
      String name, List<byte[]> certificates, IdentitySigner signer) {
    if (certificates.isEmpty() || certificates.size() > LeafCredentialCodec.MAX_CERTIFICATES) {
      throw new IllegalArgumentException(certificates.size() + " certificates");
    }
    try {
      List<Certificate> chain = new ArrayList<>();
      for (byte[] octets : certificates) {
        chain.add(Certificate.parse(octets));
      }
      for (int i = 1; i < chain.size(); i++) {
        if (!chain.get(i - 1).issuer().equals(chain.get(i).subject())) {
          throw new IllegalArgumentException("certificate " + i + " is not the issuer of the last");
        }
      }
      return new EndpointIdentity(
          name,
          IdentityKey.ofCertificate(chain.get(0)),
          signer,
          LeafCredentialCodec.KIND_X509,
          LeafCredentialCodec.certificateList(certificates));
    } catch (RefusedException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** Returns the name. */
  public String name() {
    return name;
  }

  /**
   * Returns what others pin or compare: SHA-256 of the key's SubjectPublicKeyInfo, as 64 lower-case
   * hexadecimal digits.
   */
  public String fingerprint() {
    return key.fingerprint();
  }

  /** Returns a copy of the public key's SubjectPublicKeyInfo in DER. */
  public byte[] subjectPublicKeyInfo() {
    return key.subjectPublicKeyInfo();
  }

  /** Is told a credential, or why there is none, once. */
  public interface Voucher {
    /** Here it is: a {@link LeafCredential}'s octets. */
    void credential(byte[] octets);

    /**
     * There is none.
     *
     * @param detail for people
     */
    void failed(String detail);
  }

  /**
   * Says that a leaf key is this endpoint's, when the signer has answered.
   *
   * @param room the room's bare JID
   * @param occupant the nickname there
   * @param leafSignatureKey the public key as it will stand in the leaf node; not kept
   * @throws IllegalArgumentException if one of them can't be one
   */
  public void vouchFor(String room, String occupant, byte[] leafSignatureKey, Voucher voucher) {
    if (leafSignatureKey.length == 0
        || leafSignatureKey.length > LeafCredentialCodec.MAX_LEAF_KEY_LENGTH_BYTES) {
      throw new IllegalArgumentException("leaf key of " + leafSignatureKey.length + " octets");
    }
    byte[] content =
        LeafCredentialCodec.signedContent(
            room, occupant, name, leafSignatureKey, kind, identityField);
    signer.sign(
        content.clone(),
        new IdentitySigner.Answer() {
          @Override
          public void signed(byte[] signature) {
            if (key.verify(content, signature)) {
              voucher.credential(
                  LeafCredentialCodec.write(kind, name, occupant, identityField, signature));
            } else {
              voucher.failed("the private key does not belong to the public key");
            }
          }

          @Override
          public void failed(String detail) {
            voucher.failed(detail);
          }
        });
  }

  /**
   * Says that a leaf key is this endpoint's, with a signer that answers at once.
   *
   * @return a {@link LeafCredential}'s octets
   * @throws IllegalArgumentException as the other
   * @throws IllegalStateException if the signer fails, or does not answer at once
   */
  public byte[] vouchFor(String room, String occupant, byte[] leafSignatureKey) {
    AtomicReference<byte @Nullable []> credential = new AtomicReference<>();
    AtomicReference<String> fault = new AtomicReference<>("the signer did not answer at once");
    vouchFor(
        room,
        occupant,
        leafSignatureKey,
        new Voucher() {
          @Override
          public void credential(byte[] octets) {
            credential.set(octets);
          }

          @Override
          public void failed(String detail) {
            fault.set(detail);
          }
        });
    byte[] octets = credential.get();
    if (octets == null) {
      throw new IllegalStateException(fault.get());
    }
    return octets;
  }

  /** Says nothing about the private key. */
  @Override
  public String toString() {
    return "EndpointIdentity[" + name + ", " + key + ", private key redacted]";
  }
}
