/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.report;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.it.report.Proceedings.Passage;

/** What got lost on the way. */
final class LossSection {
  private static final int WIDTH = 100;
  private static final int HEIGHT = 10;

  /** What there is at all can be seen. */
  private static final double LEAST_WIDTH = 2;

  private LossSection() {}

  private record Pair(String sender, String receiver) {}

  static void write(Markup out, List<Passage> passages) {
    HtmlReport.section(
        out,
        "losses",
        "What was lost on the way",
        "Of the packets that the bridge forwarded to each receiver: which arrived, which arrived"
            + " after a repeat request, and which never arrived. Packets that the bridge chose not"
            + " to forward do not count.");
    if (passages.isEmpty()) {
      HtmlReport.nothing(out, "No received packets were recorded.");
      out.close();
      return;
    }
    out.open("p", "class", "keys");
    HtmlReport.key(out, "arrived", "arrived");
    HtmlReport.key(out, "repaired", "arrived after a repeat request");
    HtmlReport.key(out, "missing", "missing");
    out.close();
    Set<String> senders = new TreeSet<>();
    Set<String> receivers = new TreeSet<>();
    Map<Pair, Map<MediaKind, Passage>> cells = new HashMap<>();
    for (Passage passage : passages) {
      boolean unused = senders.add(passage.sender());
      boolean unusedToo = receivers.add(passage.receiver());
      Passage unusedAsWell =
          cells
              .computeIfAbsent(
                  new Pair(passage.sender(), passage.receiver()),
                  pair -> new EnumMap<>(MediaKind.class))
              .put(passage.kind(), passage);
    }
    out.open("div", "class", "scroll").open("table").open("thead").open("tr");
    out.element("th", "from \u2193 to \u2192", "scope", "col");
    receivers.forEach(receiver -> out.element("th", receiver, "scope", "col"));
    out.close().close().open("tbody");
    for (String sender : senders) {
      out.open("tr").element("th", sender, "scope", "row");
      for (String receiver : receivers) {
        out.open("td");
        cells
            .getOrDefault(new Pair(sender, receiver), Map.of())
            .values()
            .forEach(passage -> cell(out, passage));
        out.close();
      }
      out.close();
    }
    out.close().close().close().close();
  }

  private static void cell(Markup out, Passage passage) {
    long all = passage.arrived() + passage.missing();
    String figures =
        String.format(
            Locale.ROOT,
            "%s from %s to %s: %,d of %,d packets arrived, %,d of them after a repeat request,"
                + " %,d are missing",
            kind(passage.kind()),
            passage.sender(),
            passage.receiver(),
            passage.arrived(),
            all,
            passage.repaired(),
            passage.missing());
    out.open("div", "class", "bar").element("small", kind(passage.kind()));
    out.picture("share", figures, WIDTH, HEIGHT).element("title", figures);
    double missing = width(passage.missing(), all);
    double repaired = width(passage.repaired(), all);
    part(out, "arrived", 0, WIDTH);
    part(out, "repaired", WIDTH - missing - repaired, repaired);
    part(out, "missing", WIDTH - missing, missing);
    out.close();
    out.element(
        "small",
        passage.missing() == 0
            ? ""
            : String.format(Locale.ROOT, "%.1f %% missing", 100.0 * passage.missing() / all),
        "class",
        "figure");
    out.close();
  }

  private static double width(long part, long all) {
    return part <= 0 ? 0 : Math.max(LEAST_WIDTH, (double) WIDTH * part / Math.max(1, all));
  }

  private static void part(Markup out, String styleClass, double x, double width) {
    if (width > 0) {
      out.empty(
          "rect",
          "class",
          styleClass,
          "x",
          TimeAxis.number(Math.max(0, x)),
          "width",
          TimeAxis.number(width),
          "height",
          Integer.toString(HEIGHT));
    }
  }

  /** Names a kind of media for people. */
  static String kind(MediaKind kind) {
    return switch (kind) {
      case AUDIO -> "speech";
      case VIDEO -> "video";
    };
  }
}
