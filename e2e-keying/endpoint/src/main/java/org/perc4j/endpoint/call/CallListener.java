/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.call;

import org.perc4j.endpoint.rtp.MediaClock;
import org.perc4j.endpoint.rtp.SoundBuffer;
import org.perc4j.endpoint.signalling.Source;

/**
 * Takes what a call gives. Events come one after the other on a thread of their own, media on the
 * thread of the media, which must not be blocked.
 */
public interface CallListener {
  /** Something happened. */
  void event(CallEvent event);

  /**
   * The next piece of somebody's sound is to be played now, behind the one before: a packet, or
   * what stands in for one that did not come.
   *
   * @param source whose; its owner proved to have sent it
   * @param senderNanos when it was taken, by the sender's clock, in nanoseconds since 1970; {@link
   *     MediaClock#UNKNOWN} if the sender has not told yet. The bridge could make it up
   */
  default void sound(Source source, SoundBuffer.Piece piece, long senderNanos) {}

  /**
   * A picture came, complete, and decodable after those before it.
   *
   * @param source whose; its owner proved to have sent it
   * @param picture not copied
   * @param senderNanos as {@link #sound} has it
   */
  default void picture(Source source, IncomingPicture picture, long senderNanos) {}
}
