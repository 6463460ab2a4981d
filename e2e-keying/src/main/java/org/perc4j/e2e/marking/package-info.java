/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Tells a bridge that cannot read payloads what it needs to choose temporal layers, spatial layers
 * and encodings: derives video frame marking (RFC 9626) and dependency descriptors (AV1 RTP
 * specification, appendix A) from the payload of a packet that is yet to be encrypted.
 *
 * <p>A sender keeps a {@link org.perc4j.e2e.marking.FrameMarker} for each SSRC and gives it each
 * packet once, before that is protected; what it sends again it sends as it was:
 *
 * <pre>{@code
 * FrameMarker marker = new Vp9Marker(SvcLayers.full(3, 3));
 * byte[] marking = new byte[FrameMarkingCodec.MAX_LENGTH];
 * byte[] descriptor = new byte[FrameMarker.MAX_DESCRIPTOR_BYTES];
 * byte[] block = new byte[300];
 *
 * void send(RtpPacketView packet, boolean lastOfFrame) {
 *   writer.begin(block, 0, twoByteHeaders);
 *   try {
 *     int mark =
 *         marker.mark(
 *             packet.buffer(),
 *             packet.payloadOffset(),
 *             packet.payloadLength(),
 *             lastOfFrame,
 *             packet.timestamp());
 *     writer.add(FRAME_MARKING_ID, marking, 0, FrameMarkingCodec.write(mark, marking, 0));
 *     int length = marker.writeDescriptor(descriptor, 0);
 *     if (length > 0) {
 *       writer.add(DEPENDENCY_DESCRIPTOR_ID, descriptor, 0, length);
 *     }
 *   } catch (PayloadFormatException e) {
 *     // is sent without; counted by e.reason()
 *   }
 *   HeaderExtensionWriter.insert(packet, block, 0, writer.end());
 *   // then protect the packet
 * }
 * }</pre>
 *
 * <p>Descriptors of most packets have 3 to 10 octets. That of the first packet of a key picture
 * brings the structure, of some 95 octets for three by three layers, and more than 16 octets fit
 * only in elements with a two-byte header (RFC 8285 section 4.3). A sender that writes descriptors
 * therefore uses these at least for such packets, which has to be negotiated ({@code
 * extmap-allow-mixed}) if others have one-byte headers, and leaves room for them when it cuts
 * frames into packets.
 *
 * <table>
 *   <caption>What is marked from what</caption>
 *   <tr><th></th><th>marking</th><th>descriptor</th></tr>
 *   <tr><td>{@link org.perc4j.e2e.marking.Vp8Marker}</td>
 *     <td>payload descriptor; kind of frame</td><td>none</td></tr>
 *   <tr><td>{@link org.perc4j.e2e.marking.H264Marker}</td>
 *     <td>types of NAL units, NRI, prefix NAL units</td><td>none</td></tr>
 *   <tr><td>{@link org.perc4j.e2e.marking.Vp9Marker}</td>
 *     <td colspan="2">payload descriptor; uncompressed header of the frame</td></tr>
 *   <tr><td>{@link org.perc4j.e2e.marking.Av1Marker}</td>
 *     <td colspan="2">headers of OBUs, of the sequence and of the frame</td></tr>
 * </table>
 *
 * <p>The layer ID of a marking is the spatial layer. {@code I} is marked where a receiver can
 * begin: on all packets of a key frame and of the higher spatial layers of its picture. A frame
 * without references that does not replace all that later ones may refer to is not marked {@code
 * I}, other than RFC 9626 has it, as a bridge would let a receiver begin with it.
 *
 * <p>Not supported:
 *
 * <ul>
 *   <li>more than three spatial or three temporal layers of VP9 and AV1;
 *   <li>spatial and quality layers of H.264 (RFC 6190), its interleaved packetization, and temporal
 *       layers without prefix NAL units other than pictures that are no reference;
 *   <li>base layer sync of H.264 once a higher temporal layer was used for reference;
 *   <li>VP9 superframes with frames that are not shown, without spatial layers;
 *   <li>AV1 frame headers that are not in the first packet of their layer frame, and key frames
 *       that are shown later;
 *   <li>RTP payloads of redundancy and of forward error correction, which are made of marked
 *       packets and have no marking of their own.
 * </ul>
 */
@NullMarked
@CheckReturnValue
package org.perc4j.e2e.marking;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
