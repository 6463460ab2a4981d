/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import com.google.errorprone.annotations.Keep;
import net.bytebuddy.asm.Advice;
import org.jitsi.nlj.PacketInfo;

/** Keeps double packets from exporters, which are never double. */
final class ExporterWantsAdvice {
  private ExporterWantsAdvice() {}

  @Keep
  @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class, suppress = Throwable.class)
  static boolean enter(@Advice.Argument(0) PacketInfo packetInfo) {
    return BridgeHooks.keptFromExporter(packetInfo);
  }
}
