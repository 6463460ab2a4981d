/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.marking;

import org.perc4j.header.dependency.DependencyDescriptorWriter;

/**
 * Tells what a bridge that cannot read a payload has to know of it, before the payload is
 * encrypted: by frame marking (RFC 9626) and, for codecs with spatial layers, by the dependency
 * descriptor (AV1 RTP specification, appendix A).
 *
 * <p>A marker belongs to one SSRC and sees its packets in the order sent, each once; not what is
 * sent again. Not thread-safe. Nothing is allocated per packet.
 *
 * <p>What cannot be known is marked so that nobody builds upon it: not independent, not
 * discardable, no sync. That is so for the rest of a frame whose first packet was not seen. One odd
 * frame costs what is odd about it: later frames are described on, as ones that may depend on it.
 * {@link #keyFrameWanted} says so, to whoever can have the encoder make a key frame.
 */
public interface FrameMarker {
  /** Octets of the longest descriptor. */
  int MAX_DESCRIPTOR_BYTES = DependencyDescriptorWriter.MAX_LENGTH;

  /**
   * Looks at a packet ahead, so that all packets of a frame are marked alike even if the first ones
   * do not tell what it is: parameter sets, sequence headers, delimiters or padding in packets of
   * their own. Without, such packets are no switching points, and receivers cannot begin with them.
   *
   * <p>For all packets of a frame in their order, of a layer frame if there are spatial layers,
   * before {@link #mark} is called for the first; or for none. Nothing is written, and the array is
   * not kept.
   *
   * @param buffer as for {@link #mark}, like the other arguments
   * @throws PayloadFormatException as there; the packet will be refused there as well
   */
  default void look(byte[] buffer, int payloadOffset, int payloadLength, long rtpTimestamp)
      throws PayloadFormatException {}

  /**
   * Marks the payload of the next packet. Nothing is written, and the array is not kept.
   *
   * @param buffer holds the payload, without padding
   * @param payloadOffset index of its first octet
   * @param payloadLength its octets
   * @param lastOfFrame whether the packet is the last one of its frame, of a layer frame if there
   *     are spatial layers. Without these that is the marker bit of RTP. A payload that says so
   *     itself, as VP9's does, is believed instead.
   * @param rtpTimestamp of the packet, the same for all packets of a picture
   * @return a marking, for {@link org.perc4j.header.framemarking.FrameMarkingCodec#write}
   * @throws PayloadFormatException if it cannot be marked. The marker can still be used; the rest
   *     of the frame is marked as one whose first packet was not seen.
   * @throws IndexOutOfBoundsException if the payload is not inside the array, the caller's bug
   */
  int mark(
      byte[] buffer, int payloadOffset, int payloadLength, boolean lastOfFrame, long rtpTimestamp)
      throws PayloadFormatException;

  /**
   * Writes the dependency descriptor of the packet that was marked last.
   *
   * @param buffer where to write, with room for {@link #MAX_DESCRIPTOR_BYTES}. A descriptor of more
   *     than 16 octets, as that of the first packet of a key picture is, fits only in an extension
   *     element with a two-byte header.
   * @param offset index of the first octet to write
   * @return octets written; 0 if there is none: because the codec needs none, because no key
   *     picture was marked yet, because marking failed, because the frame depends on what a
   *     descriptor cannot name, or because the structure was not written, which goes with the first
   *     packet of a key picture
   * @throws IndexOutOfBoundsException if the descriptor does not fit in the array
   */
  int writeDescriptor(byte[] buffer, int offset);

  /**
   * Whether something was marked since the last key picture that could not be told of, or not
   * whole, so that what is told of later frames is less than it might be. A key picture ends that.
   */
  boolean keyFrameWanted();
}
