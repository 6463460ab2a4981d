/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import com.google.errorprone.annotations.Keep;
import net.bytebuddy.asm.Advice;
import org.jitsi.nlj.PacketInfo;

/** Decides the original header block before a packet is wrapped. */
final class OutgoingRetransmissionAdvice {
  private OutgoingRetransmissionAdvice() {}

  @Keep
  @Advice.OnMethodEnter(suppress = Throwable.class)
  static void enter(@Advice.Argument(0) PacketInfo packetInfo) {
    BridgeHooks.retransmitting(packetInfo);
  }
}
