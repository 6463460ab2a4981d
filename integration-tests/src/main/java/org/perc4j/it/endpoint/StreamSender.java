/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.endpoint;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.perc4j.header.rtp.ExtensionProfile;
import org.perc4j.it.bridge.Source;

/**
 * The sending side of a source: makes RTP packets, remembers them for repair. On the endpoint's
 * media thread only, apart from the account of what was sent.
 */
final class StreamSender {
  private static final int CACHE_PACKETS = 1024;
  private static final int FIXED_HEADER_BYTES = 12;
  private static final int EXTENSION_BYTES = 8;
  private static final int OSN_BYTES = 2;
  private static final int VERSION = 0x80;
  private static final int X = 0x10;
  private static final int MARKER = 0x80;

  /** A packet with as much room behind it as any protection needs. */
  static final int ROOM_BYTES = 64;

  private final Source source;
  private final int payloadType;
  private final int rtxPayloadType;
  private final int extensionId;
  private final SentStream sent = new SentStream();
  private final Map<Integer, byte[]> cache =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, byte[]> eldest) {
          return size() > CACHE_PACKETS;
        }
      };
  private int sequenceNumber;
  private int rtxSequenceNumber;
  private int timestamp;
  private int packets;
  private int octets;

  StreamSender(
      Source source,
      int payloadType,
      int rtxPayloadType,
      int extensionId,
      int sequenceNumber,
      int timestamp) {
    this.source = source;
    this.payloadType = payloadType;
    this.rtxPayloadType = rtxPayloadType;
    this.extensionId = extensionId;
    this.sequenceNumber = sequenceNumber & 0xFFFF;
    this.rtxSequenceNumber = sequenceNumber & 0xFFFF;
    this.timestamp = timestamp;
  }

  /** Makes the next packet; behind it there are {@link #ROOM_BYTES}. */
  byte[] next(byte[] payload, boolean marker, byte extension) {
    int length = FIXED_HEADER_BYTES + EXTENSION_BYTES + payload.length;
    ByteBuffer packet =
        ByteBuffer.allocate(length + ROOM_BYTES)
            .put((byte) (VERSION | X))
            .put((byte) ((marker ? MARKER : 0) | payloadType))
            .putShort((short) sequenceNumber)
            .putInt(timestamp)
            .putInt(source.ssrc())
            .putShort((short) ExtensionProfile.ONE_BYTE)
            .putShort((short) 1)
            .put((byte) (extensionId << 4))
            .put(extension)
            .putShort((short) 0)
            .put(payload);
    sent.add(SentStream.key(Integer.toUnsignedLong(timestamp), sequenceNumber), payload);
    sequenceNumber = (sequenceNumber + 1) & 0xFFFF;
    packets++;
    octets += payload.length;
    return packet.array();
  }

  /** Makes a packet that only uses up a sequence number. */
  byte[] nextToBurn() {
    byte[] packet =
        ByteBuffer.allocate(FIXED_HEADER_BYTES + ROOM_BYTES)
            .put((byte) VERSION)
            .put((byte) payloadType)
            .putShort((short) sequenceNumber)
            .putInt(timestamp)
            .putInt(source.ssrc())
            .array();
    sequenceNumber = (sequenceNumber + 1) & 0xFFFF;
    return packet;
  }

  /** Remembers a packet as it goes into the hop-by-hop layer. */
  void remember(byte[] packet) {
    cache.put(((packet[2] & 0xFF) << 8) | (packet[3] & 0xFF), packet);
  }

  /** Returns copies of what is remembered, oldest first. */
  List<byte[]> remembered() {
    return cache.values().stream().map(byte[]::clone).toList();
  }

  /**
   * Makes a repair packet (RFC 4588): the same header under the repair stream's SSRC and number,
   * then the original number, then the payload as it went into the hop-by-hop layer. Behind it
   * there are {@link #ROOM_BYTES}.
   */
  byte @Nullable [] repair(int missing) {
    byte[] original = cache.get(missing);
    if (original == null || source.rtxSsrc() == 0) {
      return null;
    }
    int header = FIXED_HEADER_BYTES + EXTENSION_BYTES;
    ByteBuffer packet =
        ByteBuffer.allocate(original.length + OSN_BYTES + ROOM_BYTES)
            .put(original, 0, header)
            .putShort((short) missing)
            .put(original, header, original.length - header);
    packet.put(1, (byte) ((original[1] & MARKER) | rtxPayloadType));
    packet.putShort(2, (short) rtxSequenceNumber);
    packet.putInt(8, source.rtxSsrc());
    rtxSequenceNumber = (rtxSequenceNumber + 1) & 0xFFFF;
    return packet.array();
  }

  void advance(int timestampUnits) {
    timestamp += timestampUnits;
  }

  Source source() {
    return source;
  }

  SentStream sent() {
    return sent;
  }

  int timestamp() {
    return timestamp;
  }

  int packets() {
    return packets;
  }

  int octets() {
    return octets;
  }
}
