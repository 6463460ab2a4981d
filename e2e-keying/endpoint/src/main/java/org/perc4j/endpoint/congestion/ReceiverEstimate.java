/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.congestion;

import java.util.List;

/**
 * What a receiver says it can have (draft-alvestrand-rmcat-remb-03).
 *
 * @param senderSsrc who says so
 * @param bitsPerSecond of all of these together
 * @param ssrcs of which streams
 */
public record ReceiverEstimate(int senderSsrc, long bitsPerSecond, List<Integer> ssrcs) {
  /** Copies the list. */
  public ReceiverEstimate {
    ssrcs = List.copyOf(ssrcs);
  }
}
