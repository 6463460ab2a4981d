/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.links;

import java.util.List;

/**
 * What a receiver had of a call for some time.
 *
 * @param secondsToSize from the beginning until a picture of at least this size was shown of each
 *     sender, smallest size first; {@code NaN} if none was
 * @param largest the largest size that was shown of any sender in the last two seconds, -1 if none
 *     was shown
 * @param mediaBitsPerSecond of payloads that came
 * @param linkShare of what the link could carry, IP headers, repairs and padding included, 0 to 1
 * @param dropped packets for which the link's queue was too long
 * @param frozenSeconds in which a picture stood for more than half a second, for each sender
 * @param speech packets that were sent to the receiver
 * @param speechMissing of these, which never came
 * @param speechLate of these, which came more than 200 ms later than over an idle link
 * @param overflown packets that the machine was too busy to carry over the link: if there are any,
 *     nothing else here says much
 */
public record PhaseFigures(
    List<Double> secondsToSize,
    int largest,
    double mediaBitsPerSecond,
    double linkShare,
    long dropped,
    double frozenSeconds,
    long speech,
    long speechMissing,
    long speechLate,
    long overflown) {
  /** Copies the list. */
  public PhaseFigures {
    secondsToSize = List.copyOf(secondsToSize);
  }
}
