/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import com.google.errorprone.annotations.Keep;
import net.bytebuddy.asm.Advice;
import org.jitsi.nlj.srtp.SrtpTransformers;
import org.jitsi.nlj.util.ReadOnlyStreamInformationStore;

/** Prepares the sender of a double transport for being probed. */
final class RtpSenderAdvice {
  private RtpSenderAdvice() {}

  @Keep
  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(
      @Advice.FieldValue("outgoingPacketCache") Object cacher,
      @Advice.FieldValue("probingDataSender") Object prober,
      @Advice.FieldValue("streamInformationStore") ReadOnlyStreamInformationStore store,
      @Advice.Argument(0) SrtpTransformers transformers) {
    BridgeHooks.senderIs(cacher, prober, store, transformers);
  }
}
