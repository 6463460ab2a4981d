/* SPDX-License-Identifier: Apache-2.0 */
package org.jitsi.nlj.srtp;

/**
 * Signature only. Upstream:
 * jitsi-media-transform/src/main/kotlin/org/jitsi/nlj/srtp/SrtpTransformer.kt
 */
public final class SrtpTransformers {
  public SrtpTransformers(
      SrtpDecryptTransformer srtpDecryptTransformer,
      SrtpEncryptTransformer srtpEncryptTransformer,
      SrtcpDecryptTransformer srtcpDecryptTransformer,
      SrtcpEncryptTransformer srtcpEncryptTransformer) {
    throw new AssertionError("stub");
  }
}
