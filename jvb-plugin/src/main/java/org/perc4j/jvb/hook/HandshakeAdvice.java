/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import com.google.errorprone.annotations.Keep;
import net.bytebuddy.asm.Advice;
import org.jitsi.videobridge.transport.dtls.DtlsTransport;
import org.jspecify.annotations.Nullable;

/** Tells with whom a DTLS handshake is made. */
final class HandshakeAdvice {
  private HandshakeAdvice() {}

  @Keep
  @Advice.OnMethodEnter(suppress = Throwable.class)
  static void enter(
      @Advice.FieldValue("eventHandler") DtlsTransport.@Nullable EventHandler handler) {
    BridgeHooks.handshakeBegins(handler);
  }

  @Keep
  @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
  static void exit() {
    BridgeHooks.handshakeEnds();
  }
}
