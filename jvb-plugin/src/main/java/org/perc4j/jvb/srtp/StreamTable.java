/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.srtp;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is to be remembered of each SSRC for as long as the key lives under which it was used. The
 * bridge forgets its contexts (it keeps 1,024 for each direction of a transport), and makes new
 * ones when their SSRCs come back; what was encrypted or received under the key must not be
 * forgotten with them. When there are as many as there may be, further SSRCs are refused.
 *
 * <p>Thread-safe. Contexts look here when they are made, not for each packet.
 */
final class StreamTable<T> {
  private final int maxStreams;
  private final Supplier<T> maker;

  // Guarded by this.
  private final Map<Integer, T> streams = new HashMap<>();

  /**
   * An empty table.
   *
   * @param maxStreams how many SSRCs it takes
   * @param maker makes what is kept of one
   */
  StreamTable(int maxStreams, Supplier<T> maker) {
    this.maxStreams = maxStreams;
    this.maker = maker;
  }

  /** What is kept of an SSRC, or null if nothing is. */
  synchronized @Nullable T find(int ssrc) {
    return streams.get(ssrc);
  }

  /** What is kept of an SSRC from now on, or null if there is no room for one more. */
  synchronized @Nullable T findOrAdd(int ssrc) {
    T known = streams.get(ssrc);
    if (known == null && streams.size() < maxStreams) {
      known = maker.get();
      streams.put(ssrc, known);
    }
    return known;
  }

  /** Whether there is no room for one more. */
  synchronized boolean isFull() {
    return streams.size() >= maxStreams;
  }
}
