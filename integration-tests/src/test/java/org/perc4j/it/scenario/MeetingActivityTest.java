/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.perc4j.e2e.activity.ActivityMode;
import org.perc4j.it.activity.BridgeMeeting;
import org.perc4j.it.activity.SpeakerAgreement;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.media.SpeechClip;
import org.perc4j.it.speech.Meeting;
import org.perc4j.it.speech.Programs;
import org.perc4j.it.speech.RequiresSpeech;
import org.perc4j.it.speech.Speech;

/**
 * The bridge follows a meeting if it is told only who speaks about as it does if it is told how
 * loud everything is.
 */
@RequiresSpeech
@RequiresJvb
class MeetingActivityTest {
  private static final String SCENARIO = "meeting";
  private static final int PARTICIPANTS = 4;
  private static final int SECONDS = 60;

  /** Of a meeting in which it is clear who speaks: bridges with exact levels hardly disagree. */
  private static final long SEED = 8;

  private static final int MIN_SWITCHES = 3;

  @Test
  void minimalLevelsShowTheSameSpeakersAsExactOnes(JvbProcess jvb) throws Exception {
    List<SpeechClip> speech =
        Meeting.generate(
                SEED, PARTICIPANTS, SECONDS, new Speech(new Programs(Checks.folder("speech"))))
            .stream()
            .map(SpeechClip::encode)
            .toList();
    try (BridgeMeeting exact = meeting(jvb, "meeting-exact", ActivityMode.EXACT, speech);
        BridgeMeeting minimal = meeting(jvb, "meeting-minimal", ActivityMode.MINIMAL, speech)) {
      BridgeMeeting.hold(List.of(exact, minimal), 1000 / SpeakerAgreement.STEP_MILLIS * SECONDS);
      String busy = ", longest gap " + exact.longestGapMillis() + " ms";
      assertAgree(exact.speakers(), minimal.speakers(), 0.85, "speakers" + busy);
      assertAgree(exact.shown(), minimal.shown(), 0.8, "video" + busy);
      for (BridgeMeeting meeting : List.of(exact, minimal)) {
        int switches = SpeakerAgreement.switches(meeting.speakers()).size();
        assertTrue(switches >= MIN_SWITCHES, switches + " switches" + busy);
        assertAgree(meeting.speakers(), meeting.shown(), 0.8, "video of the speaker" + busy);
        Checks.assertNothingRefused(meeting.conference());
      }
    }
    Checks.assertHealthy(jvb);
  }

  private static void assertAgree(int[] reference, int[] other, double share, String what) {
    SpeakerAgreement agreement = SpeakerAgreement.of(reference, other);
    assertTrue(agreement.share() >= share, what + ": " + agreement);
  }

  private static BridgeMeeting meeting(
      JvbProcess jvb, String name, ActivityMode activity, List<SpeechClip> speech)
      throws Exception {
    return new BridgeMeeting(jvb, name, activity, speech, Checks.folder(SCENARIO));
  }
}
