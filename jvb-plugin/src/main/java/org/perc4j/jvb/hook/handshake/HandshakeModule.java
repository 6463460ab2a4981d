/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook.handshake;

import com.google.errorprone.annotations.Keep;
import java.util.List;
import net.bytebuddy.asm.Advice;
import org.jitsi.nlj.srtp.SrtpProfileInformation;
import org.jitsi.nlj.srtp.SrtpTransformers;
import org.jitsi.nlj.srtp.TlsRole;
import org.jitsi.utils.logging2.Logger;
import org.jitsi.videobridge.transport.dtls.DtlsTransport;
import org.jspecify.annotations.Nullable;
import org.perc4j.jvb.hook.AddedState;
import org.perc4j.jvb.hook.Hook;
import org.perc4j.jvb.hook.HookModule;
import org.perc4j.jvb.signalling.TransportHolder;

/** Which profiles a handshake offers and takes, and what becomes of its keys. */
public final class HandshakeModule implements HookModule {
  @Override
  public List<Hook> hooks() {
    return List.of(
        Hook.at(
            VIDEOBRIDGE + "transport.dtls.DtlsTransport", "startDtlsHandshake", "()V", Begin.class),
        Hook.at(
            NLJ + "srtp.SrtpConfig$Companion",
            "getProtectionProfiles",
            "()Ljava/util/List;",
            Profiles.class),
        Hook.at(
            NLJ + "srtp.SrtpUtil$Companion",
            "getSrtpProfileInformationFromSrtpProtectionProfile",
            "(I)Lorg/jitsi/nlj/srtp/SrtpProfileInformation;",
            Information.class),
        Hook.at(
            NLJ + "srtp.SrtpUtil$Companion",
            "initializeTransformer",
            "(Lorg/jitsi/nlj/srtp/SrtpProfileInformation;[BLorg/jitsi/nlj/srtp/TlsRole;Z"
                + "Lorg/jitsi/utils/logging2/Logger;)Lorg/jitsi/nlj/srtp/SrtpTransformers;",
            Transformers.class),
        Hook.at(
            NLJ + "Transceiver",
            "setSrtpInformationInternal",
            "(Lorg/jitsi/nlj/srtp/SrtpTransformers;Z)V",
            Negotiated.class));
  }

  @Override
  public List<AddedState> states() {
    return List.of(
        new AddedState(NLJ + "srtp.SrtpTransformers", TransportHolder.class),
        new AddedState(NLJ + "Transceiver", TransportHolder.class));
  }

  /** Tells with whom a DTLS handshake is made. */
  static final class Begin {
    private Begin() {}

    @Keep
    @Advice.OnMethodEnter(suppress = Throwable.class)
    static void enter(
        @Advice.FieldValue("eventHandler") DtlsTransport.@Nullable EventHandler handler) {
      HandshakeHooks.handshakeBegins(handler);
    }

    @Keep
    @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
    static void exit() {
      HandshakeHooks.handshakeEnds();
    }
  }

  /** Puts the double profiles before the configured ones. */
  static final class Profiles {
    private Profiles() {}

    @Keep
    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(@Advice.Return(readOnly = false) List<Integer> profiles) {
      profiles = HandshakeHooks.profiles(profiles);
    }
  }

  /** Describes the double profiles. */
  static final class Information {
    private Information() {}

    @Keep
    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class, suppress = Throwable.class)
    static @Nullable SrtpProfileInformation enter(@Advice.Argument(0) int profileId) {
      return HandshakeHooks.profileInformation(profileId);
    }

    @Keep
    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(
        @Advice.Enter @Nullable SrtpProfileInformation information,
        @Advice.Return(readOnly = false) SrtpProfileInformation returned) {
      if (information != null) {
        returned = information;
      }
    }
  }

  /** Makes the transformers of a double transport. */
  static final class Transformers {
    private Transformers() {}

    @Keep
    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    static @Nullable SrtpTransformers enter(
        @Advice.Argument(0) SrtpProfileInformation information,
        @Advice.Argument(1) byte[] keyingMaterial,
        @Advice.Argument(2) TlsRole role,
        @Advice.Argument(3) boolean cryptex,
        @Advice.Argument(4) Logger logger) {
      return HandshakeHooks.transformers(information, keyingMaterial, role, cryptex, logger);
    }

    @Keep
    @Advice.OnMethodExit
    static void exit(
        @Advice.Enter @Nullable SrtpTransformers transformers,
        @Advice.Return(readOnly = false) SrtpTransformers returned) {
      if (transformers != null) {
        returned = transformers;
      }
    }
  }

  /** Tells a transceiver whether it is double. */
  static final class Negotiated {
    private Negotiated() {}

    @Keep
    @Advice.OnMethodExit(suppress = Throwable.class)
    static void exit(
        @Advice.This Object transceiver, @Advice.Argument(0) SrtpTransformers transformers) {
      HandshakeHooks.transportIs(transceiver, transformers);
    }
  }
}
