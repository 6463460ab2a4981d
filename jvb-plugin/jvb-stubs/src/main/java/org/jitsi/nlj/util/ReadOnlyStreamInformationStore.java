/* SPDX-License-Identifier: Apache-2.0 */
package org.jitsi.nlj.util;

import kotlin.Unit;
import kotlin.jvm.functions.Function1;
import org.jitsi.nlj.rtp.RtpExtensionType;
import org.jitsi.nlj.rtp.SsrcAssociationType;

/**
 * Signature only. Upstream:
 * jitsi-media-transform/src/main/kotlin/org/jitsi/nlj/util/StreamInformation.kt
 */
public interface ReadOnlyStreamInformationStore {
  void onRtpExtensionMapping(
      RtpExtensionType rtpExtensionType, Function1<? super Integer, Unit> handler);

  Long getRemoteSecondarySsrc(long primarySsrc, SsrcAssociationType associationType);
}
