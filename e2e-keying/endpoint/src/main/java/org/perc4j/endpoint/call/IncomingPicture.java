/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.call;

import java.util.List;
import org.perc4j.endpoint.media.VideoCodec;

/**
 * A picture for a decoder. Where the sender's codec changes, the first one of the new codec is a
 * key.
 *
 * @param layerFrames one for each spatial layer that came, lowest first
 * @param isKey whether a decoder can begin with it
 * @param timestamp RTP time at 90 kHz, 32 bits
 */
public record IncomingPicture(
    VideoCodec codec, List<byte[]> layerFrames, boolean isKey, long timestamp) {
  /** Copies the list, but no octets. */
  public IncomingPicture {
    layerFrames = List.copyOf(layerFrames);
  }
}
