/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.transport.SrtpProfile;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.Delivery;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.endpoint.EndpointOptions;
import org.perc4j.it.endpoint.Impairment;
import org.perc4j.it.endpoint.ReceivedStream;
import org.perc4j.it.endpoint.SentStream;
import org.perc4j.it.layers.LayerChoice;
import org.perc4j.it.layers.LayerStep;
import org.perc4j.it.layers.LayerWalk;
import org.perc4j.it.media.Clips;
import org.perc4j.it.media.Decoding;
import org.perc4j.it.media.LayeredClip;

/**
 * A receiver is led through layers while packets get lost and overtake each other on both ways, and
 * has in the end what a receiver of streams that the bridge can read has.
 */
@RequiresJvb
class LossyLayersTest {
  private static final double LOSS = 0.05;
  private static final double REORDERING = 0.03;
  private static final long ENOUGH_BPS = 9_000_000;
  private static final double FEW = 0.01;
  private static final double MOST = 0.75;
  private static final int ENOUGH_PACKETS = 150;
  private static final int ENOUGH_PICTURES = 15;

  /** What is sent, and how the bridge is told of it if it cannot read it. */
  enum Stream {
    VP8_SIMULCAST,
    VP9_SVC,
    VP9_SVC_DESCRIBED;

    List<LayeredClip> encodings() throws IOException {
      return this == VP8_SIMULCAST ? Clips.simulcast() : List.of(Clips.layered(VideoCodec.VP9));
    }

    EndpointOptions mark(EndpointOptions options) {
      return options.markings(
          encoding ->
              this == VP9_SVC_DESCRIBED
                  ? Markings.dependencyDescriptor()
                  : Markings.frameMarking());
    }
  }

  /**
   * What became of a stream.
   *
   * @param expected packets of the layers that were to be had
   * @param arrived of these; more are missing than get lost, as a layer whose key is lost has to
   *     wait for the next one
   * @param intact share of what came, and of what that refers to
   * @param missingNumbers of the bridge's numbering
   * @param notForwarded packets that did not come
   */
  private record Harvest(
      int expected, int arrived, double intact, int missingNumbers, int notForwarded) {
    double share() {
      return (double) arrived / expected;
    }
  }

  @ParameterizedTest
  @EnumSource
  void areRepairedAsThoseThatTheBridgeCanRead(Stream kind, JvbProcess jvb) throws Exception {
    String scenario = "lossy-" + kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    Harvest whole = harvest(jvb, scenario, kind, SrtpProfile.DOUBLE_AEAD_AES_128_GCM);
    Checks.assertHealthy(jvb);
    Harvest plain = harvest(jvb, scenario + "-plain", kind, SrtpProfile.AEAD_AES_128_GCM);
    String both = kind + " double " + whole + ", plain " + plain;
    assertTrue(whole.expected() > ENOUGH_PACKETS && plain.expected() > ENOUGH_PACKETS, both);
    assertTrue(whole.intact() >= 1 - 2 * FEW, both);
    assertTrue(whole.intact() >= plain.intact() - FEW, both);
    assertTrue(whole.share() >= MOST, both);
    // A packet that is lost, or late, leaves a number free if it might have been forwarded.
    assertTrue(
        whole.missingNumbers() <= 10 + 1.5 * (LOSS + REORDERING) * whole.notForwarded(), both);
  }

  private static Harvest harvest(JvbProcess jvb, String scenario, Stream kind, SrtpProfile profile)
      throws Exception {
    List<LayeredClip> encodings = kind.encodings();
    Endpoint viewer;
    ReceivedStream stream;
    Harvest harvest;
    try (Conference conference = new Conference(jvb, scenario)) {
      Endpoint sender =
          conference.join(
              kind.mark(lossy(scenario, 1, profile)).layers(encodings.toArray(LayeredClip[]::new)));
      viewer = conference.join(lossy(scenario, 2, profile));
      conference.startSending();
      LayerWalk walk = new LayerWalk(conference.room(), sender, viewer);
      List<LayerWalk.Outcome> outcomes = new ArrayList<>();
      for (int size : new int[] {2, 0, 1, 2, 1}) {
        outcomes.add(walk.go(step(encodings, size)));
      }
      conference.stopSending(Duration.ofSeconds(2));
      viewer.requireNoFailure();
      sender.requireNoFailure();
      stream = Checks.received(viewer, sender, MediaKind.VIDEO);
      harvest = harvest(walk, outcomes, sender, stream, encodings);
      assertTrue(sender.repairsSent() > 0, sender.toString());
      assertTrue(viewer.repairsReceived() > 0, viewer.toString());
      if (profile.isDouble()) {
        Checks.assertAuthentic(conference);
        Delivery delivery = conference.delivery(sender, MediaKind.VIDEO, viewer);
        assertEquals(0, delivery.foreign(), delivery.toString());
      }
    }
    Decoding decoding = Decoding.of(stream.recording(), encodings.get(0).codec());
    assertEquals(List.of(), decoding.complaints(), stream.toString());
    assertEquals(stream.frames().size(), decoding.frames().size(), stream.toString());
    // A number that stays free looks like a loss: what follows is not recorded before the next key.
    assertTrue(decoding.frames().size() > ENOUGH_PICTURES, stream.toString());
    return harvest;
  }

  private static EndpointOptions lossy(String scenario, int number, SrtpProfile profile) {
    return Checks.listener(scenario, number)
        .profiles(profile)
        .impairment(
            new Impairment(10L + number, LOSS, REORDERING, 0),
            new Impairment(20L + number, LOSS, REORDERING, 0));
  }

  private static LayerStep step(List<LayeredClip> encodings, int size) {
    boolean simulcast = encodings.size() > 1;
    LayeredClip clip = encodings.get(simulcast ? size : 0);
    int spatial = simulcast ? 0 : size;
    return new LayerStep(
        clip.height(spatial),
        ENOUGH_BPS,
        new LayerChoice(simulcast ? size : 0, spatial, clip.temporalLayers() - 1));
  }

  private static Harvest harvest(
      LayerWalk walk,
      List<LayerWalk.Outcome> outcomes,
      Endpoint sender,
      ReceivedStream stream,
      List<LayeredClip> encodings) {
    int expected = 0;
    int missing = 0;
    for (LayerWalk.Outcome outcome : outcomes) {
      for (SentStream.Packet packet :
          Objects.requireNonNull(sender.sent(MediaKind.VIDEO)).packets()) {
        expected +=
            packet.picture() >= outcome.firstPicture()
                    && packet.picture() <= outcome.lastPicture()
                    && outcome.step().choice().includes(packet)
                ? 1
                : 0;
      }
      missing +=
          (int)
              walk.differences(outcome).stream()
                  .filter(difference -> difference.startsWith("missing"))
                  .count();
    }
    int missingNumbers = 0;
    for (int encoding = 0; encoding < stream.source().encodings().size(); encoding++) {
      missingNumbers += stream.missingNumbers(encoding).size();
    }
    return new Harvest(
        expected,
        expected - missing,
        new Playability(sender, stream, encodings).intact(),
        missingNumbers,
        Objects.requireNonNull(sender.sent(MediaKind.VIDEO)).size() - stream.size());
  }
}
