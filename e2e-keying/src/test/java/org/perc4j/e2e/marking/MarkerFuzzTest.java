/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.marking;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.dependency.DependencyDescriptorReader;
import org.perc4j.header.framemarking.FrameMarkingCodec;

/**
 * Any octets, as a run of packets: an octet of flags, one of length, the payload. What comes out
 * can be written and read, or the one checked exception comes.
 */
class MarkerFuzzTest {
  private static final int LAST = 0x01;
  private static final int SAME_TIME = 0x02;
  private static final int GUARD = 4;

  @FuzzTest
  void vp8(byte[] input) throws MalformedPacketException {
    run(new Vp8Marker(3), input);
  }

  @FuzzTest
  void h264(byte[] input) throws MalformedPacketException {
    run(new H264Marker(3), input);
  }

  @FuzzTest
  void vp9(byte[] input) throws MalformedPacketException {
    run(new Vp9Marker(SvcLayers.full(3, 3)), input);
  }

  @FuzzTest
  void av1(byte[] input) throws MalformedPacketException {
    run(new Av1Marker(SvcLayers.full(3, 3)), input);
  }

  private static void run(FrameMarker marker, byte[] input) throws MalformedPacketException {
    DependencyDescriptorReader reader = new DependencyDescriptorReader();
    byte[] written = new byte[FrameMarker.MAX_DESCRIPTOR_BYTES];
    long timestamp = 0;
    int at = 0;
    while (input.length - at >= 2) {
      int flags = input[at];
      int length = Math.min(input[at + 1] & 0xFF, input.length - at - 2);
      byte[] buffer = new byte[GUARD + length + GUARD];
      System.arraycopy(input, at + 2, buffer, GUARD, length);
      byte[] before = buffer.clone();
      timestamp += (flags & SAME_TIME) != 0 ? 0 : 3000;
      at += 2 + length;
      boolean marked = mark(marker, buffer, length, (flags & LAST) != 0, timestamp);
      assertArrayEquals(before, buffer);
      int descriptor = marker.writeDescriptor(written, 0);
      assertTrue(marked || descriptor == 0);
      if (descriptor > 0) {
        assertTrue(reader.read(written, 0, descriptor));
      }
    }
  }

  private static boolean mark(
      FrameMarker marker, byte[] buffer, int length, boolean last, long timestamp)
      throws MalformedPacketException {
    byte[] written = new byte[FrameMarkingCodec.MAX_LENGTH];
    try {
      int marking = marker.mark(buffer, GUARD, length, last, timestamp);
      int octets = FrameMarkingCodec.write(marking, written, 0);
      assertEquals(marking, FrameMarkingCodec.parse(written, 0, octets));
      return true;
    } catch (PayloadFormatException e) {
      return false;
    }
  }
}
