/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.video;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.dependency.DependencyDescriptorReader;
import org.perc4j.header.dependency.DependencyDescriptorWriter;
import org.perc4j.header.dependency.DependencyStructure;
import org.perc4j.header.dependency.FrameDependencies;

/**
 * The descriptors were worked out by hand, bit by bit, from the syntax in A.8.2 of the AV1 RTP
 * specification. The structure of {@link #KEY}, behind three mandatory octets and the flags 10000:
 *
 * <pre>
 *  template_id_offset 000000 | dt_cnt_minus_one 00001
 *  next_layer_idc 00 01 11                S0T0, S0T0 again, S0T1, no more
 *  template_dti 1010 1010 0001            SS, SS, -D
 *  template_fdiff 0 | 1 0001 0 | 1 0000 0 none; 2; 1
 *  chain_cnt ns(3) 0 | resolutions_present_flag 0
 * </pre>
 */
class DescriptorRewritingTest {
  private static final int ROOM = 100;

  private static final String KEY = "80123480011ea8514000";

  private final StreamReader reader = new StreamReader(1);

  private @Nullable String written(String descriptor, int active, int room)
      throws MalformedPacketException {
    byte[] octets = HexFormat.of().parseHex("ffff" + descriptor + "ff");
    int length = octets.length - 3;
    reader.clear();
    int frame = reader.readDescriptor(octets, 2, length);
    byte[] written =
        DescriptorRewriting.written(
            octets, 2, length, frame, requireNonNull(reader.layers()), active, room);
    return written == null ? null : HexFormat.of().formatHex(written);
  }

  @Test
  void addsAMaskBehindTheStructure() throws MalformedPacketException {
    // flags 11000; behind the last bit of the structure, which is the first of its octet: 01
    assertEquals("801234c0011ea8514020", written(KEY, 0b01, ROOM));
  }

  @Test
  void addsAMaskToADescriptorOfThreeOctets() throws MalformedPacketException {
    var unused = written(KEY, 0b01, ROOM);
    // 01000 01, and one bit is left
    assertEquals("c2123542", written("c21235", 0b01, ROOM));
    assertEquals("02123546", written("021235", 0b11, ROOM));
  }

  @Test
  void putsAMaskBetweenFlagsAndFieldsOfTheFrame() throws MalformedPacketException {
    var unused = written(KEY, 0b01, ROOM);
    // 00010, a difference of 4: 01 0011, no more: 00; then the same with A and 01 between
    assertEquals("8012365298", written("8012361260", 0b01, ROOM));
  }

  @Test
  void replacesTheMaskOfTheSender() throws MalformedPacketException {
    assertEquals("801234c0011ea8514020", written("801234c0011ea8514060", 0b01, ROOM));
    assertEquals("c2123542", written("c2123546", 0b01, ROOM));
  }

  @Test
  void leavesWhatDoesNotFit() throws MalformedPacketException {
    var unused = written(KEY, 0b01, ROOM);
    assertEquals("c2123542", written("c21235", 0b01, 1));
    assertNull(written("c21235", 0b01, 0));
    assertEquals("801234c0011ea8514020", written(KEY, 0b01, -9), "of the same length");
  }

  @Test
  void leavesWhatWouldNeedAnotherHeader() throws MalformedPacketException {
    // 16 octets, with bits behind the last field that nobody reads; as written it takes 10
    assertEquals("801234c0011ea8514020", written("80123480011ea8514000000000000000", 0b01, ROOM));
    DependencyStructure structure =
        DependencyStructure.of(
            0,
            List.of(
                template("SSSS"),
                template("SSSS", 1),
                template("-SSS", 2, 5),
                template("--SS", 3, 6),
                template("---S", 4)),
            new int[0]);
    FrameDependencies key = structure.template(0);
    byte[] octets = new byte[255];
    int length =
        DependencyDescriptorWriter.write(
            structure, true, DependencyDescriptorWriter.ABSENT, true, true, 1, key, octets, 0);
    assertEquals(16, length);
    assertNull(written(HexFormat.of().formatHex(octets, 0, length), 0b1, ROOM));
  }

  private static FrameDependencies template(String indications, int... frameDiffs) {
    int[] dtis = indications.chars().map("-DSR"::indexOf).toArray();
    return FrameDependencies.of(0, 0, dtis, frameDiffs, new int[0]);
  }

  @Test
  void leavesAMaskOf32TargetsThatItCannotSay() throws MalformedPacketException {
    int[] dtis = new int[32];
    Arrays.fill(dtis, FrameDependencies.SWITCH);
    DependencyStructure structure =
        DependencyStructure.of(
            0, List.of(FrameDependencies.of(0, 0, dtis, new int[0], new int[0])), new int[0]);
    byte[] octets = new byte[255];
    int length =
        DependencyDescriptorWriter.write(
            structure,
            true,
            DependencyDescriptorWriter.ABSENT,
            true,
            true,
            1,
            structure.template(0),
            octets,
            0);
    String key = HexFormat.of().formatHex(octets, 0, length);
    assertEquals(key, written(key, -1, ROOM));
    assertNull(written("c00002", -1, ROOM));
    assertEquals("c000024000000008", written("c00002", 1, ROOM));
  }

  @Test
  void saysTheSameOfTheFrame() throws MalformedPacketException {
    DependencyDescriptorReader receiver = new DependencyDescriptorReader();
    for (String descriptor : List.of(KEY, "8012361260", "c21237")) {
      byte[] octets = HexFormat.of().parseHex(requireNonNull(written(descriptor, 0b01, ROOM)));
      assertEquals(true, receiver.read(octets, 0, octets.length));
      assertEquals(0b01, receiver.activeDecodeTargets());
      assertEquals(requireNonNull(reader.layers()).dependencies(), receiver.dependencies());
      byte[] sent = HexFormat.of().parseHex(descriptor);
      assertArrayEquals(Arrays.copyOf(sent, 3), Arrays.copyOf(octets, 3), descriptor);
    }
  }
}
