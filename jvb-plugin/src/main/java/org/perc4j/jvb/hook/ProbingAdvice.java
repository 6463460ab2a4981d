/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import com.google.errorprone.annotations.Keep;
import java.util.Collection;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** Has a double transport probed by repeating what was sent to it. */
final class ProbingAdvice {
  private ProbingAdvice() {}

  @Keep
  @Advice.OnMethodEnter(suppress = Throwable.class)
  static void enter(
      @Advice.This Object prober,
      @Advice.Argument(value = 0, readOnly = false) @Nullable Collection<Long> ssrcs) {
    ssrcs = BridgeHooks.probed(prober, ssrcs);
  }
}
