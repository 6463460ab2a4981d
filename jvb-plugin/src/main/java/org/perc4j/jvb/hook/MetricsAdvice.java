/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import com.google.errorprone.annotations.Keep;
import net.bytebuddy.asm.Advice;
import org.jitsi.metrics.MetricsContainer;

/** Brings the plugin's counters up to date before they are shown. */
final class MetricsAdvice {
  private MetricsAdvice() {}

  @Keep
  @Advice.OnMethodEnter(suppress = Throwable.class)
  static void enter(@Advice.This MetricsContainer container) {
    BridgeHooks.publish(container);
  }
}
