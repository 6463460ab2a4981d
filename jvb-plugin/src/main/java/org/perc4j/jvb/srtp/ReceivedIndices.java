/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.srtp;

import org.perc4j.header.index.PacketIndex;
import org.perc4j.header.index.ReplayWindow;

/**
 * Which indices of one SSRC were received under one key, and which a packet may have that comes
 * now. Lives as long as the key does, and is made when a packet has authenticated.
 *
 * <p>Thread-safe.
 */
final class ReceivedIndices extends ReplayWindow {
  /** How many SRTCP indices are told apart. */
  static final int CONTROL_WINDOW = Long.SIZE;

  /** How many SRTP indices are told apart, the highest included. */
  private static final int WINDOW = 2048;

  private int highestControl = -1;
  private long controlWindow;

  ReceivedIndices() {
    super(WINDOW);
  }

  /**
   * The index with a sequence number that is nearest to the highest one (RFC 3711 section 3.3.1).
   * It may be one that was received or is too old, or none at all: the packet's is a cycle above
   * then, if it is authentic.
   */
  synchronized long nearest(int sequenceNumber) {
    return highest() + (short) (sequenceNumber - (int) highest());
  }

  /** Whether an index may be received. */
  synchronized boolean mayReceive(long index) {
    return index <= PacketIndex.MAX && check(index) == Verdict.NEW;
  }

  /** Whether an index is too old to tell whether it was received. */
  synchronized boolean isTooOld(long index) {
    return isBelow(index);
  }

  /**
   * Marks the index under which a packet authenticated.
   *
   * @return false if one was received under it meanwhile
   */
  synchronized boolean receive(long index) {
    if (!mayReceive(index)) {
      return false;
    }
    mark(index);
    return true;
  }

  /** Whether an SRTCP index, 0 to 2<sup>31</sup> - 1, may be received. */
  synchronized boolean mayReceiveControl(int index) {
    int behind = highestControl - index;
    return behind < 0 || (behind < CONTROL_WINDOW && (controlWindow & 1L << behind) == 0);
  }

  /**
   * Marks the index of an SRTCP packet that authenticated.
   *
   * @return false if one was received under it meanwhile
   */
  synchronized boolean receiveControl(int index) {
    if (!mayReceiveControl(index)) {
      return false;
    }
    int ahead = index - highestControl;
    if (ahead > 0) {
      controlWindow = ahead < CONTROL_WINDOW ? controlWindow << ahead : 0;
      highestControl = index;
      controlWindow |= 1;
    } else {
      controlWindow |= 1L << -ahead;
    }
    return true;
  }
}
