/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import com.google.errorprone.annotations.Keep;
import java.util.List;
import net.bytebuddy.asm.Advice;
import org.jitsi.videobridge.AbstractEndpoint;

/** Leaves out of a receiver's last-N and bandwidth whom it cannot be sent anything of. */
final class OrderedEndpointsAdvice {
  private OrderedEndpointsAdvice() {}

  @Keep
  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(
      @Advice.This Object endpoint,
      @Advice.Return(readOnly = false) List<AbstractEndpoint> endpoints) {
    endpoints = BridgeHooks.inView(endpoint, endpoints);
  }
}
