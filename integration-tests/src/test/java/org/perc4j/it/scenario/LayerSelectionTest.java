/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.media.Vp9Payload;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.endpoint.PacketMarkings;
import org.perc4j.it.endpoint.ReceivedStream;
import org.perc4j.it.layers.LayerStep;
import org.perc4j.it.layers.LayerWalk;
import org.perc4j.it.layers.PayloadMarkings;
import org.perc4j.it.media.Clips;
import org.perc4j.it.media.Decoding;
import org.perc4j.it.media.LayeredClip;

/**
 * The bridge's own allocator leads a receiver through the layers of streams that the bridge cannot
 * read, while another one has everything all the time.
 */
@RequiresJvb
class LayerSelectionTest {
  /** What is sent, and how the bridge is told of it. */
  enum Stream {
    VP8_IN_TIME,
    VP8_SIMULCAST,
    H264_IN_TIME,
    VP9_BY_FRAME_MARKING,
    VP9_BY_DESCRIPTOR,
    VP9_NOT_FLEXIBLE,
    AV1_BY_FRAME_MARKING,
    AV1_BY_DESCRIPTOR;

    List<LayeredClip> encodings() throws IOException {
      return switch (this) {
        case VP8_SIMULCAST -> Clips.simulcast();
        case VP8_IN_TIME -> List.of(Clips.layered(VideoCodec.VP8));
        case H264_IN_TIME -> List.of(Clips.layered(VideoCodec.H264));
        case VP9_BY_FRAME_MARKING, VP9_BY_DESCRIPTOR, VP9_NOT_FLEXIBLE ->
            List.of(Clips.layered(VideoCodec.VP9));
        case AV1_BY_FRAME_MARKING, AV1_BY_DESCRIPTOR -> List.of(Clips.layered(VideoCodec.AV1));
      };
    }

    PacketMarkings.Factory markings(List<LayeredClip> encodings) {
      return switch (this) {
        case VP9_BY_DESCRIPTOR, VP9_NOT_FLEXIBLE, AV1_BY_DESCRIPTOR ->
            PayloadMarkings.descriptors(encodings);
        default -> PayloadMarkings.frameMarkings(encodings);
      };
    }

    Vp9Payload.Mode vp9Mode() {
      return this == VP9_NOT_FLEXIBLE ? Vp9Payload.Mode.NON_FLEXIBLE : Vp9Payload.Mode.FLEXIBLE;
    }
  }

  @ParameterizedTest
  @EnumSource
  void goesThroughAllLayersWhileOthersStay(Stream kind, JvbProcess jvb) throws Exception {
    String scenario = "layers-" + kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    List<LayeredClip> encodings = kind.encodings();
    List<LayerStep> steps = LayerStep.throughAll(encodings);
    List<LayerWalk.Outcome> outcomes = new ArrayList<>();
    Endpoint viewer;
    Endpoint other;
    ReceivedStream watched;
    ReceivedStream complete;
    try (Conference conference = new Conference(jvb, scenario)) {
      Endpoint sender =
          conference.join(
              Checks.listener(scenario, 1)
                  .layers(encodings.toArray(LayeredClip[]::new))
                  .vp9Mode(kind.vp9Mode())
                  .markings(kind.markings(encodings)));
      viewer = conference.join(Checks.listener(scenario, 2));
      other = conference.join(Checks.listener(scenario, 3));
      conference.startSending();
      LayerWalk walk = new LayerWalk(conference.room(), sender, viewer);
      for (LayerStep step : steps) {
        outcomes.add(walk.go(step));
      }
      conference.stopSending(Duration.ofSeconds(1));
      Checks.assertNothingRefused(conference);
      for (LayerWalk.Outcome outcome : outcomes) {
        assertEquals(Set.of(), walk.differences(outcome), outcome.toString());
      }
      watched = Checks.received(viewer, sender, MediaKind.VIDEO);
      complete = Checks.received(other, sender, MediaKind.VIDEO);
      for (ReceivedStream stream : List.of(watched, complete)) {
        for (int encoding = 0; encoding < encodings.size(); encoding++) {
          assertEquals(List.of(), stream.missingNumbers(encoding), stream.toString());
        }
      }
    }
    Checks.assertHealthy(jvb);
    Decoding unused = assertDecodes(watched, encodings);
    Decoding whole = assertDecodes(complete, encodings);
    LayeredClip highest = encodings.get(encodings.size() - 1);
    assertEquals(
        highest.height(highest.spatialLayers() - 1),
        whole.heights().get(whole.heights().size() - 1));
  }

  private static Decoding assertDecodes(ReceivedStream stream, List<LayeredClip> encodings)
      throws Exception {
    Decoding decoding = Decoding.of(stream.recording(), encodings.get(0).codec());
    assertEquals(List.of(), decoding.complaints(), stream.toString());
    assertEquals(stream.frames().size(), decoding.frames().size(), stream.toString());
    assertTrue(decoding.frames().size() > 100, stream.toString());
    return decoding;
  }
}
