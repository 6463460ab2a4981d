/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.video;

/**
 * Maps the sequence numbers of one SSRC from its sender's numbering to a receiver's: what was not
 * forwarded on purpose leaves no gap, what was lost leaves one.
 *
 * <p>Not thread-safe. Allocates nothing.
 */
public final class SequenceProjection {
  /** How far behind a packet may come and still be taken for a late one. */
  private static final int LATE = 1024;

  /** After so many packets nothing from before a resumption is expected any more. */
  private static final int SETTLED = 0x4000;

  private boolean started;
  private boolean suspended = true;
  private int highestSeen;
  private int highestSent;
  private int delta;

  private boolean recentlyResumed;
  private int firstSinceResumption;
  private int deltaBeforeResumption;

  /** The stream is not forwarded from here on; the packet at hand is the last one known of it. */
  public void withhold(int sequenceNumber) {
    suspended = true;
    seen(sequenceNumber);
  }

  /** Whether the next packet accepted is the first one, or the first after a suspension. */
  public boolean suspended() {
    return suspended;
  }

  /**
   * Whether to forward a packet of a stream that is to be forwarded. Refused are packets from
   * before a resumption: their place in the receiver's numbering is taken.
   */
  public boolean accept(int sequenceNumber) {
    if (suspended) {
      if (started && !behind(highestSeen, sequenceNumber) && !farBehind(sequenceNumber)) {
        return false;
      }
      resume(sequenceNumber);
      return true;
    }
    if (recentlyResumed) {
      if (behind(sequenceNumber, firstSinceResumption)) {
        return false;
      }
      recentlyResumed = ((sequenceNumber - firstSinceResumption) & 0xffff) < SETTLED;
    }
    seen(sequenceNumber);
    int mapped = (sequenceNumber + delta) & 0xffff;
    if (behind(highestSent, mapped)) {
      highestSent = mapped;
    }
    return true;
  }

  private void resume(int sequenceNumber) {
    deltaBeforeResumption = delta;
    if (started) {
      delta = (highestSent + 1 - sequenceNumber) & 0xffff;
      recentlyResumed = true;
      firstSinceResumption = sequenceNumber;
    }
    started = true;
    suspended = false;
    highestSeen = sequenceNumber;
    highestSent = (sequenceNumber + delta) & 0xffff;
  }

  /** The receiver's number for a packet that was accepted, now or a little earlier. */
  public int map(int sequenceNumber) {
    boolean old = recentlyResumed && behind(sequenceNumber, firstSinceResumption);
    return (sequenceNumber + (old ? deltaBeforeResumption : delta)) & 0xffff;
  }

  /** The highest number sent so far; 0 before the first. */
  public int highestSent() {
    return highestSent;
  }

  private void seen(int sequenceNumber) {
    if (!started || behind(highestSeen, sequenceNumber) || farBehind(sequenceNumber)) {
      highestSeen = sequenceNumber;
    }
  }

  private boolean farBehind(int sequenceNumber) {
    return ((highestSeen - sequenceNumber) & 0xffff) >= LATE;
  }

  /** Whether a comes before b, in RFC 1982 order. */
  private static boolean behind(int a, int b) {
    return (short) (a - b) < 0;
  }
}
