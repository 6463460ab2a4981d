/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.marking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.media.Vp9Payload;
import org.perc4j.header.dependency.DependencyDescriptorReader;
import org.perc4j.header.dependency.FrameDependencies;
import org.perc4j.header.framemarking.FrameMarkingCodec;
import org.perc4j.it.media.Clips;
import org.perc4j.it.media.LayerFrame;
import org.perc4j.it.media.LayeredClip;

/** What is marked of clips in layers is what their encoders were told to make. */
class MarkingTruthTest {
  static Stream<Arguments> clips() throws IOException {
    List<Arguments> clips = new ArrayList<>();
    for (LayeredClip clip : Clips.simulcast()) {
      clips.add(Arguments.of(clip, Vp9Payload.Mode.FLEXIBLE));
    }
    clips.addAll(layered().toList());
    return clips.stream();
  }

  static Stream<Arguments> layered() throws IOException {
    LayeredClip vp9 = Clips.layered(VideoCodec.VP9);
    return Stream.of(
        Arguments.of(vp9, Vp9Payload.Mode.FLEXIBLE),
        Arguments.of(vp9, Vp9Payload.Mode.NON_FLEXIBLE),
        Arguments.of(Clips.layered(VideoCodec.AV1), Vp9Payload.Mode.FLEXIBLE));
  }

  @ParameterizedTest
  @MethodSource("clips")
  void marksFrames(LayeredClip clip, Vp9Payload.Mode mode) throws Exception {
    int tl0PicIdx = -1;
    for (MarkedStream.Packet packet : MarkedStream.of(clip, mode)) {
      LayerFrame frame = packet.frame();
      int marking = packet.marking();
      if (packet.first() && frame.temporalId() == 0 && frame.spatialId() == 0) {
        tl0PicIdx = tl0PicIdx < 0 ? FrameMarkingCodec.tl0PicIdx(marking) : (tl0PicIdx + 1) & 0xFF;
      }
      int expected =
          FrameMarkingCodec.ofScalable(
              packet.first(),
              packet.last(),
              frame.key(),
              frame.discardable(),
              frame.layerSync(),
              frame.temporalId(),
              frame.spatialId(),
              tl0PicIdx);
      assertEquals(Integer.toHexString(expected), Integer.toHexString(marking), frame.toString());
    }
  }

  /** Which slices refer to which, H.264 does not say where the marker looks: sync is a minimum. */
  @Test
  void marksLayersOfH264AndSyncWhereItIsCertain() throws Exception {
    LayeredClip clip = Clips.layered(VideoCodec.H264);
    int syncs = 0;
    for (MarkedStream.Packet packet : MarkedStream.of(clip, Vp9Payload.Mode.FLEXIBLE)) {
      LayerFrame frame = packet.frame();
      int marking = packet.marking();
      assertEquals(packet.first(), FrameMarkingCodec.startOfFrame(marking));
      assertEquals(packet.last(), FrameMarkingCodec.endOfFrame(marking));
      assertEquals(frame.key(), FrameMarkingCodec.independent(marking));
      assertEquals(frame.discardable(), FrameMarkingCodec.discardable(marking));
      assertEquals(frame.temporalId(), FrameMarkingCodec.temporalId(marking));
      if (FrameMarkingCodec.baseLayerSync(marking)) {
        assertTrue(frame.layerSync(), frame.toString());
        syncs++;
      }
    }
    assertTrue(syncs > 0, "no sync at all");
  }

  @ParameterizedTest
  @MethodSource("layered")
  void describesDependencies(LayeredClip clip, Vp9Payload.Mode mode) throws Exception {
    DependencyDescriptorReader reader = new DependencyDescriptorReader();
    int begin = 0;
    for (MarkedStream.Packet packet : MarkedStream.of(clip, mode)) {
      LayerFrame frame = packet.frame();
      begin = packet.number() - frame.number();
      assertTrue(reader.read(packet.descriptor(), 0, packet.descriptor().length));
      FrameDependencies told = Objects.requireNonNull(reader.dependencies());
      assertEquals(packet.number(), reader.frameNumber());
      assertEquals(packet.first(), reader.startOfFrame());
      assertEquals(packet.last(), reader.endOfFrame());
      assertEquals(
          packet.first() && frame.key() && frame.spatialId() == 0, reader.structurePresent());
      assertEquals(frame.spatialId(), told.spatialId());
      assertEquals(frame.temporalId(), told.temporalId());
      List<Integer> references = new ArrayList<>();
      for (int i = 0; i < told.frameDiffCount(); i++) {
        references.add(packet.number() - told.frameDiff(i) - begin);
      }
      assertEquals(List.copyOf(new TreeSet<>(frame.references()).descendingSet()), references);
    }
    assertEquals((MarkedStream.ROUNDS - 1) * clip.frames().size(), begin);
  }
}
