/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.rtp;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.session.ConferenceSession;
import org.perc4j.endpoint.signalling.Source;
import org.perc4j.header.rtp.HeaderExtensionWriter;

/**
 * The sending side of one encoding: makes RTP packets (RFC 3550, section 5.1), and remembers them
 * for repair (RFC 4588). Not thread-safe.
 */
public final class StreamSender {
  private static final int CACHE_PACKETS = 1024;
  private static final int FIXED_HEADER_BYTES = 12;
  private static final int EXTENSION_HEADER_BYTES = 4;
  private static final int OSN_BYTES = 2;
  private static final int VERSION = 0x80;
  private static final int X = 0x10;
  private static final int MARKER = 0x80;

  /** A packet has as much room behind it as any protection needs. */
  public static final int ROOM_BYTES = ConferenceSession.PACKET_OVERHEAD_BYTES;

  private final Source.Encoding encoding;
  private final int payloadType;
  private final int rtxPayloadType;
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
   * @param rtxPayloadType does not matter if the encoding has no repair stream
   * @param sequenceNumber of the first packet, and of the first one of the repair stream
   * @param timestamp RTP time of the first packet
   * @param hopExtensions of each packet, what is written into them when it goes out
   */
  public StreamSender(
      Source.Encoding encoding,
      int payloadType,
      int rtxPayloadType,
      int sequenceNumber,
      int timestamp,
      Supplier<List<HeaderExtension>> hopExtensions) {
    this.encoding = encoding;
    this.payloadType = payloadType;
    this.rtxPayloadType = rtxPayloadType;
    this.sequenceNumber = sequenceNumber & 0xFFFF;
    this.rtxSequenceNumber = sequenceNumber & 0xFFFF;
    this.timestamp = timestamp;
    this.hopExtensions = hopExtensions;
  }

  /**
   * Makes the next packet; behind it there are {@link #ROOM_BYTES}.
   *
   * @param payload copied
   */
  public byte[] next(byte[] payload, boolean marker, List<HeaderExtension> extensions) {
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
  public byte[] nextToBurn() {
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
  public void remember(byte[] packet) {
    lastRemembered = ((packet[2] & 0xFF) << 8) | (packet[3] & 0xFF);
    cache.put(lastRemembered, packet);
  }

  /** Returns copies of what is remembered, oldest first. */
  public List<byte[]> remembered() {
    return cache.values().stream().map(byte[]::clone).toList();
  }

  /**
   * Makes a repair packet (RFC 4588): the same header under the repair stream's SSRC and number,
   * then the original number, then the payload as it went into the hop-by-hop layer. Behind it
   * there are {@link #ROOM_BYTES}.
   */
  public byte @Nullable [] repair(int missing) {
    byte[] original = cache.get(missing);
    int rtxSsrc = encoding.rtxSsrc();
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
   * @param back which one, counted back from the last one, which serves where there are not so many
   */
  public byte @Nullable [] padding(int back) {
    if (lastRemembered < 0) {
      return null;
    }
    byte[] packet = repair((lastRemembered - back) & 0xFFFF);
    return packet == null ? repair(lastRemembered) : packet;
  }

  /** Goes on by so much RTP time. */
  public void advance(int timestampUnits) {
    timestamp += timestampUnits;
  }

  /** Returns the SSRC of the media. */
  public int ssrc() {
    return encoding.ssrc();
  }

  /** Returns the sequence number of the next packet. */
  public int sequenceNumber() {
    return sequenceNumber;
  }

  /** Returns the RTP time of the next packet. */
  public int timestamp() {
    return timestamp;
  }

  /** Returns how many packets were made, repairs not counted. */
  public int packets() {
    return packets;
  }

  /** Returns how many octets of payload they had. */
  public int octets() {
    return octets;
  }
}
