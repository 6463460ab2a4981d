/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import com.google.errorprone.annotations.Keep;
import net.bytebuddy.asm.Advice;
import org.jitsi.nlj.PacketInfo;

/** Notes which video streams go to a double transport. */
final class SentAdvice {
  private SentAdvice() {}

  @Keep
  @Advice.OnMethodEnter(suppress = Throwable.class)
  static void enter(@Advice.This Object cacher, @Advice.Argument(0) PacketInfo packetInfo) {
    BridgeHooks.sent(cacher, packetInfo);
  }
}
