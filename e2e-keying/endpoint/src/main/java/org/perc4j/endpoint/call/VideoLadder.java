/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.call;

import java.util.function.IntConsumer;
import org.perc4j.endpoint.rtp.Qualities;

/** How many of the layers of the own pictures the network carries. On the thread of the media. */
final class VideoLadder implements Qualities {
  private final double[] neededBps;
  private final IntConsumer returned;
  private int allowed = -1;

  /**
   * Nothing is carried yet.
   *
   * @param returned is told of each layer that may be sent again; it has to begin with a key
   */
  VideoLadder(VideoFormat format, IntConsumer returned) {
    this.returned = returned;
    neededBps = new double[format.layers().size()];
    double sum = 0;
    for (int i = 0; i < neededBps.length; i++) {
      sum += format.layers().get(i).bitsPerSecond();
      neededBps[i] = sum;
    }
  }

  @Override
  public double[] neededBps() {
    return neededBps.clone();
  }

  @Override
  public void allow(int highest) {
    int before = allowed;
    allowed = highest;
    for (int i = before + 1; i <= highest; i++) {
      returned.accept(i);
    }
  }

  /** Returns the highest layer that may be sent, -1 for none. */
  int allowed() {
    return allowed;
  }
}
