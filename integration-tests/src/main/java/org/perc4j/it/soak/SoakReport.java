/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.soak;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.perc4j.it.report.Plots;

/** What came of a soak. */
public final class SoakReport {
  private static final Duration LONG_ENOUGH = Duration.ofMinutes(10);

  private final SoakPlan plan;
  private final List<SoakSample> samples;
  private final Duration recovery;
  private final int codes;
  private final int failures;
  private final int joined;
  private final int left;
  private final int died;

  /**
   * A report.
   *
   * @param samples two at least
   * @param recovery how long after the server's restart all were in one new group
   * @param codes how many different ones the members showed at the end
   * @param failures how many packets the bridge says that it failed at
   */
  SoakReport(
      SoakPlan plan,
      List<SoakSample> samples,
      Duration recovery,
      int codes,
      int failures,
      int joined,
      int left,
      int died) {
    this.plan = plan;
    this.samples = samples;
    this.recovery = recovery;
    this.codes = codes;
    this.failures = failures;
    this.joined = joined;
    this.left = left;
    this.died = died;
  }

  private SoakSample last() {
    return samples.get(samples.size() - 1);
  }

  /** Returns what was promised, and whether it held; growth only where the run says something. */
  public Map<String, Boolean> verdicts() {
    SoakSample last = last();
    Map<String, Boolean> verdicts = new LinkedHashMap<>();
    verdicts.put("all members agree at the end", codes == 1);
    verdicts.put("media arrived", last.totals().arrived() > 0);
    verdicts.put("no layer refused a packet, except repetitions", last.refused() == 0);
    verdicts.put("nothing arrived that was not sent", last.totals().foreign() == 0);
    verdicts.put(
        "no speech packet is missing, except those that the network lost",
        last.totals().unexplained() <= last.noRoom());
    verdicts.put("the bridge handled every packet", failures == 0);
    if (plan.duration().compareTo(LONG_ENOUGH) >= 0) {
      verdicts.put("the bridge's heap is flat", isFlat(SoakSample::bridgeHeapMegabytes));
      verdicts.put("the endpoints' heap is flat", isFlat(SoakSample::ownHeapMegabytes));
      verdicts.put("the bridge's threads do not grow", isSteady(one -> one.bridge().threads()));
      verdicts.put("the bridge's files do not grow", isSteady(one -> one.bridge().descriptors()));
      verdicts.put("the endpoints' threads do not grow", isSteady(one -> one.own().threads()));
      verdicts.put("the endpoints' files do not grow", isSteady(one -> one.own().descriptors()));
    }
    return verdicts;
  }

  /** Tells whether everything held. */
  public boolean isFlawless() {
    return verdicts().values().stream().allMatch(held -> held);
  }

  private boolean isFlat(ToDoubleFunction<SoakSample> figure) {
    return Series.of(samples, SoakSample::minutes, figure).isFlat();
  }

  private boolean isSteady(ToDoubleFunction<SoakSample> figure) {
    return Series.of(samples, SoakSample::minutes, figure).isSteady();
  }

  /** Writes it for people. */
  public void print(PrintStream out) {
    SoakSample last = last();
    out.printf(
        Locale.ROOT,
        "%n%.0f minutes, %d endpoints; %d joined, %d left, %d crashed; Prosody was restarted once, "
            + "all in one new group after %.1f s.%n",
        last.minutes(),
        plan.endpoints(),
        joined,
        left,
        died,
        recovery.toMillis() / 1000.0);
    out.printf(
        Locale.ROOT,
        "%d packets arrived; the network lost %d audio packets; refused: %s.%n%n",
        last.totals().arrived(),
        last.totals().lost(),
        last.results());
    out.println(SoakSample.header());
    samples.forEach(out::println);
    out.println();
    verdicts().forEach((what, held) -> out.printf("%-65s%s%n", what, held ? "yes" : "NO"));
  }

  /** Writes the report and its figures into a folder. */
  public void write(Path folder) throws IOException {
    try (PrintStream out = new PrintStream(Files.newOutputStream(folder.resolve("report.md")))) {
      print(out);
    }
    Map<String, double[]> heap = new LinkedHashMap<>();
    heap.put("bridge", values(SoakSample::bridgeHeapMegabytes));
    heap.put("all endpoints", values(SoakSample::ownHeapMegabytes));
    Plots.lines(
        folder.resolve("soak-heap.png"),
        "Heap that live objects take",
        "minutes",
        "MB",
        values(SoakSample::minutes),
        heap);
    Map<String, double[]> counts = new LinkedHashMap<>();
    counts.put("bridge, threads", values(one -> one.bridge().threads()));
    counts.put("bridge, open files", values(one -> one.bridge().descriptors()));
    counts.put("all endpoints, threads", values(one -> one.own().threads()));
    counts.put("all endpoints, open files", values(one -> one.own().descriptors()));
    Plots.lines(
        folder.resolve("soak-threads.png"),
        "Threads and open files",
        "minutes",
        "",
        values(SoakSample::minutes),
        counts);
    Map<String, double[]> packets = new LinkedHashMap<>();
    packets.put("refused by a layer", values(SoakSample::refused));
    packets.put("missing, not lost by the network", values(one -> one.totals().unexplained()));
    packets.put("not what was sent", values(one -> one.totals().foreign()));
    packets.put("arrived, millions", values(one -> one.totals().arrived() / 1e6));
    Plots.lines(
        folder.resolve("soak-packets.png"),
        "Packets since the beginning",
        "minutes",
        "",
        values(SoakSample::minutes),
        packets);
  }

  private double[] values(ToDoubleFunction<SoakSample> figure) {
    return samples.stream().mapToDouble(figure).toArray();
  }
}
