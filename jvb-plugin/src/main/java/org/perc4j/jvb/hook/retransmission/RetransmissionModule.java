/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook.retransmission;

import com.google.errorprone.annotations.Keep;
import java.util.Collection;
import java.util.List;
import net.bytebuddy.asm.Advice;
import org.jitsi.nlj.PacketInfo;
import org.jitsi.nlj.srtp.SrtpTransformers;
import org.jitsi.nlj.util.ReadOnlyStreamInformationStore;
import org.jspecify.annotations.Nullable;
import org.perc4j.jvb.hook.AddedState;
import org.perc4j.jvb.hook.Hook;
import org.perc4j.jvb.hook.HookModule;

/** Retransmissions, and probing by retransmissions. */
public final class RetransmissionModule implements HookModule {
  @Override
  public List<Hook> hooks() {
    return List.of(
        Hook.at(NLJ + "transform.node.incoming.RtxHandler", "transform", NODE, Incoming.class),
        Hook.at(
            NLJ + "transform.node.outgoing.RetransmissionSender", "modify", NODE, Outgoing.class),
        Hook.at(
            NLJ + "RtpSenderImpl",
            "setSrtpTransformers",
            "(Lorg/jitsi/nlj/srtp/SrtpTransformers;)V",
            SenderKeyed.class),
        Hook.at(
            NLJ + "transform.node.PacketCacher",
            "observe",
            "(Lorg/jitsi/nlj/PacketInfo;)V",
            Sent.class),
        Hook.at(
            NLJ + "transform.node.outgoing.ProbingDataSender",
            "sendProbing",
            "(Ljava/util/Collection;ILjava/lang/Object;)I",
            Probing.class));
  }

  @Override
  public List<AddedState> states() {
    return List.of(
        new AddedState(NLJ + "transform.node.PacketCacher", SentStreamsHolder.class),
        new AddedState(NLJ + "transform.node.outgoing.ProbingDataSender", SentStreamsHolder.class));
  }

  /** Notes what a retransmission was before it was wrapped. */
  static final class Incoming {
    private Incoming() {}

    @Keep
    @Advice.OnMethodEnter(suppress = Throwable.class)
    static long enter(@Advice.Argument(0) PacketInfo packetInfo) {
      return RetransmissionHooks.ssrc(packetInfo);
    }

    @Keep
    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(@Advice.Enter long ssrc, @Advice.Return @Nullable PacketInfo returned) {
      if (returned != null) {
        RetransmissionHooks.restored(returned, ssrc);
      }
    }
  }

  /** Decides the original header block before a packet is wrapped. */
  static final class Outgoing {
    private Outgoing() {}

    @Keep
    @Advice.OnMethodEnter(suppress = Throwable.class)
    static void enter(@Advice.Argument(0) PacketInfo packetInfo) {
      RetransmissionHooks.retransmitting(packetInfo);
    }
  }

  /** Prepares the sender of a double transport for being probed. */
  static final class SenderKeyed {
    private SenderKeyed() {}

    @Keep
    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(
        @Advice.FieldValue("outgoingPacketCache") Object cacher,
        @Advice.FieldValue("probingDataSender") Object prober,
        @Advice.FieldValue("streamInformationStore") ReadOnlyStreamInformationStore store,
        @Advice.Argument(0) SrtpTransformers transformers) {
      RetransmissionHooks.senderIs(cacher, prober, store, transformers);
    }
  }

  /** Notes which video streams go to a double transport. */
  static final class Sent {
    private Sent() {}

    @Keep
    @Advice.OnMethodEnter(suppress = Throwable.class)
    static void enter(@Advice.This Object cacher, @Advice.Argument(0) PacketInfo packetInfo) {
      RetransmissionHooks.sent(cacher, packetInfo);
    }
  }

  /** Has a double transport probed by repeating what was sent to it. */
  static final class Probing {
    private Probing() {}

    @Keep
    @Advice.OnMethodEnter(suppress = Throwable.class)
    static void enter(
        @Advice.This Object prober,
        @Advice.Argument(value = 0, readOnly = false) @Nullable Collection<Long> ssrcs) {
      ssrcs = RetransmissionHooks.probed(prober, ssrcs);
    }
  }
}
