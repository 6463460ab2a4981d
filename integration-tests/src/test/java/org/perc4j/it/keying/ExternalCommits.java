/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.keying;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.mls.TreeKEM.LeafIndex;
import org.bouncycastle.mls.TreeKEM.LeafNode;
import org.bouncycastle.mls.TreeKEM.LifeTime;
import org.bouncycastle.mls.codec.Capabilities;
import org.bouncycastle.mls.codec.Credential;
import org.bouncycastle.mls.codec.KeyPackage;
import org.bouncycastle.mls.codec.MLSInputStream;
import org.bouncycastle.mls.codec.MLSMessage;
import org.bouncycastle.mls.codec.MLSOutputStream;
import org.bouncycastle.mls.crypto.MlsCipherSuite;
import org.bouncycastle.mls.crypto.Secret;
import org.bouncycastle.mls.protocol.Group;
import org.perc4j.e2e.mls.EndpointIdentity;

/** External commits that our own code does not make. */
final class ExternalCommits {
  private static final MlsCipherSuite SUITE =
      MlsCipherSuite.BCMLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;

  private ExternalCommits() {}

  /** Returns a commit by which somebody joins from outside and removes somebody else. */
  static byte[] evicting(
      EndpointIdentity identity, String room, String occupant, byte[] groupInfo, int leaf)
      throws Exception {
    AsymmetricCipherKeyPair initKeys = SUITE.getHPKE().generatePrivateKey();
    AsymmetricCipherKeyPair leafKeys = SUITE.getHPKE().generatePrivateKey();
    AsymmetricCipherKeyPair signatureKeys = SUITE.generateSignatureKeyPair();
    byte[] publicKey = SUITE.serializeSignaturePublicKey(signatureKeys.getPublic());
    byte[] privateKey = SUITE.serializeSignaturePrivateKey(signatureKeys.getPrivate());
    long now = Instant.now().getEpochSecond();
    byte[] lifetime = ByteBuffer.allocate(16).putLong(now - 60).putLong(now + 3600).array();
    LeafNode own =
        new LeafNode(
            SUITE,
            SUITE.getHPKE().serializePublicKey(leafKeys.getPublic()),
            publicKey,
            Credential.forBasic(identity.vouchFor(room, occupant, publicKey)),
            new Capabilities(),
            new LifeTime(new MLSInputStream(lifetime)),
            List.of(),
            privateKey);
    KeyPackage keyPackage =
        new KeyPackage(
            SUITE,
            SUITE.getHPKE().serializePublicKey(initKeys.getPublic()),
            own,
            List.of(),
            privateKey);
    byte[] secret = new byte[SUITE.getKDF().getHashLength()];
    new SecureRandom().nextBytes(secret);
    Group.GroupWithMessage result =
        Group.externalJoin(
            new Secret(secret),
            signatureKeys,
            keyPackage,
            ((MLSMessage) MLSInputStream.decode(groupInfo, MLSMessage.class)).groupInfo,
            null,
            new Group.MessageOptions(),
            new LeafIndex(leaf),
            Map.of());
    return MLSOutputStream.encode(result.message);
  }
}
