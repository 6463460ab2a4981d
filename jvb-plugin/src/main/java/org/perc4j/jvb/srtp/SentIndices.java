/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.srtp;

import org.perc4j.header.index.PacketIndex;
import org.perc4j.header.index.ReplayWindow;

/**
 * Which index each packet of one SSRC gets under one key, so that none is encrypted twice: AES-GCM
 * under a repeated nonce gives its authentication key away. Lives as long as the key does.
 *
 * <p>A receiver guesses the upper bits of an index from the highest one that it has (RFC 3711
 * section 3.3.1), and guesses wrong once the number before it misses half of the sequence numbers.
 * A stream that is taken up again after so long goes on with the number that follows the last one
 * sent, and so do all its later packets: then every receiver guesses right, although it may have
 * lost some of what was sent.
 *
 * <p>Thread-safe.
 */
final class SentIndices extends ReplayWindow {
  /** {@link #reserve} and {@link #reserveControl} gave none. */
  static final int REFUSED = -1;

  /** How many indices are told apart, the highest included. */
  private static final int WINDOW = 2048;

  /**
   * The longest step ahead that is sent as it is. A receiver takes it for what it is if it lost no
   * more than 4,095 packets right before.
   */
  private static final int MAX_STEP = (PacketIndex.CYCLE / 2) - 4096;

  /**
   * A packet that is late is not ahead in time, or by little where pictures are not sent in the
   * order of their display. In units of the RTP timestamp: 11 s of video, 21 s of Opus.
   */
  private static final int MAX_LATE_LEAD = 1 << 20;

  /** From the bridge's sequence numbers to those on the wire. */
  private int offset;

  /** The timestamp of the packet with the highest index. */
  private int timestamp;

  private int nextControlIndex;

  SentIndices() {
    super(WINDOW);
  }

  /**
   * Gives out an index, once.
   *
   * @param firstRoc the rollover counter of the first packet of this SSRC
   * @param sequenceNumber the packet's, 0 to 65535
   * @param packetTimestamp the packet's RTP timestamp
   * @return the index, whose lowest 16 bits are the sequence number to be sent; {@link #REFUSED} if
   *     it was used before, or lies so far behind that this cannot be told, or there is none left
   */
  synchronized long reserve(int firstRoc, int sequenceNumber, int packetTimestamp) {
    long index;
    if (highest() == NONE) {
      index = PacketIndex.of(firstRoc, sequenceNumber);
    } else {
      int ahead = (short) (sequenceNumber + offset - (int) highest());
      if (ahead <= 0 ? !isLate(ahead, packetTimestamp) : ahead > MAX_STEP) {
        offset = (int) highest() + 1 - sequenceNumber;
        ahead = 1;
      }
      index = highest() + ahead;
    }
    if (index > PacketIndex.MAX || check(index) != Verdict.NEW) {
      return REFUSED;
    }
    if (index > highest()) {
      timestamp = packetTimestamp;
    }
    mark(index);
    return index;
  }

  /** Whether a packet from behind is late; else it is ahead by almost a whole cycle. */
  private boolean isLate(int ahead, int packetTimestamp) {
    return ahead > -WINDOW && packetTimestamp - timestamp < MAX_LATE_LEAD;
  }

  /**
   * Gives out the next index of an SRTCP packet (RFC 3711 section 3.4).
   *
   * @return 0 to 2<sup>31</sup> - 1, or {@link #REFUSED} if there is none left
   */
  synchronized int reserveControl() {
    // Negative from the end on: it stays there.
    return nextControlIndex < 0 ? REFUSED : nextControlIndex++;
  }
}
