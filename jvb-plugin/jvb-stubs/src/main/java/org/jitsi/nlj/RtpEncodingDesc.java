/* SPDX-License-Identifier: Apache-2.0 */
package org.jitsi.nlj;

/**
 * Signature only. Upstream: jitsi-media-transform/src/main/kotlin/org/jitsi/nlj/RtpEncodingDesc.kt
 */
public final class RtpEncodingDesc {
  private RtpEncodingDesc() {}

  public final int getEid() {
    throw new AssertionError("stub");
  }
}
