/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import com.google.errorprone.annotations.Keep;
import net.bytebuddy.asm.Advice;
import org.jitsi.nlj.util.ReadOnlyStreamInformationStore;

/** Notes what a new stripper of header extensions has to keep. */
final class StripperMadeAdvice {
  private StripperMadeAdvice() {}

  @Keep
  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(
      @Advice.This Object stripper, @Advice.Argument(0) ReadOnlyStreamInformationStore store) {
    BridgeHooks.stripperMade(stripper, store);
  }
}
