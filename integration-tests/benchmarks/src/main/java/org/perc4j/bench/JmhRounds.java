/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench;

import java.io.PrintStream;
import java.util.Locale;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.SampleTimeResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Benchmarks of JMH, one fork of each at a time and that over and over, so that what is compared
 * was measured under the same circumstances. JMH itself would run all forks of one after the other.
 */
public final class JmhRounds {
  /** How often each benchmark is forked. */
  public static final int ROUNDS = Integer.getInteger("perc4j.forks", 5);

  private static final PrintStream OUT = System.out;

  private final CommandLineOptions commandLine;
  private final Samples nanos = new Samples();
  private final Samples octets = new Samples();

  /**
   * Nothing measured yet.
   *
   * @param arguments options of JMH
   */
  public JmhRounds(String... arguments) throws CommandLineOptionException {
    commandLine = new CommandLineOptions(arguments);
  }

  /**
   * Runs benchmarks and prints a table.
   *
   * @param arguments options of JMH, and which benchmarks
   */
  public static void main(String[] arguments) throws Exception {
    JmhRounds rounds = new JmhRounds(arguments);
    Machine before = Machine.describe(OUT);
    for (int round = 1; round <= ROUNDS; round++) {
      rounds.run(new OptionsBuilder());
      OUT.printf("Round %d of %d%n", round, ROUNDS);
    }
    OUT.println("\n| what | ns, lower quartile | upper | B/op |\n|---|---|---|---|");
    for (String what : rounds.nanos.measured()) {
      OUT.printf(
          Locale.ROOT,
          "| %s | %.1f | %.1f | %.1f |%n",
          what,
          rounds.nanos.lowerQuartile(what),
          rounds.nanos.upperQuartile(what),
          rounds.octets.lowerQuartile(what));
    }
    before.describeSince(OUT);
  }

  /**
   * Runs each benchmark that the options name once.
   *
   * @param options in addition to those of the command line
   */
  public void run(ChainedOptionsBuilder options) throws RunnerException {
    var results =
        new Runner(
                options
                    .parent(commandLine)
                    .forks(1)
                    .shouldFailOnError(true)
                    .addProfiler(GCProfiler.class)
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .run();
    for (RunResult result : results) {
      String name = name(result.getParams());
      for (BenchmarkResult fork : result.getBenchmarkResults()) {
        for (IterationResult iteration : fork.getIterationResults()) {
          nanos.add(name, nanos(iteration.getPrimaryResult()));
          Result<?> allocated = iteration.getSecondaryResults().get("gc.alloc.rate.norm");
          octets.add(name, allocated == null ? 0 : allocated.getScore());
        }
      }
    }
  }

  /** Of samples the lower quartile, for the reason that {@link Samples} gives. */
  private static double nanos(Result<?> result) {
    return result instanceof SampleTimeResult samples
        ? samples.getStatistics().getPercentile(25)
        : result.getScore();
  }

  /** Nanoseconds by benchmark. */
  public Samples nanos() {
    return nanos;
  }

  /** Octets allocated by benchmark. */
  public Samples octets() {
    return octets;
  }

  private static String name(BenchmarkParams params) {
    String benchmark = params.getBenchmark();
    String method = benchmark.substring(benchmark.lastIndexOf('.') + 1);
    return params.getParamsKeys().stream()
        .map(params::getParam)
        .collect(Collectors.joining(" ", method + " ", ""))
        .strip();
  }
}
