/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import com.google.errorprone.annotations.Keep;
import net.bytebuddy.asm.Advice;
import org.jitsi.nlj.PacketInfo;
import org.jitsi.videobridge.Conference;

/** Stops double packets that come under the SSRC of another endpoint. */
final class IncomingAdvice {
  private IncomingAdvice() {}

  @Keep
  @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class, suppress = Throwable.class)
  static boolean enter(
      @Advice.This Conference conference, @Advice.Argument(0) PacketInfo packetInfo) {
    return BridgeHooks.impersonates(conference, packetInfo);
  }
}
