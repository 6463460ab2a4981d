/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import com.google.errorprone.annotations.Keep;
import net.bytebuddy.asm.Advice;

/** Sends no padding to double transports. */
final class PaddingProbeAdvice {
  private PaddingProbeAdvice() {}

  @Keep
  @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class, suppress = Throwable.class)
  static boolean enter(@Advice.This Object prober) {
    return BridgeHooks.suppressesPadding(prober);
  }
}
