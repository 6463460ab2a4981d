/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import org.jspecify.annotations.Nullable;

/**
 * Which index each packet of a sender gets, and that none is given out twice under one key.
 *
 * <p>The rollover counter of an SSRC follows its sequence numbers as a receiver's estimate would. A
 * packet may come up to a window late, if its index was not used; what is older is refused, since
 * nobody can tell any more whether it was. Not thread-safe.
 */
final class SendIndices {
  /** {@link #reserve} gave none. */
  static final long REFUSED = -1;

  static final int WINDOW = 2048;

  private final Layer layer;
  private final int initialRoc;
  private final StreamTable<ReplayWindow> streams;
  private DoubleSrtpResult refusal = DoubleSrtpResult.OK;

  /**
   * Nothing sent yet.
   *
   * @param maxStreams how many SSRCs may be sent: 1 or more
   * @param initialRoc the rollover counter that each SSRC starts with, unsigned
   */
  SendIndices(Layer layer, int maxStreams, int initialRoc) {
    this.layer = layer;
    this.initialRoc = initialRoc;
    this.streams = new StreamTable<>(maxStreams);
  }

  /**
   * Gives out the index of a packet, once.
   *
   * @return the index, or {@link #REFUSED}; then {@link #refusal} says why
   */
  long reserve(int ssrc, int sequenceNumber) {
    @Nullable ReplayWindow window = streams.get(ssrc);
    if (window == null) {
      if (streams.isFull()) {
        return refuse(layer.tooManyStreams);
      }
      window = new ReplayWindow(WINDOW);
      streams.put(ssrc, window);
    }
    long index =
        window.highest() == ReplayWindow.NONE
            ? PacketIndex.of(initialRoc, sequenceNumber)
            : PacketIndex.nearest(window.highest(), sequenceNumber);
    if (index > PacketIndex.MAX) {
      return refuse(layer.indexExhausted);
    }
    if (window.check(index) != ReplayWindow.Verdict.NEW) {
      return refuse(layer.indexReused);
    }
    window.mark(index);
    return index;
  }

  private long refuse(DoubleSrtpResult why) {
    refusal = why;
    return REFUSED;
  }

  DoubleSrtpResult refusal() {
    return refusal;
  }
}
