/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.rtp.HeaderExtension;
import org.perc4j.endpoint.signalling.ReceiverConstraints;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.Delivery;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.endpoint.PacketMarkings;
import org.perc4j.it.endpoint.ReceivedStream;
import org.perc4j.it.endpoint.SentStream;
import org.perc4j.it.harness.Await;
import org.perc4j.it.media.Clips;
import org.perc4j.it.media.Decoding;
import org.perc4j.it.media.LayerFrame;
import org.perc4j.it.media.LayeredClip;

/** Streams of which the bridge is told nothing, or not always the same kind of thing. */
@RequiresJvb
class ChangingMarkingsTest {
  private static final int PICTURES = 60;
  private static final long CHANGE = 90;

  @ParameterizedTest
  @EnumSource(
      value = VideoCodec.class,
      names = {"VP8", "VP9"})
  void forwardsUnmarkedStreamsWhole(VideoCodec codec, JvbProcess jvb) throws Exception {
    String scenario = "unmarked-" + codec.name().toLowerCase(Locale.ROOT);
    Endpoint generous;
    Endpoint modest;
    Endpoint sender;
    try (Conference conference = new Conference(jvb, scenario)) {
      sender =
          conference.join(
              Checks.listener(scenario, 1)
                  .layers(Clips.layered(codec))
                  .markings(encoding -> PacketMarkings.none()));
      generous = conference.join(Checks.listener(scenario, 2));
      modest = conference.join(Checks.listener(scenario, 3));
      conference
          .room()
          .setConstraints(modest.id(), ReceiverConstraints.EVERYTHING.withMaxHeight(180));
      Checks.start(conference);
      awaitPicture(sender, generous, PICTURES);
      awaitPicture(sender, modest, PICTURES);
      Checks.stop(conference);
      for (Endpoint receiver : List.of(generous, modest)) {
        Delivery delivery = conference.delivery(sender, MediaKind.VIDEO, receiver);
        assertTrue(delivery.arrived() >= PICTURES / 2, delivery.toString());
        assertEquals(0, delivery.missing() + delivery.foreign(), delivery.toString());
        assertEquals(
            List.of(), Checks.received(receiver, sender, MediaKind.VIDEO).missingNumbers(0));
      }
      Checks.assertAuthentic(conference);
    }
    Checks.assertHealthy(jvb);
    for (Endpoint receiver : List.of(generous, modest)) {
      assertDecodes(Checks.received(receiver, sender, MediaKind.VIDEO), codec);
    }
  }

  /** What the bridge is told before the change, and from then on. */
  enum Change {
    MARKINGS_BEGIN {
      @Override
      PacketMarkings before() {
        return PacketMarkings.none();
      }

      @Override
      PacketMarkings after() {
        return Markings.frameMarking();
      }
    },
    MARKINGS_END {
      @Override
      PacketMarkings before() {
        return Markings.frameMarking();
      }

      @Override
      PacketMarkings after() {
        return PacketMarkings.none();
      }
    },
    DESCRIPTORS_BEGIN {
      @Override
      PacketMarkings before() {
        return PacketMarkings.none();
      }

      @Override
      PacketMarkings after() {
        return Markings.dependencyDescriptor();
      }
    },
    DESCRIPTORS_END {
      @Override
      PacketMarkings before() {
        return Markings.dependencyDescriptor();
      }

      @Override
      PacketMarkings after() {
        return PacketMarkings.none();
      }
    },
    DESCRIPTORS_REPLACE_MARKINGS {
      @Override
      PacketMarkings before() {
        return Markings.frameMarking();
      }

      @Override
      PacketMarkings after() {
        return Markings.dependencyDescriptor();
      }
    };

    abstract PacketMarkings before();

    abstract PacketMarkings after();

    /** The latter has to know what was sent before it is used. */
    PacketMarkings markings() {
      PacketMarkings before = before();
      PacketMarkings after = after();
      return packet -> {
        List<HeaderExtension> earlier = before.of(packet);
        List<HeaderExtension> later = after.of(packet);
        return packet.picture() < CHANGE ? earlier : later;
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void keepsFlowingWhen(Change change, JvbProcess jvb) throws Exception {
    String scenario = change.name().toLowerCase(Locale.ROOT).replace('_', '-');
    LayeredClip clip = Clips.layered(VideoCodec.VP9);
    Endpoint sender;
    Endpoint receiver;
    try (Conference conference = new Conference(jvb, scenario)) {
      sender =
          conference.join(
              Checks.listener(scenario, 1).layers(clip).markings(encoding -> change.markings()));
      receiver = conference.join(Checks.listener(scenario, 2));
      conference.startSending();
      awaitTop(sender, receiver, clip, 0);
      awaitTop(sender, receiver, clip, CHANGE);
      awaitPicture(sender, receiver, CHANGE + PICTURES);
      Checks.stop(conference);
      ReceivedStream stream = Checks.received(receiver, sender, MediaKind.VIDEO);
      assertEquals(List.of(), stream.missingNumbers(0), stream.toString());
      assertEquals(
          Set.of(), new Playability(sender, stream, List.of(clip)).flaws(), stream.toString());
      Delivery delivery = conference.delivery(sender, MediaKind.VIDEO, receiver);
      assertEquals(0, delivery.foreign(), delivery.toString());
      Checks.assertAuthentic(conference);
    }
    Checks.assertHealthy(jvb);
    assertDecodes(Checks.received(receiver, sender, MediaKind.VIDEO), VideoCodec.VP9);
  }

  /** Waits for a frame of the highest layers that was sent as part of this picture or later. */
  private static void awaitTop(Endpoint sender, Endpoint receiver, LayeredClip clip, long picture)
      throws Exception {
    Await.until(
        "highest layers from picture " + picture + " on: " + receiver,
        Checks.PATIENCE,
        () -> {
          SentStream.Packet latest = latest(sender, receiver);
          LayerFrame frame = latest == null ? null : latest.frame();
          return frame != null
              && Objects.requireNonNull(latest).picture() >= picture
              && frame.spatialId() == clip.spatialLayers() - 1
              && frame.temporalId() == clip.temporalLayers() - 1;
        });
  }

  private static void awaitPicture(Endpoint sender, Endpoint receiver, long picture)
      throws Exception {
    Await.until(
        "picture " + picture + ": " + receiver,
        Checks.PATIENCE,
        () -> {
          SentStream.Packet latest = latest(sender, receiver);
          return latest != null && latest.picture() >= picture;
        });
  }

  private static SentStream.@Nullable Packet latest(Endpoint sender, Endpoint receiver) {
    ReceivedStream stream = receiver.received(sender.id(), MediaKind.VIDEO);
    if (stream == null || stream.arrivals().isEmpty()) {
      return null;
    }
    List<ReceivedStream.Arrival> arrivals = stream.arrivals();
    return Objects.requireNonNull(sender.sent(MediaKind.VIDEO))
        .find(arrivals.get(arrivals.size() - 1));
  }

  private static void assertDecodes(ReceivedStream stream, VideoCodec codec) throws Exception {
    Decoding decoding = Decoding.of(stream.recording(), codec);
    assertEquals(List.of(), decoding.complaints(), stream.toString());
    assertEquals(stream.frames().size(), decoding.frames().size(), stream.toString());
    assertTrue(decoding.frames().size() > PICTURES / 2, stream.toString());
  }
}
