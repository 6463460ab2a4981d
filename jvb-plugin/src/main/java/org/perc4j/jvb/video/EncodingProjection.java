/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.video;

import org.perc4j.jvb.packet.Frame;

/**
 * One encoding of a source on its way to one receiver. Most are not forwarded for most of the time:
 * what is remembered of single packets and frames takes memory from the first one that is forwarded
 * on, until none was for as long as packets may come late. Guarded by {@link SourceProjection}.
 */
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

  /** Whether of the newest packet's picture nothing that follows is forwarded. */
  private boolean restDropped;

  private long newestTimestamp;

  /** The frame of the newest packet. */
  private long newestFrame = NO_FRAME;

  /** From one picture to the next, in units of the timestamp; 0 if that is not known. */
  private long pictureInterval;

  EncodingProjection(long ssrc) {
    this.ssrc = ssrc;
  }

  /**
   * Forwards a packet.
   *
   * @param decision on its frame, as {@link RecentFrames} has it
   */
  boolean forward(int sequenceNumber, long timestamp, int frame, long frameKey, int decision) {
    boolean newest = !numbers.late(sequenceNumber);
    boolean droppedBefore =
        (withheld && Frame.start(frame))
            || (newest && restDropped && followsPicture(sequenceNumber, timestamp, frame));
    boolean last = RecentFrames.isLast(decision) && Frame.end(frame);
    int note =
        SequenceProjection.ofTarget(RecentFrames.target(decision))
            | (last ? SequenceProjection.LAST_OF_PICTURE : 0)
            | (RecentFrames.targetsChanged(decision) ? SequenceProjection.TARGETS_CHANGED : 0);
    boolean accepted = numbers.forward(sequenceNumber, note, droppedBefore);
    if (newest && accepted) {
      withheld = false;
      droppedFrame = NO_FRAME;
      restDropped = last;
      newestTimestamp = timestamp;
      newestFrame = frameKey;
    }
    return accepted;
  }

  /**
   * Drops a packet on purpose.
   *
   * @param withhold whether nothing of this encoding is forwarded
   * @param rest whether what follows of the packet's picture is dropped, too
   */
  void drop(
      int sequenceNumber,
      long timestamp,
      int frame,
      long frameKey,
      boolean withhold,
      boolean rest) {
    boolean newest = !numbers.late(sequenceNumber);
    boolean droppedBefore =
        (withheld && withhold)
            || droppedFrame == frameKey
            || (newest
                && restDropped
                && (timestamp == newestTimestamp
                    || followsPicture(sequenceNumber, timestamp, frame)));
    if (newest && withhold && !withheld) {
      long index = numbers.index(sequenceNumber);
      marked.stop(index);
      described.stop(index);
    }
    numbers.drop(sequenceNumber, droppedBefore);
    if (newest) {
      withheld = withhold;
      droppedFrame = frameKey;
      restDropped = rest;
      newestTimestamp = timestamp;
      newestFrame = frameKey;
    }
    if (withheld && numbers.rests()) {
      forget();
    }
  }

  /** Nothing came for long: begins anew at a switching point, with the numbers going on. */
  void rest() {
    numbers.rest();
    forget();
    withheld = true;
    droppedFrame = NO_FRAME;
    newestFrame = NO_FRAME;
    restDropped = false;
    pictureInterval = 0;
  }

  private void forget() {
    decided.rest();
    marked.rest();
    described.rest();
  }

  /** Whether it remembers nothing of single packets. */
  boolean rests() {
    return numbers.rests();
  }

  /**
   * The frame of a packet that does not say itself: that of the newest one if their timestamps
   * agree, else none that is known.
   */
  long frameAt(long timestamp) {
    return timestamp == newestTimestamp ? newestFrame : NO_FRAME;
  }

  /** Whether of the newest packet's picture nothing that follows is forwarded. */
  boolean restDropped() {
    return restDropped;
  }

  /**
   * Whether a packet begins the picture right after that of the newest one, so that nothing can be
   * missing between them but the rest of that picture.
   */
  private boolean followsPicture(int sequenceNumber, long timestamp, int frame) {
    if (!Frame.start(frame) || Frame.spatialId(frame) != 0) {
      return false;
    }
    long step = (timestamp - newestTimestamp) & 0xffff_ffffL;
    if (numbers.lead(sequenceNumber) == 1) {
      pictureInterval = step;
    }
    return step > 0 && step <= pictureInterval + pictureInterval / 2;
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
