/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import com.google.errorprone.annotations.Keep;
import net.bytebuddy.asm.Advice;
import org.jitsi.nlj.rtp.RtpExtensionType;

/** Keeps on double packets as well what the bridge keeps for a receiver beyond the usual. */
final class RetainAdvice {
  private RetainAdvice() {}

  @Keep
  @Advice.OnMethodEnter(suppress = Throwable.class)
  static void enter(@Advice.This Object stripper, @Advice.Argument(0) RtpExtensionType type) {
    BridgeHooks.retain(stripper, type);
  }
}
