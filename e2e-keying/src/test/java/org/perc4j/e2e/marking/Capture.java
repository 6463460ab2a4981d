/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.marking;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * RTP packets that encoders and packetizers of others made; {@code src/test/python} says how.
 *
 * @param timestamp of RTP
 * @param marker bit of RTP
 * @param picture in the order sent, from 0
 * @param payload its beginning
 */
@SuppressWarnings("ArrayRecordComponent") // not compared
record Capture(long timestamp, boolean marker, int picture, byte[] payload) {
  static List<Capture> read(String name) {
    try (InputStream in = Capture.class.getResourceAsStream(name + ".packets")) {
      if (in == null) {
        throw new IllegalArgumentException(name);
      }
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .map(Capture::parse)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Capture parse(String line) {
    String[] columns = line.split(" ", -1);
    return new Capture(
        Long.parseLong(columns[0]),
        columns[1].equals("1"),
        Integer.parseInt(columns[2]),
        HexFormat.of().parseHex(columns[3]));
  }

  int mark(FrameMarker marker) throws PayloadFormatException {
    return marker.mark(payload, 0, payload.length, marker(), timestamp);
  }
}
