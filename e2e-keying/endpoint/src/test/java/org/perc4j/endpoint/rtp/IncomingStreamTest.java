/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.perc4j.endpoint.signalling.Source;

class IncomingStreamTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final IncomingStream stream = new IncomingStream(new Source.Encoding(0x21, 0x22), 90_000);

  private void came(int sequenceNumber) {
    stream.onPacket(sequenceNumber, 0);
    long unused = stream.order(sequenceNumber);
  }

  private Rtcp.ReportBlock report(long nowNanos) {
    Rtcp.ReportBlock block = stream.reportBlock(nowNanos);
    assertNotNull(block);
    return block;
  }

  @Test
  void reportsNothingBeforeAPacketWasAuthentic() {
    stream.onPacket(7, 0);
    assertNull(stream.reportBlock(0));
  }

  /** RFC 3550, appendix A.3. */
  @Test
  void reportsTheFractionThatWasLostSinceTheLastReport() {
    came(10);
    assertEquals(0, report(0).fractionLost());
    came(11);
    came(13);
    came(14);
    Rtcp.ReportBlock block = report(0);
    assertEquals(0x21, block.ssrc());
    assertEquals(256 / 4, block.fractionLost());
    assertEquals(1, block.cumulativeLost());
    assertEquals(14, block.extendedHighestSequence());
    came(15);
    assertEquals(0, report(0).fractionLost(), "nothing more was lost");
    assertEquals(0, report(0).fractionLost(), "nothing more came");
    came(12);
    assertEquals(0, report(0).fractionLost(), "less is lost than before");
    assertEquals(0, report(0).cumulativeLost());
  }

  @Test
  void countsWrapsInWhatItReports() {
    came(0xFFFF);
    came(0);
    assertEquals(0x10000, report(0).extendedHighestSequence());
  }

  @Test
  void saysHowLongAgoTheSenderReported() {
    came(1);
    assertEquals(0, report(SECOND).delaySinceLast());
    stream.onSenderReport(new Rtcp.SenderReport(0x21, 0x1234_5678_9ABC_DEF0L, 0, 0, 0), SECOND);
    Rtcp.ReportBlock block = report(3 * SECOND / 2);
    assertEquals(0x5678_9ABC, block.lastSenderReport());
    assertEquals(0x8000, block.delaySinceLast());
  }

  @Test
  void asksForNothingThatNobodyRepairs() {
    IncomingStream audio = new IncomingStream(new Source.Encoding(0x31, 0), 48_000);
    for (IncomingStream each : List.of(stream, audio)) {
      each.onPacket(1, 0);
      each.onPacket(3, 0);
    }
    assertEquals(List.of(2), stream.due(SECOND / 10));
    assertEquals(List.of(), audio.due(SECOND / 10));
    assertEquals(0, audio.unrepaired());
  }

  @Test
  void countsWhatNobodyRepairedAlsoOnTheBridgeBefore() {
    came(1);
    came(3);
    for (int i = 1; i <= 40; i++) {
      List<Integer> unused = stream.due(i * SECOND / 10);
    }
    assertEquals(1, stream.unrepaired());
    stream.onOtherBridge();
    assertEquals(1, stream.unrepaired());
  }

  @Test
  void putsWhatComesFromAnotherBridgeBehindAllBefore() {
    long before = stream.order(60_000);
    assertEquals(before + 1, stream.order(60_001));
    stream.onOtherBridge();
    long after = stream.order(5);
    assertTrue(after > before + 1, after + " after " + before);
    assertEquals(after - 1, stream.order(4));
  }

  @Test
  void doesNotWaitForNumbersThatPaddingHad() {
    came(1);
    stream.add(packet(stream.order(1)));
    assertEquals(1, stream.release(2 * SECOND, false).size());
    stream.onPadding(2);
    stream.onPacket(3, 0);
    stream.add(new ReorderBuffer.Packet(stream.order(3), 0, true, new byte[] {3}, 2 * SECOND));
    assertEquals(2, stream.release(2 * SECOND, false).size());
    assertEquals(List.of(), stream.due(2 * SECOND));
  }

  private static void take(IncomingStream stream, int sequenceNumber, long nanos) {
    stream.onPacket(sequenceNumber, nanos);
    stream.add(
        new ReorderBuffer.Packet(stream.order(sequenceNumber), 0, true, new byte[] {1}, nanos));
  }

  @Test
  void waitsForNothingAfterItWasGivenUp() {
    take(stream, 1, 0);
    assertEquals(1, stream.release(SECOND, false).size());
    take(stream, 3, SECOND);
    long nanos = SECOND;
    while (stream.unrepaired() == 0) {
      assertEquals(List.of(), stream.release(nanos, false));
      nanos += SECOND / 50;
      List<Integer> unused = stream.due(nanos);
    }
    assertTrue(nanos < 2 * SECOND, nanos + " ns");
    assertEquals(1, stream.release(nanos, false).size());
  }

  @Test
  void waitsOnlyForWhatWasOvertakenWhereNobodyRepairs() {
    IncomingStream audio = new IncomingStream(new Source.Encoding(0x31, 0), 48_000);
    take(audio, 1, 0);
    assertEquals(1, audio.release(SECOND, false).size());
    take(audio, 3, SECOND);
    take(audio, 5, SECOND);
    assertEquals(List.of(), audio.due(SECOND + SECOND / 10));
    take(audio, 2, SECOND + SECOND / 10);
    assertEquals(2, audio.release(SECOND + SECOND / 10, false).size());
    assertEquals(List.of(), audio.due(SECOND + SECOND / 5 - 1));
    assertEquals(List.of(), audio.release(SECOND + SECOND / 5 - 1, false));
    assertEquals(List.of(), audio.due(SECOND + SECOND / 5));
    assertEquals(1, audio.release(SECOND + SECOND / 5, false).size());
  }

  @Test
  void doesNotWaitLongForTheFirstOfAnotherBridge() {
    take(stream, 1, 0);
    take(stream, 3, 0);
    assertEquals(1, stream.release(SECOND / 10, false).size());
    stream.onOtherBridge();
    take(stream, 60_000, SECOND / 10);
    assertEquals(1, stream.release(SECOND / 10, false).size());
    assertEquals(1, stream.release(SECOND / 10 + SECOND / 25, false).size());
  }

  private static ReorderBuffer.Packet packet(long order) {
    return new ReorderBuffer.Packet(order, 0, true, new byte[] {1}, 0);
  }

  /** RFC 3550, section 6.4.2: a report has 31 blocks at most, so more of them need more reports. */
  @Test
  void writesMoreReportsWhereOneIsNotEnough() {
    List<Rtcp.ReportBlock> blocks = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      blocks.add(new Rtcp.ReportBlock(i, i, 0, 0, 0, 0));
    }
    ByteBuffer reports = ByteBuffer.wrap(Rtcp.receiverReport(9, blocks));
    assertEquals(2 * 8 + 40 * 24, reports.remaining());
    List<Integer> ssrcs = new ArrayList<>();
    while (reports.hasRemaining()) {
      int count = reports.get() & 0x1F;
      assertEquals(201, reports.get() & 0xFF);
      assertEquals(1 + 6 * count, reports.getShort());
      assertEquals(9, reports.getInt());
      for (int i = 0; i < count; i++) {
        ssrcs.add(reports.getInt());
        assertEquals(ssrcs.get(ssrcs.size() - 1), reports.get() & 0xFF);
        reports.position(reports.position() + 19);
      }
    }
    assertEquals(40, ssrcs.size());
    assertEquals(8, Rtcp.receiverReport(9, List.of()).length);
  }
}
