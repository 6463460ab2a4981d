/* SPDX-License-Identifier: Apache-2.0 */
package org.jitsi.nlj;

import org.jitsi.rtp.Packet;

/** Signature only. Upstream: jitsi-media-transform/src/main/kotlin/org/jitsi/nlj/PacketInfo.kt */
public class PacketInfo {
  public PacketInfo(Packet packet) {
    throw new AssertionError("stub");
  }

  public final Packet getPacket() {
    throw new AssertionError("stub");
  }

  public final String getEndpointId() {
    throw new AssertionError("stub");
  }

  public final void setLayeringChanged(boolean value) {
    throw new AssertionError("stub");
  }
}
