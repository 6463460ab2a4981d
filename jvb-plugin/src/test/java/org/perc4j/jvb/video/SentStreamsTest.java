/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.video;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class SentStreamsTest {
  private static final long MILLISECOND = 1_000_000;
  private static final long WITHOUT_REPAIR = 999;

  private long now = Long.MAX_VALUE - MILLISECOND; // which System.nanoTime may be near
  private final SentStreams sent = new SentStreams(() -> now, ssrc -> ssrc != WITHOUT_REPAIR);

  @Test
  void thereIsNothingToRepeatBeforeAnythingWasSent() {
    assertEquals(List.of(), sent.toProbe());
  }

  @Test
  void streamsThatWereSentLastComeFirst() {
    send(1);
    send(2);
    send(3);
    send(1);

    assertEquals(List.of(1L, 3L, 2L), sent.toProbe());
  }

  @Test
  void streamsThatPausedAreNotRepeated() {
    send(1);
    now += SentStreams.RECENT_NANOS - 3 * MILLISECOND;
    send(2);
    assertEquals(List.of(2L, 1L), sent.toProbe());

    now += MILLISECOND;
    assertEquals(List.of(2L), sent.toProbe());

    send(1);
    assertEquals(List.of(1L, 2L), sent.toProbe());
  }

  @Test
  void streamsWithoutRepairAreNotRepeated() {
    send(WITHOUT_REPAIR);
    send(2);

    assertEquals(List.of(2L), sent.toProbe());
  }

  @Test
  void rememberedStreamsAreBounded() {
    for (long ssrc = 1; ssrc <= SentStreams.MAX_STREAMS + 10; ssrc++) {
      sent.sent(ssrc);
    }
    assertEquals(SentStreams.MAX_STREAMS, sent.toProbe().size());

    now += SentStreams.RECENT_NANOS;
    send(7000);
    assertEquals(List.of(7000L), sent.toProbe());
  }

  private void send(long ssrc) {
    sent.sent(ssrc);
    now += MILLISECOND;
  }
}
