/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import com.google.errorprone.annotations.Keep;
import net.bytebuddy.asm.Advice;
import org.jitsi.nlj.srtp.SrtpTransformers;

/** Tells a prober whether its transport is double. */
final class RtpSenderAdvice {
  private RtpSenderAdvice() {}

  @Keep
  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(
      @Advice.FieldValue("probingDataSender") Object prober,
      @Advice.Argument(0) SrtpTransformers transformers) {
    BridgeHooks.transportIs(prober, transformers);
  }
}
