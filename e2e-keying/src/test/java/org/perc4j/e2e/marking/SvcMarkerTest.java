/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.marking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.perc4j.e2e.marking.PayloadFormatException.Reason;
import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.dependency.DependencyDescriptorReader;
import org.perc4j.header.dependency.DependencyStructure;
import org.perc4j.header.dependency.FrameDependencies;
import org.perc4j.header.framemarking.FrameMarkingCodec;

/**
 * L3T3 by libvpx and libaom: what is marked is held against what the encoders were told, and every
 * claim of a descriptor against all frames that follow. Made by {@code
 * src/test/python/layered_captures.py}.
 */
class SvcMarkerTest {
  private static final int LAYERS = 3;
  private static final int CYCLE = 8;

  private static FrameMarker markerFor(String capture) {
    return capture.startsWith("vp9")
        ? new Vp9Marker(SvcLayers.full(LAYERS, LAYERS))
        : new Av1Marker(SvcLayers.full(LAYERS, LAYERS));
  }

  /** A layer frame: what it is, and what was said of it. */
  private record Frame(int number, Capture first, FrameDependencies told) {
    int picture() {
      return first.picture();
    }

    boolean isIn(int spatialId, int temporalId) {
      return first.spatialId() <= spatialId && first.temporalId() <= temporalId;
    }

    List<Integer> references() {
      return first.references();
    }
  }

  /** Marks a capture, and reads the descriptor of each packet as a bridge does. */
  private static List<Frame> mark(String name) throws Exception {
    FrameMarker marker = markerFor(name);
    DependencyDescriptorReader reader = new DependencyDescriptorReader();
    byte[] descriptor = new byte[FrameMarker.MAX_DESCRIPTOR_BYTES];
    List<Frame> frames = new ArrayList<>();
    boolean start = true;
    for (Capture packet : Capture.read(name)) {
      int marking = packet.mark(marker);
      int length = marker.writeDescriptor(descriptor, 0);
      assertTrue(length > 0 && reader.read(descriptor, 0, length));
      FrameDependencies told = reader.dependencies();
      assertNotNull(told);
      if (start) {
        frames.add(new Frame(frames.size(), packet, told));
      }
      assertEquals(frames.get(frames.size() - 1).told(), told, "the same in each packet");
      assertEquals(frames.size() - 1, reader.frameNumber());
      assertEquals(start, reader.startOfFrame());
      assertEquals(packet.last(), reader.endOfFrame());
      assertEquals(frames.size() == 1 && start, reader.structurePresent());
      assertEquals(start, FrameMarkingCodec.startOfFrame(marking));
      assertEquals(packet.last(), FrameMarkingCodec.endOfFrame(marking));
      assertEquals(packet.picture() == 0, FrameMarkingCodec.independent(marking));
      assertEquals(packet.temporalId(), FrameMarkingCodec.temporalId(marking));
      assertEquals(packet.spatialId(), FrameMarkingCodec.spatialId(marking));
      // The payload tells it, or it is counted from 1 on.
      int firstTl0PicIdx = name.equals("vp9-l3t3") ? 0 : 1;
      assertEquals(firstTl0PicIdx + packet.picture() / 4, FrameMarkingCodec.tl0PicIdx(marking));
      start = packet.last();
    }
    return frames;
  }

  @ParameterizedTest
  @ValueSource(strings = {"vp9-l3t3-flexible", "vp9-l3t3", "av1-l3t3"})
  void namesReferencesAndLayers(String name) throws Exception {
    for (Frame frame : mark(name)) {
      assertEquals(frame.first().spatialId(), frame.told().spatialId());
      assertEquals(frame.first().temporalId(), frame.told().temporalId());
      Set<Integer> references = new TreeSet<>();
      for (int i = 0; i < frame.told().frameDiffCount(); i++) {
        references.add(frame.number() - frame.told().frameDiff(i));
      }
      assertEquals(new TreeSet<>(frame.references()), references);
      assertEquals(references.size(), frame.told().frameDiffCount(), "each once");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"vp9-l3t3-flexible", "vp9-l3t3", "av1-l3t3"})
  void marksWhatCanBeDroppedAndWhereToBegin(String name) throws Exception {
    FrameMarker marker = markerFor(name);
    List<Frame> frames = mark(name);
    int number = 0;
    for (Capture packet : Capture.read(name)) {
      int marking = packet.mark(marker);
      Frame frame = frames.get(number);
      boolean used = frames.stream().anyMatch(other -> other.references().contains(frame.number()));
      // The last pictures are used by ones that were not captured.
      if (frame.picture() < frames.get(frames.size() - 1).picture() - CYCLE) {
        assertEquals(!used, FrameMarkingCodec.discardable(marking), frame.toString());
      }
      boolean sync =
          frame.first().temporalId() > 0
              && earlier(frames, frame).stream().allMatch(r -> r.first().temporalId() == 0);
      assertEquals(sync, FrameMarkingCodec.baseLayerSync(marking), frame.toString());
      number += packet.last() ? 1 : 0;
    }
  }

  private static List<Frame> earlier(List<Frame> frames, Frame frame) {
    return frame.references().stream()
        .map(frames::get)
        .filter(reference -> reference.picture() != frame.picture())
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"vp9-l3t3-flexible", "vp9-l3t3", "av1-l3t3"})
  void indicationsAreTrueOfAllThatFollows(String name) throws Exception {
    List<Frame> frames = mark(name);
    for (Frame frame : frames) {
      Set<Integer> needed = new HashSet<>();
      addWithReferences(frames, frame, needed);
      for (int target = 0; target < LAYERS * LAYERS; target++) {
        int spatialId = target / LAYERS;
        int temporalId = target % LAYERS;
        List<Frame> later =
            frames.stream()
                .filter(other -> other.number() > frame.number())
                .filter(other -> other.isIn(spatialId, temporalId))
                .toList();
        int dti = frame.told().dti(target);
        assertEquals(!frame.isIn(spatialId, temporalId), dti == FrameDependencies.NOT_PRESENT);
        if (dti == FrameDependencies.DISCARDABLE) {
          assertTrue(later.stream().noneMatch(o -> o.references().contains(frame.number())));
        }
        if (dti == FrameDependencies.SWITCH) {
          assertTrue(
              later.stream()
                  .map(Frame::references)
                  .flatMap(Collection::stream)
                  .allMatch(r -> r > frame.number() || needed.contains(r)),
              frame + " for " + target);
        }
      }
    }
  }

  private static void addWithReferences(List<Frame> frames, Frame frame, Set<Integer> numbers) {
    if (numbers.add(frame.number())) {
      for (int reference : frame.references()) {
        addWithReferences(frames, frames.get(reference), numbers);
      }
    }
  }

  /** Nothing claimed would be true as well, so here is what has to be claimed. */
  @ParameterizedTest
  @ValueSource(strings = {"vp9-l3t3-flexible", "vp9-l3t3", "av1-l3t3"})
  void claimsSwitchingPoints(String name) throws Exception {
    boolean told = name.startsWith("vp9");
    for (Frame frame : mark(name)) {
      int spatialId = frame.first().spatialId();
      int lowest = LAYERS * spatialId;
      int switches = frame.told().switchMask() >> lowest & 0b111;
      int expected =
          switch (frame.picture() % CYCLE) {
            case 0 -> told || frame.picture() == 0 ? 0b111 : 0b001;
            case 2 -> 0b110;
            case 4 -> 0b001;
            default -> 0;
          };
      assertEquals(expected, switches, frame.toString());
      int above = frame.told().switchMask() >> lowest >> LAYERS;
      assertEquals(frame.picture() == 0 ? (1 << (LAYERS * (2 - spatialId))) - 1 : 0, above);
      if (frame.first().temporalId() == LAYERS - 1) {
        assertEquals(FrameDependencies.DISCARDABLE, frame.told().dti(lowest + LAYERS - 1));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"vp9-l3t3-flexible", "vp9-l3t3", "av1-l3t3"})
  void chainsLinkTheLowestTemporalLayer(String name) throws Exception {
    int[] last = {-1, -1, -1};
    for (Frame frame : mark(name)) {
      for (int chain = 0; chain < LAYERS; chain++) {
        assertEquals(
            last[chain] < 0 ? 0 : frame.number() - last[chain], frame.told().chainDiff(chain));
        if (frame.isIn(chain, 0)) {
          last[chain] = frame.number();
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"vp9-l3t3-flexible", "vp9-l3t3", "av1-l3t3"})
  void structureTellsTargetsAndSizes(String name) throws Exception {
    DependencyStructure structure = structureOf(markerFor(name), Capture.read(name).get(0));
    assertTrue(structure.hasResolutions());
    for (int spatialId = 0; spatialId < LAYERS; spatialId++) {
      assertEquals(320 << spatialId, structure.width(spatialId));
      assertEquals(180 << spatialId, structure.height(spatialId));
    }
    assertEquals(LAYERS * LAYERS, structure.decodeTargetCount());
    for (int target = 0; target < LAYERS * LAYERS; target++) {
      assertEquals(target / LAYERS, structure.decodeTargetSpatialId(target));
      assertEquals(target % LAYERS, structure.decodeTargetTemporalId(target));
      assertEquals(target / LAYERS, structure.protectingChain(target));
    }
  }

  private static DependencyStructure structureOf(FrameMarker marker, Capture first)
      throws PayloadFormatException, MalformedPacketException {
    int unused = first.mark(marker);
    byte[] descriptor = new byte[FrameMarker.MAX_DESCRIPTOR_BYTES];
    DependencyDescriptorReader reader = new DependencyDescriptorReader();
    assertTrue(reader.read(descriptor, 0, marker.writeDescriptor(descriptor, 0)));
    DependencyStructure structure = reader.structure();
    assertNotNull(structure);
    return structure;
  }

  @ParameterizedTest
  @ValueSource(strings = {"vp9-l3t3-flexible", "vp9-l3t3", "av1-l3t3"})
  void frameWhoseBeginningWasMissedIsOneThatOthersMayDependOn(String name) throws Exception {
    FrameMarker marker = markerFor(name);
    List<Capture> packets = Capture.read(name);
    byte[] descriptor = new byte[FrameMarker.MAX_DESCRIPTOR_BYTES];
    // The last packet of a frame that has several, then frames of later pictures.
    int cut = 1;
    while (packets.get(cut - 1).last() || !packets.get(cut).last()) {
      cut++;
    }
    DependencyDescriptorReader reader = new DependencyDescriptorReader();
    for (int i = 0; i < cut - 1; i++) {
      int unused = packets.get(i).mark(marker);
      int length = marker.writeDescriptor(descriptor, 0);
      assertTrue(reader.read(descriptor, 0, length));
    }
    for (int i = cut; i < packets.size(); i++) {
      int marking = packets.get(i).mark(marker);
      int length = marker.writeDescriptor(descriptor, 0);
      assertTrue(marker.keyFrameWanted());
      if (i == cut) {
        assertFalse(FrameMarkingCodec.startOfFrame(marking));
        assertFalse(FrameMarkingCodec.discardable(marking));
        assertFalse(FrameMarkingCodec.independent(marking));
        assertFalse(FrameMarkingCodec.baseLayerSync(marking));
        assertEquals(0, length);
      } else if (length > 0) {
        assertTrue(reader.read(descriptor, 0, length));
        FrameDependencies dependencies = Objects.requireNonNull(reader.dependencies());
        assertTrue(dependencies.frameDiffCount() > 0, "it refers to something");
      }
    }
    int unused = packets.get(0).mark(marker);
    assertTrue(marker.writeDescriptor(descriptor, 0) > 0, "a key picture mends it");
    assertFalse(marker.keyFrameWanted());
  }

  @ParameterizedTest
  @ValueSource(strings = {"vp9-l3t3", "av1-l3t3"})
  void tellsActiveTargetsUntilKeyPictureWithAll(String name) throws Exception {
    FrameMarker marker = markerFor(name);
    DependencyDescriptorReader reader = new DependencyDescriptorReader();
    byte[] descriptor = new byte[FrameMarker.MAX_DESCRIPTOR_BYTES];
    int all = 0b111_111_111;
    int some = 0b000_011_011;
    for (int round = 0; round < 3; round++) {
      int picture = 0;
      for (Capture packet : Capture.read(name)) {
        if (packet.picture() == 3 && picture == 2 && round == 0) {
          activate(marker, 2, 2); // which pictures of temporal layer 0 tell, the next one is 4
        }
        if (packet.picture() == 3 && picture == 2 && round == 1) {
          activate(marker, 3, 3);
        }
        picture = packet.picture();
        int unused = packet.mark(marker, round * 1_000_000L);
        assertTrue(reader.read(descriptor, 0, marker.writeDescriptor(descriptor, 0)));
        boolean told = picture % 4 == 0 && (round == 0 ? picture >= 4 : round == 1);
        assertEquals(told, reader.activeDecodeTargetsPresent(), round + " " + picture);
        boolean fewer = round == 0 ? picture >= 4 : round == 1 && picture < 4;
        assertEquals(fewer ? some : all, reader.activeDecodeTargets(), round + " " + picture);
      }
    }
  }

  private static void activate(FrameMarker marker, int spatialLayers, int temporalLayers) {
    if (marker instanceof Vp9Marker vp9) {
      vp9.activate(spatialLayers, temporalLayers);
    } else {
      ((Av1Marker) marker).activate(spatialLayers, temporalLayers);
    }
  }

  /** A stream has more layers than it was said to have. */
  @ParameterizedTest
  @ValueSource(strings = {"vp9-l3t3-flexible", "av1-l3t3"})
  void refusesLayersThatWereNotConfigured(String name) throws PayloadFormatException {
    FrameMarker marker =
        name.startsWith("vp9")
            ? new Vp9Marker(SvcLayers.full(3, 2))
            : new Av1Marker(SvcLayers.full(3, 2));
    boolean start = true;
    for (Capture packet : Capture.read(name)) {
      if (packet.temporalId() == 2 && start) {
        PayloadFormatException refusal =
            assertThrows(PayloadFormatException.class, () -> packet.mark(marker));
        assertEquals(Reason.LAYER_RANGE, refusal.reason());
        assertEquals(0, marker.writeDescriptor(new byte[0], 0));
      } else if (packet.temporalId() < 2) {
        int marking = packet.mark(marker);
        assertEquals(packet.temporalId(), FrameMarkingCodec.temporalId(marking));
      }
      start = packet.last();
    }
  }
}
