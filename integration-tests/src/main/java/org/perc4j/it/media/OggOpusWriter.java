/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.media;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Writes Opus packets into an Ogg file (RFC 7845), one packet a page. Where packets are missing,
 * the granule position jumps by what they lasted. Not thread-safe.
 */
public final class OggOpusWriter implements Closeable {
  private static final int PAGE_HEADER_BYTES = 27;
  private static final int MAX_LACING = 255;
  private static final int FLAG_FIRST = 0x02;
  private static final int FLAG_LAST = 0x04;
  private static final int SERIAL = 0x50455243;
  private static final int CRC_POLYNOMIAL = 0x04C11DB7;
  private static final int PRE_SKIP = 312;
  private static final int SAMPLE_RATE = 48_000;
  private static final int[] CRC_TABLE = crcTable();

  private final OutputStream out;
  private int sequence;
  private byte @Nullable [] pending;
  private long pendingGranule;

  /** Creates the file and writes its headers. */
  public OggOpusWriter(Path file) throws IOException {
    out = Files.newOutputStream(file);
    writePage(head(), 0, FLAG_FIRST);
    writePage(tags(), 0, 0);
  }

  private static byte[] head() {
    return ByteBuffer.allocate(19)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put("OpusHead".getBytes(StandardCharsets.US_ASCII))
        .put((byte) 1)
        .put((byte) 1)
        .putShort((short) PRE_SKIP)
        .putInt(SAMPLE_RATE)
        .putShort((short) 0)
        .put((byte) 0)
        .array();
  }

  private static byte[] tags() {
    byte[] vendor = "perc4j".getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(16 + vendor.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put("OpusTags".getBytes(StandardCharsets.US_ASCII))
        .putInt(vendor.length)
        .put(vendor)
        .putInt(0)
        .array();
  }

  /**
   * Writes a packet.
   *
   * @param endSample samples at 48 kHz from the start of the recording to the end of this packet
   */
  public void write(byte[] packet, long endSample) throws IOException {
    flush(0);
    pending = packet;
    pendingGranule = endSample;
  }

  private void flush(int flags) throws IOException {
    if (pending != null) {
      writePage(pending, pendingGranule, flags);
      pending = null;
    }
  }

  private void writePage(byte[] packet, long granule, int flags) throws IOException {
    int segments = packet.length / MAX_LACING + 1;
    if (segments > MAX_LACING) {
      throw new IllegalArgumentException("a packet of " + packet.length + " octets");
    }
    ByteBuffer page =
        ByteBuffer.allocate(PAGE_HEADER_BYTES + segments + packet.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put("OggS".getBytes(StandardCharsets.US_ASCII))
            .put((byte) 0)
            .put((byte) flags)
            .putLong(granule)
            .putInt(SERIAL)
            .putInt(sequence++)
            .putInt(0)
            .put((byte) segments);
    for (int i = 0; i < segments - 1; i++) {
      page.put((byte) MAX_LACING);
    }
    page.put((byte) (packet.length % MAX_LACING)).put(packet);
    page.putInt(22, crc(page.array()));
    out.write(page.array());
  }

  private static int crc(byte[] octets) {
    int crc = 0;
    for (byte octet : octets) {
      crc = (crc << 8) ^ CRC_TABLE[((crc >>> 24) ^ octet) & 0xFF];
    }
    return crc;
  }

  private static int[] crcTable() {
    int[] table = new int[256];
    for (int i = 0; i < table.length; i++) {
      int remainder = i << 24;
      for (int bit = 0; bit < 8; bit++) {
        remainder = (remainder << 1) ^ (remainder < 0 ? CRC_POLYNOMIAL : 0);
      }
      table[i] = remainder;
    }
    return table;
  }

  @Override
  public void close() throws IOException {
    flush(FLAG_LAST);
    out.close();
  }
}
