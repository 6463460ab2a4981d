/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import com.google.errorprone.annotations.Keep;
import net.bytebuddy.asm.Advice;
import org.jitsi.nlj.srtp.SrtpTransformers;

/** Tells a transceiver whether it is double. */
final class TransceiverAdvice {
  private TransceiverAdvice() {}

  @Keep
  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(
      @Advice.This Object transceiver, @Advice.Argument(0) SrtpTransformers transformers) {
    BridgeHooks.transportIs(transceiver, transformers);
  }
}
