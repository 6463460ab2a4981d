/* SPDX-License-Identifier: Apache-2.0 */
package org.jitsi.nlj.rtp.codec.vpx;

import org.jitsi.nlj.RtpLayerDesc;

/**
 * Signature only. Upstream:
 * jitsi-media-transform/src/main/kotlin/org/jitsi/nlj/rtp/codec/vpx/VpxRtpLayerDesc.kt
 */
public final class VpxRtpLayerDesc extends RtpLayerDesc {
  public VpxRtpLayerDesc(
      int eid, int tid, int sid, int height, double frameRate, VpxRtpLayerDesc[] dependencyLayers) {
    super(eid, tid, sid, height, frameRate);
  }
}
