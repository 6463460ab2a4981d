/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.perc4j.header.MalformedPacketException.Reason;
import org.perc4j.header.audiolevel.AudioLevelCodec;
import org.perc4j.header.dependency.DependencyDescriptorReader;
import org.perc4j.header.dependency.DependencyDescriptorWriter;
import org.perc4j.header.dependency.DependencyStructure;
import org.perc4j.header.dependency.FrameDependencies;
import org.perc4j.header.framemarking.FrameMarkingCodec;
import org.perc4j.header.ohb.OhbCodec;
import org.perc4j.header.rtp.HeaderExtensionCursor;
import org.perc4j.header.rtp.HeaderExtensionWriter;
import org.perc4j.header.rtp.RtpPacketView;

/** Nothing on the packet path allocates, least of all where it rejects a packet. */
class AllocationTest {

  private static final int WARM_UP = 20_000;
  private static final int MEASURED = 100_000;

  // Three spatial and three temporal layers: captured from Chrome, in Jitsi Videobridge's tests,
  // commit a29d97d, as are the later descriptors of the same stream below.
  private static final String DEPENDENCY_STRUCTURE_TAIL =
      "03ca80081485214eaaaaa8000600004000100002aa80a8000600004000100002a000a8000600004"
          + "00016d549241b5524906d54923157e001974ca864330e222396eca8655304224390eca87753013f00b3"
          + "027f016704ff02cf";
  private static final String DEPENDENCY_STRUCTURE = "80" + DEPENDENCY_STRUCTURE_TAIL;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static volatile Object allocated = "";

  private final RtpPacketView packet = new RtpPacketView();
  private final HeaderExtensionCursor cursor = new HeaderExtensionCursor();

  @FunctionalInterface
  private interface Operation {
    long run() throws MalformedPacketException;
  }

  @Test
  void measuringSeesAllocations() {
    double octets =
        octetsPerRun(
            () -> {
              allocated = new byte[8];
              return 0;
            });
    assertTrue(octets >= 16, octets + " octets");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // two-byte and one-byte extension, neither
        "902996d1405eb311ea44bd0d100000020101df020337be84d31c0c67b2be8c2fd779d3f07f82428aa97c876f",
        "9133537af9f7be66de6846665de9d764bede000210942270493e0000",
        "839d859c07a4f548def2b1a756c9ddf22e85048d7557e164",
        // one for each reason to reject a packet or its extension
        "80",
        "4133537af9f7be66de6846665de9d764",
        "8f33537af9f7be66de684666",
        "9033537af9f7be66de684666bede",
        "9033537af9f7be66de684666bede0001",
        "9033537af9f7be66de684666bede00011fffffff",
        "9033537af9f7be66de684666100000010101ff01",
      })
  void readingPacketsDoesNotAllocate(String hex) {
    byte[] octets = HexFormat.of().parseHex(hex);
    assertDoesNotAllocate(
        () -> {
          packet.wrap(octets, 0, octets.length);
          cursor.wrap(packet);
          long sum = packet.ssrc() + packet.timestamp() + packet.csrcCount();
          while (cursor.next()) {
            sum += cursor.id() + cursor.dataLength();
          }
          sum += cursor.find(2) ? 1 : 0;
          packet.setSequenceNumber(packet.sequenceNumber());
          return sum;
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"00", "7dc00903", "d2be0d", "", "10", "08", "01", "8002"})
  void readingAndChangingOhbsDoesNotAllocate(String hex) {
    byte[] octets = HexFormat.of().parseHex(hex);
    byte[] written = new byte[OhbCodec.MAX_LENGTH];
    assertDoesNotAllocate(
        () -> {
          int ohb = OhbCodec.parse(octets, 0, octets.length);
          int changed = OhbCodec.afterChange(ohb, true, false, 1, 2, 3, 4);
          return OhbCodec.write(changed, written, 0);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"94", "", "9494"})
  void readingAndWritingAudioLevelsDoesNotAllocate(String hex) {
    byte[] octets = HexFormat.of().parseHex(hex);
    byte[] written = new byte[1];
    assertDoesNotAllocate(
        () -> {
          int level = AudioLevelCodec.parse(octets, 0, octets.length);
          return (long) AudioLevelCodec.write(level, written, 0)
              + AudioLevelCodec.levelMinusDbov(level);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"8a0164", "8a01", "8a", "", "8a016400"})
  void readingAndWritingFrameMarkingsDoesNotAllocate(String hex) {
    byte[] octets = HexFormat.of().parseHex(hex);
    byte[] written = new byte[FrameMarkingCodec.MAX_LENGTH];
    assertDoesNotAllocate(
        () -> {
          int marking = FrameMarkingCodec.parse(octets, 0, octets.length);
          return (long) FrameMarkingCodec.write(marking, written, 0)
              + FrameMarkingCodec.spatialId(marking);
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // the structure again, as its template says, with a mask, differences and chains of its own
        DEPENDENCY_STRUCTURE,
        "c303cd",
        "c303cd401c",
        "c203ce581d30100000",
        // a template ID that is not known
        "fe03cd",
      })
  void readingDependencyDescriptorsDoesNotAllocate(String hex) throws MalformedPacketException {
    DependencyDescriptorReader reader = new DependencyDescriptorReader();
    byte[] structure = HexFormat.of().parseHex(DEPENDENCY_STRUCTURE);
    assertTrue(reader.read(structure, 0, structure.length));
    byte[] octets = HexFormat.of().parseHex(hex);
    assertDoesNotAllocate(
        () -> {
          boolean known = reader.read(octets, 0, octets.length);
          FrameDependencies dependencies = reader.dependencies();
          return (known ? 1L : 0L)
              + reader.activeDecodeTargets()
              + (dependencies == null ? 0 : dependencies.presentMask());
        });
  }

  @ParameterizedTest
  @CsvSource({
    "DEPENDENCY_TOO_SHORT, c303",
    "DEPENDENCY_TOO_LONG, " + DEPENDENCY_STRUCTURE,
    // no mask, no value of a difference, half a structure, the mask beside a new structure
    "DEPENDENCY_TRUNCATED, c303cd40",
    "DEPENDENCY_TRUNCATED, c303cd1f",
    "DEPENDENCY_TRUNCATED, 8003cac0081485214eaaaaa8",
    "DEPENDENCY_TRUNCATED, 800001c00214eaa860414d141020842701df010d",
    "DEPENDENCY_TOO_MANY_TEMPLATES, 80000180000000000000000000000000000000000000000000",
    "DEPENDENCY_SPATIAL_ID_RANGE, 800001800002aaffffffffff",
    "DEPENDENCY_TEMPORAL_ID_RANGE, 8000018000015555ffffffff",
    // of the known structure and of a new one
    "DEPENDENCY_TEMPLATE_ID_RANGE, 8f" + DEPENDENCY_STRUCTURE_TAIL,
    "DEPENDENCY_TEMPLATE_ID_RANGE, 82000180003a410180ef808680",
  })
  void rejectingDependencyDescriptorsDoesNotAllocate(Reason reason, String hex)
      throws MalformedPacketException {
    DependencyDescriptorReader reader = new DependencyDescriptorReader();
    byte[] structure = HexFormat.of().parseHex(DEPENDENCY_STRUCTURE);
    assertTrue(reader.read(structure, 0, structure.length));
    byte[] given = HexFormat.of().parseHex(hex);
    byte[] octets = Arrays.copyOf(given, reason == Reason.DEPENDENCY_TOO_LONG ? 256 : given.length);
    assertSame(
        reason,
        assertThrows(MalformedPacketException.class, () -> reader.read(octets, 0, octets.length))
            .reason());
    assertDoesNotAllocate(() -> reader.read(octets, 0, octets.length) ? 1 : 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {DEPENDENCY_STRUCTURE, "c303cd", "c303cd401c", "c203ce581d30100000"})
  void writingDependencyDescriptorsDoesNotAllocate(String hex) throws MalformedPacketException {
    DependencyDescriptorReader reader = new DependencyDescriptorReader();
    byte[] structureOctets = HexFormat.of().parseHex(DEPENDENCY_STRUCTURE);
    assertTrue(reader.read(structureOctets, 0, structureOctets.length));
    byte[] octets = HexFormat.of().parseHex(hex);
    assertTrue(reader.read(octets, 0, octets.length));
    DependencyStructure structure = Objects.requireNonNull(reader.structure());
    FrameDependencies dependencies = Objects.requireNonNull(reader.dependencies());
    boolean attach = reader.structurePresent();
    int mask = reader.activeDecodeTargetsPresent() ? reader.activeDecodeTargets() : -1;
    byte[] written = new byte[DependencyDescriptorWriter.MAX_LENGTH];
    assertDoesNotAllocate(
        () ->
            DependencyDescriptorWriter.write(
                structure, attach, mask, true, false, 7, dependencies, written, 0));
  }

  @Test
  void writingExtensionsDoesNotAllocate() throws MalformedPacketException {
    HeaderExtensionWriter writer = new HeaderExtensionWriter();
    byte[] data = {1, 2, 3};
    byte[] block = new byte[20];
    byte[] octets = new byte[60];
    octets[0] = (byte) 0x80;
    packet.wrap(octets, 0, 30);
    assertDoesNotAllocate(
        () -> {
          writer.begin(block, 0, false);
          writer.add(1, data, 0, 1);
          writer.add(2, data, 0, 3);
          int length = writer.end();
          return (long) HeaderExtensionWriter.insert(packet, block, 0, length)
              + HeaderExtensionWriter.remove(packet);
        });
  }

  private static void assertDoesNotAllocate(Operation operation) {
    double octets = octetsPerRun(operation);
    assertTrue(octets < 1, octets + " octets per run");
  }

  private static double octetsPerRun(Operation operation) {
    long warmUpSum = run(operation, WARM_UP);
    long before = THREADS.getCurrentThreadAllocatedBytes();
    long measuredSum = run(operation, MEASURED);
    long after = THREADS.getCurrentThreadAllocatedBytes();
    // The compiler must not drop what is looked at.
    assertEquals(warmUpSum * (MEASURED / WARM_UP), measuredSum);
    return (after - before) / (double) MEASURED;
  }

  private static long run(Operation operation, int times) {
    long sum = 0;
    for (int i = 0; i < times; i++) {
      try {
        sum += operation.run();
      } catch (MalformedPacketException e) {
        sum += e.reason().hashCode();
      }
    }
    return sum;
  }
}
