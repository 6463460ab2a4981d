/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.relay;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The long-term credential mechanism (RFC 8489, section 9.2) with MD5 and HMAC-SHA1. */
final class StunKey {
  private StunKey() {}

  /** Derives the key from what the server and the user say (section 9.2.2). */
  static byte[] longTerm(String username, byte[] realm, String password) {
    try {
      MessageDigest digest = MessageDigest.getInstance("MD5");
      digest.update((username + ":").getBytes(StandardCharsets.UTF_8));
      digest.update(realm);
      return digest.digest((":" + password).getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("MD5 is in every JDK", e);
    }
  }

  /** Computes the value of MESSAGE-INTEGRITY over the octets before it (section 14.5). */
  static byte[] integrity(byte[] key, byte[] octets, int length) {
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(key, "HmacSHA1"));
      mac.update(octets, 0, length);
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HMAC-SHA1 is in every JDK", e);
    }
  }
}
