/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook.forwarding;

import java.util.List;
import org.jitsi.nlj.PacketInfo;
import org.jitsi.nlj.util.BufferPool;
import org.jitsi.rtp.rtp.RtpPacket;
import org.jitsi.videobridge.AbstractEndpoint;
import org.jitsi.videobridge.Conference;
import org.jitsi.videobridge.Endpoint;
import org.jitsi.videobridge.relay.Relay;
import org.jspecify.annotations.Nullable;
import org.perc4j.jvb.hook.Plugin;
import org.perc4j.jvb.metrics.BridgeCounter;
import org.perc4j.jvb.packet.PacketState;
import org.perc4j.jvb.signalling.ReceiverView;
import org.perc4j.jvb.signalling.TransportHolder;
import org.perc4j.jvb.signalling.TransportKind;

/**
 * Says what must not go where, and which streams keep their SSRCs. All of it is thread-safe, and
 * returns at once for what is not double.
 */
public final class ForwardingHooks {
  private ForwardingHooks() {}

  /**
   * Whether a double packet comes under an SSRC that signalling gave to another endpoint. Receivers
   * would refuse it, but on the way it would use up sequence numbers of that endpoint's stream.
   */
  public static boolean impersonates(Conference conference, PacketInfo packetInfo) {
    try {
      if (!PacketState.isDouble(packetInfo.getPacket())
          || !(packetInfo.getPacket() instanceof RtpPacket packet)) {
        return false;
      }
      AbstractEndpoint owner = conference.getEndpointBySsrc(packet.getSsrc());
      if (owner == null || owner.getId().equals(packetInfo.getEndpointId())) {
        return false;
      }
      Plugin.counters().count(BridgeCounter.DROPPED_FOREIGN_SSRC);
      var unused = BufferPool.Companion.getReturnBuffer().invoke(packet.getBuffer());
      return true;
    } catch (RuntimeException e) {
      return Plugin.dropped(e);
    }
  }

  /**
   * Whether a packet must not reach an endpoint, because one of them is double and one is not. Then
   * the packet's sender gets no place among those that the endpoint is sent, either.
   */
  public static boolean keptApart(Endpoint endpoint, PacketInfo packetInfo) {
    try {
      if (!(packetInfo.getPacket() instanceof RtpPacket packet)) {
        return false;
      }
      TransportKind kind = TransportHolder.kindOf(endpoint.getTransceiver());
      if (PacketState.isDouble(packet) == (kind == TransportKind.DOUBLE)) {
        return false;
      }
      Plugin.counters().count(BridgeCounter.KEPT_APART);
      if (kind != null) {
        excludeSender(endpoint, packetInfo.getEndpointId());
      }
      return true;
    } catch (RuntimeException e) {
      return Plugin.dropped(e);
    }
  }

  private static void excludeSender(Endpoint endpoint, @Nullable String senderId) {
    AbstractEndpoint sender =
        senderId == null ? null : endpoint.getConference().getEndpoint(senderId);
    if (sender != null && view(endpoint).exclude(sender)) {
      endpoint.lastNEndpointsChanged();
      // The bridge takes the receiver for the source here, and the source for the receiver, and
      // would ask the sender for what it last did for ever.
      sender.removeReceiver(endpoint.getId());
    }
  }

  private static ReceiverView<AbstractEndpoint> view(Endpoint endpoint) {
    ViewHolder holder = (ViewHolder) (Object) endpoint;
    ReceiverView<AbstractEndpoint> view = holder.perc4jView();
    if (view == null) {
      // Should two threads get here at once, one view is forgotten and learned again.
      view = new ReceiverView<>();
      holder.perc4jView(view);
    }
    return view;
  }

  /** Of all other endpoints, in their order, those that one can be sent something of. */
  public static List<AbstractEndpoint> inView(Object endpoint, List<AbstractEndpoint> others) {
    ReceiverView<AbstractEndpoint> view = ((ViewHolder) endpoint).perc4jView();
    return view == null ? others : view.of(others);
  }

  /** Whether a packet must not reach another bridge, because that would not know it as double. */
  public static boolean keptFromRelay(Relay relay, PacketInfo packetInfo) {
    try {
      return PacketState.isDouble(packetInfo.getPacket())
          && !TransportHolder.isDouble(relay.getTransceiver())
          && Plugin.counted(BridgeCounter.KEPT_APART);
    } catch (RuntimeException e) {
      return Plugin.dropped(e);
    }
  }

  /** Whether a packet must not reach an exporter, which is never double. */
  public static boolean keptFromExporter(PacketInfo packetInfo) {
    return PacketState.isDouble(packetInfo.getPacket()) && Plugin.counted(BridgeCounter.KEPT_APART);
  }

  /** Whether a packet's SSRC must stay, although its receiver asked for rewriting. */
  public static boolean keepsSsrc(RtpPacket packet) {
    return PacketState.isDouble(packet) && Plugin.counted(BridgeCounter.SSRC_REWRITING_SKIPPED);
  }

  /** Whether a receiver of packets whose SSRCs may be rewritten is a double endpoint. */
  public static boolean isDoubleEndpoint(Object receiver) {
    return receiver instanceof Endpoint endpoint && isDouble(endpoint);
  }

  /** Whether an endpoint's transport is double; false until its handshake is over. */
  public static boolean isDouble(Endpoint endpoint) {
    return TransportHolder.isDouble(endpoint.getTransceiver());
  }
}
