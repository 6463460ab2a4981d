/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.activity;

import org.jitsi.utils.dsi.DominantSpeakerIdentification;
import org.perc4j.header.audiolevel.AudioLevelCodec;

/** Who Jitsi's own dominant speaker identification takes for the speaker, in virtual time. */
public final class SpeakerDetection {
  /** The detector counts upwards from silence. */
  private static final int SILENCE = 0;

  private SpeakerDetection() {}

  /**
   * Feeds the levels of all participants to it, packet by packet.
   *
   * @param octets RFC 6464 octets by participant and packet
   * @param lateMillis how much later than its first packet everything comes, against the detector's
   *     own rhythm of decisions: 0 to 299
   * @return for each packet time a timeline of {@link SpeakerAgreement}
   */
  public static int[] speakers(int[][] octets, int lateMillis) {
    VirtualExecutor time = new VirtualExecutor();
    DominantSpeakerIdentification<Integer> detector =
        new DominantSpeakerIdentification<>(time.clock(), time);
    for (int participant = 0; participant < octets.length; participant++) {
      detector.levelChanged(participant, SILENCE);
    }
    time.advance(lateMillis);
    int packets = octets[0].length;
    int[] speakers = new int[packets];
    for (int i = 0; i < packets; i++) {
      for (int participant = 0; participant < octets.length; participant++) {
        int level = AudioLevelCodec.levelMinusDbov(octets[participant][i]);
        detector.levelChanged(participant, AudioLevelCodec.SILENCE_MINUS_DBOV - level);
      }
      time.advance(SpeakerAgreement.STEP_MILLIS);
      Integer speaker = detector.getDominantSpeaker();
      speakers[i] = speaker == null ? SpeakerAgreement.NOBODY : speaker;
    }
    return speakers;
  }
}
