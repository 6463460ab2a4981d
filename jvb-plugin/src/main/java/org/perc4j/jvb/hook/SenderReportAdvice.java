/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import com.google.errorprone.annotations.Keep;
import java.util.Map;
import net.bytebuddy.asm.Advice;
import org.jitsi.rtp.rtcp.RtcpSrPacket;

/** Lets the sender reports of every encoding pass that keeps its own SSRC. */
final class SenderReportAdvice {
  private SenderReportAdvice() {}

  @Keep
  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(
      @Advice.FieldValue("adaptiveSourceProjectionMap") Map<Long, ?> projections,
      @Advice.Argument(0) RtcpSrPacket report,
      @Advice.Return(readOnly = false) boolean accepted) {
    accepted = BridgeHooks.acceptsReport(projections, report, accepted);
  }
}
