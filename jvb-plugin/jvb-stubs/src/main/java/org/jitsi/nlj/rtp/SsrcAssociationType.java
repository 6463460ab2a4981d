/* SPDX-License-Identifier: Apache-2.0 */
package org.jitsi.nlj.rtp;

/**
 * Signature only. Upstream:
 * jitsi-media-transform/src/main/kotlin/org/jitsi/nlj/rtp/SsrcAssociationType.kt
 */
public enum SsrcAssociationType {
  RTX
}
