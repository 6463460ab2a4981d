/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook.retransmission;

import java.util.Collection;
import org.jitsi.nlj.PacketInfo;
import org.jitsi.nlj.rtp.SsrcAssociationType;
import org.jitsi.nlj.rtp.VideoRtpPacket;
import org.jitsi.nlj.srtp.SrtpTransformers;
import org.jitsi.nlj.util.ReadOnlyStreamInformationStore;
import org.jitsi.rtp.rtp.RtpPacket;
import org.jspecify.annotations.Nullable;
import org.perc4j.jvb.packet.OriginalHeaders;
import org.perc4j.jvb.packet.PacketState;
import org.perc4j.jvb.signalling.TransportHolder;
import org.perc4j.jvb.video.SentStreams;

/**
 * Notes what packets were before they became retransmissions, and what to probe with. All of it is
 * thread-safe, and returns at once for what is not double.
 */
public final class RetransmissionHooks {
  private RetransmissionHooks() {}

  /** An incoming packet passed the RTX handler; if its SSRC changed, it was a retransmission. */
  public static void restored(PacketInfo packetInfo, long ssrcBefore) {
    if (packetInfo.getPacket() instanceof RtpPacket packet && packet.getSsrc() != ssrcBefore) {
      PacketState original = (PacketState) (Object) packet;
      original.perc4jOriginalHeader(
          OriginalHeaders.restored(
              original.perc4jOriginalHeader(),
              packet.isMarked(),
              packet.getPayloadType(),
              packet.getSequenceNumber()));
    }
  }

  /** The SSRC of an RTP packet, else -1. */
  public static long ssrc(PacketInfo packetInfo) {
    return packetInfo.getPacket() instanceof RtpPacket packet ? packet.getSsrc() : -1;
  }

  /** A packet from the cache is about to become a retransmission. */
  public static void retransmitting(PacketInfo packetInfo) {
    if (packetInfo.getPacket() instanceof RtpPacket packet) {
      PacketState original = (PacketState) (Object) packet;
      original.perc4jOriginalHeader(
          OriginalHeaders.frozen(
              original.perc4jOriginalHeader(),
              packet.isMarked(),
              packet.getPayloadType(),
              packet.getSequenceNumber()));
    }
  }

  /** A transport's sender learns its keys; those of a double transport note what they send. */
  public static void senderIs(
      Object cacher,
      Object prober,
      ReadOnlyStreamInformationStore store,
      SrtpTransformers transformers) {
    if (TransportHolder.isDouble(transformers)) {
      SentStreams sent =
          new SentStreams(
              System::nanoTime,
              ssrc -> store.getRemoteSecondarySsrc(ssrc, SsrcAssociationType.RTX) != null);
      ((SentStreamsHolder) cacher).perc4jSent(sent);
      ((SentStreamsHolder) prober).perc4jSent(sent);
    }
  }

  /** A packet is about to be sent and kept for being sent again. */
  public static void sent(Object cacher, PacketInfo packetInfo) {
    SentStreams sent = ((SentStreamsHolder) cacher).perc4jSent();
    if (sent != null && packetInfo.getPacket() instanceof VideoRtpPacket packet) {
      sent.sent(packet.getSsrc());
    }
  }

  /** The SSRCs to probe a transport with, instead of those that the bridge knows of. */
  public static @Nullable Collection<Long> probed(Object prober, @Nullable Collection<Long> stock) {
    SentStreams sent = ((SentStreamsHolder) prober).perc4jSent();
    return sent == null ? stock : sent.toProbe();
  }
}
