/* SPDX-License-Identifier: Apache-2.0 */
package org.jitsi.nlj;

/** Signature only. Upstream: jitsi-media-transform/src/main/kotlin/org/jitsi/nlj/Transceiver.kt */
public final class Transceiver {
  private Transceiver() {}
}
