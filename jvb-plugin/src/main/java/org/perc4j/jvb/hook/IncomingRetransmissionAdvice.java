/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import com.google.errorprone.annotations.Keep;
import net.bytebuddy.asm.Advice;
import org.jitsi.nlj.PacketInfo;
import org.jspecify.annotations.Nullable;

/** Notes what a retransmission was before it was wrapped. */
final class IncomingRetransmissionAdvice {
  private IncomingRetransmissionAdvice() {}

  @Keep
  @Advice.OnMethodEnter(suppress = Throwable.class)
  static long enter(@Advice.Argument(0) PacketInfo packetInfo) {
    return BridgeHooks.ssrc(packetInfo);
  }

  @Keep
  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(@Advice.Enter long ssrc, @Advice.Return @Nullable PacketInfo returned) {
    if (returned != null) {
      BridgeHooks.restored(returned, ssrc);
    }
  }
}
