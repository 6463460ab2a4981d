/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.relay;

import java.util.Arrays;

/**
 * What proves that requests are the user's, and answers the server's (RFC 8489, section 9.2).
 * Thread-safe.
 */
final class TurnCredential {
  private final String username;
  private final byte[] realm;
  private final byte[] nonce;
  private final byte[] key;

  private TurnCredential(String username, byte[] realm, byte[] nonce, byte[] key) {
    this.username = username;
    this.realm = realm;
    this.nonce = nonce;
    this.key = key;
  }

  /** Answers the server's challenge. */
  static TurnCredential of(String username, String password, byte[] realm, byte[] nonce) {
    return new TurnCredential(username, realm, nonce, StunKey.longTerm(username, realm, password));
  }

  /** The same with another nonce. */
  TurnCredential withNonce(byte[] next) {
    return new TurnCredential(username, realm, next, key);
  }

  /** Adds to a request what proves whose it is. */
  void sign(StunWriter request) {
    request
        .add(StunAttribute.USERNAME, username)
        .add(StunAttribute.REALM, realm)
        .add(StunAttribute.NONCE, nonce)
        .addIntegrity(key);
  }

  /** Whether an answer is of somebody who knows the password. */
  boolean verifies(StunMessage answer) {
    return answer.isAuthentic(key);
  }

  /** Forgets the key, also of those that it was made of. */
  void clear() {
    Arrays.fill(key, (byte) 0);
  }
}
