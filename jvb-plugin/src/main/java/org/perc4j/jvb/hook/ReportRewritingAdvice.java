/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import com.google.errorprone.annotations.Keep;
import net.bytebuddy.asm.Advice;

/** Sender reports for double endpoints keep the SSRCs of their streams. */
final class ReportRewritingAdvice {
  private ReportRewritingAdvice() {}

  @Keep
  @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class, suppress = Throwable.class)
  static boolean enter(@Advice.FieldValue("ep") Object receiver) {
    return BridgeHooks.isDoubleEndpoint(receiver);
  }

  @Keep
  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(
      @Advice.Enter boolean keeps, @Advice.Return(readOnly = false) boolean forwarded) {
    forwarded = forwarded || keeps;
  }
}
