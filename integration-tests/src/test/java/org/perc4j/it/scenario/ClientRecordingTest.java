/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.perc4j.it.deployment.ClientProcess;
import org.perc4j.it.deployment.WebDeployment;
import org.perc4j.it.harness.Await;
import org.perc4j.it.harness.ChildProcess;
import org.perc4j.it.harness.Ffmpeg;

/** Somebody who records a meeting with the client. */
@OnWebDeployment
@RequiresGStreamer
class ClientRecordingTest {
  /** A flash and a beep come together so often. */
  private static final int PERIOD_SECONDS = 3;

  private static final double IN_SYNC_SECONDS = 0.1;

  private static final Pattern BEEP = Pattern.compile("silence_end: ([0-9.]+)");
  private static final Pattern FLASH = Pattern.compile("black_end:([0-9.]+)");

  private final WebDeployment deployment;

  @TempDir private Path folder = Path.of("");

  ClientRecordingTest(WebDeployment deployment) {
    this.deployment = deployment;
  }

  private ClientProcess join(String name, String... further) throws Exception {
    return ClientProcess.join(deployment, folder, "talk", name, further);
  }

  /** Black with flashes of white, and silence with beeps, both for half a second. */
  private Path clip() throws Exception {
    String when = "lt(mod(t\\,%d)\\,0.5)".formatted(PERIOD_SECONDS);
    return Ffmpeg.make(
        folder.resolve("clip.webm"),
        120,
        List.of(
            "color=black:size=320x180:rate=25,drawbox=color=white:t=fill:enable='%s'"
                .formatted(when),
            "aevalsrc=0.5*sin(2*PI*1000*t)*%s:sample_rate=48000".formatted(when)));
  }

  @Test
  void filesCanBePlayedAndFitTogether() throws Exception {
    Path recording = folder.resolve("recording");
    try (ClientProcess alice =
            join("alice", "--file", clip().toString(), "--size", "180", "--yes");
        ClientProcess tape = ClientProcess.record(deployment, folder, "talk", "tape", recording)) {
      tape.awaitLine("private: yes; members: ");
      alice.awaitLine("tape \"tape (records)\"");
      Await.until(
          "both files", Checks.PATIENCE, () -> ClientProcess.recorded(recording).size() >= 2);
      Await.pass(Duration.ofSeconds(5 * PERIOD_SECONDS));
      tape.command("q");
      assertEquals(0, tape.awaitEnd(), () -> tape.lines().toString());
      alice.command("q");
      assertEquals(0, alice.awaitEnd());
    }
    assertEquals(
        2,
        ClientProcess.recorded(recording).size(),
        () -> ClientProcess.recorded(recording).toString());
    List<Double> beeps = new ArrayList<>();
    List<Double> flashes = new ArrayList<>();
    for (JsonNode file : ClientProcess.recorded(recording)) {
      assertEquals("alice", file.path("member").asText());
      assertTrue(file.path("source").asText().startsWith(file.path("nickname").asText()));
      Path path = recording.resolve(file.path("file").asText());
      assertPlayable(path);
      double offset = file.path("offsetSeconds").asDouble();
      if (file.path("kind").asText().equals("audio")) {
        assertEquals("OPUS", file.path("codec").asText());
        beeps.addAll(times(path, BEEP, offset, "-af", "silencedetect=noise=-30dB:duration=0.3"));
      } else {
        assertEquals("VP8", file.path("codec").asText());
        flashes.addAll(times(path, FLASH, offset, "-vf", "blackdetect=d=0.3:pix_th=0.3"));
      }
    }
    assertInSync(beeps, flashes);
  }

  private static void assertPlayable(Path file) throws Exception {
    String complaints =
        ChildProcess.output(
            List.of("ffmpeg", "-v", "warning", "-i", file.toString(), "-f", "null", "-"));
    assertEquals("", complaints.strip());
  }

  private static List<Double> times(
      Path file, Pattern pattern, double offset, String option, String filter) throws Exception {
    String output =
        ChildProcess.output(
            List.of(
                "ffmpeg",
                "-hide_banner",
                "-i",
                file.toString(),
                option,
                filter,
                "-f",
                "null",
                "-"));
    List<Double> times = new ArrayList<>();
    Matcher matcher = pattern.matcher(output);
    while (matcher.find()) {
      times.add(Double.parseDouble(matcher.group(1)) + offset);
    }
    // The end of the file ends silence and darkness as well.
    return times.subList(0, Math.max(0, times.size() - 1));
  }

  /**
   * For each beep there is a flash. Some may have been missed: pictures begin with a key picture,
   * and stand still while the bridge changes from one encoding to another.
   */
  private static void assertInSync(List<Double> beeps, List<Double> flashes) {
    long pairs =
        beeps.stream()
            .filter(
                beep ->
                    flashes.stream().anyMatch(flash -> Math.abs(beep - flash) <= IN_SYNC_SECONDS))
            .count();
    String both = "beeps at " + beeps + ", flashes at " + flashes;
    assertTrue(pairs >= 3 && pairs * 3 >= beeps.size() * 2L, both);
  }
}
