/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.media;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Takes the packets out of an Ogg file with one logical stream of Opus (RFC 3533, RFC 7845). */
final class OggOpusReader {
  private static final int PAGE_HEADER_BYTES = 27;
  private static final int MAX_LACING = 255;
  private static final int HEADER_PACKETS = 2;

  private OggOpusReader() {}

  static List<byte[]> packets(byte[] file) throws IOException {
    List<byte[]> packets = new ArrayList<>();
    ByteArrayOutputStream packet = new ByteArrayOutputStream();
    int page = 0;
    while (page < file.length) {
      if (page + PAGE_HEADER_BYTES > file.length || file[page] != 'O' || file[page + 3] != 'S') {
        throw new IOException("no Ogg page at " + page);
      }
      int segments = file[page + PAGE_HEADER_BYTES - 1] & 0xFF;
      int data = page + PAGE_HEADER_BYTES + segments;
      for (int i = 0; i < segments; i++) {
        int lacing = file[page + PAGE_HEADER_BYTES + i] & 0xFF;
        packet.write(file, data, lacing);
        data += lacing;
        if (lacing < MAX_LACING) {
          packets.add(packet.toByteArray());
          packet.reset();
        }
      }
      page = data;
    }
    if (packets.size() <= HEADER_PACKETS) {
      throw new IOException("no Opus packets");
    }
    return packets.subList(HEADER_PACKETS, packets.size());
  }
}
