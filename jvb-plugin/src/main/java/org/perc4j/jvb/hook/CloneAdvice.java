/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import com.google.errorprone.annotations.Keep;
import net.bytebuddy.asm.Advice;

/** Copies the packet state with the packet. */
final class CloneAdvice {
  private CloneAdvice() {}

  @Keep
  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(@Advice.This Object from, @Advice.Argument(0) Object to) {
    BridgeHooks.cloned(from, to);
  }
}
