/* SPDX-License-Identifier: Apache-2.0 */
package org.jitsi.nlj.srtp;

/**
 * Signature only. Upstream:
 * jitsi-media-transform/src/main/kotlin/org/jitsi/nlj/srtp/SrtpProfileInformation.kt
 */
public final class SrtpProfileInformation {
  public SrtpProfileInformation(
      int cipherKeyLength,
      int cipherSaltLength,
      int cipherName,
      int authFunctionName,
      int authKeyLength,
      int rtcpAuthTagLength,
      int rtpAuthTagLength) {
    throw new AssertionError("stub");
  }

  public final int getCipherKeyLength() {
    throw new AssertionError("stub");
  }

  public final int getCipherSaltLength() {
    throw new AssertionError("stub");
  }
}
