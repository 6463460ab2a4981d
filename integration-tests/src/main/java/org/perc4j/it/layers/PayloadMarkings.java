/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.layers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.perc4j.e2e.marking.Av1Marker;
import org.perc4j.e2e.marking.FrameMarker;
import org.perc4j.e2e.marking.H264Marker;
import org.perc4j.e2e.marking.PayloadFormatException;
import org.perc4j.e2e.marking.SvcLayers;
import org.perc4j.e2e.marking.Vp8Marker;
import org.perc4j.e2e.marking.Vp9Marker;
import org.perc4j.endpoint.rtp.HeaderExtension;
import org.perc4j.endpoint.signalling.PayloadTypes;
import org.perc4j.header.framemarking.FrameMarkingCodec;
import org.perc4j.it.endpoint.FramePacket;
import org.perc4j.it.endpoint.PacketMarkings;
import org.perc4j.it.media.LayeredClip;

/** Markings that are derived from the payloads, as an application would have them. */
public final class PayloadMarkings implements PacketMarkings {
  private final FrameMarker marker;
  private final boolean described;
  private final byte[] octets = new byte[FrameMarker.MAX_DESCRIPTOR_BYTES];

  private PayloadMarkings(FrameMarker marker, boolean described) {
    this.marker = marker;
    this.described = described;
  }

  /** Makes frame markings of the encodings of a source. */
  public static PacketMarkings.Factory frameMarkings(List<LayeredClip> encodings) {
    return encoding -> new PayloadMarkings(marker(encodings.get(encoding)), false);
  }

  /** Makes dependency descriptors of the encodings of a source. */
  public static PacketMarkings.Factory descriptors(List<LayeredClip> encodings) {
    return encoding -> new PayloadMarkings(marker(encodings.get(encoding)), true);
  }

  private static FrameMarker marker(LayeredClip clip) {
    return switch (clip.codec()) {
      case VP8 -> new Vp8Marker(clip.temporalLayers());
      case VP9 -> new Vp9Marker(SvcLayers.full(clip.spatialLayers(), clip.temporalLayers()));
      case AV1 -> new Av1Marker(SvcLayers.full(clip.spatialLayers(), clip.temporalLayers()));
      case H264 -> new H264Marker(clip.temporalLayers());
    };
  }

  @Override
  public List<HeaderExtension> of(FramePacket packet) {
    List<HeaderExtension> extensions = new ArrayList<>();
    int marking;
    try {
      marking =
          marker.mark(
              packet.payload(),
              0,
              packet.payload().length,
              packet.lastOfFrame(),
              packet.timestamp());
    } catch (PayloadFormatException e) {
      throw new IllegalStateException(packet.frame() + ": " + e.reason(), e);
    }
    if (described) {
      int length = marker.writeDescriptor(octets, 0);
      extensions.add(extension(PayloadTypes.DEPENDENCY_DESCRIPTOR_EXTENSION, length));
    } else {
      int length = FrameMarkingCodec.write(marking, octets, 0);
      extensions.add(extension(PayloadTypes.FRAME_MARKING_EXTENSION, length));
    }
    return extensions;
  }

  private HeaderExtension extension(int id, int length) {
    if (length == 0) {
      throw new IllegalStateException("nothing to say of a packet");
    }
    return new HeaderExtension(id, Arrays.copyOf(octets, length));
  }
}
