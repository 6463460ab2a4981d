/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.marking;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A stream that repeats itself takes no memory, whether its packets are marked or refused. */
class AllocationTest {
  private static final int WARM_UP = 2_000;
  private static final int MEASURED = 5_000;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static volatile Object allocated = "";

  private static FrameMarker markerFor(String capture) {
    return switch (capture.substring(0, 3)) {
      case "vp8" -> new Vp8Marker(3);
      case "vp9" -> new Vp9Marker(SvcLayers.full(3, 3));
      case "av1" -> new Av1Marker(SvcLayers.full(3, 3));
      default -> new H264Marker(2);
    };
  }

  @Test
  void measuringSeesAllocations() {
    assertTrue(octetsPerRun(() -> allocated = new byte[8]) >= 16);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"vp8-l1t3", "h264-x264-discardable", "vp9-l3t3-flexible", "vp9-l3t3", "av1-l3t3"})
  void markingDoesNotAllocate(String name) {
    FrameMarker marker = markerFor(name);
    List<Capture> packets = Capture.read(name);
    byte[] descriptor = new byte[FrameMarker.MAX_DESCRIPTOR_BYTES];
    long[] timestamp = {0};
    double octets =
        octetsPerRun(
            () -> {
              timestamp[0] += 1_000_000;
              for (int i = 0; i < packets.size(); i++) {
                try {
                  int unused = packets.get(i).mark(marker, timestamp[0]);
                  unused = marker.writeDescriptor(descriptor, 0);
                } catch (PayloadFormatException e) {
                  throw new AssertionError(e);
                }
              }
            });
    assertTrue(octets < 1, octets + " octets for " + packets.size() + " packets");
  }

  @ParameterizedTest
  @CsvSource({"vp8, 90e080010700", "h264, 78", "vp9, b80100", "av1, 1030"})
  void refusingDoesNotAllocate(String codec, String payload) {
    FrameMarker marker = markerFor(codec);
    byte[] octets = Marking.octets(payload);
    double perRun =
        octetsPerRun(
            () -> {
              try {
                int unused = marker.mark(octets, 0, octets.length, true, 0);
                throw new AssertionError("marked");
              } catch (PayloadFormatException e) {
                assertTrue(e.reason() != null);
              }
            });
    assertTrue(perRun < 1, perRun + " octets");
  }

  private static double octetsPerRun(Runnable operation) {
    run(operation, WARM_UP);
    long before = THREADS.getCurrentThreadAllocatedBytes();
    run(operation, MEASURED);
    return (THREADS.getCurrentThreadAllocatedBytes() - before) / (double) MEASURED;
  }

  private static void run(Runnable operation, int times) {
    for (int i = 0; i < times; i++) {
      operation.run();
    }
  }
}
