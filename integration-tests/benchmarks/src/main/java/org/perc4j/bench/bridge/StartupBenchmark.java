/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.bridge;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.perc4j.bench.Samples;
import org.perc4j.it.bridge.JvbProcess;

/**
 * From starting the process until the bridge says that it is healthy, with the plugin and without.
 */
final class StartupBenchmark {
  private static final int ROUNDS = 8;

  private StartupBenchmark() {}

  static void run(PrintStream out, Path output, Path plugin)
      throws IOException, InterruptedException {
    List<Double> stock = new ArrayList<>();
    List<Double> withPlugin = new ArrayList<>();
    List<Double> added = new ArrayList<>();
    // The first two find nothing in the caches.
    for (int round = -1; round < ROUNDS; round++) {
      boolean stockFirst = round % 2 == 0;
      double first = seconds(output, stockFirst ? null : plugin);
      double second = seconds(output, stockFirst ? plugin : null);
      if (round >= 0) {
        stock.add(stockFirst ? first : second);
        withPlugin.add(stockFirst ? second : first);
        added.add(stockFirst ? second - first : first - second);
      }
    }
    out.println("\n| until healthy | as installed | with the plugin | added, median | most |");
    out.println("|---|---|---|---|---|");
    out.printf(
        Locale.ROOT,
        "| %d starts each | %.2f s | %.2f s | %.2f s | %.2f s |%n",
        ROUNDS,
        Figures.median(stock),
        Figures.median(withPlugin),
        Figures.median(added),
        Samples.quantile(added, 1));
  }

  private static double seconds(Path output, @Nullable Path plugin)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    try (JvbProcess jvb = JvbProcess.start(output.resolve("jvb-startup"), plugin, "")) {
      if (plugin != null && !jvb.get("/metrics", "text/plain").contains("perc_")) {
        throw new IOException("the plugin is not active, see " + jvb.log());
      }
      return (System.nanoTime() - start) / 1e9;
    }
  }
}
