/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scripted;

import java.util.Arrays;
import java.util.Map;

/**
 * A packet as it was before any protection.
 *
 * @param timestamp 32 bits, unsigned
 * @param payload with padding
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares these as a whole
public record SentPacket(
    int ssrc,
    int payloadType,
    int sequenceNumber,
    long timestamp,
    boolean marker,
    boolean padded,
    Map<Integer, byte[]> extensions,
    byte[] payload) {

  /** Tells whether a packet that arrived is this one, to the last octet that its sender wrote. */
  public boolean arrivedAs(Arrival arrival) {
    return ssrc == arrival.ssrc()
        && payloadType == arrival.payloadType()
        && sequenceNumber == arrival.sequenceNumber()
        && timestamp == arrival.timestamp()
        && marker == arrival.marker()
        && padded == arrival.padded()
        && Arrays.equals(payload, arrival.payload());
  }

  @Override
  public String toString() {
    return "SSRC " + ssrc + " SEQ " + sequenceNumber + " of " + payload.length + " octets";
  }
}
