/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scripted;

import java.util.Map;
import java.util.TreeMap;
import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.rtp.HeaderExtensionCursor;
import org.perc4j.header.rtp.RtpPacketView;

/**
 * A packet that came through all layers.
 *
 * @param wireProfile of the header extension as the network saw it, -1 without extension
 * @param wireSequenceNumber the number that the bridge gave it; of a repaired packet, the number
 *     that the lost one had
 * @param wirePayloadType as the bridge sent it
 * @param repaired whether it came in a repair packet
 * @param extensions as they were after the hop-by-hop layer, by id
 * @param payload with padding
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares these as a whole
public record Arrival(
    int wireProfile,
    int wireSequenceNumber,
    int wirePayloadType,
    boolean repaired,
    Map<Integer, byte[]> extensions,
    int ssrc,
    int payloadType,
    int sequenceNumber,
    long timestamp,
    boolean marker,
    boolean padded,
    byte[] payload) {

  static Map<Integer, byte[]> extensions(RtpPacketView packet) throws MalformedPacketException {
    HeaderExtensionCursor cursor = new HeaderExtensionCursor();
    cursor.wrap(packet);
    Map<Integer, byte[]> found = new TreeMap<>();
    while (cursor.next()) {
      byte[] data = new byte[cursor.dataLength()];
      System.arraycopy(packet.buffer(), cursor.dataOffset(), data, 0, data.length);
      found.put(cursor.id(), data);
    }
    return found;
  }
}
