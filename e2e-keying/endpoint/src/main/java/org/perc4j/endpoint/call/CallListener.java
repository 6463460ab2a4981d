/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.call;

import java.util.List;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.signalling.Source;

/**
 * Takes what a call gives. Events come one after the other on a thread of their own, media on the
 * thread of the media, which must not be blocked.
 */
public interface CallListener {
  /** Something happened. */
  void event(CallEvent event);

  /**
   * A packet of sound came, in order.
   *
   * @param source whose; its owner proved to have sent it
   * @param opus one packet of Opus, not copied
   * @param timestamp RTP time at 48 kHz, 32 bits
   */
  default void sound(Source source, byte[] opus, long timestamp) {}

  /**
   * A picture came, complete, and decodable after those before it.
   *
   * @param source whose; its owner proved to have sent it
   * @param layerFrames lowest spatial layer first, not copied
   * @param isKey whether a decoder can begin with it
   * @param timestamp RTP time at 90 kHz, 32 bits
   */
  default void picture(
      Source source, VideoCodec codec, List<byte[]> layerFrames, boolean isKey, long timestamp) {}
}
