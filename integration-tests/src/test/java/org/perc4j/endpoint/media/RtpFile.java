/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.media;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** RTP packets behind their lengths (RFC 4571). */
final class RtpFile {
  private static final int HEADER_BYTES = 12;
  private static final int VERSION = 0x80;
  private static final int MARKER = 0x80;

  /** What matters of a packet here. */
  @SuppressWarnings("ArrayRecordComponent") // not compared
  record Packet(boolean marker, int timestamp, byte[] payload) {}

  private RtpFile() {}

  /** Reads what {@code make-payloads.sh} had GStreamer make. */
  static List<Packet> gstreamer(String name) throws IOException {
    try (InputStream in = RtpFile.class.getResourceAsStream("/payloads/" + name + ".rtp")) {
      if (in == null) {
        throw new FileNotFoundException(name);
      }
      ByteBuffer file = ByteBuffer.wrap(in.readAllBytes());
      List<Packet> packets = new ArrayList<>();
      while (file.hasRemaining()) {
        byte[] packet = new byte[file.getShort() & 0xFFFF];
        file.get(packet);
        byte[] payload = new byte[packet.length - HEADER_BYTES];
        System.arraycopy(packet, HEADER_BYTES, payload, 0, payload.length);
        packets.add(
            new Packet((packet[1] & MARKER) != 0, ByteBuffer.wrap(packet).getInt(4), payload));
      }
      return packets;
    }
  }

  /** Returns a packet with its length. */
  static byte[] framed(int payloadType, int sequenceNumber, Packet packet) {
    int length = HEADER_BYTES + packet.payload().length;
    return ByteBuffer.allocate(2 + length)
        .putShort((short) length)
        .put((byte) VERSION)
        .put((byte) ((packet.marker() ? MARKER : 0) | payloadType))
        .putShort((short) sequenceNumber)
        .putInt(packet.timestamp())
        .putInt(1)
        .put(packet.payload())
        .array();
  }
}
