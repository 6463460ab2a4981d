/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import com.google.errorprone.annotations.Keep;
import net.bytebuddy.asm.Advice;
import org.jitsi.nlj.PacketInfo;

/** Leads double packets past a node that reads payloads. */
final class BypassAdvice {
  private BypassAdvice() {}

  @Keep
  @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class, suppress = Throwable.class)
  static boolean enter(@Advice.Argument(0) PacketInfo packetInfo) {
    return BridgeHooks.isDouble(packetInfo);
  }

  @Keep
  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(
      @Advice.Enter boolean bypassed,
      @Advice.Argument(0) PacketInfo packetInfo,
      @Advice.Return(readOnly = false) PacketInfo returned) {
    if (bypassed) {
      returned = packetInfo;
    }
  }
}
