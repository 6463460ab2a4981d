/* SPDX-License-Identifier: Apache-2.0 */
package org.jitsi.nlj.srtp;

/**
 * Signature only. Upstream: jitsi-media-transform/src/main/kotlin/org/jitsi/nlj/srtp/SrtpUtil.kt
 */
public enum TlsRole {
  CLIENT,
  SERVER
}
