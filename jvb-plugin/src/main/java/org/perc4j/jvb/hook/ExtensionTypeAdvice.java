/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import com.google.errorprone.annotations.Keep;
import net.bytebuddy.asm.Advice;
import org.jitsi.nlj.rtp.RtpExtensionType;
import org.jspecify.annotations.Nullable;

/** Knows frame marking by its RFC 9626 name, too. */
final class ExtensionTypeAdvice {
  private ExtensionTypeAdvice() {}

  @Keep
  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(
      @Advice.Argument(0) String uri,
      @Advice.Return(readOnly = false) @Nullable RtpExtensionType type) {
    type = BridgeHooks.extensionType(type, uri);
  }
}
