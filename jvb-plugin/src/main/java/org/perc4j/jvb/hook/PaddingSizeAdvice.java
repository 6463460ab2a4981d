/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import com.google.errorprone.annotations.Keep;
import net.bytebuddy.asm.Advice;

/** A double packet has no padding that the bridge could read. */
final class PaddingSizeAdvice {
  private PaddingSizeAdvice() {}

  @Keep
  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(@Advice.This Object packet, @Advice.Return(readOnly = false) int size) {
    size = BridgeHooks.paddingSize(packet, size);
  }
}
