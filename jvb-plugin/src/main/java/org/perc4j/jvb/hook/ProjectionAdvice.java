/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import com.google.errorprone.annotations.Keep;
import net.bytebuddy.asm.Advice;
import org.jitsi.nlj.rtp.VideoRtpPacket;
import org.jitsi.videobridge.cc.AdaptiveSourceProjectionContext;
import org.jspecify.annotations.Nullable;

/** Projects double video by its headers. */
final class ProjectionAdvice {
  private ProjectionAdvice() {}

  @Keep
  @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class, suppress = Throwable.class)
  static @Nullable AdaptiveSourceProjectionContext enter(
      @Advice.This Object holder,
      @Advice.Argument(0) VideoRtpPacket packet,
      @Advice.FieldValue(value = "context", readOnly = false)
          @Nullable AdaptiveSourceProjectionContext context,
      @Advice.FieldValue("targetSsrc") long targetSsrc) {
    AdaptiveSourceProjectionContext own =
        BridgeHooks.projection(holder, packet, context, targetSsrc);
    if (own != null) {
      context = own;
    }
    return own;
  }

  @Keep
  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(
      @Advice.Enter @Nullable AdaptiveSourceProjectionContext own,
      @Advice.Return(readOnly = false) AdaptiveSourceProjectionContext returned) {
    if (own != null) {
      returned = own;
    }
  }
}
