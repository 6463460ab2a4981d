/* SPDX-License-Identifier: Apache-2.0 */
package org.jitsi.nlj;

/** Signature only. Upstream: jitsi-media-transform/src/main/kotlin/org/jitsi/nlj/RtpLayerDesc.kt */
public abstract class RtpLayerDesc {
  public RtpLayerDesc(int eid, int tid, int sid, int height, double frameRate) {
    throw new AssertionError("stub");
  }

  public final int getHeight() {
    throw new AssertionError("stub");
  }
}
