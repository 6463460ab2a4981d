/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.bridge;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.CompilerControl;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.perc4j.it.embedded.ForwardedPacket;
import org.perc4j.jvb.packet.LayerFrame;
import org.perc4j.jvb.packet.OriginalHeaders;
import org.perc4j.jvb.packet.PacketState;

/**
 * What it costs to find a packet's state: behind one interface, as the plugin has it, beside an
 * interface for each property. Every thread has packets of its own. What threads share is the
 * classes of the packets, where the JDK writes down the interface that a class was last tested for
 * (JDK-8180450).
 *
 * <p>Packets are of three classes, as those of a bridge are: with one, or two, the compiler would
 * remember them and test for no interface at all. Averages: batches in which a thread does not wait
 * for the other are not what is looked for.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 600, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch", "-XX:-BackgroundCompilation"})
public class PacketStateBenchmark {
  private static final int PACKETS = 300;
  private static final int HEADER = OriginalHeaders.received(0, false, 100, 7);

  /** Behind how many interfaces a packet's state is. */
  public enum Interfaces {
    /** {@link PacketState}. */
    ONE,
    /** One for each property. */
    THREE
  }

  private interface HeaderState {
    int header();
  }

  private interface FrameState {
    int frame();
  }

  private interface LayersState {
    @Nullable LayerFrame layers();
  }

  /** With one. */
  private static final class Vp8Packet extends ForwardedPacket {}

  private static final class Vp9Packet extends ForwardedPacket {}

  private static final class Av1Packet extends ForwardedPacket {}

  /** With three. */
  private static class SplitPacket implements HeaderState, FrameState, LayersState {
    private final int header = HEADER;

    @Override
    public int header() {
      return header;
    }

    @Override
    public int frame() {
      return 0;
    }

    @Override
    public @Nullable LayerFrame layers() {
      return null;
    }
  }

  private static final class SplitVp8Packet extends SplitPacket {}

  private static final class SplitVp9Packet extends SplitPacket {}

  private static final class SplitAv1Packet extends SplitPacket {}

  /** The packets of a thread. */
  @State(Scope.Thread)
  public static class Packets {
    /** Behind how many interfaces their state is. */
    @Param public Interfaces interfaces = Interfaces.ONE;

    private final Object[] packets = new Object[PACKETS];

    /** Makes them, of each class by turns. */
    @Setup
    public void make() {
      for (int i = 0; i < PACKETS; i++) {
        packets[i] = interfaces == Interfaces.ONE ? whole(i % 3) : split(i % 3);
      }
    }

    private static Object whole(int codec) {
      ForwardedPacket packet =
          switch (codec) {
            case 0 -> new Vp8Packet();
            case 1 -> new Vp9Packet();
            default -> new Av1Packet();
          };
      packet.perc4jOriginalHeader(HEADER);
      return packet;
    }

    private static Object split(int codec) {
      return switch (codec) {
        case 0 -> new SplitVp8Packet();
        case 1 -> new SplitVp9Packet();
        default -> new SplitAv1Packet();
      };
    }

    int sum() {
      return interfaces == Interfaces.ONE ? sumOfOne(packets) : sumOfThree(packets);
    }
  }

  /** A thread has the processors for itself. */
  @Benchmark
  @Threads(1)
  @OperationsPerInvocation(PACKETS)
  public int alone(Packets packets) {
    return packets.sum();
  }

  /** Two threads at once. */
  @Benchmark
  @Threads(2)
  @OperationsPerInvocation(PACKETS)
  public int besideAnother(Packets packets) {
    return packets.sum();
  }

  /** A packet's way: is it double, what is it of, which layers, is it double, once more. */
  @CompilerControl(CompilerControl.Mode.DONT_INLINE)
  private static int sumOfOne(Object[] packets) {
    int sum = 0;
    for (Object packet : packets) {
      sum += packet instanceof PacketState state ? state.perc4jOriginalHeader() : 1;
      sum += ((PacketState) packet).perc4jFrame();
      sum += ((PacketState) packet).perc4jLayers() == null ? 0 : 1;
      sum += packet instanceof PacketState state ? state.perc4jOriginalHeader() : 1;
    }
    return sum;
  }

  @CompilerControl(CompilerControl.Mode.DONT_INLINE)
  private static int sumOfThree(Object[] packets) {
    int sum = 0;
    for (Object packet : packets) {
      sum += packet instanceof HeaderState state ? state.header() : 1;
      sum += ((FrameState) packet).frame();
      sum += ((LayersState) packet).layers() == null ? 0 : 1;
      sum += packet instanceof HeaderState state ? state.header() : 1;
    }
    return sum;
  }
}
