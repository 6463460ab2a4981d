/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.srtp;

import java.security.GeneralSecurityException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Both layers of packets, on or off, by one implementation; a batch of packets at a stretch, short
 * enough that most batches are not interrupted.
 *
 * <p>The heap has its size from the start and was touched before; otherwise the first gigabytes
 * that packets allocate would cost page faults. The compiler makes callers wait, so that what is
 * measured is compiled, however slow the machine.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 600, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch", "-XX:-BackgroundCompilation"})
public class TransformBenchmark {
  /** Before anything is measured, the warm-up of JMH included. */
  private static final int WARM_UP_PACKETS = 300_000;

  /** What is measured. */
  @State(Scope.Benchmark)
  public static class Case {
    /** By whom. */
    @Param public Implementation implementation = Implementation.PERC4J;

    /** Octets of payload: video, audio. */
    @Param({"1200", "160"})
    public int payloadLength;

    /** Of each layer. */
    @Param({"128", "256"})
    public int keyBits;

    BothLayers start() throws GeneralSecurityException {
      return implementation.start(keyBits);
    }

    int length() {
      return TestPackets.HEADER_LENGTH + payloadLength;
    }
  }

  /** One packet, over and over. */
  @State(Scope.Benchmark)
  public static class Sending {
    private final byte[] packet = new byte[TestPackets.BUFFER_LENGTH];
    private BothLayers layers;
    private int length;
    private int sequenceNumber;

    /** Fresh contexts. */
    @Setup(Level.Trial)
    public void setUp(Case measured) throws GeneralSecurityException {
      layers = measured.start();
      length = measured.length();
      TestPackets.write(packet, 0, measured.payloadLength);
      for (int i = 0; i < WARM_UP_PACKETS; i++) {
        TestPackets.setSequenceNumber(packet, sequenceNumber++);
        int unused = layers.protect(packet, length);
      }
    }
  }

  /** Packets that were protected before. */
  @State(Scope.Benchmark)
  public static class Receiving {
    private StoredPackets<BothLayers> arriving;

    /** Protects all packets. */
    @Setup(Level.Trial)
    public void protect(Case measured) throws GeneralSecurityException {
      BothLayers sender = measured.start();
      arriving =
          new StoredPackets<>(
              (packet, sequenceNumber) -> {
                TestPackets.write(packet, sequenceNumber, measured.payloadLength);
                return sender.protect(packet, measured.length());
              },
              measured::start);
      for (int packets = 0; packets < WARM_UP_PACKETS; packets += TestPackets.BATCH) {
        arriving.nextBatch();
        int unused = unprotectBatch(arriving);
      }
      arriving.makeContexts();
    }

    /** The next batch arrives; JMH does not time it. */
    @Setup(Level.Invocation)
    public void arrive() throws GeneralSecurityException {
      arriving.nextBatch();
    }
  }

  /** Puts both layers on. */
  @Benchmark
  @OperationsPerInvocation(TestPackets.BATCH)
  public int protect(Sending state) throws GeneralSecurityException {
    int sum = 0;
    for (int i = 0; i < TestPackets.BATCH; i++) {
      TestPackets.setSequenceNumber(state.packet, state.sequenceNumber++);
      sum += state.layers.protect(state.packet, state.length);
    }
    return sum;
  }

  /** Takes both layers off. */
  @Benchmark
  @OperationsPerInvocation(TestPackets.BATCH)
  public int unprotect(Receiving state) throws GeneralSecurityException {
    return unprotectBatch(state.arriving);
  }

  private static int unprotectBatch(StoredPackets<BothLayers> arriving)
      throws GeneralSecurityException {
    BothLayers layers = arriving.context();
    int length = arriving.length();
    int sum = 0;
    for (byte[] packet : arriving.batch()) {
      sum += layers.unprotect(packet, length);
    }
    return sum;
  }
}
