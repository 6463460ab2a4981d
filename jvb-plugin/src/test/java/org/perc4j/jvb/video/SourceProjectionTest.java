/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.video;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.perc4j.jvb.video.TestStream.described;
import static org.perc4j.jvb.video.TestStream.unmarked;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.perc4j.jvb.packet.ActiveTargets;
import org.perc4j.jvb.video.TestStream.TestPacket;

class SourceProjectionTest {
  private static final int LOW = 0;
  private static final int MIDDLE = 1;
  private static final int HIGH = 2;

  private long nowNanos = 1;
  private final SourceProjection projection = new SourceProjection(() -> nowNanos);
  private final TestStream low = TestStream.marked(101, LOW, 1000);
  private final TestStream middle = TestStream.marked(102, MIDDLE, 2000);
  private final TestStream high = TestStream.marked(103, HIGH, 3000);

  /** Whether a key frame was asked for at the last packet, or any of the last picture. */
  private boolean keyFrameWanted;

  private boolean accepts(TestPacket packet, int targetIndex) {
    keyFrameWanted = false;
    return offer(packet, targetIndex);
  }

  private boolean offer(TestPacket packet, int targetIndex) {
    boolean accepted =
        projection.accept(
            packet.ssrc(),
            packet.encoding(),
            packet.sequenceNumber(),
            packet.timestamp(),
            packet.frame(),
            packet.layers(),
            packet.active(),
            targetIndex);
    keyFrameWanted |= projection.keyFrameWanted();
    return accepted;
  }

  private int mapped(TestPacket packet) {
    return projection.map(packet.ssrc(), packet.sequenceNumber()) & 0xffff;
  }

  private boolean isMarkedLast(TestPacket packet) {
    return (projection.map(packet.ssrc(), packet.sequenceNumber())
            & SourceProjection.LAST_OF_PICTURE)
        != 0;
  }

  /** How many packets of a picture are accepted. */
  private int accepted(List<TestPacket> picture, int targetIndex) {
    keyFrameWanted = false;
    int count = 0;
    for (TestPacket packet : picture) {
      count += offer(packet, targetIndex) ? 1 : 0;
    }
    return count;
  }

  private static int target(int encoding, int spatial, int temporal) {
    return encoding << 6 | spatial << 3 | temporal;
  }

  /** Packets without extension, in streams that have them otherwise. */
  @Nested
  class Unsaid {
    private final TestStream stream = TestStream.marked(0xbeef, 0, 100);
    private final int all = target(0, 0, 2);

    @Test
    void doNotStartAStreamThatIsWaitedFor() {
      assertEquals(0, accepted(List.of(stream.unsaid()), all));
      assertTrue(keyFrameWanted);
      int asked = 0;
      for (int i = 0; i < 100; i++) {
        nowNanos += 33_000_000;
        assertEquals(0, accepted(stream.delta(0, false), all));
        asked += keyFrameWanted ? 1 : 0;
      }
      assertTrue(asked >= 3, asked + " requests in 3 s");
      assertEquals(2, accepted(stream.key(), all));
    }

    @Test
    void doNotMoveAReceiverToAnotherEncoding() {
      TestStream high = TestStream.marked(0xbef0, 1, 500);
      assertEquals(2, accepted(stream.key(), target(1, 0, 2)));
      int asked = 0;
      for (int i = 0; i < 100; i++) {
        nowNanos += 33_000_000;
        assertEquals(2, accepted(stream.unsaidPicture(), target(1, 0, 2)));
        asked += keyFrameWanted ? 1 : 0;
        assertEquals(0, accepted(high.unsaidPicture(), target(1, 0, 2)));
        asked += keyFrameWanted ? 1 : 0;
      }
      assertTrue(asked >= 3, asked + " requests in 3 s");
      assertEquals(2, accepted(high.key(), target(1, 0, 2)));
      assertEquals(0, accepted(stream.unsaidPicture(), target(1, 0, 2)));
    }

    @Test
    void goWithTheStreamWhereTheyBeginAPicture() {
      assertEquals(2, accepted(stream.key(), all));
      assertTrue(accepts(stream.unsaid(), all));
      List<TestPacket> frame = stream.key();
      assertEquals(2, accepted(frame, all));
      assertEquals(103, mapped(frame.get(0)));
      assertFalse(keyFrameWanted);
    }

    @Test
    void goTheWayOfTheirFramesOthers() {
      int baseOnly = target(0, 0, 0);
      assertEquals(2, accepted(stream.key(), baseOnly));
      List<TestPacket> dropped = stream.delta(2, false);
      assertEquals(0, accepted(dropped, baseOnly));
      assertFalse(accepts(stream.unsaidOf(dropped), baseOnly));
      List<TestPacket> base = stream.delta(0, false);
      assertEquals(2, accepted(base, baseOnly));
      assertEquals(102, mapped(base.get(0)));
      TestPacket last = stream.unsaidOf(base);
      assertTrue(accepts(last, baseOnly));
      assertEquals(104, mapped(last));
    }

    @Test
    void areNotForwardedWhileTheSourceIsSuspended() {
      assertEquals(2, accepted(stream.key(), all));
      assertEquals(0, accepted(stream.unsaidPicture(), SourceProjection.SUSPENDED));
      assertEquals(0, accepted(stream.unsaidPicture(), all));
      assertTrue(keyFrameWanted);
      List<TestPacket> key = stream.key();
      assertEquals(2, accepted(key, all));
      assertEquals(102, mapped(key.get(0)));
    }
  }

  @Nested
  class Unmarked {
    @Test
    void isForwardedWholeWithItsOwnNumbers() {
      TestStream stream = unmarked(101, LOW, 65530);
      for (int i = 0; i < 20; i++) {
        for (TestPacket packet : stream.picture(3)) {
          assertTrue(accepts(packet, target(LOW, 0, 0)));
          assertEquals(packet.sequenceNumber(), mapped(packet));
        }
      }
    }

    @Test
    void asksForOneKeyFrameWhenItBegins() {
      TestStream stream = unmarked(101, LOW, 10);
      int asked = 0;
      for (int i = 0; i < 100; i++) {
        nowNanos += 33_000_000;
        assertTrue(accepts(stream.picture(1).get(0), target(LOW, 0, 0)));
        asked += keyFrameWanted ? 1 : 0;
      }
      assertEquals(1, asked);
    }

    @Test
    void leavesNoGapForASuspension() {
      TestStream stream = unmarked(101, LOW, 10);
      TestPacket before = stream.picture(1).get(0);
      assertTrue(accepts(before, target(LOW, 0, 2)));
      assertEquals(0, accepted(stream.picture(40), SourceProjection.SUSPENDED));
      TestPacket after = stream.picture(1).get(0);
      assertTrue(accepts(after, target(LOW, 0, 2)));
      assertEquals(mapped(before) + 1, mapped(after));
    }
  }

  @Nested
  class Start {
    @Test
    void waitsForAKeyFrameAndAsksForOne() {
      assertEquals(0, accepted(low.delta(0, false), target(LOW, 0, 2)));
      assertTrue(keyFrameWanted);
      assertEquals(2, accepted(low.key(), target(LOW, 0, 2)));
      assertFalse(keyFrameWanted);
      assertEquals(2, accepted(low.delta(0, false), target(LOW, 0, 2)));
      assertFalse(keyFrameWanted);
    }

    @Test
    void keepsTheFirstNumberAsSent() {
      assertEquals(0, accepted(low.delta(0, false), target(LOW, 0, 2)));
      List<TestPacket> key = low.key();
      assertEquals(2, accepted(key, target(LOW, 0, 2)));
      assertEquals(key.get(0).sequenceNumber(), mapped(key.get(0)));
    }

    @Test
    void takesAKeyFrameWhoseFirstPacketIsLate() {
      List<TestPacket> key = low.key();
      assertTrue(accepts(key.get(1), target(LOW, 0, 2)));
      // The number of the packet before was never seen: nothing is known of it.
      assertEquals(key.get(1).sequenceNumber(), mapped(key.get(1)));
    }

    @Test
    void keepsTheNumberOfTheKeyFramesFirstPacketIfItIsLate() {
      assertEquals(2, accepted(low.key(), target(LOW, 0, 2)));
      assertEquals(0, accepted(low.delta(0, false), SourceProjection.SUSPENDED));
      List<TestPacket> key = low.key();
      assertTrue(accepts(key.get(1), target(LOW, 0, 2)));
      assertTrue(accepts(key.get(0), target(LOW, 0, 2)));
      assertEquals(1002, mapped(key.get(0)));
      assertEquals(1003, mapped(key.get(1)));
    }

    @Test
    void doesNotSwitchAtAKeyFrameThatComesBehindLaterFrames() {
      assertEquals(0, accepted(low.delta(0, false), target(LOW, 0, 2)));
      List<TestPacket> key = low.key();
      assertEquals(0, accepted(low.delta(0, false), target(LOW, 0, 2)));
      assertEquals(0, accepted(key, target(LOW, 0, 2)));
      assertEquals(0, accepted(low.delta(0, false), target(LOW, 0, 2)));
      nowNanos += 1_000_000_000;
      assertEquals(0, accepted(low.delta(0, false), target(LOW, 0, 2)));
      assertTrue(keyFrameWanted);
    }
  }

  @Nested
  class Temporal {
    @Test
    void goesDownAtOnceWithoutAGap() {
      List<TestPacket> key = low.key();
      assertEquals(2, accepted(key, target(LOW, 0, 2)));
      assertEquals(2, accepted(low.delta(2, true), target(LOW, 0, 2)));
      assertEquals(0, accepted(low.delta(2, false), target(LOW, 0, 1)));
      assertEquals(2, accepted(low.delta(1, true), target(LOW, 0, 1)));
      List<TestPacket> base = low.delta(0, false);
      assertEquals(2, accepted(base, target(LOW, 0, 0)));
      assertEquals(mapped(key.get(0)) + 6, mapped(base.get(0)));
      assertFalse(keyFrameWanted);
    }

    @Test
    void goesUpAtALayerSyncOnly() {
      assertEquals(2, accepted(low.key(), target(LOW, 0, 0)));
      assertEquals(0, accepted(low.delta(1, false), target(LOW, 0, 2)));
      assertEquals(0, accepted(low.delta(2, false), target(LOW, 0, 2)));
      assertEquals(2, accepted(low.delta(0, false), target(LOW, 0, 2)));
      assertEquals(2, accepted(low.delta(2, true), target(LOW, 0, 2)));
      assertEquals(2, accepted(low.delta(1, true), target(LOW, 0, 2)));
      assertEquals(2, accepted(low.delta(2, false), target(LOW, 0, 2)));
    }

    @Test
    void closesTheLayersAboveAFrameThatCouldNotBeForwarded() {
      assertEquals(2, accepted(low.key(), target(LOW, 0, 0)));
      assertEquals(2, accepted(low.delta(2, true), target(LOW, 0, 2)));
      assertEquals(0, accepted(low.delta(1, false), target(LOW, 0, 2)));
      assertEquals(0, accepted(low.delta(2, false), target(LOW, 0, 2)));
    }

    @Test
    void asksForAKeyFrameOnlyIfNoSyncComes() {
      assertEquals(2, accepted(low.key(), target(LOW, 0, 0)));
      int asked = 0;
      for (int i = 0; i < 15; i++) {
        nowNanos += 33_000_000;
        assertEquals(2, accepted(low.delta(0, false), target(LOW, 0, 2)));
        assertEquals(0, accepted(low.delta(1, false), target(LOW, 0, 2)));
        asked += keyFrameWanted ? 1 : 0;
      }
      assertEquals(0, asked);
      for (int i = 0; i < 5; i++) {
        nowNanos += 33_000_000;
        assertEquals(0, accepted(low.delta(1, false), target(LOW, 0, 2)));
        asked += keyFrameWanted ? 1 : 0;
      }
      assertEquals(1, asked);
    }

    @Test
    void isContentWithAStreamThatHasFewerLayersThanItsTarget() {
      assertEquals(2, accepted(low.key(), target(LOW, 0, 2)));
      for (int i = 0; i < 100; i++) {
        nowNanos += 33_000_000;
        assertEquals(2, accepted(low.delta(0, false), target(LOW, 0, 2)));
        assertFalse(keyFrameWanted);
      }
    }

    @Test
    void opensAllLayersAtAKeyFrame() {
      assertEquals(2, accepted(low.key(), target(LOW, 0, 0)));
      assertEquals(2, accepted(low.key(), target(LOW, 0, 2)));
      assertEquals(2, accepted(low.delta(2, false), target(LOW, 0, 2)));
    }
  }

  @Nested
  class Spatial {
    private final TestStream svc = TestStream.markedSvc(101, LOW, 1000);

    @Test
    void goesDownAtOnceAndMarksTheLastPacketOfThePicture() {
      assertEquals(6, accepted(svc.keyPicture(3), target(LOW, 2, 2)));
      List<TestPacket> picture = svc.deltaPicture(3, 0);
      assertEquals(4, accepted(picture, target(LOW, 1, 2)));
      assertFalse(isMarkedLast(picture.get(1)));
      assertTrue(isMarkedLast(picture.get(3)));
      assertFalse(keyFrameWanted);
    }

    @Test
    void goesUpAtAKeyPictureOnlyAndAsksForIt() {
      assertEquals(6, accepted(svc.keyPicture(3), target(LOW, 2, 2)));
      assertEquals(2, accepted(svc.deltaPicture(3, 0), target(LOW, 0, 2)));
      List<TestPacket> waiting = svc.deltaPicture(3, 0);
      assertTrue(accepts(waiting.get(0), target(LOW, 2, 2)));
      assertTrue(accepts(waiting.get(1), target(LOW, 2, 2)));
      assertFalse(accepts(waiting.get(2), target(LOW, 2, 2)));
      assertTrue(keyFrameWanted);
      List<TestPacket> key = svc.keyPicture(3);
      assertEquals(6, accepted(key, target(LOW, 2, 2)));
      assertTrue(isMarkedLast(key.get(5)));
      assertFalse(isMarkedLast(key.get(1)));
      assertFalse(isMarkedLast(key.get(3)));
      assertEquals(6, accepted(svc.deltaPicture(3, 0), target(LOW, 2, 2)));
    }

    @Test
    void dropsTemporalLayersOfAllSpatialOnes() {
      assertEquals(6, accepted(svc.keyPicture(3), target(LOW, 2, 0)));
      assertEquals(0, accepted(svc.deltaPicture(3, 2), target(LOW, 2, 0)));
      assertEquals(6, accepted(svc.deltaPicture(3, 0), target(LOW, 2, 0)));
    }

    @Test
    void opensNoTemporalLayerInTheMiddleOfAPicture() {
      assertEquals(6, accepted(svc.keyPicture(3), target(LOW, 2, 0)));
      List<TestPacket> torn = svc.syncPicture(3, 1);
      assertEquals(0, accepted(torn.subList(0, 2), target(LOW, 2, 0)));
      assertEquals(0, accepted(torn.subList(2, 6), target(LOW, 2, 2)));
      assertEquals(0, accepted(svc.deltaPicture(3, 1), target(LOW, 2, 2)));
      assertEquals(6, accepted(svc.syncPicture(3, 1), target(LOW, 2, 2)));
      assertEquals(6, accepted(svc.deltaPicture(3, 1), target(LOW, 2, 2)));
    }

    @Test
    void goesUpInTheMiddleOfNoPictureWhoseLowerLayerWasNotForwarded() {
      assertEquals(2, accepted(svc.keyPicture(3), target(LOW, 0, 0)));
      List<TestPacket> torn = svc.refreshedPicture(3, 1);
      assertEquals(0, accepted(torn.subList(0, 2), target(LOW, 0, 0)));
      assertEquals(0, accepted(torn.subList(2, 6), target(LOW, 2, 1)));
      assertEquals(2, accepted(svc.deltaPicture(3, 0), target(LOW, 2, 1)));
    }

    @Test
    void goesUpAtTheBaseLayerInTimeOnly() {
      assertEquals(2, accepted(svc.keyPicture(3), target(LOW, 0, 2)));
      assertEquals(2, accepted(svc.refreshedPicture(3, 1), target(LOW, 2, 2)));
      assertEquals(2, accepted(svc.deltaPicture(3, 0), target(LOW, 2, 2)));
      assertEquals(6, accepted(svc.refreshedPicture(3, 0), target(LOW, 2, 2)));
      assertEquals(6, accepted(svc.deltaPicture(3, 0), target(LOW, 2, 2)));
    }

    @Test
    void marksNothingInAStreamOfOneSpatialLayer() {
      List<TestPacket> key = low.key();
      assertEquals(2, accepted(key, target(LOW, 0, 2)));
      assertFalse(isMarkedLast(key.get(1)));
    }
  }

  @Nested
  class Simulcast {
    @Test
    void forwardsTheTargetAloneOnItsOwnSsrc() {
      assertEquals(0, accepted(low.key(), target(LOW, 0, 0) + SourceProjection.SUSPENDED));
      assertEquals(2, accepted(middle.key(), target(MIDDLE, 0, 2)));
      assertEquals(0, accepted(high.key(), target(MIDDLE, 0, 2)));
      assertEquals(0, accepted(low.delta(0, false), target(MIDDLE, 0, 2)));
      assertEquals(2, accepted(middle.delta(0, false), target(MIDDLE, 0, 2)));
      assertEquals(0, accepted(high.delta(0, false), target(MIDDLE, 0, 2)));
    }

    @Test
    void goesOnWithTheFormerEncodingUntilAKeyFrameOfTheNew() {
      startAtHigh();
      assertEquals(2, accepted(high.delta(0, false), target(LOW, 0, 2)));
      assertTrue(keyFrameWanted);
      assertEquals(0, accepted(low.delta(0, false), target(LOW, 0, 2)));
      assertEquals(2, accepted(low.key(), target(LOW, 0, 2)));
      assertEquals(0, accepted(high.delta(0, false), target(LOW, 0, 2)));
      assertEquals(2, accepted(low.delta(0, false), target(LOW, 0, 2)));
      assertFalse(keyFrameWanted);
    }

    @Test
    void completesTheLastFrameOfTheFormerEncodingButBeginsNone() {
      startAtHigh();
      List<TestPacket> last = high.delta(0, false);
      assertTrue(accepts(last.get(0), target(LOW, 0, 2)));
      assertEquals(2, accepted(low.key(), target(LOW, 0, 2)));
      assertTrue(accepts(last.get(1), target(LOW, 0, 2)));
      assertEquals(0, accepted(high.delta(0, false), target(LOW, 0, 2)));
      assertEquals(0, accepted(high.key(), target(LOW, 0, 2)));
    }

    @Test
    void takesAnEncodingOnTheWayIfItsKeyFrameComesFirst() {
      assertEquals(2, accepted(low.key(), target(HIGH, 0, 2)));
      assertEquals(2, accepted(middle.key(), target(HIGH, 0, 2)));
      assertEquals(0, accepted(low.delta(0, false), target(HIGH, 0, 2)));
      assertEquals(2, accepted(high.key(), target(HIGH, 0, 2)));
      assertEquals(0, accepted(middle.delta(0, false), target(HIGH, 0, 2)));
    }

    @Test
    void leavesNoGapOnAnEncodingThatIsTakenUpAgain() {
      startAtHigh();
      List<TestPacket> before = high.delta(0, false);
      assertEquals(2, accepted(before, target(HIGH, 0, 2)));
      assertEquals(2, accepted(low.key(), target(LOW, 0, 2)));
      for (int i = 0; i < 50; i++) {
        assertEquals(0, accepted(high.delta(0, false), target(LOW, 0, 2)));
        assertEquals(2, accepted(low.delta(0, false), target(LOW, 0, 2)));
      }
      List<TestPacket> after = high.key();
      assertEquals(2, accepted(after, target(HIGH, 0, 2)));
      assertEquals(mapped(before.get(1)) + 1, mapped(after.get(0)));
    }

    @Test
    void asksAtABoundedRateWhileNoKeyFrameComes() {
      startAtHigh();
      int asked = 0;
      for (int i = 0; i < 300; i++) {
        nowNanos += 33_000_000;
        assertEquals(2, accepted(high.delta(0, false), target(LOW, 0, 2)));
        asked += keyFrameWanted ? 1 : 0;
      }
      assertTrue(asked >= 8 && asked <= 13, asked + " requests in 10 s");
    }

    private void startAtHigh() {
      assertEquals(2, accepted(high.key(), target(HIGH, 0, 2)));
    }
  }

  @Nested
  class Described {
    private final TestStream svc = described(101, LOW, 1000, DescribedLayersTest.l3t3());
    private final TestStream key = described(101, LOW, 1000, DescribedLayersTest.l3t3Key());

    @Test
    void goesDownAtOnceAndUpAtAKeyFrame() {
      assertEquals(6, accepted(svc.keyPicture(3), 8));
      assertEquals(6, accepted(svc.deltaPicture(3, 0), 8));
      assertEquals(2, accepted(svc.deltaPicture(3, 0), 0));
      assertEquals(0, accepted(svc.deltaPicture(3, 2), 0));
      assertFalse(keyFrameWanted);
      assertEquals(2, accepted(svc.deltaPicture(3, 0), 8));
      assertTrue(keyFrameWanted);
      assertEquals(6, accepted(svc.keyPicture(3), 8));
    }

    /** What a packet that was accepted tells its receiver, as the bridge works it out. */
    private long tells(TestPacket packet) {
      int mapped = projection.map(packet.ssrc(), packet.sequenceNumber());
      int target = SourceProjection.target(mapped);
      return ActiveTargets.towards(
          packet.active(),
          requireNonNull(packet.layers()).targets().included(target),
          (mapped & SourceProjection.TARGETS_CHANGED) != 0);
    }

    private void assertTells(int active, TestPacket packet) {
      assertTrue(ActiveTargets.rewrites(tells(packet)), packet.toString());
      assertEquals(active, ActiveTargets.mask(tells(packet)));
    }

    private void assertTellsNothing(List<TestPacket> packets) {
      packets.forEach(packet -> assertFalse(ActiveTargets.rewrites(tells(packet)), "" + packet));
    }

    @Test
    void saysInEachPacketOfAFrameWithWhichTheTargetsChangeWhichAreActive() {
      List<TestPacket> whole = svc.keyPicture(3);
      assertEquals(6, accepted(whole, 8));
      assertTellsNothing(whole);
      List<TestPacket> lower = svc.deltaPicture(3, 0);
      assertEquals(2, accepted(lower, 0));
      assertTells(0x001, lower.get(0));
      assertTells(0x001, lower.get(1));
      List<TestPacket> next = svc.deltaPicture(3, 0);
      assertEquals(2, accepted(next, 0));
      assertTellsNothing(next.subList(0, 2));
      List<TestPacket> again = svc.keyPicture(3);
      assertEquals(6, accepted(again, 8));
      assertTellsNothing(again);
    }

    @Test
    void saysSoWhereAStructureIsSentHoweverLateItComes() {
      List<TestPacket> key = svc.keyPicture(3);
      assertEquals(4, accepted(key, 4));
      assertTells(0x01b, key.get(0));
      List<TestPacket> second = svc.keyPicture(3);
      TestPacket structure = second.get(0);
      assertEquals(3, accepted(second.subList(1, 6), 4));
      assertEquals(2, accepted(svc.deltaPicture(3, 0), 0));
      assertTrue(accepts(structure, 0));
      assertTells(0x01b, structure);
    }

    @Test
    void neverActivatesWhatTheSenderLeavesOut() {
      assertEquals(4, accepted(svc.keyPicture(3), 4));
      svc.activate(0x007);
      List<TestPacket> reduced = svc.deltaPicture(1, 0);
      assertEquals(2, accepted(reduced, 4));
      assertTells(0x003, reduced.get(0));
      List<TestPacket> lowest = svc.deltaPicture(1, 0);
      assertEquals(2, accepted(lowest, 0));
      assertTells(0x001, lowest.get(0));
    }

    @Test
    void goesUpInTimeAtASwitchWithoutAKeyFrame() {
      assertEquals(6, accepted(svc.keyPicture(3), 6));
      assertEquals(0, accepted(svc.deltaPicture(3, 2), 6));
      assertEquals(0, accepted(svc.deltaPicture(3, 1), 6));
      assertEquals(0, accepted(svc.deltaPicture(3, 2), 8));
      assertEquals(6, accepted(svc.deltaPicture(3, 0), 8));
      assertEquals(6, accepted(svc.deltaPicture(3, 2), 8));
      assertEquals(6, accepted(svc.deltaPicture(3, 1), 8));
      assertFalse(keyFrameWanted);
    }

    @Test
    void leavesLowerLayersOutWhereTheStructureAllowsIt() {
      assertEquals(6, accepted(key.keyPicture(3), 8));
      List<TestPacket> picture = key.deltaPicture(3, 0);
      assertEquals(2, accepted(picture, 8));
      assertTrue(isMarkedLast(picture.get(5)));
    }

    @Test
    void needsAKeyFrameToGoDownWhereLowerLayersWereLeftOut() {
      assertEquals(6, accepted(key.keyPicture(3), 8));
      assertEquals(2, accepted(key.deltaPicture(3, 0), 8));
      assertEquals(2, accepted(key.deltaPicture(3, 0), 2));
      assertTrue(keyFrameWanted);
      assertEquals(2, accepted(key.keyPicture(3), 2));
    }

    @Test
    void keepsPacketsOfUnknownStructureAsLost() {
      assertEquals(6, accepted(svc.keyPicture(3), 8));
      TestPacket lost = svc.unknown();
      assertFalse(accepts(lost, 8));
      assertTrue(keyFrameWanted);
      List<TestPacket> next = svc.deltaPicture(3, 0);
      assertEquals(6, accepted(next, 8));
      assertEquals(next.get(0).sequenceNumber(), mapped(next.get(0)));
    }

    @Test
    void forwardsARetransmittedPacketUnderTheNumberKeptForIt() {
      assertEquals(2, accepted(svc.keyPicture(3), 2));
      List<TestPacket> first = svc.deltaPicture(3, 2);
      assertTrue(accepts(first.get(0), 2));
      List<TestPacket> second = svc.deltaPicture(3, 1);
      assertEquals(2, accepted(second, 2));
      assertTrue(accepts(first.get(1), 2));
      assertEquals(mapped(first.get(0)) + 1, mapped(first.get(1)));
    }
  }

  @Nested
  class Lateness {
    private final TestStream svc = TestStream.markedSvc(101, LOW, 1000);

    @Test
    void refusesFramesOfLayersThatWereOpenedAfterTheirTime() {
      assertEquals(2, accepted(svc.keyPicture(3), target(LOW, 0, 2)));
      List<TestPacket> before = svc.deltaPicture(3, 0);
      assertEquals(2, accepted(before.subList(0, 2), target(LOW, 0, 2)));
      assertEquals(6, accepted(svc.keyPicture(3), target(LOW, 2, 2)));
      assertEquals(0, accepted(before.subList(2, 6), target(LOW, 2, 2)));
    }

    @Test
    void forwardsFramesOfLayersThatWereClosedAfterTheirTime() {
      assertEquals(6, accepted(svc.keyPicture(3), target(LOW, 2, 2)));
      List<TestPacket> before = svc.deltaPicture(3, 0);
      assertEquals(4, accepted(before.subList(0, 4), target(LOW, 2, 2)));
      List<TestPacket> after = svc.deltaPicture(3, 0);
      assertEquals(2, accepted(after, target(LOW, 0, 2)));
      assertEquals(2, accepted(before.subList(4, 6), target(LOW, 0, 2)));
      assertEquals(mapped(before.get(3)) + 1, mapped(before.get(4)));
      assertEquals(mapped(before.get(5)) + 1, mapped(after.get(0)));
    }

    @Test
    void refusesFramesFromASuspension() {
      assertEquals(2, accepted(low.key(), target(LOW, 0, 2)));
      assertEquals(0, accepted(low.delta(0, false), SourceProjection.SUSPENDED));
      List<TestPacket> missed = low.delta(0, false);
      assertEquals(0, accepted(low.delta(0, false), SourceProjection.SUSPENDED));
      assertEquals(2, accepted(low.key(), target(LOW, 0, 2)));
      assertEquals(0, accepted(missed, target(LOW, 0, 2)));
    }

    @Test
    void forwardsADescribedFrameByTheTargetOfItsTime() {
      TestStream described = described(101, LOW, 1000, DescribedLayersTest.l3t3());
      assertEquals(6, accepted(described.keyPicture(3), 8));
      List<TestPacket> before = described.deltaPicture(3, 2);
      assertEquals(4, accepted(before.subList(0, 4), 8));
      assertEquals(2, accepted(described.deltaPicture(3, 1), 2));
      assertEquals(2, accepted(before.subList(4, 6), 2));
    }
  }

  @Nested
  class LossOfWhatIsDropped {
    private final TestStream svc = TestStream.markedSvc(101, LOW, 1000);

    @Test
    void leavesNoGapForTheRestOfAPicture() {
      assertEquals(2, accepted(svc.keyPicture(3), target(LOW, 0, 2)));
      List<TestPacket> first = svc.deltaPicture(3, 0);
      assertEquals(2, accepted(first.subList(0, 2), target(LOW, 0, 2)));
      // all of S1 and S2 is lost
      List<TestPacket> second = svc.deltaPicture(3, 0);
      assertEquals(2, accepted(second.subList(0, 3), target(LOW, 0, 2)));
      // S1 is lost from its second packet on
      List<TestPacket> third = svc.deltaPicture(3, 0);
      assertEquals(2, accepted(third, target(LOW, 0, 2)));
      assertEquals(mapped(first.get(1)) + 1, mapped(second.get(0)));
      assertEquals(mapped(second.get(1)) + 1, mapped(third.get(0)));
    }

    @Test
    void keepsTheNumbersOfPicturesThatAreMissingAsAWhole() {
      assertEquals(2, accepted(svc.keyPicture(3), target(LOW, 0, 2)));
      List<TestPacket> first = svc.deltaPicture(3, 0);
      assertEquals(2, accepted(first, target(LOW, 0, 2)));
      List<TestPacket> lost = svc.deltaPicture(3, 0);
      List<TestPacket> third = svc.deltaPicture(3, 0);
      assertEquals(2, accepted(third, target(LOW, 0, 2)));
      assertEquals(mapped(first.get(1)) + 1 + lost.size(), mapped(third.get(0)));
      assertEquals(2, accepted(lost.subList(0, 2), target(LOW, 0, 2)));
      assertEquals(mapped(first.get(1)) + 1, mapped(lost.get(0)));
    }

    @Test
    void keepsTheNumbersOfAWantedLayerAboveOneThatIsLeftOut() {
      TestStream key = described(101, LOW, 1000, DescribedLayersTest.l3t3Key());
      assertEquals(6, accepted(key.keyPicture(3), 8));
      List<TestPacket> first = key.deltaPicture(3, 0);
      assertEquals(0, accepted(first.subList(0, 4), 8));
      // S2 is lost
      List<TestPacket> second = key.deltaPicture(3, 0);
      assertEquals(2, accepted(second, 8));
      assertEquals(2, accepted(first.subList(4, 6), 8));
      assertEquals(mapped(first.get(5)) + 1, mapped(second.get(4)));
    }
  }

  @Nested
  class Rest {
    private static final long QUIET_NANOS = 60_000_000_000L;

    /** Puts the projection to rest, as nothing comes for long enough. */
    private void rest() {
      projection.restIfUnused(QUIET_NANOS);
      nowNanos += QUIET_NANOS;
      projection.restIfUnused(QUIET_NANOS);
      assertTrue(projection.rests());
    }

    @Test
    void comesAfterTheTimeWithoutPacketsOnly() {
      assertEquals(2, accepted(low.key(), target(LOW, 0, 2)));
      projection.restIfUnused(QUIET_NANOS);
      nowNanos += QUIET_NANOS - 1;
      projection.restIfUnused(QUIET_NANOS);
      assertFalse(projection.rests());
      assertEquals(2, accepted(low.delta(0, false), target(LOW, 0, 2)));
      nowNanos += QUIET_NANOS;
      projection.restIfUnused(QUIET_NANOS);
      assertFalse(projection.rests());
      rest();
    }

    @Test
    void goesOnWithTheNextNumberAtAKeyFrame() {
      assertEquals(2, accepted(low.key(), target(LOW, 0, 2)));
      // Dropped: the receiver's numbers differ from the sender's from here on.
      assertEquals(0, accepted(low.delta(2, true), target(LOW, 0, 0)));
      List<TestPacket> last = low.delta(0, false);
      assertEquals(2, accepted(last, target(LOW, 0, 0)));
      int number = mapped(last.get(1));
      rest();

      assertEquals(0, accepted(low.delta(0, false), target(LOW, 0, 0)));
      assertTrue(keyFrameWanted);
      List<TestPacket> key = low.key();
      assertEquals(2, accepted(key, target(LOW, 0, 0)));
      assertEquals(number + 1, mapped(key.get(0)));
      assertEquals(number + 2, mapped(key.get(1)));
    }

    @Test
    void forgetsSinglePacketsButNotWhereItStood() {
      List<TestPacket> key = low.key();
      assertEquals(2, accepted(key, target(LOW, 0, 2)));
      int number = mapped(key.get(1));
      long ssrc = key.get(0).ssrc();
      rest();

      assertEquals(SourceProjection.UNMAPPED, projection.map(ssrc, key.get(1).sequenceNumber()));
      assertTrue(projection.knows(ssrc));
      assertEquals(number, projection.highestSent(ssrc));
      assertFalse(accepts(key.get(1), target(LOW, 0, 2)), "a packet from before the rest");
      rest();
      assertEquals(number, projection.highestSent(ssrc));
    }

    @Test
    void comesWhilePacketsComeThatAreNotForwarded() {
      assertEquals(2, accepted(low.key(), target(LOW, 0, 2)));
      List<TestPacket> last = low.delta(0, false);
      assertEquals(2, accepted(last, target(LOW, 0, 2)));
      int number = mapped(last.get(1));
      assertFalse(projection.rests());
      for (int i = 0; i < SequenceProjection.WINDOW / 2; i++) {
        assertEquals(0, accepted(low.delta(0, false), SourceProjection.SUSPENDED));
      }
      assertTrue(projection.rests());

      assertEquals(0, accepted(low.delta(0, false), target(LOW, 0, 2)));
      assertTrue(keyFrameWanted);
      List<TestPacket> key = low.key();
      assertEquals(2, accepted(key, target(LOW, 0, 2)));
      assertEquals(number + 1, mapped(key.get(0)));
      assertEquals(number + 2, mapped(key.get(1)));
    }

    @Test
    void doesNotBeginInTheMiddleOfAKeyFrame() {
      List<TestPacket> key = low.key();
      assertFalse(accepts(key.get(0), SourceProjection.SUSPENDED));
      assertTrue(projection.rests());
      assertFalse(accepts(key.get(1), target(LOW, 0, 2)));
    }

    /** 200 endpoints with 25 sources of three encodings each are 15,000 for each endpoint. */
    @Test
    void takesLittleMemory() {
      int sources = 5000;
      SourceProjection[] all = new SourceProjection[sources];
      List<TestPacket> packets = new ArrayList<>();
      for (TestStream stream : List.of(low, middle, high)) {
        packets.addAll(stream.key());
        packets.addAll(stream.delta(0, false));
      }
      long before = usedBytes();
      for (int i = 0; i < sources; i++) {
        all[i] = new SourceProjection(() -> nowNanos);
        for (TestPacket packet : packets) {
          boolean forwarded =
              all[i].accept(
                  packet.ssrc(),
                  packet.encoding(),
                  packet.sequenceNumber(),
                  packet.timestamp(),
                  packet.frame(),
                  packet.layers(),
                  packet.active(),
                  SourceProjection.SUSPENDED);
          assertFalse(forwarded);
        }
      }
      long each = (usedBytes() - before) / (3L * sources);
      System.out.println(each + " octets for each encoding that is suspended");
      assertTrue(each < 700, each + " octets for each");
      assertTrue(all[sources - 1].rests());
    }

    private static long usedBytes() {
      Runtime runtime = Runtime.getRuntime();
      long used = Long.MAX_VALUE;
      for (int i = 0; i < 3; i++) {
        System.gc();
        used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
      }
      return used;
    }

    @Test
    void doesNotMakeRoomForMoreEncodings() {
      for (int i = 0; i < 16; i++) {
        assertFalse(accepts(unmarked(i, 1, 0).picture(1).get(0), target(LOW, 0, 0)));
      }
      rest();
      assertFalse(accepts(unmarked(16, LOW, 0).picture(1).get(0), target(LOW, 0, 0)));
      assertFalse(projection.knows(16));
      assertTrue(accepts(unmarked(15, LOW, 1).picture(1).get(0), target(LOW, 0, 0)));
      for (int i = 0; i < 16; i++) {
        assertTrue(projection.knows(i));
      }
    }
  }

  @Test
  void survivesWrapsOfNumbersAndTimestamps() {
    TestStream stream = TestStream.marked(101, LOW, 65500);
    assertEquals(2, accepted(stream.key(), target(LOW, 0, 0)));
    int expected = 65502;
    for (int i = 0; i < 100_000; i++) {
      assertEquals(0, accepted(stream.delta(1, false), target(LOW, 0, 0)));
      List<TestPacket> base = stream.delta(0, false);
      assertEquals(2, accepted(base, target(LOW, 0, 0)));
      assertEquals(expected & 0xffff, mapped(base.get(0)));
      expected += 2;
    }
  }

  @Test
  void forwardsNothingBeyondSixteenEncodings() {
    for (int i = 0; i < 16; i++) {
      assertFalse(accepts(unmarked(i, 1, 0).picture(1).get(0), target(LOW, 0, 0)));
    }
    assertFalse(accepts(unmarked(16, LOW, 0).picture(1).get(0), target(LOW, 0, 0)));
    assertFalse(projection.knows(16));
    assertTrue(projection.knows(15));
    assertEquals(SourceProjection.UNMAPPED, projection.map(16, 0));
  }

  /**
   * Whatever the extensions say, in whatever order: numbers stay unique and in order, and nothing
   * is thrown.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void keepsNumbersUniqueWhateverTheMarkingsSay(long seed) {
    Random random = new Random(seed);
    List<TestStream> streams =
        List.of(
            TestStream.marked(1, LOW, 10),
            TestStream.markedSvc(2, MIDDLE, 20),
            described(3, HIGH, 30, DescribedLayersTest.l3t3()));
    List<List<Integer>> sent = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (int i = 0; i < 200_000; i++) {
      nowNanos += random.nextInt(2_000_000);
      if (random.nextInt(2000) == 0) {
        projection.restIfUnused(0);
        projection.restIfUnused(0);
      }
      int which = random.nextInt(3);
      TestPacket packet = streams.get(which).anything(random);
      int target = random.nextInt(50) == 0 ? -1 : target(random.nextInt(3), random.nextInt(3), 0);
      if (random.nextInt(10) > 0 && accepts(packet, target)) {
        sent.get(which).add(mapped(packet));
      }
    }
    for (List<Integer> numbers : sent) {
      assertTrue(numbers.size() > 100, numbers.size() + " packets");
      for (int i = 1; i < numbers.size(); i++) {
        int step = (short) (numbers.get(i) - numbers.get(i - 1));
        assertTrue(step > 0 && step < 2100, "step of " + step);
      }
    }
  }
}
