/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.rtp.HeaderExtension;
import org.perc4j.it.bridge.Bridge;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.endpoint.PacketMarkings;
import org.perc4j.it.endpoint.ReceivedStream;
import org.perc4j.it.endpoint.SentStream;
import org.perc4j.it.harness.Await;
import org.perc4j.it.media.Clips;
import org.perc4j.it.media.Decoding;
import org.perc4j.it.media.LayeredClip;

/** Pictures in layers through a bridge that can not read them, by real codecs. */
@RequiresJvb
class DoubleLayersTest {
  private static final int PICTURES = 120;
  private static final int UNKNOWN_EXTENSION = 12;

  @ParameterizedTest
  @EnumSource(VideoCodec.class)
  void carriesAllLayersOf(VideoCodec codec, Bridge bridge) throws Exception {
    String scenario = "layers-" + codec;
    LayeredClip clip = Clips.layered(codec);
    ReceivedStream stream;
    try (Conference conference = new Conference(bridge, scenario)) {
      Endpoint sender =
          conference.join(
              Checks.listener(scenario, 1)
                  .layers(clip)
                  .markings(encoding -> withTwoByteHeaders(PacketMarkings.shortFrameMarking())));
      Endpoint viewer = conference.join(Checks.listener(scenario, 2));
      conference.startSending();
      Await.until(
          "pictures: " + viewer, Checks.PATIENCE, () -> pictures(sender, viewer) >= PICTURES);
      conference.stopSending(Duration.ofSeconds(1));
      stream = Checks.received(viewer, sender, MediaKind.VIDEO);
      Checks.assertNothingRefused(conference);
      SentStream sent = sender.sent(MediaKind.VIDEO);
      assertNotNull(sent);
      for (ReceivedStream.Arrival arrival : stream.arrivals()) {
        SentStream.Packet packet = sent.find(arrival);
        assertNotNull(packet);
        assertEquals(arrival.sequenceNumber(), packet.sequenceNumber());
      }
      assertEquals(List.of(), stream.missingNumbers(0));
    }
    Checks.assertHealthy(bridge);
    assertEquals(codec, stream.codec());
    Decoding decoding = Decoding.of(stream.recording(), codec);
    assertEquals(List.of(), decoding.complaints());
    assertEquals(stream.frames().size(), decoding.frames().size());
    assertEquals(List.of(clip.height(clip.spatialLayers() - 1)), decoding.heights());
    assertTrue(decoding.frames().size() >= PICTURES);
  }

  /** What is too long for one-byte headers must not change what the bridge makes of the rest. */
  private static PacketMarkings withTwoByteHeaders(PacketMarkings markings) {
    return packet -> {
      List<HeaderExtension> extensions = markings.of(packet);
      return packet.frame().key()
          ? List.of(extensions.get(0), new HeaderExtension(UNKNOWN_EXTENSION, new byte[40]))
          : extensions;
    };
  }

  private static int pictures(Endpoint sender, Endpoint viewer) {
    ReceivedStream stream = viewer.received(sender.id(), MediaKind.VIDEO);
    return stream == null ? 0 : stream.frames().size();
  }
}
