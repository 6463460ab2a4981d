/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.media.Vp8Payload;
import org.perc4j.endpoint.rtp.PictureReader.Marker;

/** When pictures of three packets are handed out. */
class PictureReaderTest {
  private static final int LOW = 0x11;
  private static final int HIGH = 0x12;

  /** Of a frame, which of three packets it makes. */
  private static final int PACKETS = 3;

  private static final int MAX_BYTES = 16;

  /** RFC 6386, section 9.1: the lowest bit. */
  private static final int KEY = 0;

  private static final int INTER = 1;

  private final List<Long> came = new ArrayList<>();
  private PictureReader reader = reader(Marker.OF_SENDER);
  private long order = 0x10000;

  private PictureReader reader(Marker marker) {
    return new PictureReader(
        VideoCodec.VP8, marker, (frames, isKey, timestamp) -> came.add(timestamp));
  }

  private void send(int ssrc, int timestamp, int type, int packet, boolean marker)
      throws IOException {
    byte[] frame = new byte[3 * (MAX_BYTES - 6)];
    frame[0] = (byte) type;
    List<byte[]> payloads = Vp8Payload.packetize(frame, 0, 0, MAX_BYTES);
    assertEquals(PACKETS, payloads.size());
    reader.add(
        ssrc,
        new ReorderBuffer.Packet(
            order++, Integer.toUnsignedLong(timestamp), marker, payloads.get(packet), 0));
  }

  private void send(int ssrc, int timestamp, int type) throws IOException {
    for (int i = 0; i < PACKETS; i++) {
      send(ssrc, timestamp, type, i, i == PACKETS - 1);
    }
  }

  private void pad(int ssrc) throws IOException {
    reader.add(ssrc, new ReorderBuffer.Packet(order++, 0, false, new byte[0], 0));
  }

  @Test
  void handsAPictureOutWithItsLastPacket() throws IOException {
    for (int i = 1; i <= 4; i++) {
      send(LOW, i, i == 1 ? KEY : INTER, 0, false);
      send(LOW, i, INTER, 1, false);
      pad(LOW);
      assertEquals(i - 1, came.size());
      send(LOW, i, INTER, 2, true);
      assertEquals(i, came.size());
      assertFalse(reader.needsKeyFrame());
    }
    reader.finish();
    assertEquals(List.of(1L, 2L, 3L, 4L), came);
  }

  @Test
  void waitsForTheNextPictureIfTheMarkerIsTheBridges() throws IOException {
    reader = reader(Marker.OF_BRIDGE);
    send(LOW, 1, KEY, 0, false);
    send(LOW, 1, INTER, 1, true);
    send(LOW, 1, INTER, 2, true);
    assertEquals(List.of(), came);
    send(LOW, 2, INTER);
    assertEquals(List.of(1L), came);
    reader.finish();
    assertEquals(List.of(1L, 2L), came);
  }

  /** As with a layer that the bridge left out. */
  @ParameterizedTest
  @EnumSource(Marker.class)
  void handsAPictureWithoutMarkerOutWithTheNext(Marker marker) throws IOException {
    reader = reader(marker);
    for (int i = 0; i < PACKETS; i++) {
      send(LOW, 1, KEY, i, false);
    }
    assertEquals(List.of(), came);
    send(LOW, 2, INTER, 0, false);
    assertEquals(List.of(1L), came);
    assertFalse(reader.needsKeyFrame());
  }

  @Test
  void handsNothingOutBeforeAKeyThatItsOwnerAsksFor() throws IOException {
    reader.skipToKeyFrame();
    assertTrue(reader.needsKeyFrame());
    send(LOW, 1, KEY);
    send(LOW, 2, INTER);
    assertFalse(reader.needsKeyFrame());
    reader.skipToKeyFrame();
    assertTrue(reader.needsKeyFrame());
    send(LOW, 3, INTER);
    send(LOW, 4, KEY);
    send(LOW, 5, INTER);
    assertFalse(reader.needsKeyFrame());
    assertEquals(List.of(1L, 2L, 4L, 5L), came);
  }

  /** RTP time of 32 bits may be 0, and comes again. */
  @Test
  void takesTimestampsAsTheyAre() throws IOException {
    send(LOW, 0, KEY);
    send(LOW, -1, INTER);
    send(LOW, 0, INTER);
    assertEquals(List.of(0L, 0xFFFFFFFFL, 0L), came);
  }

  @ParameterizedTest
  @EnumSource(Marker.class)
  void handsNothingOutAfterALossBeforeTheNextKey(Marker marker) throws IOException {
    for (int lost = 0; lost < PACKETS; lost++) {
      reader = reader(marker);
      came.clear();
      send(LOW, 1, KEY);
      for (int i = 0; i < PACKETS; i++) {
        if (i == lost) {
          order++;
        } else {
          send(LOW, 2, KEY, i, i == PACKETS - 1);
        }
      }
      send(LOW, 3, INTER);
      assertEquals(List.of(1L), came);
      assertTrue(reader.needsKeyFrame());
      send(LOW, 4, KEY);
      send(LOW, 5, INTER);
      reader.finish();
      assertEquals(List.of(1L, 4L, 5L), came);
    }
  }

  @Test
  void goesToAnotherEncodingWithItsKey() throws IOException {
    send(LOW, 1, KEY);
    order = 0x20000;
    send(HIGH, 2, INTER);
    assertTrue(reader.needsKeyFrame());
    send(HIGH, 3, KEY);
    assertFalse(reader.needsKeyFrame());
    order = 0x10003;
    send(LOW, 4, INTER);
    assertEquals(List.of(1L, 3L), came);
  }

  /** What was handed out was not all: nothing can be predicted from it. */
  @Test
  void doesNotBelieveASenderAnyLongerThatGoesOnBehindItsMarker() throws IOException {
    send(LOW, 1, KEY);
    send(LOW, 1, KEY);
    assertEquals(List.of(1L), came);
    assertTrue(reader.needsKeyFrame());
    send(LOW, 2, INTER);
    send(LOW, 3, KEY);
    assertEquals(List.of(1L), came);
    send(LOW, 4, INTER);
    assertEquals(List.of(1L, 3L), came);
  }
}
