/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.marking;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * RTP packets that encoders and packetizers of others made; {@code src/test/python} says how.
 *
 * @param timestamp of RTP
 * @param last whether it is the last of its layer frame, as the marker bit of RTP says of a picture
 * @param picture in the order sent, from 0
 * @param payload its beginning
 * @param spatialId 0 without layers
 * @param temporalId 0 without layers
 * @param references layer frames that this one is predicted from, in the order sent, from 0
 */
@SuppressWarnings("ArrayRecordComponent") // not compared
record Capture(
    long timestamp,
    boolean last,
    int picture,
    byte[] payload,
    int spatialId,
    int temporalId,
    List<Integer> references) {
  private static final int COLUMNS_WITHOUT_LAYERS = 4;

  static List<Capture> read(String name) {
    return lines(name + ".packets").stream().map(Capture::parse).toList();
  }

  static List<String> lines(String file) {
    try (InputStream in = Capture.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalArgumentException(file);
      }
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Capture parse(String line) {
    String[] columns = line.split(" ", -1);
    boolean layers = columns.length > COLUMNS_WITHOUT_LAYERS;
    return new Capture(
        Long.parseLong(columns[0]),
        columns[1].equals("1"),
        Integer.parseInt(columns[2]),
        HexFormat.of().parseHex(columns[3]),
        layers ? Integer.parseInt(columns[4]) : 0,
        layers ? Integer.parseInt(columns[5]) : 0,
        layers ? numbers(columns[6]) : List.of());
  }

  static List<Integer> numbers(String list) {
    return list.equals("-")
        ? List.of()
        : Arrays.stream(list.split(",", -1)).map(Integer::valueOf).toList();
  }

  void look(FrameMarker marker) throws PayloadFormatException {
    marker.look(payload, 0, payload.length, timestamp);
  }

  int mark(FrameMarker marker) throws PayloadFormatException {
    return mark(marker, 0);
  }

  int mark(FrameMarker marker, long timestampOffset) throws PayloadFormatException {
    return marker.mark(payload, 0, payload.length, last, timestamp + timestampOffset);
  }
}
