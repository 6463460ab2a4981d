/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

/** Whether the outer layer encrypts header extensions and CSRCs as well (cryptex, RFC 9335). */
public enum CryptexPolicy {
  /**
   * Never. A receiver takes the profiles {@code 0xC0DE} and {@code 0xC2DE} for extensions that it
   * does not know, and leaves them as they are.
   */
  OFF,
  /**
   * A sender encrypts extensions with the profiles {@code 0xBEDE} and {@code 0x1000}, and CSRCs
   * with them or without extension; it sends others in the clear, as RFC 9335 section 5.1 demands.
   * A receiver accepts both forms.
   */
  ALLOWED,
  /**
   * As {@link #ALLOWED}, but a packet with an extension or CSRCs in the clear is refused by sender
   * and receiver: {@link DoubleSrtpResult#HEADER_IN_CLEAR}.
   */
  REQUIRED
}
