/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import com.google.errorprone.annotations.Keep;
import net.bytebuddy.asm.Advice;
import org.jitsi.nlj.PacketInfo;

/** Strips the header extensions of double packets. */
final class StripAdvice {
  private StripAdvice() {}

  @Keep
  @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class, suppress = Throwable.class)
  static boolean enter(@Advice.This Object stripper, @Advice.Argument(0) PacketInfo packetInfo) {
    return BridgeHooks.strip(stripper, packetInfo);
  }

  @Keep
  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(
      @Advice.Enter boolean stripped,
      @Advice.Argument(0) PacketInfo packetInfo,
      @Advice.Return(readOnly = false) PacketInfo returned) {
    if (stripped) {
      returned = packetInfo;
    }
  }
}
