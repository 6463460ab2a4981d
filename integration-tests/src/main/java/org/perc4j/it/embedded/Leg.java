/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.embedded;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.jitsi.srtp.SrtcpCryptoContext;
import org.jitsi.srtp.SrtpCryptoContext;
import org.jitsi.srtp.SrtpErrorStatus;
import org.jitsi.utils.logging2.LoggerImpl;
import org.jspecify.annotations.Nullable;
import org.perc4j.endpoint.rtp.LossTracker;
import org.perc4j.endpoint.signalling.ReceiverConstraints;
import org.perc4j.endpoint.signalling.Source;
import org.perc4j.endpoint.transport.OctetBuffer;
import org.perc4j.endpoint.transport.SecureTransport;
import org.perc4j.header.srtp.DoubleSrtpProfile;
import org.perc4j.jvb.metrics.BridgeCounters;
import org.perc4j.jvb.srtp.OuterContextFactory;

/** The bridge's end of one endpoint's transport. Guarded by the room's lock. */
final class Leg {
  final String endpoint;
  final SecureTransport transport;
  final Map<Integer, VideoForwarder> videos = new HashMap<>();
  final Map<Integer, LossTracker> losses = new HashMap<>();
  List<Source> sources = List.of();
  ReceiverConstraints constraints = new ReceiverConstraints(0, 0, List.of());

  private final Map<Integer, SrtpCryptoContext> received = new HashMap<>();
  private final Map<Integer, SrtpCryptoContext> sent = new HashMap<>();
  private final Map<Integer, SrtcpCryptoContext> controlReceived = new HashMap<>();
  private final Map<Integer, SrtcpCryptoContext> controlSent = new HashMap<>();
  private OuterContextFactory.@Nullable Pair factories;

  Leg(String endpoint, SecureTransport transport) {
    this.endpoint = endpoint;
    this.transport = transport;
  }

  void connected(BridgeCounters counters) {
    DoubleSrtpProfile profile = DoubleSrtpProfile.withId(transport.profile().id());
    if (profile == null) {
      throw new IllegalStateException("not a double profile: " + transport.profile());
    }
    factories =
        OuterContextFactory.fromExporter(
            profile,
            transport.takeKeyingMaterial(),
            transport.isClient(),
            false,
            false,
            counters,
            new LoggerImpl("embedded", Level.OFF));
    transport.letPacketsCome();
  }

  /** Takes the outer layer off; tells whether the packet is authentic. */
  boolean unprotect(ForwardedPacket packet) {
    try {
      int ssrc = packet.rtpSsrc();
      SrtpCryptoContext context = received.get(ssrc);
      if (context == null) {
        context = factories().receiving().deriveContext(ssrc, 0);
        if (context == null) {
          return false;
        }
        received.put(ssrc, context);
      }
      return context.reverseTransformPacket(packet, false) == SrtpErrorStatus.OK;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** Puts the outer layer on, and sends. */
  void send(ForwardedPacket packet) throws IOException {
    if (factories == null) {
      return;
    }
    try {
      int ssrc = packet.rtpSsrc();
      SrtpCryptoContext context = sent.get(ssrc);
      if (context == null) {
        context = factories().sending().deriveContext(ssrc, 0);
        if (context == null) {
          return;
        }
        sent.put(ssrc, context);
      }
      if (context.transformPacket(packet) == SrtpErrorStatus.OK) {
        transport.send(packet.getBuffer(), packet.getOffset(), packet.getLength());
      }
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  boolean unprotectControl(OctetBuffer packet) {
    try {
      int ssrc = packet.rtcpSsrc();
      SrtcpCryptoContext context = controlReceived.get(ssrc);
      if (context == null) {
        context = factories().receiving().deriveControlContext(ssrc);
        if (context == null) {
          return false;
        }
        controlReceived.put(ssrc, context);
      }
      return context.reverseTransformPacket(packet) == SrtpErrorStatus.OK;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  void sendControl(OctetBuffer packet) throws IOException {
    if (factories == null) {
      return;
    }
    try {
      int ssrc = packet.rtcpSsrc();
      SrtcpCryptoContext context = controlSent.get(ssrc);
      if (context == null) {
        context = factories().sending().deriveControlContext(ssrc);
        if (context == null) {
          return;
        }
        controlSent.put(ssrc, context);
      }
      if (context.transformPacket(packet) == SrtpErrorStatus.OK) {
        transport.send(packet.getBuffer(), packet.getOffset(), packet.getLength());
      }
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private OuterContextFactory.Pair factories() {
    if (factories == null) {
      throw new IllegalStateException("not connected");
    }
    return factories;
  }

  void close() {
    if (factories != null) {
      factories.sending().close();
      factories.receiving().close();
    }
    transport.close();
  }
}
