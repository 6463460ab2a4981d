/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook.extensions;

import com.google.errorprone.annotations.Keep;
import java.util.List;
import net.bytebuddy.asm.Advice;
import org.jitsi.nlj.PacketInfo;
import org.jitsi.nlj.rtp.RtpExtensionType;
import org.jitsi.nlj.util.ReadOnlyStreamInformationStore;
import org.jspecify.annotations.Nullable;
import org.perc4j.jvb.hook.AddedState;
import org.perc4j.jvb.hook.Hook;
import org.perc4j.jvb.hook.HookModule;

/** Header extensions that double packets keep. */
public final class ExtensionModule implements HookModule {
  @Override
  public List<Hook> hooks() {
    return List.of(
        Hook.at(
            NLJ + "transform.node.outgoing.HeaderExtStripper",
            "<init>",
            "(Lorg/jitsi/nlj/util/ReadOnlyStreamInformationStore;)V",
            StripperMade.class),
        Hook.at(NLJ + "transform.node.outgoing.HeaderExtStripper", "modify", NODE, Strip.class),
        Hook.at(
            NLJ + "transform.node.outgoing.HeaderExtStripper",
            "addRtpExtensionToRetain",
            "(Lorg/jitsi/nlj/rtp/RtpExtensionType;)V",
            Retain.class),
        Hook.at(
            NLJ + "rtp.RtpExtensionType$Companion",
            "createFromUri",
            "(Ljava/lang/String;)Lorg/jitsi/nlj/rtp/RtpExtensionType;",
            Type.class));
  }

  @Override
  public List<AddedState> states() {
    return List.of(
        new AddedState(NLJ + "transform.node.outgoing.HeaderExtStripper", ExtensionRetainer.class));
  }

  /** Notes what a new stripper of header extensions has to keep. */
  static final class StripperMade {
    private StripperMade() {}

    @Keep
    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(
        @Advice.This Object stripper, @Advice.Argument(0) ReadOnlyStreamInformationStore store) {
      ExtensionHooks.stripperMade(stripper, store);
    }
  }

  /** Strips the header extensions of double packets. */
  static final class Strip {
    private Strip() {}

    @Keep
    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class, suppress = Throwable.class)
    static boolean enter(@Advice.This Object stripper, @Advice.Argument(0) PacketInfo packetInfo) {
      return ExtensionHooks.strip(stripper, packetInfo);
    }

    @Keep
    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(
        @Advice.Enter boolean stripped,
        @Advice.Argument(0) PacketInfo packetInfo,
        @Advice.Return(readOnly = false) PacketInfo returned) {
      if (stripped) {
        returned = packetInfo;
      }
    }
  }

  /** Keeps on double packets as well what the bridge keeps for a receiver beyond the usual. */
  static final class Retain {
    private Retain() {}

    @Keep
    @Advice.OnMethodEnter(suppress = Throwable.class)
    static void enter(@Advice.This Object stripper, @Advice.Argument(0) RtpExtensionType type) {
      ExtensionHooks.retain(stripper, type);
    }
  }

  /** Knows frame marking by its RFC 9626 name, too. */
  static final class Type {
    private Type() {}

    @Keep
    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(
        @Advice.Argument(0) String uri,
        @Advice.Return(readOnly = false) @Nullable RtpExtensionType type) {
      type = ExtensionHooks.extensionType(type, uri);
    }
  }
}
