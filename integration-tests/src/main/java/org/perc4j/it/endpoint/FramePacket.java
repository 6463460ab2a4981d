/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.endpoint;

import org.perc4j.it.media.LayerFrame;
import org.perc4j.it.media.LayeredClip;

/**
 * A packet that is about to be sent, with what its sender knows of it.
 *
 * @param payload not copied
 * @param encoding index of the source's encoding, lowest first
 * @param picture counts the pictures that were sent of the source, from 0; without end
 * @param timestamp RTP time, 32 bits
 * @param clip that the frame is from
 * @param firstOfFrame whether it is the first of its layer frame
 * @param lastOfFrame whether it is the last of its layer frame
 * @param lastOfPicture whether it is the last of its encoding's picture, and has RTP's marker
 */
@SuppressWarnings("ArrayRecordComponent") // not compared
public record FramePacket(
    byte[] payload,
    int encoding,
    long picture,
    long timestamp,
    LayeredClip clip,
    LayerFrame frame,
    boolean firstOfFrame,
    boolean lastOfFrame,
    boolean lastOfPicture) {}
