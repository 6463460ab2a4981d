/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import com.google.errorprone.annotations.Keep;
import net.bytebuddy.asm.Advice;
import org.jitsi.videobridge.Endpoint;

/** Double endpoints name streams in their feedback by the SSRCs that these keep. */
final class DoesSsrcRewritingAdvice {
  private DoesSsrcRewritingAdvice() {}

  @Keep
  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(
      @Advice.This Endpoint endpoint, @Advice.Return(readOnly = false) boolean rewrites) {
    rewrites = rewrites && !BridgeHooks.isDouble(endpoint);
  }
}
