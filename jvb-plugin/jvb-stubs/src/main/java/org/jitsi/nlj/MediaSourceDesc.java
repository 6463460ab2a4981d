/* SPDX-License-Identifier: Apache-2.0 */
package org.jitsi.nlj;

/**
 * Signature only. Upstream: jitsi-media-transform/src/main/kotlin/org/jitsi/nlj/MediaSourceDesc.kt
 */
public final class MediaSourceDesc {
  private MediaSourceDesc() {}

  public final boolean matches(long ssrc) {
    throw new AssertionError("stub");
  }

  public final long getPrimarySSRC() {
    throw new AssertionError("stub");
  }

  public final RtpEncodingDesc findRtpEncodingDesc(long ssrc) {
    throw new AssertionError("stub");
  }

  public final RtpLayerDesc[] getEncodingLayers(long ssrc) {
    throw new AssertionError("stub");
  }

  public final void setEncodingLayers(RtpLayerDesc[] layers, long ssrc) {
    throw new AssertionError("stub");
  }
}
