/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.perc4j.endpoint.rtp.HeaderExtension;
import org.perc4j.endpoint.signalling.PayloadTypes;
import org.perc4j.header.dependency.DependencyDescriptorWriter;
import org.perc4j.header.dependency.DependencyStructure;
import org.perc4j.header.dependency.FrameDependencies;
import org.perc4j.header.framemarking.FrameMarkingCodec;
import org.perc4j.it.endpoint.FramePacket;
import org.perc4j.it.endpoint.PacketMarkings;
import org.perc4j.it.media.LayerFrame;
import org.perc4j.it.media.LayeredClip;

/** What honest senders tell the bridge of clips in layers, by what comes with the clips. */
final class Markings {
  private static final int MAX_TEMPLATE_DIFF = 16;

  private Markings() {}

  /** Frame markings in their long form. */
  static PacketMarkings frameMarking() {
    return packet -> List.of(extension(marking(packet)));
  }

  /** A frame marking as an extension, as it was signalled. */
  static HeaderExtension extension(int marking) {
    byte[] octets = new byte[FrameMarkingCodec.encodedLength(marking)];
    int unused = FrameMarkingCodec.write(marking, octets, 0);
    return new HeaderExtension(PayloadTypes.FRAME_MARKING_EXTENSION, octets);
  }

  /** What the clip says of a packet, as {@link FrameMarkingCodec#parse} packs it. */
  static int marking(FramePacket packet) {
    LayerFrame frame = packet.frame();
    return FrameMarkingCodec.ofScalable(
        packet.firstOfFrame(),
        packet.lastOfFrame(),
        frame.key(),
        frame.discardable(),
        frame.layerSync(),
        frame.temporalId(),
        frame.spatialId(),
        0);
  }

  /** Dependency descriptors, with the structure at each key. */
  static PacketMarkings dependencyDescriptor() {
    return new Descriptors();
  }

  /** A dependency descriptor as an extension, as it was signalled. */
  static HeaderExtension extension(byte[] descriptor) {
    return new HeaderExtension(PayloadTypes.DEPENDENCY_DESCRIPTOR_EXTENSION, descriptor);
  }

  /** The descriptor of a packet. */
  static byte[] descriptor(
      DependencyStructure structure, boolean attachStructure, int frameNumber, FramePacket packet) {
    FrameDependencies dependencies = dependencies(packet.clip(), packet.frame());
    byte[] octets =
        new byte
            [DependencyDescriptorWriter.encodedLength(
                structure, attachStructure, DependencyDescriptorWriter.ABSENT, dependencies)];
    int unused =
        DependencyDescriptorWriter.write(
            structure,
            attachStructure,
            DependencyDescriptorWriter.ABSENT,
            packet.firstOfFrame(),
            packet.lastOfFrame(),
            frameNumber & 0xFFFF,
            dependencies,
            octets,
            0);
    return octets;
  }

  /** The structure of a clip: what its frames are like, once each. */
  static DependencyStructure structure(LayeredClip clip, int templateIdOffset) {
    List<FrameDependencies> templates =
        clip.frames().stream()
            .filter(
                frame ->
                    frame.references().stream()
                        .allMatch(number -> frame.number() - number <= MAX_TEMPLATE_DIFF))
            .map(frame -> dependencies(clip, frame))
            .distinct()
            .sorted(
                Comparator.comparingInt(FrameDependencies::spatialId)
                    .thenComparingInt(FrameDependencies::temporalId))
            .toList();
    int[] widths = new int[clip.spatialLayers()];
    int[] heights = new int[clip.spatialLayers()];
    for (int spatial = 0; spatial < clip.spatialLayers(); spatial++) {
      widths[spatial] = clip.width(spatial);
      heights[spatial] = clip.height(spatial);
    }
    return DependencyStructure.of(templateIdOffset, templates, new int[0])
        .withResolutions(widths, heights);
  }

  /** Decode targets are all pairs of a spatial and a temporal layer, in that order. */
  private static FrameDependencies dependencies(LayeredClip clip, LayerFrame frame) {
    List<Integer> dtis = new ArrayList<>();
    for (int spatial = 0; spatial < clip.spatialLayers(); spatial++) {
      for (int temporal = 0; temporal < clip.temporalLayers(); temporal++) {
        dtis.add(dti(frame, spatial, temporal));
      }
    }
    return FrameDependencies.of(
        frame.spatialId(),
        frame.temporalId(),
        dtis.stream().mapToInt(Integer::intValue).toArray(),
        frame.references().stream().mapToInt(number -> frame.number() - number).sorted().toArray(),
        new int[0]);
  }

  private static int dti(LayerFrame frame, int spatial, int temporal) {
    if (frame.spatialId() > spatial || frame.temporalId() > temporal) {
      return FrameDependencies.NOT_PRESENT;
    }
    boolean goesOn = frame.temporalId() == temporal || frame.switchingPoint();
    if (frame.key() || (frame.spatialId() == spatial && goesOn)) {
      return FrameDependencies.SWITCH;
    }
    return frame.discardable() ? FrameDependencies.DISCARDABLE : FrameDependencies.REQUIRED;
  }

  /** Numbers the frames. */
  private static final class Descriptors implements PacketMarkings {
    private @Nullable DependencyStructure structure;
    private int frameNumber = -1;

    @Override
    public List<HeaderExtension> of(FramePacket packet) {
      DependencyStructure ofClip =
          structure == null ? Markings.structure(packet.clip(), 0) : structure;
      structure = ofClip;
      LayerFrame frame = packet.frame();
      frameNumber += packet.firstOfFrame() ? 1 : 0;
      boolean attach = packet.firstOfFrame() && frame.references().isEmpty();
      return List.of(extension(descriptor(ofClip, attach, frameNumber, packet)));
    }
  }
}
