/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.endpoint;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.session.ConferenceSession;
import org.perc4j.header.rtp.HeaderExtensionWriter;
import org.perc4j.it.bridge.Source;
import org.perc4j.it.media.LayerFrame;

/**
 * The sending side of one encoding: makes RTP packets, remembers them for repair. On the endpoint's
 * media thread only, apart from the account of what was sent.
 */
final class StreamSender {
  private static final int CACHE_PACKETS = 1024;
  private static final int FIXED_HEADER_BYTES = 12;
  private static final int EXTENSION_HEADER_BYTES = 4;
  private static final int OSN_BYTES = 2;
  private static final int VERSION = 0x80;
  private static final int X = 0x10;
  private static final int MARKER = 0x80;

  /** A packet has as much room behind it as any protection needs. */
  static final int ROOM_BYTES = ConferenceSession.PACKET_OVERHEAD_BYTES;

  private final Source source;
  private final int encoding;
  private final int payloadType;
  private final int rtxPayloadType;
  private final SentStream sent;
  private final Supplier<List<HeaderExtension>> hopExtensions;
  private final HeaderExtensionWriter writer = new HeaderExtensionWriter();
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
  private int lastRemembered = -1;
  private int timestamp;
  private int packets;
  private int octets;

  /**
   * A stream.
   *
   * @param encoding index in the source
   * @param sent the source's account
   * @param hopExtensions of each packet, what is written into them when it goes out
   */
  StreamSender(
      Source source,
      int encoding,
      int payloadType,
      int rtxPayloadType,
      int sequenceNumber,
      int timestamp,
      SentStream sent,
      Supplier<List<HeaderExtension>> hopExtensions) {
    this.source = source;
    this.encoding = encoding;
    this.payloadType = payloadType;
    this.rtxPayloadType = rtxPayloadType;
    this.sequenceNumber = sequenceNumber & 0xFFFF;
    this.rtxSequenceNumber = sequenceNumber & 0xFFFF;
    this.timestamp = timestamp;
    this.sent = sent;
    this.hopExtensions = hopExtensions;
  }

  /** Makes the next packet, not of a clip in layers; behind it there are {@link #ROOM_BYTES}. */
  byte[] next(byte[] payload, boolean marker, HeaderExtension extension) {
    return next(payload, marker, List.of(extension), -1, null);
  }

  /** Makes the next packet; behind it there are {@link #ROOM_BYTES}. */
  byte[] next(
      byte[] payload,
      boolean marker,
      List<HeaderExtension> extensions,
      long picture,
      @Nullable LayerFrame frame) {
    List<HeaderExtension> all = new ArrayList<>(extensions);
    all.addAll(hopExtensions.get());
    byte[] block = block(all);
    byte[] packet =
        ByteBuffer.allocate(FIXED_HEADER_BYTES + block.length + payload.length + ROOM_BYTES)
            .put((byte) (VERSION | (block.length > 0 ? X : 0)))
            .put((byte) ((marker ? MARKER : 0) | payloadType))
            .putShort((short) sequenceNumber)
            .putInt(timestamp)
            .putInt(ssrc())
            .put(block)
            .put(payload)
            .array();
    sent.add(
        new SentStream.Packet(
            System.nanoTime(),
            encoding,
            sequenceNumber,
            Integer.toUnsignedLong(timestamp),
            picture,
            frame,
            payload));
    sequenceNumber = (sequenceNumber + 1) & 0xFFFF;
    packets++;
    octets += payload.length;
    return packet;
  }

  private byte[] block(List<HeaderExtension> extensions) {
    if (extensions.isEmpty()) {
      return new byte[0];
    }
    boolean twoByte = false;
    for (HeaderExtension extension : extensions) {
      twoByte |= HeaderExtensionWriter.needsTwoByte(extension.id(), extension.octets().length);
    }
    int length = 0;
    for (HeaderExtension extension : extensions) {
      length += HeaderExtensionWriter.elementLength(twoByte, extension.octets().length);
    }
    byte[] block = new byte[HeaderExtensionWriter.encodedLength(length)];
    writer.begin(block, 0, twoByte);
    for (HeaderExtension extension : extensions) {
      writer.add(extension.id(), extension.octets(), 0, extension.octets().length);
    }
    int unused = writer.end();
    return block;
  }

  /** Makes a packet that only uses up a sequence number. */
  byte[] nextToBurn() {
    byte[] packet =
        ByteBuffer.allocate(FIXED_HEADER_BYTES + ROOM_BYTES)
            .put((byte) VERSION)
            .put((byte) payloadType)
            .putShort((short) sequenceNumber)
            .putInt(timestamp)
            .putInt(ssrc())
            .array();
    sequenceNumber = (sequenceNumber + 1) & 0xFFFF;
    return packet;
  }

  /** Remembers a packet as it goes into the hop-by-hop layer. */
  void remember(byte[] packet) {
    lastRemembered = ((packet[2] & 0xFF) << 8) | (packet[3] & 0xFF);
    cache.put(lastRemembered, packet);
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
    int rtxSsrc = source.encodings().get(encoding).rtxSsrc();
    if (original == null || rtxSsrc == 0) {
      return null;
    }
    int header = FIXED_HEADER_BYTES;
    if ((original[0] & X) != 0) {
      int words = ByteBuffer.wrap(original).getShort(FIXED_HEADER_BYTES + 2) & 0xFFFF;
      header += EXTENSION_HEADER_BYTES + 4 * words;
    }
    ByteBuffer packet =
        ByteBuffer.allocate(original.length + OSN_BYTES + ROOM_BYTES)
            .put(original, 0, header)
            .putShort((short) missing)
            .put(original, header, original.length - header);
    packet.put(1, (byte) ((original[1] & MARKER) | rtxPayloadType));
    packet.putShort(2, (short) rtxSequenceNumber);
    packet.putInt(8, rtxSsrc);
    rtxSequenceNumber = (rtxSequenceNumber + 1) & 0xFFFF;
    return packet.array();
  }

  /**
   * Makes a repair packet that nobody asked for, of one of the last packets, which those who have
   * that drop; or null if there is none. Behind it there are {@link #ROOM_BYTES}.
   *
   * @param back which one, counted back from the last one
   */
  byte @Nullable [] padding(int back) {
    return lastRemembered < 0 ? null : repair((lastRemembered - back) & 0xFFFF);
  }

  void advance(int timestampUnits) {
    timestamp += timestampUnits;
  }

  int ssrc() {
    return source.encodings().get(encoding).ssrc();
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
