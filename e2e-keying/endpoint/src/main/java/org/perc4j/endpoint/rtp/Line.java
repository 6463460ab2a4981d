/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.rtp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.perc4j.e2e.srtp.DoubleSrtpResult;
import org.perc4j.e2e.srtp.MediaPacket;
import org.perc4j.endpoint.signalling.CongestionFeedback;
import org.perc4j.endpoint.transport.OctetBuffer;
import org.perc4j.endpoint.transport.PacketProtection;

/**
 * What packets take to a bridge: the protection of a transport, and its congestion control. After a
 * move to another bridge there is another line. On the thread of the media only, apart from {@link
 * #congestion()}.
 */
public final class Line {
  private static final int RTCP_ROOM_BYTES = 32;

  /** Sends datagrams. */
  public interface Outlet {
    /** Sends one; the octets are not kept. */
    void send(byte[] buffer, int offset, int length) throws IOException;
  }

  private final PacketProtection protection;
  private final CongestionControl congestion;
  private final Outlet media;
  private final Outlet control;

  /**
   * A line over a connected transport.
   *
   * @param feedback how both ends tell each other of congestion
   * @param media what protected RTP goes out by
   * @param control what protected RTCP goes out by
   */
  public Line(
      PacketProtection protection, CongestionFeedback feedback, Outlet media, Outlet control) {
    this.protection = protection;
    this.congestion = new CongestionControl(feedback);
    this.media = media;
    this.control = control;
  }

  /** Returns what protects its packets. */
  public PacketProtection protection() {
    return protection;
  }

  /** Returns what is known of its congestion. */
  public CongestionControl congestion() {
    return congestion;
  }

  /**
   * Sends an RTP packet that has its end-to-end layer.
   *
   * @param packet with room for the hop-by-hop layer; changed in place
   * @param nowNanos by the clock of congestion control
   */
  public void send(MediaPacket packet, long nowNanos) throws IOException {
    congestion.stamp(packet.buffer(), packet.offset(), packet.length(), nowNanos);
    DoubleSrtpResult result = protection.protectOuter(packet);
    if (result != DoubleSrtpResult.OK) {
      throw new IllegalStateException("could not protect a packet: " + result);
    }
    congestion.sent(packet.length(), nowNanos);
    media.send(packet.buffer(), packet.offset(), packet.length());
  }

  /** Sends a compound RTCP packet of these parts. */
  public void sendRtcp(byte[]... parts) throws IOException {
    ByteArrayOutputStream compound = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      compound.writeBytes(part);
    }
    OctetBuffer packet =
        new OctetBuffer(compound.toByteArray(), 0, compound.size(), RTCP_ROOM_BYTES);
    if (!protection.protectRtcp(packet)) {
      throw new IllegalStateException("could not protect RTCP");
    }
    control.send(packet.getBuffer(), packet.getOffset(), packet.getLength());
  }

  /**
   * Reads an RTCP packet that came.
   *
   * @param packet changed in place
   * @return whether it is authentic; otherwise nobody is told anything
   */
  public boolean receiveRtcp(byte[] packet, Rtcp.Listener listener) {
    OctetBuffer rtcp = new OctetBuffer(packet, 0, packet.length, 0);
    if (!protection.unprotectRtcp(rtcp)) {
      return false;
    }
    Rtcp.parse(rtcp.getBuffer(), rtcp.getOffset(), rtcp.getLength(), listener);
    return true;
  }
}
