/* SPDX-License-Identifier: Apache-2.0 */
package org.jitsi.nlj.srtp;

import org.jitsi.srtp.SrtpContextFactory;
import org.jitsi.utils.logging2.Logger;

/**
 * Signature only. Upstream:
 * jitsi-media-transform/src/main/kotlin/org/jitsi/nlj/srtp/SrtpTransformer.kt
 */
public final class SrtpDecryptTransformer extends SrtpTransformer {
  public SrtpDecryptTransformer(SrtpContextFactory contextFactory, Logger parentLogger) {
    throw new AssertionError("stub");
  }
}
