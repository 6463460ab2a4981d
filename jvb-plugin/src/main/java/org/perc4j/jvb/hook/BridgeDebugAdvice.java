/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.errorprone.annotations.Keep;
import net.bytebuddy.asm.Advice;

/** Adds the plugin's state to the debug page. */
final class BridgeDebugAdvice {
  private BridgeDebugAdvice() {}

  @Keep
  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(@Advice.Return ObjectNode page) {
    BridgeHooks.describeBridge(page);
  }
}
