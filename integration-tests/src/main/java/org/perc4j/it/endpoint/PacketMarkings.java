/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.endpoint;

import java.util.List;
import org.perc4j.endpoint.media.FrameMarking;
import org.perc4j.endpoint.rtp.HeaderExtension;
import org.perc4j.endpoint.signalling.PayloadTypes;

/**
 * What a sender tells the bridge of each packet of one encoding, in header extensions. Is asked in
 * the order of sending, by one thread; may remember.
 */
@FunctionalInterface
public interface PacketMarkings {
  /** Returns the extensions of a packet. */
  List<HeaderExtension> of(FramePacket packet);

  /** Makes the markings of an encoding. */
  @FunctionalInterface
  interface Factory {
    /**
     * Returns new markings.
     *
     * @param encoding index of the encoding in its source, lowest first
     */
    PacketMarkings forEncoding(int encoding);
  }

  /** Tells where pictures begin and end and which are keys, and nothing of layers. */
  static PacketMarkings shortFrameMarking() {
    return packet ->
        List.of(
            new HeaderExtension(
                PayloadTypes.FRAME_MARKING_EXTENSION,
                new byte[] {
                  FrameMarking.of(
                      packet.firstOfFrame() && packet.frame().spatialId() == 0,
                      packet.lastOfPicture(),
                      packet.frame().key())
                }));
  }

  /** Tells nothing. */
  static PacketMarkings none() {
    return packet -> List.of();
  }
}
