/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.keying;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;

/**
 * Ed25519 signatures over as many octets as leaves and credentials have, and nothing but verifying
 * them: from the octets of a key, as they come from the network, to whether the signature is good.
 */
final class BareChecks {
  /** As many octets as what a leaf or a key package signs; what a credential signs is shorter. */
  private static final int CONTENT_BYTES = 300;

  @SuppressWarnings("ArrayRecordComponent") // not compared
  private record Signed(byte[] key, byte[] content, byte[] signature) {}

  private final List<Signed> signed = new ArrayList<>();

  /** So many signatures, each by a key of its own. */
  BareChecks(int count) {
    SecureRandom random = new SecureRandom();
    for (int i = 0; i < count; i++) {
      Ed25519PrivateKeyParameters key = new Ed25519PrivateKeyParameters(random);
      byte[] content = new byte[CONTENT_BYTES];
      random.nextBytes(content);
      Ed25519Signer signer = new Ed25519Signer();
      signer.init(true, key);
      signer.update(content, 0, content.length);
      signed.add(
          new Signed(key.generatePublicKey().getEncoded(), content, signer.generateSignature()));
    }
  }

  int count() {
    return signed.size();
  }

  /** Verifies all of them. */
  void verifyAll() {
    for (Signed each : signed) {
      Ed25519Signer verifier = new Ed25519Signer();
      verifier.init(false, new Ed25519PublicKeyParameters(each.key));
      verifier.update(each.content, 0, each.content.length);
      if (!verifier.verifySignature(each.signature)) {
        throw new IllegalStateException("a good signature was refused");
      }
    }
  }
}
