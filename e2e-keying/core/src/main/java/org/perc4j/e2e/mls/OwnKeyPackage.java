/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import static org.perc4j.e2e.mls.BouncyCastle.LOCK;
import static org.perc4j.e2e.mls.BouncyCastle.SUITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.mls.TreeKEM.LeafNode;
import org.bouncycastle.mls.TreeKEM.LifeTime;
import org.bouncycastle.mls.codec.Capabilities;
import org.bouncycastle.mls.codec.Credential;
import org.bouncycastle.mls.codec.KeyPackage;
import org.bouncycastle.mls.codec.MLSInputStream;
import org.bouncycastle.mls.codec.MLSMessage;
import org.bouncycastle.mls.codec.MLSOutputStream;

/** The keys with which an endpoint wants to become a member, and the key package that says so. */
final class OwnKeyPackage {
  private final EndpointIdentity identity;
  private final Keys keys;
  private final KeyPackage keyPackage;
  private final byte[] octets;
  private final byte[] reference;

  /** Fresh keys, for which nobody has vouched yet. */
  static final class Keys {
    private final AsymmetricCipherKeyPair init;
    private final AsymmetricCipherKeyPair leaf;
    private final AsymmetricCipherKeyPair signature;

    Keys() {
      synchronized (LOCK) {
        init = SUITE.getHPKE().generatePrivateKey();
        leaf = SUITE.getHPKE().generatePrivateKey();
        signature = SUITE.generateSignatureKeyPair();
      }
    }

    /** Returns what the leaf's signatures are verified with, as the leaf has it. */
    byte[] signaturePublicKey() {
      synchronized (LOCK) {
        return SUITE.serializeSignaturePublicKey(signature.getPublic());
      }
    }
  }

  /**
   * Makes the key package.
   *
   * @param identity who vouched for the keys
   * @param statement what it says of itself
   * @param credential by which it did so
   */
  OwnKeyPackage(
      EndpointIdentity identity,
      LeafStatement statement,
      GroupPolicy policy,
      Keys keys,
      byte[] credential) {
    this.identity = identity;
    this.keys = keys;
    synchronized (LOCK) {
      try {
        LeafNode leaf =
            new LeafNode(
                SUITE,
                SUITE.getHPKE().serializePublicKey(keys.leaf.getPublic()),
                keys.signaturePublicKey(),
                Credential.forBasic(credential),
                capabilities(statement),
                lifetime(policy.nowSeconds()),
                List.of(),
                signaturePrivateKey());
        keyPackage =
            new KeyPackage(
                SUITE,
                SUITE.getHPKE().serializePublicKey(keys.init.getPublic()),
                leaf,
                List.of(),
                signaturePrivateKey());
        octets = MLSOutputStream.encode(MLSMessage.keyPackage(keyPackage));
        reference =
            SUITE.refHash(MLSOutputStream.encode(keyPackage), "MLS 1.0 KeyPackage Reference");
      } catch (Exception e) { // all that Bouncy Castle declares
        throw new IllegalStateException("cannot make a key package", e);
      }
    }
  }

  /** Bouncy Castle's own list has all that it could do itself; this is what we take. */
  private static Capabilities capabilities(LeafStatement statement) throws IOException {
    byte[] versions = {2, 0, 1};
    byte[] suites = {2, 0, MlsGroup.CIPHER_SUITE};
    List<Short> types = statement.extensions();
    ByteBuffer extensions = ByteBuffer.allocate(1 + Short.BYTES * types.size());
    extensions.put((byte) (Short.BYTES * types.size()));
    types.forEach(extensions::putShort);
    byte[] proposals = {0};
    byte[] credentials = {2, 0, 1};
    ByteBuffer lists = ByteBuffer.allocate(10 + extensions.capacity());
    lists.put(versions).put(suites).put(extensions.array()).put(proposals).put(credentials);
    return (Capabilities) MLSInputStream.decode(lists.array(), Capabilities.class);
  }

  /**
   * From before now: to Bouncy Castle, a clock that is behind by a second is a reason to refuse.
   */
  private static LifeTime lifetime(long nowSeconds) throws IOException {
    ByteBuffer range = ByteBuffer.allocate(16);
    range
        .putLong(Math.max(0, nowSeconds - GroupPolicy.CLOCK_SKEW_SECONDS))
        .putLong(nowSeconds + GroupPolicy.KEY_PACKAGE_LIFETIME_SECONDS);
    return new LifeTime(new MLSInputStream(range.array()));
  }

  /** Returns the key package as a message; not to be changed. */
  byte[] octets() {
    return octets;
  }

  /** Returns by what a Welcome names it (RFC 9420 section 5.2); not to be changed. */
  byte[] reference() {
    return reference;
  }

  /** Returns who vouches for the keys. */
  EndpointIdentity identity() {
    return identity;
  }

  KeyPackage keyPackage() {
    return keyPackage;
  }

  LeafNode leaf() {
    return keyPackage.getLeafNode();
  }

  AsymmetricCipherKeyPair initKeys() {
    return keys.init;
  }

  AsymmetricCipherKeyPair leafKeys() {
    return keys.leaf;
  }

  AsymmetricCipherKeyPair signatureKeys() {
    return keys.signature;
  }

  /** Returns what the leaf signs with. */
  Ed25519PrivateKeyParameters signatureKey() {
    return (Ed25519PrivateKeyParameters) keys.signature.getPrivate();
  }

  /** Returns the encoding of {@link #signatureKey}; call it with the lock. */
  byte[] signaturePrivateKey() {
    return SUITE.serializeSignaturePrivateKey(keys.signature.getPrivate());
  }
}
