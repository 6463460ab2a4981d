/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import com.google.errorprone.annotations.Keep;
import net.bytebuddy.asm.Advice;
import org.jitsi.rtp.rtp.RtpPacket;

/** Lets double packets keep their SSRC. */
final class SsrcRewritingAdvice {
  private SsrcRewritingAdvice() {}

  @Keep
  @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class, suppress = Throwable.class)
  static boolean enter(@Advice.Argument(0) RtpPacket packet) {
    return BridgeHooks.keepsSsrc(packet);
  }

  @Keep
  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(@Advice.Enter boolean kept, @Advice.Return(readOnly = false) boolean returned) {
    returned |= kept;
  }
}
