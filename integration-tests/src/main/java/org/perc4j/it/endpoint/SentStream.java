/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.endpoint;

import java.util.LinkedHashMap;
import java.util.Map;

/** The account of what an endpoint sent in one stream, before any protection. Thread-safe. */
public final class SentStream {
  private final Map<Long, byte[]> payloads = new LinkedHashMap<>();

  /** What tells the packets of a stream apart for longer than the sequence number does. */
  static long key(long timestamp, int sequenceNumber) {
    return (timestamp << 16) | sequenceNumber;
  }

  static int sequenceNumber(long key) {
    return (int) (key & 0xFFFF);
  }

  synchronized void add(long key, byte[] payload) {
    payloads.put(key, payload);
  }

  /** Returns the payloads by what tells packets apart, in the order in which they were sent. */
  public synchronized Map<Long, byte[]> payloads() {
    return new LinkedHashMap<>(payloads);
  }

  /** Returns how many packets were sent. */
  public synchronized int size() {
    return payloads.size();
  }
}
