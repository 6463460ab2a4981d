/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import com.google.errorprone.annotations.Keep;
import net.bytebuddy.asm.Advice;
import org.jitsi.nlj.PacketInfo;
import org.jitsi.srtp.SrtpCryptoContext;
import org.jitsi.srtp.SrtpErrorStatus;

/** Last guard: a double packet is encrypted for a double transport, or not at all. */
final class EncryptAdvice {
  private EncryptAdvice() {}

  @Keep
  @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class, suppress = Throwable.class)
  static boolean enter(
      @Advice.Argument(0) PacketInfo packetInfo, @Advice.Argument(1) SrtpCryptoContext context) {
    return BridgeHooks.refuses(packetInfo, context);
  }

  @Keep
  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(
      @Advice.Enter boolean refused, @Advice.Return(readOnly = false) SrtpErrorStatus status) {
    if (refused) {
      status = SrtpErrorStatus.FAIL;
    }
  }
}
