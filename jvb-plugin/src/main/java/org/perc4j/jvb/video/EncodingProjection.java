/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.video;

/** One encoding of a source on its way to one receiver. Guarded by {@link SourceProjection}. */
final class EncodingProjection {
  private static final long NO_FRAME = -1;

  final long ssrc;
  final SequenceProjection numbers = new SequenceProjection();
  final RecentFrames decided = new RecentFrames();
  final MarkedLayers marked = new MarkedLayers();
  final DescribedLayers described = new DescribedLayers();

  /** Whether the newest packet was dropped since nothing of this encoding is forwarded. */
  private boolean withheld = true;

  /** The frame of the newest packet, if that was dropped. */
  private long droppedFrame = NO_FRAME;

  EncodingProjection(long ssrc) {
    this.ssrc = ssrc;
  }

  boolean forward(int sequenceNumber, int frame, boolean lastFrameOfPicture) {
    boolean newest = !numbers.late(sequenceNumber);
    boolean accepted =
        numbers.forward(
            sequenceNumber, lastFrameOfPicture && Frame.end(frame), withheld && Frame.start(frame));
    if (newest && accepted) {
      withheld = false;
      droppedFrame = NO_FRAME;
    }
    return accepted;
  }

  void drop(int sequenceNumber, long frameKey, boolean withhold) {
    boolean newest = !numbers.late(sequenceNumber);
    numbers.drop(sequenceNumber, (withheld && withhold) || droppedFrame == frameKey);
    if (newest) {
      withheld = withhold;
      droppedFrame = frameKey;
    }
  }

  void miss(int sequenceNumber) {
    if (withheld) {
      numbers.drop(sequenceNumber, true);
    } else {
      numbers.miss(sequenceNumber);
    }
  }

  boolean withheld() {
    return withheld;
  }
}
