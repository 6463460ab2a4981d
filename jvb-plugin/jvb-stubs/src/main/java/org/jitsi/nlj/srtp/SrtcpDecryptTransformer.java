/* SPDX-License-Identifier: Apache-2.0 */
package org.jitsi.nlj.srtp;

import org.jitsi.srtp.SrtpContextFactory;
import org.jitsi.utils.logging2.Logger;

/**
 * Signature only. Upstream:
 * jitsi-media-transform/src/main/kotlin/org/jitsi/nlj/srtp/SrtpTransformer.kt
 */
public final class SrtcpDecryptTransformer extends SrtcpTransformer {
  public SrtcpDecryptTransformer(SrtpContextFactory contextFactory, Logger parentLogger) {
    throw new AssertionError("stub");
  }
}
