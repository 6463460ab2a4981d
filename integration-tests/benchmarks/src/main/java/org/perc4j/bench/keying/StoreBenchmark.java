/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.keying;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import org.perc4j.bench.Samples;
import org.perc4j.e2e.identity.TrustStore;
import org.perc4j.e2e.mls.EndpointIdentity;
import org.perc4j.e2e.mls.LeafCredential;
import org.perc4j.e2e.mls.MlsGroup;
import org.perc4j.e2e.mls.TrustOnFirstUse;

/**
 * What one more member costs an endpoint that has met many people: on the session's thread, and
 * until it is on the disk, beside what appending a line takes that is forced to the disk.
 */
final class StoreBenchmark {
  private static final int PEOPLE = 50_000;
  private static final int UNCOUNTED = 50;
  private static final int NEWCOMERS = 250;
  private static final PrintStream OUT = System.out;

  private StoreBenchmark() {}

  static void measure() throws Exception {
    Path directory = Files.createTempDirectory("perc4j-people");
    Path known = directory.resolve("known");
    Path line = directory.resolve("line");
    fill(known);
    Queue<Runnable> writes = new ArrayDeque<>();
    List<Double> onThread = new ArrayList<>();
    List<Double> written = new ArrayList<>();
    List<Double> bare = new ArrayList<>();
    try (TrustStore store = TrustStore.open(known, Clock.systemUTC(), writes::add);
        FileChannel baseline =
            FileChannel.open(line, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      TrustOnFirstUse validator = new TrustOnFirstUse(store, TrustOnFirstUse.WhenChanged.TELL);
      for (int i = 0; i < UNCOUNTED + NEWCOMERS; i++) {
        LeafCredential newcomer = somebody("newcomer" + i + "@example.org");
        long startNanos = System.nanoTime();
        validator.check(newcomer);
        validator.adopted(newcomer);
        long metNanos = System.nanoTime();
        writes.remove().run();
        long endNanos = System.nanoTime();
        append(baseline);
        if (i >= UNCOUNTED) {
          onThread.add((metNanos - startNanos) / 1e6);
          written.add((endNanos - startNanos) / 1e6);
          bare.add((System.nanoTime() - endNanos) / 1e6);
        }
      }
    }
    OUT.printf(
        Locale.ROOT,
        "One more among %d people, %d times | p50 | p95 | most%n---|---|---|---%n",
        PEOPLE,
        NEWCOMERS);
    print("on the session's thread", onThread);
    print("until it is on the disk", written);
    print("a line appended and forced", bare);
    Files.delete(known);
    Files.delete(line);
    try (var rest = Files.list(directory)) {
      for (Path each : rest.toList()) {
        Files.delete(each);
      }
    }
    Files.delete(directory);
  }

  private static void print(String what, List<Double> millis) {
    OUT.printf(
        Locale.ROOT,
        "%s | %.3f ms | %.3f ms | %.3f ms%n",
        what,
        Samples.quantile(millis, 0.5),
        Samples.quantile(millis, 0.95),
        Samples.quantile(millis, 1));
  }

  private static void fill(Path path) throws IOException {
    try (TrustStore store = TrustStore.open(path)) {
      for (int i = 0; i < PEOPLE; i++) {
        if (!store.accept("person" + i + "@example.org", String.format("%064x", i))) {
          throw new IllegalStateException("full");
        }
      }
    }
  }

  private static LeafCredential somebody(String name) {
    SecureRandom random = new SecureRandom();
    MlsGroup alone =
        MlsGroup.create(
            new MlsGroup.Announcement(
                EndpointIdentity.generate(name, random), TestGroup.MEMBERS, "occupant"),
            TestGroup.MEMBERS,
            random);
    LeafCredential credential = alone.self().credential();
    alone.destroy();
    return credential;
  }

  private static void append(FileChannel file) throws IOException {
    ByteBuffer octets = ByteBuffer.wrap("x".repeat(120).getBytes(StandardCharsets.US_ASCII));
    while (octets.hasRemaining()) {
      int unused = file.write(octets);
    }
    file.force(false);
  }
}
