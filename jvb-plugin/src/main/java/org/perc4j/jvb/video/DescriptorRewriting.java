/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.video;

import org.jitsi.rtp.rtp.RtpPacket;
import org.jspecify.annotations.Nullable;
import org.perc4j.header.dependency.DependencyDescriptorWriter;
import org.perc4j.header.dependency.DependencyStructure;
import org.perc4j.jvb.packet.ActiveTargets;
import org.perc4j.jvb.packet.Frame;
import org.perc4j.jvb.packet.LayerFrame;
import org.perc4j.jvb.packet.PacketState;

/**
 * Has the dependency descriptor of a packet on its way to a receiver say which decode targets are
 * active there (AV1 RTP specification, A.8.2). The inner layer does not cover extensions, so that
 * nothing of the packet's authenticity depends on it. What does not fit stays as it is.
 *
 * <p>Stateless and thread-safe. Allocates, for packets that are written anew only.
 */
public final class DescriptorRewriting {
  private static final int MANDATORY_LENGTH = DependencyDescriptorWriter.MANDATORY_LENGTH;

  /** In the octet behind the mandatory ones: a structure follows. */
  private static final int STRUCTURE_PRESENT = 0x80;

  /** Octets that a descriptor may gain: five flags and a mask of 32 bits at the most. */
  private static final int MAX_GROWTH = 5;

  /** Octets of the longest element with a one-byte header (RFC 8285 section 4.2). */
  private static final int MAX_ONE_BYTE_LENGTH = 16;

  /**
   * Octets of the longest packet that may grow: with the original header block, what the hop adds
   * in extensions, the outer tag, UDP and IPv6, it stays below 1,500.
   */
  private static final int MAX_PACKET_LENGTH = 1_400;

  private DescriptorRewriting() {}

  /**
   * Writes the descriptor anew, as the packet's {@link PacketState#perc4jActiveTargets} has it.
   *
   * @param packet a packet whose state is as it was read from this descriptor
   * @param id the descriptor's, as negotiated with the receiver
   */
  public static void rewrite(RtpPacket packet, int id) {
    PacketState state = (PacketState) (Object) packet;
    LayerFrame layers = state.perc4jLayers();
    RtpPacket.HeaderExtension sent = packet.getHeaderExtension(id);
    if (layers == null || sent == null) {
      return;
    }
    int length = sent.getDataLengthBytes();
    byte[] written =
        written(
            sent.getBuffer(),
            sent.getDataOffset(),
            length,
            state.perc4jFrame(),
            layers,
            ActiveTargets.mask(state.perc4jActiveTargets()),
            MAX_PACKET_LENGTH - packet.getLength());
    if (written != null) {
      packet.removeHeaderExtension(id);
      RtpPacket.HeaderExtension added = packet.addHeaderExtension(id, written.length);
      System.arraycopy(written, 0, added.getBuffer(), added.getDataOffset(), written.length);
    }
  }

  /**
   * The descriptor with a mask of active decode targets.
   *
   * @param descriptor holds the descriptor as it came
   * @param frame what it says of the frame, as {@link Frame} packs it
   * @param layers the same
   * @param active the mask
   * @param room by how many octets it may grow
   * @return null if it does not fit
   */
  static byte @Nullable [] written(
      byte[] descriptor,
      int offset,
      int length,
      int frame,
      LayerFrame layers,
      int active,
      int room) {
    boolean attached =
        length > MANDATORY_LENGTH
            && (descriptor[offset + MANDATORY_LENGTH] & STRUCTURE_PRESENT) != 0;
    if (length < MANDATORY_LENGTH
        || length + MAX_GROWTH > DependencyDescriptorWriter.MAX_LENGTH
        || (active == DependencyDescriptorWriter.ABSENT && !attached)) {
      return null;
    }
    DependencyStructure structure = layers.targets().structure();
    int grown =
        DependencyDescriptorWriter.encodedLength(
            structure, attached, active, layers.dependencies());
    boolean needsTwoByte = grown > MAX_ONE_BYTE_LENGTH && length <= MAX_ONE_BYTE_LENGTH;
    if (needsTwoByte || grown - length > Math.max(room, 0)) {
      return null;
    }
    byte[] written = new byte[grown];
    int unused =
        DependencyDescriptorWriter.write(
            structure,
            attached,
            active,
            Frame.start(frame),
            Frame.end(frame),
            Frame.number(frame),
            layers.dependencies(),
            written,
            0);
    return written;
  }
}
