/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.report;

import java.util.List;
import java.util.Locale;

/** The time from the beginning of a conference to its end, which all pictures share. */
record TimeAxis(double seconds, List<Proceedings.Epoch> epochs) {
  private static final int[] STEPS = {
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 21_600, 86_400
  };
  private static final int MOST_TICKS = 7;
  private static final int MOST_LINES = 200;
  private static final double LEAST_PERCENT_BETWEEN_LABELS = 2.5;
  private static final double MOST_PERCENT_OF_LABELS = 98.5;

  /** Writes a time as minutes and seconds. */
  static String clock(double time) {
    long whole = Math.round(time);
    return whole < 3600
        ? String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
  }

  /** Returns where a time is in a picture. */
  double at(double time, double width) {
    return seconds > 0 ? Math.max(0, Math.min(1, time / seconds)) * width : 0;
  }

  /** Returns the part of the time, of so many, that a time is in. */
  int bucket(double time, int buckets) {
    return Math.min(buckets - 1, (int) at(time, buckets));
  }

  /** Draws a line for each epoch. */
  void lines(Markup out, int width, int height) {
    for (Proceedings.Epoch epoch : epochs.subList(0, Math.min(MOST_LINES, epochs.size()))) {
      String x = number(at(epoch.at(), width));
      out.shape(
          "path",
          epoch.name() + ", " + clock(epoch.at()),
          "class",
          "epoch",
          "d",
          "M" + x + " 0V" + height);
    }
  }

  /** Writes the times. */
  void labels(Markup out, String styleClass) {
    out.open("div", "class", styleClass, "aria-hidden", "true");
    int step = STEPS[STEPS.length - 1];
    for (int i = STEPS.length - 1; i >= 0 && seconds / STEPS[i] <= MOST_TICKS; i--) {
      step = STEPS[i];
    }
    for (int time = 0; time <= seconds; time += step) {
      label(out, clock(time), at(time, 100));
    }
    out.close();
  }

  /** Writes the numbers of the epochs, as far as there is room. */
  void epochLabels(Markup out) {
    out.open("div", "class", "axis epochs", "aria-hidden", "true");
    double last = -LEAST_PERCENT_BETWEEN_LABELS;
    for (Proceedings.Epoch epoch : epochs) {
      double percent = at(epoch.at(), 100);
      if (percent - last >= LEAST_PERCENT_BETWEEN_LABELS) {
        label(out, epoch.name().replaceFirst("^epoch (\\S+).*", "$1"), percent);
        last = percent;
      }
    }
    out.close();
  }

  private static void label(Markup out, String text, double percent) {
    out.element(
        "span", text, "style", "left:" + number(Math.min(MOST_PERCENT_OF_LABELS, percent)) + "%");
  }

  /** Writes a number for a picture. */
  static String number(double value) {
    String text = String.format(Locale.ROOT, "%.1f", value);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }
}
