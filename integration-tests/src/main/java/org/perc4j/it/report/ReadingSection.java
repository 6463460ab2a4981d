/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.perc4j.it.report.Proceedings.Reading;
import org.perc4j.it.report.Proceedings.Still;

/** What the bridge could read of each stream, beside what members can. */
final class ReadingSection {
  private static final int MOST_COLUMNS = 128;
  private static final int MOST_ROWS = 48;
  private static final int ROWS_OF_ALL = 1000;
  private static final int LEAST_ROWS = 8;
  private static final int MOST_READINGS = 100;

  private ReadingSection() {}

  static void write(Markup out, List<Reading> readings) {
    HtmlReport.section(
        out,
        "bridge",
        "What the bridge could read",
        "The last packets of each stream: each row is a packet, each dot an octet, dark for 0."
            + " Where the bridge sees only noise, it can read nothing but the header; that of the"
            + " last packet is shown below.");
    if (readings.isEmpty()) {
      HtmlReport.nothing(out, "No packets were recorded.");
    }
    int shown = Math.min(MOST_READINGS, readings.size());
    int rows = Math.max(LEAST_ROWS, Math.min(MOST_ROWS, ROWS_OF_ALL / Math.max(1, shown)));
    out.open("div", "class", "readings");
    readings.subList(0, shown).forEach(reading -> card(out, reading, rows));
    out.close();
    if (readings.size() > shown) {
      HtmlReport.nothing(
          out, "And " + HtmlReport.count(readings.size() - shown, "stream") + " more.");
    }
    out.close();
  }

  private static void card(Markup out, Reading reading, int rows) {
    String what = LossSection.kind(reading.kind());
    out.open("article", "class", "reading", "data-participant", reading.sender());
    out.open("h3").text(what + " from ").element("b", reading.sender()).close();
    out.open("div", "class", "views");
    Still still = reading.still();
    if (still != null) {
      figure(
          out,
          "still",
          OctetPicture.address("image/jpeg", still.jpeg()),
          "Video from " + reading.sender() + " as " + still.viewer() + " saw it",
          "what " + still.viewer() + " saw");
    }
    int columns =
        Stream.concat(reading.atMembers().stream(), reading.atBridge().stream())
            .mapToInt(packet -> packet.length)
            .max()
            .orElse(0);
    if (columns > 0) {
      columns = Math.min(MOST_COLUMNS, columns);
      octets(out, reading, reading.atMembers(), columns, rows, "as members see it");
      octets(out, reading, reading.atBridge(), columns, rows, "as the bridge sees it");
    }
    out.close();
    verdict(out, reading);
    out.open("dl");
    reading
        .header()
        .forEach((name, value) -> out.open("div").element("dt", name).element("dd", value).close());
    out.close().close();
  }

  private static void octets(
      Markup out, Reading reading, List<byte[]> packets, int columns, int rows, String caption) {
    List<byte[]> last = packets.subList(Math.max(0, packets.size() - rows), packets.size());
    figure(
        out,
        "octets",
        OctetPicture.of(last, columns, Math.max(1, last.size())),
        "Octets of "
            + LossSection.kind(reading.kind())
            + " from "
            + reading.sender()
            + " "
            + caption,
        caption);
  }

  private static void figure(
      Markup out, String styleClass, String address, String label, String caption) {
    out.open("figure", "class", styleClass);
    out.empty("img", "src", address, "alt", label, "title", label);
    out.element("figcaption", caption).close();
  }

  private static void verdict(Markup out, Reading reading) {
    boolean untried = reading.tried() == 0;
    out.element(
        "p",
        untried
            ? "The bridge's keys were not tried on it."
            : String.format(
                Locale.ROOT,
                "The bridge could read %,d of %,d packets.",
                reading.opened(),
                reading.tried()),
        "class",
        "read " + (untried ? "open" : reading.opened() > 0 ? "bad" : "good"));
  }
}
