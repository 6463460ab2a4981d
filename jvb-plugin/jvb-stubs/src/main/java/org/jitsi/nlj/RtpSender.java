/* SPDX-License-Identifier: Apache-2.0 */
package org.jitsi.nlj;

import org.jitsi.nlj.rtp.RtpExtensionType;

/** Signature only. Upstream: jitsi-media-transform/src/main/kotlin/org/jitsi/nlj/RtpSender.kt */
public abstract class RtpSender extends StatsKeepingPacketHandler {
  public abstract void addRtpExtensionToRetain(RtpExtensionType extensionType);
}
