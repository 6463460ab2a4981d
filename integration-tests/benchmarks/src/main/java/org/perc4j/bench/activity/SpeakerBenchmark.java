/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.activity;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.perc4j.bench.Machine;
import org.perc4j.e2e.activity.ActivityMode;
import org.perc4j.it.activity.BridgeMeeting;
import org.perc4j.it.activity.SpeakerAgreement;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.media.SpeechClip;
import org.perc4j.it.speech.Meeting;
import org.perc4j.it.speech.Programs;
import org.perc4j.it.speech.Speech;

/**
 * Whether a Jitsi Videobridge still finds the speaker where it is told next to nothing: the same
 * meeting in three rooms at the same time, two with exact levels, as the bridge does not even quite
 * agree with itself, and one with minimal ones.
 */
public final class SpeakerBenchmark {
  private static final int STEPS_PER_SECOND = 1000 / SpeakerAgreement.STEP_MILLIS;
  private static final PrintStream OUT = System.out;

  private SpeakerBenchmark() {}

  /**
   * Runs it.
   *
   * @param arguments how many seconds, how many participants, and the seed of the meeting; 300, 4
   *     and 21 unless said otherwise
   */
  public static void main(String[] arguments) throws Exception {
    int seconds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 300;
    int participants = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 4;
    long seed = arguments.length > 2 ? Long.parseLong(arguments[2]) : 21;
    Machine.describe(OUT);
    Path output = Path.of(System.getProperty("perc4j.output", "target"), "speakers");
    List<SpeechClip> speech =
        Meeting.generate(seed, participants, seconds, new Speech(new Programs(output))).stream()
            .map(SpeechClip::encode)
            .toList();
    OUT.printf("%d participants, %d s, seed %d%n", participants, seconds, seed);
    try (JvbProcess jvb =
        JvbProcess.startWithPlugin(
            output.resolve("jvb"), Path.of(System.getProperty("perc4j.plugin.jar")))) {
      compare(jvb, speech, seconds * STEPS_PER_SECOND, output);
    }
    System.exit(0);
  }

  private static void compare(JvbProcess jvb, List<SpeechClip> speech, int steps, Path output)
      throws IOException, InterruptedException {
    try (BridgeMeeting exact = new BridgeMeeting(jvb, "exact", ActivityMode.EXACT, speech, output);
        BridgeMeeting again =
            new BridgeMeeting(jvb, "exact-again", ActivityMode.EXACT, speech, output);
        BridgeMeeting minimal =
            new BridgeMeeting(jvb, "minimal", ActivityMode.MINIMAL, speech, output)) {
      List<BridgeMeeting> meetings = List.of(exact, again, minimal);
      BridgeMeeting.hold(meetings, steps);
      meetings.forEach(
          meeting -> meeting.conference().endpoints().forEach(one -> one.requireNoFailure()));
      OUT.printf("Longest time without a look: %d ms%n", exact.longestGapMillis());
      OUT.println("\nAgreement with the first room of exact levels:\n");
      OUT.println(
          "| what | levels | switches | agreement | delay p50 | p95 | missed | false per hour |");
      OUT.println("|---|---|---|---|---|---|---|---|");
      print("speaker", "exact", exact.speakers(), exact.speakers());
      print("speaker", "exact, again", exact.speakers(), again.speakers());
      print("speaker", "minimal", exact.speakers(), minimal.speakers());
      print("video", "exact", exact.shown(), exact.shown());
      print("video", "exact, again", exact.shown(), again.shown());
      print("video", "minimal", exact.shown(), minimal.shown());
    }
  }

  private static void print(String what, String levels, int[] reference, int[] other) {
    SpeakerAgreement agreement = SpeakerAgreement.of(reference, other);
    OUT.printf(
        Locale.ROOT,
        "| %s | %s | %d | %.1f %% | %s | %s | %d of %d | %.0f |%n",
        what,
        levels,
        SpeakerAgreement.switches(other).size(),
        100 * agreement.share(),
        delay(agreement, 0.5),
        delay(agreement, 0.95),
        agreement.missed(),
        agreement.switches(),
        agreement.falsePerHour());
  }

  private static String delay(SpeakerAgreement agreement, double rank) {
    return agreement.delaysMillis().isEmpty() ? "-" : agreement.delayMillis(rank) + " ms";
  }
}
