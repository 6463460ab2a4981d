/* SPDX-License-Identifier: Apache-2.0 */
package org.jitsi.videobridge;

import org.jitsi.nlj.Transceiver;

/** Signature only. Upstream: jvb/src/main/kotlin/org/jitsi/videobridge/Endpoint.kt */
public final class Endpoint extends AbstractEndpoint {
  private Endpoint() {}

  public final void lastNEndpointsChanged() {
    throw new AssertionError("stub");
  }

  public final Transceiver getTransceiver() {
    throw new AssertionError("stub");
  }
}
