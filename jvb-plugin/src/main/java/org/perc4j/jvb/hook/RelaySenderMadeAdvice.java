/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import com.google.errorprone.annotations.Keep;
import net.bytebuddy.asm.Advice;
import org.jitsi.nlj.RtpSender;

/** Keeps for other bridges what senders say of their layers. */
final class RelaySenderMadeAdvice {
  private RelaySenderMadeAdvice() {}

  @Keep
  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(@Advice.FieldValue("rtpSender") RtpSender sender) {
    BridgeHooks.relaySenderMade(sender);
  }
}
