/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.signalling.ReceiverConstraints;
import org.perc4j.endpoint.signalling.Source;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.endpoint.EndpointOptions;
import org.perc4j.it.endpoint.ReceivedStream;
import org.perc4j.it.endpoint.SentStream;
import org.perc4j.it.harness.Await;
import org.perc4j.it.layers.LayerChoice;
import org.perc4j.it.layers.LayerStep;
import org.perc4j.it.layers.LayerWalk;
import org.perc4j.it.media.Clips;
import org.perc4j.it.media.LayerFrame;
import org.perc4j.it.media.LayeredClip;

/** The bridge knows the layers of streams that it cannot read, and goes by them. */
@RequiresJvb
class LayerStatisticsTest {
  private static final int LATEST_PICTURES = 15;
  private static final double BUSY = 2;
  private static final long ENOUGH_BPS = 9_000_000;

  /** What is sent, and how the bridge is told of it. */
  enum Stream {
    VP8_SIMULCAST,
    VP9_MARKED,
    VP9_DESCRIBED;

    List<LayeredClip> encodings() throws IOException {
      return this == VP8_SIMULCAST ? Clips.simulcast() : List.of(Clips.layered(VideoCodec.VP9));
    }

    EndpointOptions sender(String scenario, int number) throws IOException {
      return Checks.listener(scenario, number)
          .layers(encodings().toArray(LayeredClip[]::new))
          .markings(
              encoding ->
                  this == VP9_DESCRIBED
                      ? Markings.dependencyDescriptor()
                      : Markings.frameMarking());
    }
  }

  /** A layer on the bridge's page. */
  private record Layer(int index, int height, long bitsPerSecond) {}

  @ParameterizedTest
  @EnumSource
  void showsHeightsBitratesAndKeyFrames(Stream kind, JvbProcess jvb) throws Exception {
    String scenario = "statistics-" + kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    List<LayeredClip> encodings = kind.encodings();
    long keyFramesBefore = metric(jvb, "keyframes_received");
    long keyFrames;
    try (Conference conference = new Conference(jvb, scenario)) {
      Endpoint sender = conference.join(kind.sender(scenario, 1));
      Endpoint viewer = conference.join(Checks.listener(scenario, 2));
      conference.startSending();
      Await.until(
          "video: " + viewer,
          Checks.PATIENCE,
          () -> viewer.receivedPackets(sender.id(), MediaKind.VIDEO) > 0);
      Source source = Checks.received(viewer, sender, MediaKind.VIDEO).source();
      List<Integer> heights = new ArrayList<>();
      for (int i = 0; i < encodings.size(); i++) {
        LayeredClip clip = encodings.get(i);
        int ssrc = source.encodings().get(i).ssrc();
        Await.until(
            "layers of encoding " + i + " as they are: " + jvb.log(),
            Checks.PATIENCE,
            () -> areAsSent(layers(jvb, source, ssrc), clip));
        layers(jvb, source, ssrc).forEach(layer -> heights.add(layer.height()));
      }
      assertEquals(List.of(180, 180, 180, 360, 360, 360, 720, 720, 720), heights);
      Checks.stop(conference);
      keyFrames = keyFramesSent(sender);
      long expected = keyFrames;
      Await.until(
          expected + " key frames counted",
          Checks.PATIENCE,
          () -> keyFramesCounted(jvb, sender) == expected);
      Checks.assertAuthentic(conference);
    }
    Await.until(
        keyFrames + " more key frames in the metrics",
        Checks.PATIENCE,
        () -> metric(jvb, "keyframes_received") == keyFramesBefore + keyFrames);
    Checks.assertHealthy(jvb);
  }

  @ParameterizedTest
  @EnumSource
  void showsThemAgainWhenASourceIsRemovedAndSignalledAnew(Stream kind, JvbProcess jvb)
      throws Exception {
    String scenario = "anew-" + kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    List<LayeredClip> encodings = kind.encodings();
    LayeredClip highest = encodings.get(encodings.size() - 1);
    LayerStep top =
        new LayerStep(
            highest.height(highest.spatialLayers() - 1),
            ENOUGH_BPS,
            new LayerChoice(
                encodings.size() - 1, highest.spatialLayers() - 1, highest.temporalLayers() - 1));
    try (Conference conference = new Conference(jvb, scenario)) {
      Endpoint sender = conference.join(kind.sender(scenario, 1));
      Endpoint viewer = conference.join(Checks.listener(scenario, 2));
      conference.startSending();
      LayerWalk walk = new LayerWalk(conference.room(), sender, viewer);
      LayerWalk.Outcome unused = walk.go(top);
      Source source = Checks.received(viewer, sender, MediaKind.VIDEO).source();
      conference.room().setSources(sender.id(), List.of());
      Await.until(
          "no source of " + sender,
          Checks.PATIENCE,
          () -> layers(jvb, source, source.ssrc()).isEmpty());
      conference.room().setSources(sender.id(), List.of(source));
      for (int i = 0; i < encodings.size(); i++) {
        LayeredClip clip = encodings.get(i);
        int ssrc = source.encodings().get(i).ssrc();
        Await.until(
            "layers of encoding " + i + " as they are",
            Checks.PATIENCE,
            () -> areAsSent(layers(jvb, source, ssrc), clip));
      }
      LayerWalk.Outcome unusedLowest =
          walk.go(
              new LayerStep(
                  encodings.get(0).height(0),
                  ENOUGH_BPS,
                  new LayerChoice(0, 0, encodings.get(0).temporalLayers() - 1)));
      LayerWalk.Outcome after = walk.go(top);
      Checks.stop(conference);
      assertEquals(Set.of(), walk.differences(after), after.toString());
      Checks.assertAuthentic(conference);
    }
    Checks.assertHealthy(jvb);
  }

  private static List<Layer> layers(JvbProcess jvb, Source source, int ssrc) {
    JsonNode encoding =
        DebugPages.endpoint(jvb, source.owner())
            .findPath("media_sources")
            .path(source.name())
            .path("rtp_encoding_" + Integer.toUnsignedString(ssrc));
    List<Layer> layers = new ArrayList<>();
    for (JsonNode layer : encoding) {
      if (layer.isObject()) {
        layers.add(
            new Layer(
                layer.path("index").asInt(-1),
                layer.path("height").asInt(-1),
                layer.path("bitrate_bps").asLong(-1)));
      }
    }
    layers.sort(Comparator.comparingInt(Layer::index));
    return layers;
  }

  /** As many layers as the clip has, each of its height, and with its share of the bits. */
  private static boolean areAsSent(List<Layer> layers, LayeredClip clip) {
    int temporalLayers = clip.temporalLayers();
    if (layers.size() != clip.spatialLayers() * temporalLayers) {
      return false;
    }
    for (int i = 0; i < layers.size(); i++) {
      int spatial = i / temporalLayers;
      double expected = bitsPerSecond(clip, spatial, i % temporalLayers);
      Layer layer = layers.get(i);
      if (layer.height() != clip.height(spatial)
          || layer.bitsPerSecond() < expected / BUSY
          || layer.bitsPerSecond() > expected * BUSY
          || (i % temporalLayers > 0
              && layer.bitsPerSecond() <= layers.get(i - 1).bitsPerSecond())) {
        return false;
      }
    }
    return true;
  }

  private static double bitsPerSecond(LayeredClip clip, int spatial, int temporal) {
    long octets =
        clip.frames().stream()
            .filter(frame -> frame.spatialId() <= spatial && frame.temporalId() <= temporal)
            .mapToLong(frame -> frame.octets().length)
            .sum();
    return 8.0 * octets * clip.framesPerSecond() / clip.length();
  }

  private static long keyFramesSent(Endpoint sender) {
    return Objects.requireNonNull(sender.sent(MediaKind.VIDEO)).packets().stream()
        .filter(packet -> Objects.requireNonNull(packet.frame()).references().isEmpty())
        .map(packet -> packet.encoding() + " " + packet.picture())
        .distinct()
        .count();
  }

  private static long keyFramesCounted(JvbProcess jvb, Endpoint sender) {
    return DebugPages.endpoint(jvb, sender.id()).findPath("num_keyframes").asLong(-1);
  }

  private static long metric(JvbProcess jvb, String name) {
    return DebugPages.get(jvb, "/metrics").path(name + "_total").asLong(-1);
  }

  @Test
  void givesTheStageItsHeightAndTheRestTheirs(JvbProcess jvb) throws Exception {
    String scenario = "stage";
    try (Conference conference = new Conference(jvb, scenario)) {
      Endpoint one = conference.join(Stream.VP8_SIMULCAST.sender(scenario, 1));
      Endpoint two = conference.join(Stream.VP9_MARKED.sender(scenario, 2));
      Endpoint three = conference.join(Stream.VP9_DESCRIBED.sender(scenario, 3));
      Endpoint viewer = conference.join(Checks.listener(scenario, 4));
      conference.startSending();
      List<Endpoint> senders = List.of(one, two, three);
      for (Endpoint onStage : senders) {
        String name = onStage.id() + "-v0";
        conference
            .room()
            .setConstraints(
                viewer.id(),
                ReceiverConstraints.EVERYTHING
                    .withMaxHeight(180)
                    .withOnStage(name)
                    .withLimit(name, 720));
        for (Endpoint sender : senders) {
          awaitHeight(viewer, sender, sender == onStage ? 720 : 180);
        }
      }
      // Without a limit for anyone, and bandwidth for one.
      for (Endpoint onStage : senders) {
        conference
            .room()
            .setConstraints(
                viewer.id(),
                ReceiverConstraints.EVERYTHING
                    .withOnStage(onStage.id() + "-v0")
                    .withAssumedBandwidthBps(enoughForOne()));
        awaitHeight(viewer, onStage, 720);
      }
      Checks.stop(conference);
      Checks.assertAuthentic(conference);
    }
    Checks.assertHealthy(jvb);
  }

  private static long enoughForOne() throws IOException {
    LayeredClip largest = Clips.simulcast().get(2);
    LayeredClip scalable = Clips.layered(VideoCodec.VP9);
    return Math.round(1.5 * Math.max(bitsPerSecond(largest, 0, 2), bitsPerSecond(scalable, 2, 2)));
  }

  private static void awaitHeight(Endpoint viewer, Endpoint sender, int height)
      throws IOException, InterruptedException {
    Await.until(
        height + " lines of " + sender.id() + " at " + viewer,
        Checks.PATIENCE,
        () -> latestHeight(viewer, sender) == height);
  }

  /** The height of the largest of the latest pictures, or 0 if there are too few. */
  private static int latestHeight(Endpoint viewer, Endpoint sender) {
    ReceivedStream stream = viewer.received(sender.id(), MediaKind.VIDEO);
    SentStream sent = Objects.requireNonNull(sender.sent(MediaKind.VIDEO));
    if (stream == null) {
      return 0;
    }
    List<ReceivedStream.Arrival> arrivals = stream.arrivals();
    long latest = -1;
    int height = 0;
    for (int i = arrivals.size() - 1; i >= 0; i--) {
      SentStream.Packet packet = sent.find(arrivals.get(i));
      LayerFrame frame = packet == null ? null : packet.frame();
      if (packet == null || frame == null) {
        continue;
      }
      latest = Math.max(latest, packet.picture());
      if (packet.picture() <= latest - LATEST_PICTURES) {
        return height;
      }
      height = Math.max(height, 180 << (packet.encoding() + frame.spatialId()));
    }
    return 0;
  }
}
