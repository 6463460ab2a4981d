/* SPDX-License-Identifier: Apache-2.0 */
package org.jitsi.nlj.srtp;

import org.jitsi.srtp.BaseSrtpCryptoContext;

/**
 * Signature only. Upstream:
 * jitsi-media-transform/src/main/kotlin/org/jitsi/nlj/srtp/SrtpTransformer.kt
 */
public abstract class AbstractSrtpTransformer<C extends BaseSrtpCryptoContext> {
  AbstractSrtpTransformer() {}
}
