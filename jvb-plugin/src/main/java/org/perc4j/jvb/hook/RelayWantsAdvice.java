/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import com.google.errorprone.annotations.Keep;
import net.bytebuddy.asm.Advice;
import org.jitsi.nlj.PacketInfo;
import org.jitsi.videobridge.relay.Relay;

/** Keeps double packets from links to bridges that would not know them. */
final class RelayWantsAdvice {
  private RelayWantsAdvice() {}

  @Keep
  @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class, suppress = Throwable.class)
  static boolean enter(@Advice.This Relay relay, @Advice.Argument(0) PacketInfo packetInfo) {
    return BridgeHooks.keptFromRelay(relay, packetInfo);
  }
}
