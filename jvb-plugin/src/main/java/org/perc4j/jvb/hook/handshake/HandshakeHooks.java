/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook.handshake;

import java.util.List;
import org.jitsi.nlj.srtp.SrtcpDecryptTransformer;
import org.jitsi.nlj.srtp.SrtcpEncryptTransformer;
import org.jitsi.nlj.srtp.SrtpDecryptTransformer;
import org.jitsi.nlj.srtp.SrtpEncryptTransformer;
import org.jitsi.nlj.srtp.SrtpProfileInformation;
import org.jitsi.nlj.srtp.SrtpTransformers;
import org.jitsi.nlj.srtp.TlsRole;
import org.jitsi.srtp.SrtpPolicy;
import org.jitsi.videobridge.transport.dtls.DtlsTransport;
import org.jspecify.annotations.Nullable;
import org.perc4j.header.srtp.DoubleSrtpProfile;
import org.perc4j.jvb.hook.Plugin;
import org.perc4j.jvb.metrics.BridgeCounter;
import org.perc4j.jvb.signalling.Peer;
import org.perc4j.jvb.signalling.TransportHolder;
import org.perc4j.jvb.signalling.TransportKind;
import org.perc4j.jvb.srtp.OuterContextFactory;

/**
 * Answers what a handshake asks, and makes the transformers of double transports. All of it is
 * thread-safe, and returns at once for what is not double.
 */
public final class HandshakeHooks {
  /** Names and not class literals: loading these classes now would be too early for their hooks. */
  private static final String ENDPOINT_HANDLER_PREFIX = "org.jitsi.videobridge.Endpoint$";

  private static final String RELAY_HANDLER_PREFIX = "org.jitsi.videobridge.relay.Relay$";

  private HandshakeHooks() {}

  /** A DTLS handshake begins on this thread. */
  public static void handshakeBegins(DtlsTransport.@Nullable EventHandler handler) {
    String name = handler == null ? "" : handler.getClass().getName();
    if (name.startsWith(ENDPOINT_HANDLER_PREFIX)) {
      Plugin.offer().begin(Peer.ENDPOINT);
    } else if (name.startsWith(RELAY_HANDLER_PREFIX)) {
      Plugin.offer().begin(Peer.BRIDGE);
    }
  }

  /** The DTLS handshake on this thread is over. */
  public static void handshakeEnds() {
    Plugin.offer().end();
  }

  /** The protection profiles to offer and accept. */
  public static List<Integer> profiles(List<Integer> stock) {
    return Plugin.offer().profiles(stock);
  }

  /** What the bridge must know about a double profile, or null for any other profile. */
  public static @Nullable SrtpProfileInformation profileInformation(int profileId) {
    DoubleSrtpProfile profile = DoubleSrtpProfile.withId(profileId);
    if (profile == null) {
      return null;
    }
    return new SrtpProfileInformation(
        profile.doubleKeyLengthBytes(),
        DoubleSrtpProfile.doubleSaltLengthBytes(),
        SrtpPolicy.AESGCM_ENCRYPTION,
        SrtpPolicy.NULL_AUTHENTICATION,
        0,
        DoubleSrtpProfile.TAG_LENGTH_BYTES,
        DoubleSrtpProfile.TAG_LENGTH_BYTES);
  }

  /** The transformers of a double transport, or null if the profile is not double. */
  public static @Nullable SrtpTransformers transformers(
      SrtpProfileInformation information,
      byte[] keyingMaterial,
      TlsRole role,
      boolean cryptex,
      org.jitsi.utils.logging2.Logger parentLogger) {
    DoubleSrtpProfile profile =
        DoubleSrtpProfile.withDoubleLengths(
            information.getCipherKeyLength(), information.getCipherSaltLength());
    if (profile == null) {
      return null;
    }
    OuterContextFactory.Pair factories =
        OuterContextFactory.fromExporter(
            profile,
            keyingMaterial,
            role == TlsRole.CLIENT,
            Plugin.offer().peer() == Peer.BRIDGE,
            cryptex,
            Plugin.counters(),
            parentLogger);
    SrtpTransformers transformers =
        new SrtpTransformers(
            new SrtpDecryptTransformer(factories.receiving(), parentLogger),
            new SrtpEncryptTransformer(factories.sending(), parentLogger),
            new SrtcpDecryptTransformer(factories.receiving(), parentLogger),
            new SrtcpEncryptTransformer(factories.sending(), parentLogger));
    ((TransportHolder) (Object) transformers).perc4jKind(TransportKind.DOUBLE);
    Plugin.counters().count(BridgeCounter.DOUBLE_TRANSPORTS);
    return transformers;
  }

  /** A transceiver learns what its transport is. */
  public static void transportIs(Object transceiver, SrtpTransformers transformers) {
    ((TransportHolder) transceiver)
        .perc4jKind(
            TransportHolder.isDouble(transformers) ? TransportKind.DOUBLE : TransportKind.PLAIN);
  }
}
