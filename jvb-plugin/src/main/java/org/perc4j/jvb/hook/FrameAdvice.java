/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import com.google.errorprone.annotations.Keep;
import net.bytebuddy.asm.Advice;
import org.jitsi.nlj.MediaSourceDesc;
import org.jitsi.nlj.PacketInfo;
import org.jitsi.nlj.transform.node.incoming.VideoParser$Stats;

/** Reads frames of double packets from their header extensions, not from their payload. */
final class FrameAdvice {
  private FrameAdvice() {}

  @Keep
  @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class, suppress = Throwable.class)
  static boolean enter(
      @Advice.This Object parser,
      @Advice.Argument(0) PacketInfo packetInfo,
      @Advice.FieldValue("sources") MediaSourceDesc[] sources,
      @Advice.FieldValue("signaledSources") MediaSourceDesc[] signaled,
      @Advice.FieldValue("stats") VideoParser$Stats stats) {
    return BridgeHooks.readFrame(parser, packetInfo, sources, signaled, stats);
  }

  @Keep
  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(
      @Advice.Enter boolean read,
      @Advice.Argument(0) PacketInfo packetInfo,
      @Advice.Return(readOnly = false) PacketInfo returned) {
    if (read) {
      returned = packetInfo;
    }
  }
}
