/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import com.google.errorprone.annotations.Keep;
import java.util.List;
import net.bytebuddy.asm.Advice;
import org.jitsi.nlj.PacketInfo;

/** Leads double packets past a node that reads payloads and returns lists. */
final class BypassListAdvice {
  private BypassListAdvice() {}

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
      @Advice.Return(readOnly = false) List<PacketInfo> returned) {
    if (bypassed) {
      returned = List.of(packetInfo);
    }
  }
}
