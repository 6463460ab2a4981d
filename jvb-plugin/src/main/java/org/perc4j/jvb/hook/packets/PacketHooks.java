/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook.packets;

import org.jitsi.nlj.PacketInfo;
import org.jitsi.nlj.rtp.PaddingVideoPacket;
import org.jitsi.srtp.SrtpCryptoContext;
import org.perc4j.jvb.hook.Plugin;
import org.perc4j.jvb.metrics.BridgeCounter;
import org.perc4j.jvb.packet.OriginalHeaders;
import org.perc4j.jvb.packet.PacketState;
import org.perc4j.jvb.srtp.OuterContextFactory;

/**
 * Keeps what a packet remembers, and refuses packets a way out that is not theirs. All of it is
 * thread-safe, and returns at once for what is not double.
 */
public final class PacketHooks {
  private PacketHooks() {}

  /** Whether a node must leave the packet's payload alone. */
  public static boolean isDouble(PacketInfo packetInfo) {
    return PacketState.isDouble(packetInfo.getPacket());
  }

  /** A packet was cloned. */
  public static void cloned(Object from, Object to) {
    PacketState original = (PacketState) from;
    PacketState copy = (PacketState) to;
    copy.perc4jOriginalHeader(original.perc4jOriginalHeader());
    copy.perc4jFrame(original.perc4jFrame());
    copy.perc4jLayers(original.perc4jLayers());
    copy.perc4jActiveTargets(original.perc4jActiveTargets());
  }

  /** What the bridge may believe of a packet's padding: that of a double packet is encrypted. */
  public static int paddingSize(Object packet, int size) {
    return PacketState.isDouble(packet) ? 0 : size;
  }

  /**
   * Whether a packet must not be encrypted with a context: a double packet for a transport that is
   * not double. The bridge's own padding for a double transport is told apart from all else that
   * has no inner layer.
   */
  public static boolean refuses(PacketInfo packetInfo, SrtpCryptoContext context) {
    try {
      if (PacketState.isDouble(packetInfo.getPacket())) {
        return !OuterContextFactory.isOuter(context)
            && Plugin.counted(BridgeCounter.DROPPED_TO_PLAIN);
      }
      if (packetInfo.getPacket() instanceof PaddingVideoPacket padding
          && OuterContextFactory.isOuter(context)) {
        ((PacketState) (Object) padding).perc4jOriginalHeader(OriginalHeaders.PADDING);
      }
      return false;
    } catch (RuntimeException e) {
      return Plugin.dropped(e);
    }
  }
}
