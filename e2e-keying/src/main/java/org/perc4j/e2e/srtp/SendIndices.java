/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import org.jspecify.annotations.Nullable;
import org.perc4j.header.index.PacketIndex;
import org.perc4j.header.index.ReplayWindow;

/**
 * Which index each packet of a sender gets, and that none is given out twice under one key.
 *
 * <p>The rollover counter of an SSRC follows its sequence numbers as a receiver's estimate would. A
 * packet may come up to a window late, if its index was not used.
 *
 * <p>Further behind nobody can tell any more what was used. A single packet from there is refused:
 * it is a stray one. One with no index there, as it would lie before the first, and one that
 * follows the last that was refused, belong to a sender that numbers on from elsewhere. They get
 * the least index above all that were used. Not thread-safe.
 */
final class SendIndices {
  /** {@link #reserve} gave none. */
  static final long REFUSED = -1;

  static final int WINDOW = 2048;

  private static final int NO_NUMBER = -1;

  private static final class Stream {
    final ReplayWindow window = new ReplayWindow(WINDOW);

    /**
     * What would follow the last packet that was refused from far behind, or {@link #NO_NUMBER}.
     */
    int suspect = NO_NUMBER;
  }

  private final Layer layer;
  private final int initialRoc;
  private final StreamTable<Stream> streams;
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
    @Nullable Stream stream = streams.get(ssrc);
    if (stream == null) {
      if (streams.isFull()) {
        return refuse(layer.tooManyStreams);
      }
      stream = new Stream();
      streams.put(ssrc, stream);
    }
    ReplayWindow window = stream.window;
    long highest = window.highest();
    long index =
        highest == ReplayWindow.NONE
            ? PacketIndex.of(initialRoc, sequenceNumber)
            : PacketIndex.nearest(highest, sequenceNumber);
    if (window.isBelow(index)) {
      if (index >= 0 && sequenceNumber != stream.suspect) {
        stream.suspect = (sequenceNumber + 1) & 0xFFFF;
        return refuse(layer.indexReused);
      }
      index = PacketIndex.next(highest, sequenceNumber);
    }
    if (index > PacketIndex.MAX) {
      return refuse(layer.indexExhausted);
    }
    if (window.check(index) != ReplayWindow.Verdict.NEW) {
      return refuse(layer.indexReused);
    }
    window.mark(index);
    stream.suspect = NO_NUMBER;
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
