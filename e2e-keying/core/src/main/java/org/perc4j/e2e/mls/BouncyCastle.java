/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Locale;
import org.bouncycastle.mls.codec.MLSInputStream;
import org.bouncycastle.mls.codec.MLSMessage;
import org.bouncycastle.mls.crypto.MlsCipherSuite;
import org.bouncycastle.mls.crypto.Secret;
import org.perc4j.e2e.mls.RefusedException.Reason;

/** What those have in common that use Bouncy Castle's MLS: its suite, its octets, its errors. */
final class BouncyCastle {
  /**
   * Guards the static state of the cipher suites: held for whatever makes use of {@link #SUITE}.
   */
  static final Object LOCK = new Object();

  static final MlsCipherSuite SUITE = MlsCipherSuite.BCMLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519;

  private BouncyCastle() {}

  /** Decodes a message that {@link MessageCheck} has read. */
  static MLSMessage decode(byte[] message) throws IOException {
    return (MLSMessage) MLSInputStream.decode(message, MLSMessage.class);
  }

  /** Returns as many random octets as the suite's hash has. */
  static Secret freshSecret() {
    byte[] secret = new byte[SUITE.getKDF().getHashLength()];
    new SecureRandom().nextBytes(secret);
    return new Secret(secret);
  }

  /** Returns why Bouncy Castle refused something, which it says in words only. */
  static RefusedException refused(Exception e) {
    if (e instanceof RefusedException refusal) {
      return refusal;
    }
    String message = String.valueOf(e.getMessage());
    String words = message.toLowerCase(Locale.ROOT);
    Reason reason =
        words.contains("tree") || words.contains("parent hash")
            ? Reason.INVALID_TREE
            : words.contains("signature")
                    || words.contains("verify")
                    || words.contains("tag")
                    || words.contains("mac")
                    || words.contains("groupinfo")
                ? Reason.NOT_AUTHENTIC
                : Reason.MALFORMED;
    RefusedException refusal =
        new RefusedException(reason, e.getClass().getSimpleName() + ": " + message);
    refusal.initCause(e);
    return refusal;
  }
}
