/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import com.google.errorprone.annotations.Keep;
import net.bytebuddy.asm.Advice;
import org.jitsi.nlj.util.ReadOnlyStreamInformationStore;

/** Gives a new parser of video what reads the frames of double packets. */
final class ParserMadeAdvice {
  private ParserMadeAdvice() {}

  @Keep
  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(
      @Advice.This Object parser, @Advice.Argument(0) ReadOnlyStreamInformationStore store) {
    BridgeHooks.parserMade(parser, store);
  }
}
