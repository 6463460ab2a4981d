/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.report;

import static org.perc4j.it.report.TimeAxis.clock;
import static org.perc4j.it.report.TimeAxis.number;

import java.util.List;
import org.perc4j.it.report.Proceedings.Code;
import org.perc4j.it.report.Proceedings.Epoch;
import org.perc4j.it.report.Proceedings.Presence;
import org.perc4j.it.report.Proceedings.Span;

/** Who was in, and which keys and codes they had. */
final class GroupSection {
  private static final int WIDTH = 1000;
  private static final int HEIGHT = 24;
  private static final int MOST_EPOCHS = 100;

  private GroupSection() {}

  static void write(Markup out, TimeAxis axis, Proceedings proceedings) {
    HtmlReport.section(
        out,
        "who",
        "Who was there",
        "Each row is a participant, from joining to leaving. Vertical lines show when the group"
            + " changed its keys: whoever joins cannot read what was sent before, and whoever"
            + " leaves cannot read what is sent afterwards.");
    out.open("p", "class", "keys");
    HtmlReport.key(out, "connected", "sends and receives on the bridge");
    HtmlReport.key(out, "member", "is a member of the group and has its keys");
    HtmlReport.key(out, "epoch", "new keys");
    out.close();
    if (proceedings.presences().isEmpty()) {
      HtmlReport.nothing(out, "Nobody was there.");
    }
    if (!axis.epochs().isEmpty()) {
      axis.epochLabels(out);
    }
    for (Presence presence : proceedings.presences()) {
      lane(out, axis, presence);
    }
    axis.labels(out, "axis");
    epochs(out, proceedings.epochs());
    out.close();
  }

  private static void lane(Markup out, TimeAxis axis, Presence presence) {
    out.open("div", "class", "lane", "data-participant", presence.id());
    out.open("div", "class", "name").element("b", presence.id());
    out.element(
        "small", presence.protection() == null ? "member without media" : presence.protection());
    out.close();
    out.picture("presence", presence.id() + " was there " + when(presence), WIDTH, HEIGHT);
    for (Span span : presence.member()) {
      bar(out, axis, span, "member", 0, HEIGHT, presence.id() + " was a member");
    }
    for (Span span : presence.connected()) {
      bar(out, axis, span, "connected", 6, HEIGHT - 12, presence.id() + " was connected");
    }
    axis.lines(out, WIDTH, HEIGHT);
    out.close().close();
  }

  private static String when(Presence presence) {
    List<Span> spans = presence.connected().isEmpty() ? presence.member() : presence.connected();
    return String.join(
        " and ",
        spans.stream()
            .map(span -> "from " + clock(span.from()) + " to " + clock(span.to()))
            .toList());
  }

  private static void bar(
      Markup out, TimeAxis axis, Span span, String styleClass, int y, int height, String what) {
    double from = axis.at(span.from(), WIDTH);
    out.shape(
        "rect",
        what + " from " + clock(span.from()) + " to " + clock(span.to()),
        "class",
        styleClass,
        "x",
        number(from),
        "y",
        Integer.toString(y),
        "width",
        number(Math.max(1, axis.at(span.to(), WIDTH) - from)),
        "height",
        Integer.toString(height));
  }

  private static void epochs(Markup out, List<Epoch> epochs) {
    if (epochs.isEmpty()) {
      HtmlReport.nothing(out, "There was no group: nobody had keys that the bridge did not have.");
      return;
    }
    out.element("h3", "Keys and codes");
    out.element(
        "p",
        "Members read the code to each other. If all see the same code, nobody is between them.",
        "class",
        "caption");
    out.open("ol", "class", "epochs");
    for (Epoch epoch : epochs.subList(0, Math.min(MOST_EPOCHS, epochs.size()))) {
      out.open("li", "class", epoch.codes().size() > 1 ? "differing" : "same");
      out.open("div", "class", "moment").element("b", epoch.name());
      out.element("span", clock(epoch.at())).close();
      out.open("p", "class", "members");
      epoch.members().forEach(member -> out.element("span", member));
      out.close();
      codes(out, epoch);
      out.close();
    }
    out.close();
    if (epochs.size() > MOST_EPOCHS) {
      HtmlReport.nothing(
          out, "And " + HtmlReport.count(epochs.size() - MOST_EPOCHS, "epoch") + " more.");
    }
  }

  private static void codes(Markup out, Epoch epoch) {
    List<Code> codes = epoch.codes();
    if (codes.isEmpty()) {
      HtmlReport.nothing(out, "This epoch ended before anybody could read the code.");
    }
    if (codes.size() > 1) {
      out.element(
          "p", "The codes differ: somebody may be between these members.", "class", "alarm");
    }
    for (Code code : codes) {
      out.open("div", "class", "code");
      out.open("div", "class", "emoji");
      for (int i = 0; i < code.emoji().size(); i++) {
        out.open("span").element("i", code.emoji().get(i));
        out.element("small", i < code.words().size() ? code.words().get(i) : "").close();
      }
      out.close();
      out.element("p", code.digits(), "class", "digits");
      out.element(
          "p",
          codes.size() == 1
              ? common(code.holders().size(), epoch.members().size())
              : "at " + String.join(", ", code.holders()),
          "class",
          "holders");
      out.close();
    }
  }

  private static String common(int holders, int members) {
    return members == 1
        ? "seen by the only member"
        : holders == members
            ? "the same at all " + members + " members"
            : "the same at those " + holders + " of " + members + " members who looked";
  }
}
