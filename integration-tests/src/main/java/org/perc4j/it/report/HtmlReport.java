/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.it.report.Proceedings.Epoch;
import org.perc4j.it.report.Proceedings.Reading;

/**
 * The report on a conference as one HTML file: pictures in SVG, nothing that runs, and nothing that
 * is somewhere else. What it says depends on the proceedings only.
 */
public final class HtmlReport {
  private static final String POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:";
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("d MMMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final Proceedings proceedings;
  private final Markup out = new Markup();

  private HtmlReport(Proceedings proceedings) {
    this.proceedings = proceedings;
  }

  /** Writes the report. */
  public static String of(Proceedings proceedings) {
    return new HtmlReport(proceedings).page();
  }

  private String page() {
    TimeAxis axis = new TimeAxis(proceedings.seconds(), proceedings.epochs());
    out.open("html", "lang", "en").open("head").empty("meta", "charset", "utf-8");
    out.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    out.empty("meta", "name", "color-scheme", "content", "light dark");
    out.empty("meta", "http-equiv", "Content-Security-Policy", "content", POLICY);
    out.element("title", "Conference " + proceedings.room()).style(css()).close();
    out.open("body").open("main");
    head();
    GroupSection.write(out, axis, proceedings);
    SpeechSection.write(out, axis, proceedings.speeches(), heard());
    LayerSection.write(out, axis, proceedings.forwardings());
    LossSection.write(out, proceedings.passages());
    ReadingSection.write(out, proceedings.readings());
    omissions();
    return out.close().close().close().finish();
  }

  /** Returns to whom the bridge could listen. */
  private Set<String> heard() {
    return proceedings.readings().stream()
        .filter(reading -> reading.kind() == MediaKind.AUDIO && reading.opened() > 0)
        .map(Reading::sender)
        .collect(Collectors.toSet());
  }

  private static String css() {
    try (InputStream in = HtmlReport.class.getResourceAsStream("/report/report.css")) {
      if (in == null) {
        throw new IllegalStateException("the style sheet is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void head() {
    out.open("header").element("p", "perc4j conference report", "class", "kicker");
    out.element("h1", proceedings.room());
    out.open("p", "class", "facts");
    fact("Held on", proceedings.bridge());
    fact("Began", DATE.format(proceedings.began()));
    fact("Lasted", duration(Math.round(proceedings.seconds())));
    fact(
        "With",
        count(proceedings.presences().size(), "participant")
            + ", "
            + count(proceedings.epochs().size(), "change")
            + " of keys");
    out.close();
    verdict();
    out.close();
  }

  private static String duration(long seconds) {
    List<String> parts = new ArrayList<>();
    if (seconds >= 3600) {
      parts.add(count(seconds / 3600, "hour"));
    }
    if (seconds >= 60) {
      parts.add(count(seconds / 60 % 60, "minute"));
    }
    parts.add(count(seconds % 60, "second"));
    return String.join(" ", parts);
  }

  private void fact(String name, String value) {
    out.open("span").element("b", name).text(" " + value).close();
  }

  private void verdict() {
    String forwarded = "The bridge forwarded " + count(proceedings.forwarded(), "packet") + ". ";
    int tried = proceedings.tried();
    int opened = proceedings.opened();
    if (opened > 0) {
      verdict(
          "bad",
          "\u2717",
          forwarded
              + String.format(Locale.ROOT, "It could read %,d of the %,d", opened, tried)
              + " packets that were tried.");
    } else if (tried == 0 || proceedings.bridgeKeys() == 0) {
      verdict(
          "open",
          "?",
          forwarded + "Whether it could read any is unknown: its keys were not tried.");
    } else {
      verdict(
          "good",
          "\u2713",
          forwarded
              + String.format(
                  Locale.ROOT,
                  "With all its %,d keys it could read 0 of the %,d packets that were tried.",
                  proceedings.bridgeKeys(),
                  tried));
    }
    if (proceedings.codesDiffer()) {
      verdict(
          "bad",
          "\u2717",
          "Members had different codes in "
              + proceedings.epochs().stream()
                  .filter(epoch -> epoch.codes().size() > 1)
                  .map(Epoch::name)
                  .collect(Collectors.joining(", "))
              + ": somebody may have been between them.");
    }
  }

  private void verdict(String styleClass, String sign, String sentence) {
    out.open("p", "class", "verdict " + styleClass);
    out.element("span", sign, "class", "sign", "aria-hidden", "true");
    out.element("span", sentence).close();
  }

  private void omissions() {
    List<String> omissions = proceedings.omissions();
    if (omissions.isEmpty()) {
      return;
    }
    section(out, "omissions", "What this report leaves out", "And why.");
    out.open("ul");
    omissions.forEach(sentence -> out.element("li", sentence));
    out.close().close();
  }

  /** Begins a section. */
  static void section(Markup out, String id, String title, String caption) {
    out.open("section", "id", id).element("h2", title).element("p", caption, "class", "caption");
  }

  /** Explains a colour. */
  static void key(Markup out, String styleClass, String text) {
    out.open("span", "class", "key");
    out.element("i", "", "class", styleClass).text(text).close();
  }

  /** Says that there is nothing to show. */
  static void nothing(Markup out, String sentence) {
    out.element("p", sentence, "class", "nothing");
  }

  /** Writes how many there are of something. */
  static String count(long number, String noun) {
    return String.format(Locale.ROOT, "%,d %s%s", number, noun, number == 1 ? "" : "s");
  }
}
