/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.activity;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.perc4j.e2e.activity.ActivityMode;
import org.perc4j.e2e.activity.ActivityShaper;
import org.perc4j.e2e.activity.ActivityTiming;
import org.perc4j.e2e.activity.OpusSizeShaper;
import org.perc4j.it.media.SpeechClip;
import org.perc4j.it.speech.SpeechTrack;

/** What participants tell the bridge of a meeting. */
public final class Shaping {
  /** How long sound takes from one participant to another, in packets. */
  private static final int HEARING_DELAY_PACKETS = 5;

  private static final byte TABLE_OF_CONTENTS = 0x48;
  private static final int MAX_PACKET_BYTES = 1500;

  private Shaping() {}

  /** Returns the true levels by participant and packet, in -dBov. */
  public static int[][] levels(List<SpeechTrack> meeting) {
    return meeting.stream().map(SpeechTrack::levelsMinusDbov).toArray(int[][]::new);
  }

  /**
   * Shapes the levels of a meeting.
   *
   * @param levels true levels, by participant and packet
   * @param seed of the randomness of all
   * @return RFC 6464 octets, by participant and packet
   */
  public static int[][] octets(
      int[][] levels, ActivityMode mode, ActivityTiming timing, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    ActivityShaper[] shapers = new ActivityShaper[levels.length];
    Arrays.setAll(shapers, i -> new ActivityShaper(mode, timing, random.split()));
    int packets = levels[0].length;
    int[][] octets = new int[levels.length][packets];
    for (int t = 0; t < packets; t++) {
      int voices = voices(levels, t - HEARING_DELAY_PACKETS);
      for (int i = 0; i < levels.length; i++) {
        boolean own = isVoice(levels[i], t - HEARING_DELAY_PACKETS);
        octets[i][t] =
            shapers[i].shape(
                (long) SpeakerAgreement.STEP_MILLIS * t,
                levels[i][t],
                isVoice(levels[i], t),
                voices - (own ? 1 : 0) > 0);
      }
    }
    return octets;
  }

  private static int voices(int[][] levels, int packet) {
    return (int) Arrays.stream(levels).filter(each -> isVoice(each, packet)).count();
  }

  private static boolean isVoice(int[] levels, int packet) {
    return packet >= 0 && SpeechClip.isVoice(levels[packet]);
  }

  /**
   * Goes on with the last second again and again, so that no length tells anything.
   *
   * @param symbols at least a second of them
   * @param packets how many there are then
   */
  public static int[] extended(int[] symbols, int packets) {
    int[] all = Arrays.copyOf(symbols, packets);
    for (int t = symbols.length; t < all.length; t++) {
      all[t] = all[t - EntropyRate.PER_SECOND];
    }
    return all;
  }

  /**
   * Shapes the sizes of a stream of Opus.
   *
   * @param sizes of the packets as encoded, in octets
   */
  public static int[] sizes(int[] sizes) {
    OpusSizeShaper shaper = new OpusSizeShaper();
    byte[] packet = new byte[MAX_PACKET_BYTES];
    return Arrays.stream(sizes)
        .map(
            size -> {
              packet[0] = TABLE_OF_CONTENTS;
              return shaper.shape(packet, 0, size, packet.length);
            })
        .toArray();
  }
}
