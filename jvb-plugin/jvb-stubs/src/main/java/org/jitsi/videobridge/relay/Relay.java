/* SPDX-License-Identifier: Apache-2.0 */
package org.jitsi.videobridge.relay;

import org.jitsi.nlj.Transceiver;

/** Signature only. Upstream: jvb/src/main/kotlin/org/jitsi/videobridge/relay/Relay.kt */
public final class Relay {
  private Relay() {}

  public final Transceiver getTransceiver() {
    throw new AssertionError("stub");
  }
}
