/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.layers;

import java.util.ArrayList;
import java.util.List;
import org.perc4j.endpoint.signalling.ReceiverConstraints;
import org.perc4j.it.media.LayerFrame;
import org.perc4j.it.media.LayeredClip;

/**
 * A change of what a receiver asks for, and what the bridge's allocator makes of it.
 *
 * @param maxHeight of pictures, in lines
 * @param bandwidthBps that the bridge is to think the receiver has
 * @param choice that follows
 */
public record LayerStep(int maxHeight, long bandwidthBps, LayerChoice choice) {
  private static final long ENOUGH_BPS = 9_000_000;
  private static final int PACKET_OVERHEAD_BYTES = 50;
  private static final int PAYLOAD_BYTES = 1100;

  /** Through all layers of a source up and down again, first in space, then in time. */
  public static List<LayerStep> throughAll(List<LayeredClip> encodings) {
    List<LayerStep> steps = new ArrayList<>();
    int sizes = encodings.size() > 1 ? encodings.size() : encodings.get(0).spatialLayers();
    for (int size = sizes - 1; size >= 0; size--) {
      steps.add(ofSize(encodings, size));
    }
    for (int size = 1; size < sizes; size++) {
      steps.add(ofSize(encodings, size));
    }
    steps.add(ofSize(encodings, 0));
    LayeredClip lowest = encodings.get(0);
    int highestTemporal = lowest.temporalLayers() - 1;
    for (int temporal = highestTemporal - 1; temporal >= 0; temporal--) {
      steps.add(inTime(lowest, temporal));
    }
    for (int temporal = 1; temporal < highestTemporal; temporal++) {
      steps.add(inTime(lowest, temporal));
    }
    steps.add(ofSize(encodings, sizes - 1));
    return steps;
  }

  /** Pictures of a size, at the full frame rate. */
  private static LayerStep ofSize(List<LayeredClip> encodings, int size) {
    boolean simulcast = encodings.size() > 1;
    LayeredClip clip = encodings.get(simulcast ? size : 0);
    int spatial = simulcast ? 0 : size;
    return new LayerStep(
        clip.height(spatial),
        ENOUGH_BPS,
        new LayerChoice(simulcast ? size : 0, spatial, clip.temporalLayers() - 1));
  }

  /** A bandwidth that suffices for a temporal layer of the smallest pictures but not the next. */
  private static LayerStep inTime(LayeredClip clip, int temporal) {
    double bandwidth = Math.sqrt(bitsPerSecond(clip, temporal) * bitsPerSecond(clip, temporal + 1));
    return new LayerStep(clip.height(0), Math.round(bandwidth), new LayerChoice(0, 0, temporal));
  }

  private static double bitsPerSecond(LayeredClip clip, int temporal) {
    long octets = 0;
    for (LayerFrame frame : clip.frames()) {
      if (frame.spatialId() == 0 && frame.temporalId() <= temporal) {
        int packets = 1 + frame.octets().length / PAYLOAD_BYTES;
        octets += frame.octets().length + (long) packets * PACKET_OVERHEAD_BYTES;
      }
    }
    return 8.0 * octets * clip.framesPerSecond() / clip.length();
  }

  ReceiverConstraints constraints() {
    return ReceiverConstraints.EVERYTHING
        .withMaxHeight(maxHeight)
        .withAssumedBandwidthBps(bandwidthBps);
  }
}
