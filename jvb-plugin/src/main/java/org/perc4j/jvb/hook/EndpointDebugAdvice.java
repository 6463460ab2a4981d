/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.errorprone.annotations.Keep;
import net.bytebuddy.asm.Advice;
import org.jitsi.videobridge.Endpoint;

/** Adds an endpoint's state to its debug page. */
final class EndpointDebugAdvice {
  private EndpointDebugAdvice() {}

  @Keep
  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(@Advice.This Endpoint endpoint, @Advice.Return ObjectNode page) {
    BridgeHooks.describeEndpoint(endpoint, page);
  }
}
