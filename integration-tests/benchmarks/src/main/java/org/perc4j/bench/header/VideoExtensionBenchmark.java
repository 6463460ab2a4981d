/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.header;

import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.dependency.DependencyDescriptorReader;
import org.perc4j.header.dependency.DependencyDescriptorWriter;
import org.perc4j.header.dependency.DependencyStructure;
import org.perc4j.header.dependency.FrameDependencies;
import org.perc4j.header.framemarking.FrameMarkingCodec;

/** What video's header extensions cost a packet. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 600, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class VideoExtensionBenchmark {

  // Three spatial and three temporal layers and later frames: captured from Chrome, in Jitsi
  // Videobridge's tests, commit a29d97d.
  private static final byte[] STRUCTURE =
      HexFormat.of()
          .parseHex(
              "8003ca80081485214eaaaaa8000600004000100002aa80a8000600004000100002a000a8000600004"
                  + "00016d549241b5524906d54923157e001974ca864330e222396eca8655304224390eca87753013f"
                  + "00b3027f016704ff02cf");
  private static final byte[] CUSTOM = HexFormat.of().parseHex("c203ce581d30100000");
  private static final byte[] TEMPLATE = HexFormat.of().parseHex("c303cd");

  private final byte[] marking = {(byte) 0x8A, 1, 100};
  private final byte[] written = new byte[DependencyDescriptorWriter.MAX_LENGTH];
  private final DependencyDescriptorReader reader = new DependencyDescriptorReader();
  private DependencyStructure structure;
  private FrameDependencies custom;

  /** The reader knows the structure. */
  @Setup(Level.Trial)
  public void setUp() throws MalformedPacketException {
    if (!reader.read(STRUCTURE, 0, STRUCTURE.length) || !reader.read(CUSTOM, 0, CUSTOM.length)) {
      throw new IllegalStateException();
    }
    structure = Objects.requireNonNull(reader.structure());
    custom = Objects.requireNonNull(reader.dependencies());
  }

  /** Three octets in and out. */
  @Benchmark
  public int frameMarking() throws MalformedPacketException {
    return FrameMarkingCodec.write(FrameMarkingCodec.parse(marking, 0, 3), written, 0);
  }

  /** The usual packet. */
  @Benchmark
  public boolean readTemplate() throws MalformedPacketException {
    return reader.read(TEMPLATE, 0, TEMPLATE.length);
  }

  /** A frame with a mask, differences and chains of its own that came before. */
  @Benchmark
  public boolean readCustom() throws MalformedPacketException {
    return reader.read(CUSTOM, 0, CUSTOM.length);
  }

  /** Each further packet that comes with the structure. */
  @Benchmark
  public boolean readKnownStructure() throws MalformedPacketException {
    return reader.read(STRUCTURE, 0, STRUCTURE.length);
  }

  /** The usual packet. */
  @Benchmark
  public int writeTemplate() {
    return DependencyDescriptorWriter.write(
        structure, false, -1, true, false, 7, structure.template(14), written, 0);
  }

  /** A frame with a mask, differences and chains of its own. */
  @Benchmark
  public int writeCustom() {
    return DependencyDescriptorWriter.write(
        structure, false, 0b111, true, false, 7, custom, written, 0);
  }

  /** The first packet of a key frame. */
  @Benchmark
  public int writeStructure() {
    return DependencyDescriptorWriter.write(
        structure, true, -1, true, false, 7, structure.template(0), written, 0);
  }
}
