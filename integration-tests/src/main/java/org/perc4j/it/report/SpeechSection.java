/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.report;

import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.perc4j.it.report.Proceedings.Speech;
import org.perc4j.it.report.Proceedings.Utterance;

/** Who spoke and what the bridge could know of it. */
final class SpeechSection {
  private static final double LEAST_SECONDS = 0.04;
  private static final int HEIGHT = 100;
  private static final int SOFTEST_MINUS_DBOV = 90;
  private static final int LOUDEST_MINUS_DBOV = 10;
  private static final int MOST_LOUDNESS = SOFTEST_MINUS_DBOV - LOUDEST_MINUS_DBOV;
  private static final double ROOM_ABOVE_SIZES = 1.15;

  private final Markup out;
  private final TimeAxis axis;
  private final int buckets;

  private SpeechSection(Markup out, TimeAxis axis) {
    this.out = out;
    this.axis = axis;
    this.buckets =
        Math.max(1, Math.min(Proceedings.BUCKETS, (int) (axis.seconds() / LEAST_SECONDS)));
  }

  /**
   * Writes the section.
   *
   * @param heard to whom the bridge could listen, whatever it was told
   */
  static void write(Markup out, TimeAxis axis, List<Speech> speeches, Set<String> heard) {
    HtmlReport.section(
        out,
        "speech",
        "Who spoke, and what the bridge could know of it",
        "First how loud each person really was, then what the bridge was told: by default who"
            + " takes a turn, but not how they speak. Packets of one size do not reveal words"
            + " either.");
    out.open("p", "class", "keys");
    HtmlReport.key(out, "truth", "as it was");
    HtmlReport.key(out, "told", "as the bridge was told");
    HtmlReport.key(out, "epoch", "new keys");
    out.close();
    SpeechSection section = new SpeechSection(out, axis);
    if (speeches.isEmpty()) {
      HtmlReport.nothing(out, "No speech was recorded.");
    } else {
      for (Speech speech : speeches) {
        section.speaker(speech, heard.contains(speech.speaker()));
      }
      axis.labels(out, "axis");
    }
    out.close();
  }

  private void speaker(Speech speech, boolean heard) {
    String who = speech.speaker();
    List<Utterance> packets = speech.utterances();
    out.open("div", "class", "speaker", "data-participant", who).element("h3", who);
    if (heard) {
      out.element("p", "The bridge could listen to all of it.", "class", "alarm");
    }

    begin("how loud", "", "voice", "How loud " + who + " really was");
    area("truth", mean(packets, packet -> loudness(packet.levelMinusDbov())), MOST_LOUDNESS);
    end();

    begin(
        "as told",
        distinct(packets, Utterance::toldMinusDbov, "different level"),
        "blocks",
        "How loud the bridge was told that " + who + " was");
    area("told", most(packets, packet -> loudness(packet.toldMinusDbov())), MOST_LOUDNESS);
    end();

    double top = ROOM_ABOVE_SIZES * packets.stream().mapToInt(Utterance::sentBytes).max().orElse(1);
    begin(
        "packet sizes",
        distinct(packets, Utterance::sentBytes, "different size"),
        "blocks",
        "How large the packets of " + who + " were as encoded, and as sent");
    area("truth", most(packets, Utterance::encodedBytes), top);
    double[] sent = most(packets, Utterance::sentBytes);
    out.empty("path", "class", "toldline", "d", Steps.line(sent, top, HEIGHT));
    end();

    out.close();
  }

  private void begin(String name, String remark, String styleClass, String label) {
    out.open("div", "class", "lane");
    out.open("div", "class", "name").text(name).element("small", remark).close();
    out.picture(styleClass, label, buckets, HEIGHT).element("title", label);
  }

  private void end() {
    axis.lines(out, buckets, HEIGHT);
    out.close().close();
  }

  private void area(String styleClass, double[] values, double most) {
    out.empty("path", "class", styleClass, "d", Steps.area(values, most, HEIGHT));
  }

  private static int loudness(int minusDbov) {
    return SOFTEST_MINUS_DBOV - minusDbov;
  }

  private static String distinct(
      List<Utterance> packets, ToIntFunction<Utterance> value, String noun) {
    return HtmlReport.count(packets.stream().mapToInt(value).distinct().count(), noun);
  }

  private double[] mean(List<Utterance> packets, ToIntFunction<Utterance> value) {
    double[] sums = new double[buckets];
    int[] counts = new int[buckets];
    for (Utterance packet : packets) {
      int bucket = axis.bucket(packet.at(), buckets);
      sums[bucket] += Math.max(0, value.applyAsInt(packet));
      counts[bucket]++;
    }
    for (int i = 0; i < buckets; i++) {
      sums[i] /= Math.max(1, counts[i]);
    }
    return sums;
  }

  private double[] most(List<Utterance> packets, ToIntFunction<Utterance> value) {
    double[] most = new double[buckets];
    for (Utterance packet : packets) {
      int bucket = axis.bucket(packet.at(), buckets);
      most[bucket] = Math.max(most[bucket], value.applyAsInt(packet));
    }
    return most;
  }
}
