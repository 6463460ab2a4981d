/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook.relays;

import com.google.errorprone.annotations.Keep;
import java.util.List;
import java.util.Optional;
import net.bytebuddy.asm.Advice;
import org.jitsi.nlj.RtpSender;
import org.perc4j.jvb.hook.Hook;
import org.perc4j.jvb.hook.HookModule;

/** What links between bridges keep of packets. */
public final class RelayModule implements HookModule {
  @Override
  public Optional<String> lossWithout() {
    return Optional.of(
        "links between bridges do not carry the video layers allocation, by which the other bridge"
            + " would allocate");
  }

  @Override
  public List<Hook> hooks() {
    return List.of(
        Hook.at(
            VIDEOBRIDGE + "relay.RelayEndpointSender",
            "<init>",
            "(Lorg/jitsi/videobridge/relay/Relay;Ljava/lang/String;"
                + "Lorg/jitsi/utils/logging2/Logger;Lorg/jitsi/utils/logging/DiagnosticContext;)V",
            RelaySenderMade.class));
  }

  /** Keeps for other bridges what senders say of their layers. */
  static final class RelaySenderMade {
    private RelaySenderMade() {}

    @Keep
    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(@Advice.FieldValue("rtpSender") RtpSender sender) {
      RelayHooks.relaySenderMade(sender);
    }
  }
}
