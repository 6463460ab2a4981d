/* SPDX-License-Identifier: Apache-2.0 */
package org.jitsi.nlj.rtp.codec.av1;

import org.jitsi.nlj.RtpLayerDesc;

/**
 * Signature only. Upstream:
 * jitsi-media-transform/src/main/kotlin/org/jitsi/nlj/rtp/codec/av1/Av1DDRtpLayerDesc.kt
 */
public final class Av1DDRtpLayerDesc extends RtpLayerDesc {
  public Av1DDRtpLayerDesc(int eid, int dt, int tid, int sid, int height, double frameRate) {
    super(eid, tid, sid, height, frameRate);
  }
}
