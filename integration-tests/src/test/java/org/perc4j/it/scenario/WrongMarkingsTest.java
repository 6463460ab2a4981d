/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.rtp.HeaderExtension;
import org.perc4j.endpoint.signalling.PayloadTypes;
import org.perc4j.header.dependency.DependencyStructure;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.Delivery;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.endpoint.FramePacket;
import org.perc4j.it.endpoint.PacketMarkings;
import org.perc4j.it.endpoint.ReceivedStream;
import org.perc4j.it.layers.LayerChoice;
import org.perc4j.it.layers.LayerStep;
import org.perc4j.it.layers.LayerWalk;
import org.perc4j.it.media.Clips;
import org.perc4j.it.media.Decoding;
import org.perc4j.it.media.LayeredClip;

/** Somebody tells the bridge nonsense of the own stream, which is nobody else's loss. */
@RequiresJvb
class WrongMarkingsTest {
  private static final long ENOUGH_BPS = 9_000_000;
  private static final int MANY_PACKETS = 300;

  /** What is wrong. */
  enum Lie {
    RANDOM_OCTETS(true) {
      @Override
      PacketMarkings markings() {
        Random random = new Random(4);
        return packet -> {
          List<HeaderExtension> extensions = new ArrayList<>();
          extensions.add(
              new HeaderExtension(PayloadTypes.FRAME_MARKING_EXTENSION, octets(random, 4)));
          if (random.nextBoolean()) {
            extensions.add(Markings.extension(octets(random, 60)));
          }
          return extensions;
        };
      }

      private static byte[] octets(Random random, int atMost) {
        byte[] octets = new byte[1 + random.nextInt(atMost)];
        random.nextBytes(octets);
        return octets;
      }
    },
    NEVER_A_KEY(false) {
      @Override
      PacketMarkings markings() {
        return packet -> List.of(marking(packet, false, packet.frame().layerSync(), false));
      }
    },
    ALWAYS_INDEPENDENT(false) {
      @Override
      PacketMarkings markings() {
        return packet -> List.of(marking(packet, true, true, false));
      }
    },
    SWAPPED_LAYERS(false) {
      @Override
      PacketMarkings markings() {
        return packet ->
            List.of(marking(packet, packet.frame().key(), packet.frame().layerSync(), true));
      }
    },
    TRUNCATED_STRUCTURE(true) {
      @Override
      PacketMarkings markings() {
        List<DependencyStructure> structures = new ArrayList<>();
        int[] count = new int[1];
        return packet -> {
          if (structures.isEmpty()) {
            structures.add(Markings.structure(packet.clip(), 0));
          }
          byte[] whole =
              Markings.descriptor(structures.get(0), true, packet.frame().number(), packet);
          // Less than the mandatory octets, or some of the structure.
          int length = 1 + count[0]++ % (whole.length - 2);
          return List.of(Markings.extension(Arrays.copyOf(whole, length)));
        };
      }
    },
    FLAPPING_STRUCTURES(false) {
      @Override
      PacketMarkings markings() {
        List<DependencyStructure> structures = new ArrayList<>();
        int[] count = new int[1];
        return packet -> {
          if (structures.isEmpty()) {
            LayeredClip clip = packet.clip();
            structures.add(Markings.structure(clip, 0));
            structures.add(
                Markings.structure(clip, 30)
                    .withResolutions(new int[] {64, 128, 256}, new int[] {36, 72, 144}));
          }
          DependencyStructure structure = structures.get(count[0]++ % structures.size());
          return List.of(
              Markings.extension(
                  Markings.descriptor(structure, true, packet.frame().number(), packet)));
        };
      }
    };

    private final boolean malformed;

    Lie(boolean malformed) {
      this.malformed = malformed;
    }

    abstract PacketMarkings markings();

    /** Octet by octet, as what writes markings refuses to write some of these. */
    private static HeaderExtension marking(
        FramePacket packet, boolean independent, boolean layerSync, boolean swapped) {
      int highestTemporal = packet.clip().temporalLayers() - 1;
      int highestSpatial = packet.clip().spatialLayers() - 1;
      int temporalId = packet.frame().temporalId();
      int spatialId = packet.frame().spatialId();
      int first =
          (packet.firstOfFrame() ? 0x80 : 0)
              | (packet.lastOfFrame() ? 0x40 : 0)
              | (independent ? 0x20 : 0)
              | (packet.frame().discardable() ? 0x10 : 0)
              | (layerSync ? 0x08 : 0)
              | (swapped ? highestTemporal - temporalId : temporalId);
      int second = swapped ? highestSpatial - spatialId : spatialId;
      return new HeaderExtension(
          PayloadTypes.FRAME_MARKING_EXTENSION, new byte[] {(byte) first, (byte) second, 0});
    }
  }

  @ParameterizedTest
  @EnumSource
  void harmNobodyElse(Lie lie, JvbProcess jvb) throws Exception {
    String scenario = "wrong-" + lie.name().toLowerCase(Locale.ROOT).replace('_', '-');
    LayeredClip clip = Clips.layered(VideoCodec.VP9);
    long malformedBefore = DebugPages.counter(jvb, "perc_malformed_markings");
    int exceptionsBefore = jvb.logLines("Exception").size();
    Endpoint viewer;
    Endpoint other;
    Endpoint honest;
    try (Conference conference = new Conference(jvb, scenario)) {
      honest =
          conference.join(
              Checks.listener(scenario, 1)
                  .layers(clip)
                  .markings(encoding -> Markings.frameMarking()));
      Endpoint liar =
          conference.join(
              Checks.listener(scenario, 2).layers(clip).markings(encoding -> lie.markings()));
      viewer = conference.join(Checks.listener(scenario, 3));
      other = conference.join(Checks.listener(scenario, 4));
      conference.startSending();
      LayerWalk walk = new LayerWalk(conference.room(), honest, viewer);
      List<LayerWalk.Outcome> outcomes = new ArrayList<>();
      for (int spatial : new int[] {2, 0, 1, 2}) {
        outcomes.add(
            walk.go(
                new LayerStep(clip.height(spatial), ENOUGH_BPS, new LayerChoice(0, spatial, 2))));
      }
      Checks.stop(conference);
      for (LayerWalk.Outcome outcome : outcomes) {
        assertEquals(Set.of(), walk.differences(outcome), outcome.toString());
      }
      for (Endpoint receiver : List.of(viewer, other)) {
        ReceivedStream stream = Checks.received(receiver, honest, MediaKind.VIDEO);
        assertEquals(List.of(), stream.missingNumbers(0), stream.toString());
        assertEquals(
            Set.of(), new Playability(honest, stream, List.of(clip)).flaws(), stream.toString());
        for (Endpoint sender : List.of(honest, liar)) {
          Delivery delivery = conference.delivery(sender, MediaKind.VIDEO, receiver);
          assertEquals(0, delivery.foreign(), sender + " " + delivery);
        }
      }
      Checks.assertAuthentic(conference);
      int told = Objects.requireNonNull(liar.sent(MediaKind.VIDEO)).size();
      assertTrue(told > MANY_PACKETS, told + " lies");
    }
    Checks.assertHealthy(jvb);
    long malformed = DebugPages.counter(jvb, "perc_malformed_markings") - malformedBefore;
    assertEquals(lie.malformed, malformed > 0, malformed + " malformed markings");
    assertEquals(exceptionsBefore, jvb.logLines("Exception").size(), jvb.log().toString());
    for (Endpoint receiver : List.of(viewer, other)) {
      assertDecodes(Checks.received(receiver, honest, MediaKind.VIDEO));
    }
  }

  private static void assertDecodes(ReceivedStream stream) throws Exception {
    Decoding decoding = Decoding.of(stream.recording(), VideoCodec.VP9);
    assertEquals(List.of(), decoding.complaints(), stream.toString());
    assertEquals(stream.frames().size(), decoding.frames().size(), stream.toString());
    assertTrue(decoding.frames().size() > 60, stream.toString());
  }
}
