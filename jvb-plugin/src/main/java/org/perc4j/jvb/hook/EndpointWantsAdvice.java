/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import com.google.errorprone.annotations.Keep;
import net.bytebuddy.asm.Advice;
import org.jitsi.nlj.PacketInfo;
import org.jitsi.videobridge.Endpoint;

/** Keeps double and plain participants apart. */
final class EndpointWantsAdvice {
  private EndpointWantsAdvice() {}

  @Keep
  @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class, suppress = Throwable.class)
  static boolean enter(@Advice.This Endpoint endpoint, @Advice.Argument(0) PacketInfo packetInfo) {
    return BridgeHooks.keptApart(endpoint, packetInfo);
  }
}
