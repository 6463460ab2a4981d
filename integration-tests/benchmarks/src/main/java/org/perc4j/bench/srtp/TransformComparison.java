/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.srtp;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.perc4j.bench.JmhRounds;
import org.perc4j.bench.Machine;
import org.perc4j.e2e.srtp.DoubleSrtpResult;
import org.perc4j.e2e.srtp.InnerSender;
import org.perc4j.e2e.srtp.MediaPacket;
import org.perc4j.e2e.srtp.SrtpMasterKey;

/**
 * perc4j's transform beside those of others: in every round, for every size, all implementations
 * one right after the other, the native ones before the others by turns.
 */
public final class TransformComparison {
  private static final List<String> OPERATIONS = List.of("protect", "unprotect");
  private static final int[] PAYLOADS = {1200, 160};
  private static final int[] KEYS = {128, 256};

  /** As long as an iteration of {@link TransformBenchmark}, and as often. */
  private static final int BATCH_MILLIS = 200;

  private static final int BATCHES = 5;
  private static final int CHECKED_PAYLOAD = 160;
  private static final String MINE = Implementation.PERC4J.name();
  private static final PrintStream OUT = System.out;

  private final JmhRounds rounds;
  private final Peers peers;

  private TransformComparison(JmhRounds rounds, Peers peers) {
    this.rounds = rounds;
    this.peers = peers;
  }

  /**
   * Compares.
   *
   * @param arguments options of JMH
   */
  public static void main(String[] arguments) throws Exception {
    Machine before = Machine.describe(OUT);
    Peers peers = new Peers(Path.of(System.getProperty("perc4j.peers")));
    OUT.println(peers.describe());
    for (int keyBits : KEYS) {
      requireSamePacket(peers, keyBits);
    }
    TransformComparison comparison = new TransformComparison(new JmhRounds(arguments), peers);
    for (int round = 1; round <= JmhRounds.ROUNDS; round++) {
      comparison.round(round % 2 == 0);
      OUT.printf("Round %d of %d%n", round, JmhRounds.ROUNDS);
    }
    comparison.print();
    before.describeSince(OUT);
  }

  /** Of what is compared, the inner layer's octets are the same; the block behind is perc4j's. */
  private static void requireSamePacket(Peers peers, int keyBits)
      throws IOException, InterruptedException {
    byte[] buffer = new byte[TestPackets.BUFFER_LENGTH];
    TestPackets.write(buffer, 1, CHECKED_PAYLOAD);
    MediaPacket packet =
        new MediaPacket().wrap(buffer, 0, TestPackets.HEADER_LENGTH + CHECKED_PAYLOAD);
    InnerSender sender =
        new InnerSender(
            PercLayers.profile(keyBits),
            SrtpMasterKey.copyOfKeyThenSalt(TestPackets.keyThenSalt(keyBits, false)));
    if (sender.protect(packet) != DoubleSrtpResult.OK) {
      throw new IllegalStateException("not protected");
    }
    String mine = HexFormat.of().formatHex(buffer, 0, packet.length() - 1);
    String theirs = peers.innerPacket(keyBits);
    if (!mine.equals(theirs)) {
      throw new IllegalStateException("perc4j and libsrtp2 differ:\n" + mine + "\n" + theirs);
    }
  }

  static String key(String operation, String who, int payloadLength, int keyBits) {
    return operation + " " + who + " " + keyBits + " " + payloadLength;
  }

  private void round(boolean nativeFirst) throws Exception {
    for (String operation : OPERATIONS) {
      for (int payload : PAYLOADS) {
        for (int keyBits : KEYS) {
          if (nativeFirst) {
            peers.measure(operation, payload, keyBits, BATCH_MILLIS, BATCHES, rounds.nanos());
          }
          rounds.run(
              new OptionsBuilder()
                  .include(TransformBenchmark.class.getName() + "." + operation + "$")
                  .param("payloadLength", Integer.toString(payload))
                  .param("keyBits", Integer.toString(keyBits)));
          if (!nativeFirst) {
            peers.measure(operation, payload, keyBits, BATCH_MILLIS, BATCHES, rounds.nanos());
          }
          OUT.printf("%s, %d octets, %d bits%n", operation, payload, keyBits);
        }
      }
    }
  }

  private void print() {
    OUT.println("\nNanoseconds, lower quartiles:\n");
    tableWithRatio(rounds.nanos()::lowerQuartile);
    OUT.println("\nNanoseconds, fastest batches:\n");
    tableWithRatio(rounds.nanos()::least);
    OUT.println("\nNanoseconds, upper quartiles:\n");
    table(
        (operation, payload, keyBits) ->
            cells(operation, payload, keyBits, true, rounds.nanos()::upperQuartile),
        true,
        "");
    OUT.println("\nOctets that a packet allocates on the heap:\n");
    table(
        (operation, payload, keyBits) ->
            cells(operation, payload, keyBits, false, rounds.octets()::lowerQuartile),
        false,
        "");
  }

  private static void tableWithRatio(ToDoubleFunction<String> figure) {
    table(
        (operation, payload, keyBits) -> {
          double mine = figure.applyAsDouble(key(operation, MINE, payload, keyBits));
          double theirs = figure.applyAsDouble(key(operation, Peers.LIBSRTP, payload, keyBits));
          return cells(operation, payload, keyBits, true, figure)
              + String.format(Locale.ROOT, " %.2f |", mine / theirs);
        },
        true,
        " perc4j to libsrtp2 |");
  }

  private interface Row {
    String of(String operation, int payload, int keyBits);
  }

  private static void table(Row row, boolean withNative, String lastTitle) {
    StringBuilder titles = new StringBuilder("| | payload | key |");
    for (Implementation implementation : Implementation.values()) {
      titles.append(' ').append(implementation.title()).append(" |");
    }
    if (withNative) {
      Peers.NAMES.forEach(who -> titles.append(' ').append(who).append(" |"));
    }
    titles.append(lastTitle);
    OUT.println(titles);
    OUT.println(titles.toString().replaceAll("[^|]+", "---"));
    for (String operation : OPERATIONS) {
      for (int payload : PAYLOADS) {
        for (int keyBits : KEYS) {
          OUT.printf(
              "| %s | %d | %d |%s%n",
              operation, payload, keyBits, row.of(operation, payload, keyBits));
        }
      }
    }
  }

  private static String cells(
      String operation,
      int payload,
      int keyBits,
      boolean withNative,
      ToDoubleFunction<String> figure) {
    List<String> columns = new ArrayList<>();
    for (Implementation implementation : Implementation.values()) {
      columns.add(implementation.name());
    }
    if (withNative) {
      columns.addAll(Peers.NAMES);
    }
    StringBuilder cells = new StringBuilder();
    for (String who : columns) {
      double value = figure.applyAsDouble(key(operation, who, payload, keyBits));
      cells.append(String.format(Locale.ROOT, " %.0f |", value));
    }
    return cells.toString();
  }
}
