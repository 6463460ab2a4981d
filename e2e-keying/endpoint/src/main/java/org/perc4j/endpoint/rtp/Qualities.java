/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.rtp;

/**
 * The qualities in which a source of video can be sent: encodings of a simulcast, or spatial
 * layers. On the thread of the media only.
 */
public interface Qualities {
  /** Returns what it takes to send each quality and all below it, in bits per second, ascending. */
  double[] neededBps();

  /**
   * Sends no more than this from the next picture on.
   *
   * @param highest index of a quality; -1 for nothing
   */
  void allow(int highest);
}
