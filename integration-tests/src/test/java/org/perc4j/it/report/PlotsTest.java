/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlotsTest {
  private static final long MOST_OCTETS = 60_000;

  @TempDir private Path folder = Path.of("");

  @BeforeAll
  static void withoutDisplay() {
    System.setProperty("java.awt.headless", "true");
  }

  @Test
  void levelsOverTimeFitInASmallPicture() throws IOException {
    Map<String, int[]> series = new LinkedHashMap<>();
    SplittableRandom random = new SplittableRandom(1);
    int[] levels = new int[5000];
    int[] emitted = new int[5000];
    double level = 50;
    for (int t = 0; t < levels.length; t++) {
      level += 0.1 * (50 - level) + 12 * (random.nextDouble() - 0.5);
      levels[t] = (int) level;
      emitted[t] = t / 200 % 2 == 0 ? 30 : 127;
    }
    series.put("true level", levels);
    series.put("emitted", emitted);
    Path file = folder.resolve("timeline.png");
    Plots.timeline(file, "Levels", "-dBov", series, 50, 20);
    assertPicture(file);
  }

  @Test
  void linesStartAtZero() throws IOException {
    Map<String, double[]> curves = new LinkedHashMap<>();
    curves.put("bridge", new double[] {80, 90, 85});
    curves.put("endpoints", new double[] {0, 0, 0});
    Path file = folder.resolve("lines.png");
    Plots.lines(file, "Heap", "minutes", "MB", new double[] {0, 1, 2}, curves);
    assertPicture(file);
  }

  @Test
  void barsStandZeroOnALogarithmicAxis() throws IOException {
    Map<String, double[]> series = new LinkedHashMap<>();
    series.put("at most", new double[] {180, 2.5, 0.3, 0});
    series.put("about words", new double[] {8, 0.8, 0.01, -0.02});
    Path file = folder.resolve("bars.png");
    Plots.bars(
        file,
        "Leak",
        "bits per second",
        List.of("plain", "coarse", "canned", "constant"),
        series,
        0.001);
    assertPicture(file);
  }

  @Test
  void tradeOffsNameTheirPoints() throws IOException {
    Path file = folder.resolve("trade-off.png");
    Plots.tradeOff(
        file,
        "Leak and agreement",
        "bits per second",
        "agreement, %",
        Map.of(
            "modes",
            List.of(
                new Plots.Point("constant", 0, 20),
                new Plots.Point("canned", 0.5, 93),
                new Plots.Point("plain", 180, 100))),
        0.001);
    assertPicture(file);
  }

  private static void assertPicture(Path file) throws IOException {
    BufferedImage image = ImageIO.read(file.toFile());
    assertNotNull(image);
    assertEquals(900, image.getWidth());
    assertTrue(Files.size(file) < MOST_OCTETS, file + ": " + Files.size(file));
  }
}
