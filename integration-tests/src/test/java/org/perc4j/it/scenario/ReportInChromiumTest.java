/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.perc4j.it.bridge.Bridge;
import org.perc4j.it.report.Chromium;
import org.perc4j.it.report.HtmlReport;
import org.perc4j.it.report.Lanes;
import org.perc4j.it.report.MadeUp;
import org.perc4j.it.report.RequiresChromium;

/** A browser shows reports, and has nothing to complain of. */
@RequiresChromium
@ExtendWith(EmbeddedBridgeExtension.class)
class ReportInChromiumTest {
  private static final int WIDTH = 1200;
  private static final int PHONE_WIDTH = 500;
  private static final int HEIGHT = 3000;
  private static final int FEW_COLOURS = 40;

  @TempDir private Path folder = Path.of("");

  private Chromium chromium() {
    return new Chromium(Objects.requireNonNull(Chromium.installed()), folder);
  }

  @Test
  void showsWhoWasIn(Bridge bridge) throws Exception {
    Path report = ReportedConference.hold(bridge, "shown", folder);
    Chromium.Page page = chromium().open(report);
    assertEquals(List.of(), page.complaints());
    assertEquals(
        List.of("e0000001", "e0000002", "e0000003", ReportedConference.SILENT),
        Lanes.of(page.dom(), "who"));
    for (String id : Lanes.of(page.dom(), "who")) {
      assertTrue(
          page.dom()
              .contains("data-participant=\"" + id + "\"><div class=\"name\"><b>" + id + "</b>"),
          id);
    }
    assertEquals(List.of("e0000001", "e0000002"), Lanes.of(page.dom(), "speech"));
    assertIsNotBlank(report, WIDTH);
    assertIsNotBlank(report, PHONE_WIDTH);
  }

  private void assertIsNotBlank(Path report, int width) throws IOException, InterruptedException {
    Path png = folder.resolve("shown.png");
    chromium().picture(report, png, width, HEIGHT);
    BufferedImage image = ImageIO.read(png.toFile());
    assertNotNull(image);
    Set<Integer> colours = new HashSet<>();
    for (int y = 0; y < image.getHeight(); y += 3) {
      for (int x = 0; x < image.getWidth(); x++) {
        boolean unused = colours.add(image.getRGB(x, y));
      }
    }
    assertTrue(colours.size() > FEW_COLOURS, colours.size() + " colours");
  }

  @Test
  void doesNothingThatNamesSay() throws Exception {
    String hostile = "<img src=x onerror=\"document.title='gotcha'\">";
    Path report = folder.resolve("hostile.html");
    Files.writeString(
        report,
        HtmlReport.of(
            MadeUp.of(hostile, 5, List.of(hostile, "'><script>document.title='gotcha'</script>"))));
    Chromium.Page page = chromium().open(report);
    assertEquals(List.of(), page.complaints());
    assertFalse(page.dom().contains("<title>gotcha"), "a name was run");
    assertFalse(page.dom().contains("<img src=\"x\""), "a name became a picture");
    assertTrue(page.dom().contains("&lt;img src=x onerror="), "the name is not shown");
  }

  @Test
  void complaintsAreHeard() throws Exception {
    Path page = folder.resolve("broken.html");
    Files.writeString(page, "<!DOCTYPE html><script>throw new Error('broken')</script>");
    assertEquals(1, chromium().open(page).complaints().size());
  }
}
