/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.video;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.dependency.DependencyDescriptorWriter;
import org.perc4j.header.dependency.DependencyStructure;
import org.perc4j.header.dependency.FrameDependencies;
import org.perc4j.header.framemarking.FrameMarkingCodec;
import org.perc4j.header.rtp.HeaderExtensionCursor;
import org.perc4j.header.rtp.RtpPacketView;
import org.perc4j.jvb.packet.ActiveTargets;
import org.perc4j.jvb.packet.Frame;
import org.perc4j.jvb.packet.LayerFrame;

/**
 * What the bridge does for one packet beyond what it does anyway: once for each packet that comes
 * in, reading its extension; once for each packet and receiver, deciding and renumbering.
 *
 * <p>Pictures of three spatial layers, two packets each, in the order T0 T2 T1 T2; the receiver is
 * to have two spatial and two temporal layers of them.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 600, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class ProjectionBenchmark {
  private static final int EXTENSION_ID = 9;
  private static final int SPATIAL_LAYERS = 3;
  private static final int PACKETS_PER_FRAME = 2;
  private static final int PACKETS_PER_PICTURE = SPATIAL_LAYERS * PACKETS_PER_FRAME;
  private static final int[] NONE = {};
  private static final int[] TEMPORAL_IDS = {0, 2, 1, 2};

  /** By template of {@link #l3t3}, from the temporal layer 0. */
  private static final int[][] TEMPLATES = {{1, 2, 3}, {5, 6, 7}, {9, 10, 11}};

  /** Which extension the packets have. */
  public enum Extension {
    /** RFC 9626, three octets. */
    FRAME_MARKING,
    /** A dependency descriptor that refers to a template. */
    DEPENDENCY_DESCRIPTOR
  }

  private static final long ALL_ACTIVE = ActiveTargets.sent(0x1ff, false);

  /** The extension. */
  @Param public Extension extension = Extension.FRAME_MARKING;

  private final byte[][] packets = new byte[4 * PACKETS_PER_PICTURE][];
  private final @Nullable LayerFrame[] layers = new LayerFrame[4 * PACKETS_PER_PICTURE];
  private final RtpPacketView view = new RtpPacketView();
  private final HeaderExtensionCursor cursor = new HeaderExtensionCursor();
  private StreamReader reader = new StreamReader(1);
  private SourceProjection projection = new SourceProjection(System::nanoTime);
  private int target;
  private int index;

  private static DependencyStructure l3t3() {
    return DependencyStructure.of(
        0,
        List.of(
            template(0, 0, "SSSSSSSSS"),
            template(0, 0, "SSSRRRRRR", 12),
            template(0, 1, "-SS-RR-RR", 6),
            template(0, 2, "--D--R--R", 3),
            template(1, 0, "---SSSSSS", 1),
            template(1, 0, "---SSSRRR", 12, 1),
            template(1, 1, "----SS-RR", 6, 1),
            template(1, 2, "-----D--R", 3, 1),
            template(2, 0, "------SSS", 1),
            template(2, 0, "------SSS", 12, 1),
            template(2, 1, "-------SS", 6, 1),
            template(2, 2, "--------D", 3, 1)),
        NONE);
  }

  private static FrameDependencies template(
      int spatialId, int temporalId, String indications, int... frameDiffs) {
    int[] dtis = indications.chars().map("-DSR"::indexOf).toArray();
    return FrameDependencies.of(spatialId, temporalId, dtis, frameDiffs, NONE);
  }

  /** One cycle of packets, and a projection that is under way. */
  @Setup(Level.Iteration)
  public void setUp() throws MalformedPacketException {
    DependencyStructure structure = l3t3();
    reader = new StreamReader(1);
    byte[] element = new byte[DependencyDescriptorWriter.MAX_LENGTH];
    int length =
        DependencyDescriptorWriter.write(
            structure, true, -1, true, false, 0, structure.template(0), element, 0);
    int keyFrame = reader.readDescriptor(element, 0, length);
    LayerFrame keyLayers = reader.layers();
    long keyTargets = reader.sentTargets();
    for (int i = 0; i < packets.length; i++) {
      int temporalId = TEMPORAL_IDS[i / PACKETS_PER_PICTURE];
      int spatialId = i / PACKETS_PER_FRAME % SPATIAL_LAYERS;
      boolean start = i % PACKETS_PER_FRAME == 0;
      if (extension == Extension.FRAME_MARKING) {
        length =
            FrameMarkingCodec.write(
                FrameMarkingCodec.ofScalable(
                    start, !start, false, false, temporalId > 0, temporalId, spatialId, 7),
                element,
                0);
      } else {
        FrameDependencies template = structure.template(TEMPLATES[spatialId][temporalId]);
        length =
            DependencyDescriptorWriter.write(
                structure, false, -1, start, !start, i / 2, template, element, 0);
        int unused = reader.readDescriptor(element, 0, length);
        layers[i] = reader.layers();
      }
      packets[i] =
          ByteBuffer.allocate(12 + 8 + 1000)
              .put((byte) 0x90)
              .put((byte) 100)
              .putShort((short) i)
              .putInt(0)
              .putInt(1)
              .putInt(0xBEDE0001)
              .put((byte) (EXTENSION_ID << 4 | (length - 1)))
              .put(element, 0, length)
              .array();
    }
    projection = new SourceProjection(System::nanoTime);
    index = 0;
    if (extension == Extension.FRAME_MARKING) {
      target = 1 << 3 | 1;
      keyFrame =
          Frame.marked(FrameMarkingCodec.ofScalable(true, false, true, false, false, 0, 0, 7));
      keyLayers = null;
    } else {
      target = 4;
    }
    if (!projection.accept(1, 0, 0xffff, 0, keyFrame, keyLayers, keyTargets, target)) {
      throw new IllegalStateException("the key frame was refused");
    }
  }

  /** Once for each packet that comes in. */
  @Benchmark
  public int readsExtension() throws MalformedPacketException {
    byte[] packet = packets[index++ % packets.length];
    view.wrap(packet, 0, packet.length);
    cursor.wrap(view);
    if (!cursor.find(EXTENSION_ID)) {
      throw new IllegalStateException("no extension");
    }
    reader.clear();
    return extension == Extension.FRAME_MARKING
        ? reader.readMarking(view.buffer(), cursor.dataOffset(), cursor.dataLength())
        : reader.readDescriptor(view.buffer(), cursor.dataOffset(), cursor.dataLength());
  }

  /** Once for each packet that comes in, and each receiver. */
  @Benchmark
  public int decidesAndRenumbers() {
    int i = index++;
    int position = i % packets.length;
    int sequenceNumber = i & 0xffff;
    int picture = i / PACKETS_PER_PICTURE;
    boolean start = position % PACKETS_PER_FRAME == 0;
    int temporalId = TEMPORAL_IDS[picture & 3];
    int spatialId = position / PACKETS_PER_FRAME % SPATIAL_LAYERS;
    LayerFrame dependencies = layers[position];
    int frame =
        dependencies == null
            ? Frame.marked(
                FrameMarkingCodec.ofScalable(
                    start, !start, false, false, temporalId > 0, temporalId, spatialId, 7))
            : Frame.described(start, !start, (i / PACKETS_PER_FRAME) & 0xffff, dependencies);
    boolean accepted =
        projection.accept(
            1,
            0,
            sequenceNumber,
            (picture * 3000L) & 0xffff_ffffL,
            frame,
            dependencies,
            dependencies == null ? ActiveTargets.NONE : ALL_ACTIVE,
            target);
    return accepted ? projection.map(1, sequenceNumber) : -1;
  }
}
