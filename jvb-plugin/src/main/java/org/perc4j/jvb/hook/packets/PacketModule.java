/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook.packets;

import com.google.errorprone.annotations.Keep;
import java.util.List;
import net.bytebuddy.asm.Advice;
import org.jitsi.nlj.PacketInfo;
import org.jitsi.srtp.SrtpCryptoContext;
import org.jitsi.srtp.SrtpErrorStatus;
import org.perc4j.jvb.hook.AddedState;
import org.perc4j.jvb.hook.Hook;
import org.perc4j.jvb.hook.HookModule;
import org.perc4j.jvb.packet.PacketState;

/**
 * What a packet remembers on its way, what must not read it, and the last guard before it leaves.
 */
public final class PacketModule implements HookModule {
  @Override
  public List<Hook> hooks() {
    return List.of(
        Hook.at(
            "org.jitsi.rtp.rtp.RtpPacket",
            "postClone",
            "(Lorg/jitsi/rtp/rtp/RtpPacket;)V",
            Cloned.class),
        Hook.at("org.jitsi.rtp.rtp.RtpPacket", "getPaddingSize", "()I", PaddingSize.class),
        Hook.at(
            NLJ + "transform.node.incoming.PaddingTermination", "transform", NODE, Bypass.class),
        Hook.at(
            NLJ + "transform.node.AudioRedHandler",
            "transform",
            "(Lorg/jitsi/nlj/PacketInfo;)Ljava/util/List;",
            BypassList.class),
        Hook.at(
                NLJ + "srtp.SrtpEncryptTransformer",
                "transform",
                "(Lorg/jitsi/nlj/PacketInfo;Lorg/jitsi/srtp/SrtpCryptoContext;Z)"
                    + "Lorg/jitsi/srtp/SrtpErrorStatus;",
                Encrypt.class)
            .or(
                "(Lorg/jitsi/nlj/PacketInfo;Lorg/jitsi/srtp/SrtpCryptoContext;)"
                    + "Lorg/jitsi/srtp/SrtpErrorStatus;"));
  }

  @Override
  public List<AddedState> states() {
    return List.of(new AddedState("org.jitsi.rtp.rtp.RtpPacket", PacketState.class));
  }

  /** Copies the packet state with the packet. */
  static final class Cloned {
    private Cloned() {}

    @Keep
    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(@Advice.This Object from, @Advice.Argument(0) Object to) {
      PacketHooks.cloned(from, to);
    }
  }

  /** A double packet has no padding that the bridge could read. */
  static final class PaddingSize {
    private PaddingSize() {}

    @Keep
    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(@Advice.This Object packet, @Advice.Return(readOnly = false) int size) {
      size = PacketHooks.paddingSize(packet, size);
    }
  }

  /** Leads double packets past a node that reads payloads. */
  static final class Bypass {
    private Bypass() {}

    @Keep
    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class, suppress = Throwable.class)
    static boolean enter(@Advice.Argument(0) PacketInfo packetInfo) {
      return PacketHooks.isDouble(packetInfo);
    }

    @Keep
    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(
        @Advice.Enter boolean bypassed,
        @Advice.Argument(0) PacketInfo packetInfo,
        @Advice.Return(readOnly = false) PacketInfo returned) {
      if (bypassed) {
        returned = packetInfo;
      }
    }
  }

  /** Leads double packets past a node that reads payloads and returns lists. */
  static final class BypassList {
    private BypassList() {}

    @Keep
    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class, suppress = Throwable.class)
    static boolean enter(@Advice.Argument(0) PacketInfo packetInfo) {
      return PacketHooks.isDouble(packetInfo);
    }

    @Keep
    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(
        @Advice.Enter boolean bypassed,
        @Advice.Argument(0) PacketInfo packetInfo,
        @Advice.Return(readOnly = false) List<PacketInfo> returned) {
      if (bypassed) {
        returned = List.of(packetInfo);
      }
    }
  }

  /** Last guard: a double packet is encrypted for a double transport, or not at all. */
  static final class Encrypt {
    private Encrypt() {}

    @Keep
    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class, suppress = Throwable.class)
    static boolean enter(
        @Advice.Argument(0) PacketInfo packetInfo, @Advice.Argument(1) SrtpCryptoContext context) {
      return PacketHooks.refuses(packetInfo, context);
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
}
