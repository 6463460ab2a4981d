/* SPDX-License-Identifier: Apache-2.0 */
package org.jitsi.nlj;

/** Signature only. Upstream: jitsi-media-transform/src/main/kotlin/org/jitsi/nlj/RtpLayerDesc.kt */
public abstract class RtpLayerDesc {
  RtpLayerDesc() {}

  public static final Companion Companion = null;

  public static final class Companion {
    private Companion() {}

    public final int getEidFromIndex(int index) {
      throw new AssertionError("stub");
    }
  }
}
