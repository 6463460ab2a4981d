/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header.framemarking;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import org.perc4j.header.MalformedPacketException;

class FrameMarkingFuzzTest {

  @FuzzTest
  void frameMarking(byte[] input) {
    byte[] buffer = new byte[input.length + 2];
    Arrays.fill(buffer, (byte) 0x55);
    System.arraycopy(input, 0, buffer, 1, input.length);
    byte[] before = buffer.clone();
    int marking;
    try {
      marking = FrameMarkingCodec.parse(buffer, 1, input.length);
    } catch (MalformedPacketException e) {
      assertTrue(input.length < 1 || input.length > 3);
      return;
    }
    assertArrayEquals(before, buffer);
    assertTrue(input.length >= 1 && input.length <= 3);
    assertEquals(input.length, FrameMarkingCodec.encodedLength(marking));

    Arrays.fill(buffer, 1, 1 + input.length, (byte) 0);
    assertEquals(input.length, FrameMarkingCodec.write(marking, buffer, 1));
    assertArrayEquals(before, buffer);
    assertEquals(input.length > 1 ? input[1] & 7 : 0, FrameMarkingCodec.spatialId(marking));
    if (FrameMarkingCodec.temporalId(marking) != 0 || !FrameMarkingCodec.baseLayerSync(marking)) {
      assertEquals(marking, compose(marking));
    }
  }

  private static int compose(int marking) {
    boolean start = FrameMarkingCodec.startOfFrame(marking);
    boolean end = FrameMarkingCodec.endOfFrame(marking);
    boolean independent = FrameMarkingCodec.independent(marking);
    boolean discardable = FrameMarkingCodec.discardable(marking);
    boolean baseLayerSync = FrameMarkingCodec.baseLayerSync(marking);
    int temporalId = FrameMarkingCodec.temporalId(marking);
    int layerId = FrameMarkingCodec.layerId(marking);
    if (!FrameMarkingCodec.scalable(marking)) {
      return FrameMarkingCodec.ofNonScalable(start, end, independent, discardable);
    }
    if (!FrameMarkingCodec.hasLayerId(marking)) {
      return FrameMarkingCodec.ofScalable(
          start, end, independent, discardable, baseLayerSync, temporalId);
    }
    if (!FrameMarkingCodec.hasTl0PicIdx(marking)) {
      return FrameMarkingCodec.ofScalable(
          start, end, independent, discardable, baseLayerSync, temporalId, layerId);
    }
    return FrameMarkingCodec.ofScalable(
        start,
        end,
        independent,
        discardable,
        baseLayerSync,
        temporalId,
        layerId,
        FrameMarkingCodec.tl0PicIdx(marking));
  }
}
