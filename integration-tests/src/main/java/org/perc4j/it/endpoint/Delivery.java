/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.endpoint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of a stream, octet by octet.
 *
 * @param sent packets from the start of the comparison to the last one that arrived
 * @param arrived of these
 * @param foreign packets that arrived, at any time, and are not what was sent under their number
 */
public record Delivery(int sent, int arrived, int foreign) {
  /**
   * Compares.
   *
   * @param from how many of the first packets that were sent may be missing
   * @param received null if nothing arrived
   */
  public static Delivery of(SentStream sent, int from, @Nullable ReceivedStream received) {
    Map<Long, byte[]> wanted = sent.payloads();
    Map<Long, byte[]> got = received == null ? Map.of() : received.payloads();
    int foreign = 0;
    for (Map.Entry<Long, byte[]> entry : got.entrySet()) {
      if (!Arrays.equals(entry.getValue(), wanted.get(entry.getKey()))) {
        foreign++;
      }
    }
    List<Long> order = new ArrayList<>(wanted.keySet());
    int last = order.size();
    while (last > from && !got.containsKey(order.get(last - 1))) {
      last--;
    }
    int arrived = 0;
    for (long key : order.subList(Math.min(from, last), last)) {
      if (got.containsKey(key)) {
        arrived++;
      }
    }
    return new Delivery(Math.max(0, last - from), arrived, foreign);
  }

  /** Returns how many packets are missing. */
  public int missing() {
    return sent - arrived;
  }
}
