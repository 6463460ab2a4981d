/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.perc4j.e2e.srtp.CryptexPolicy;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.rtp.CongestionStatistics;
import org.perc4j.endpoint.signalling.CongestionFeedback;
import org.perc4j.endpoint.transport.SrtpProfile;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.endpoint.EndpointOptions;
import org.perc4j.it.harness.Await;
import org.perc4j.it.media.Clips;
import org.perc4j.it.media.LayeredClip;

/** Endpoints and bridge tell each other what arrives, and reckon with it. */
@RequiresJvb
class CongestionFeedbackTest {
  private static final int PACKETS = 200;
  private static final double FEW = 0.02;

  /** How packets are protected. */
  enum Protection {
    DOUBLE,
    DOUBLE_HIDDEN,
    PLAIN;

    EndpointOptions apply(EndpointOptions options) {
      return options
          .profiles(
              this == PLAIN ? SrtpProfile.AEAD_AES_128_GCM : SrtpProfile.DOUBLE_AEAD_AES_128_GCM)
          .cryptex(this == DOUBLE_HIDDEN ? CryptexPolicy.ALLOWED : CryptexPolicy.OFF);
    }
  }

  @ParameterizedTest
  @EnumSource
  void bothSidesHearOfEachPacket(Protection protection, JvbProcess jvb) throws Exception {
    String scenario = "feedback-" + protection.name().toLowerCase(Locale.ROOT).replace('_', '-');
    try (Conference conference = new Conference(jvb, scenario)) {
      List<Endpoint> endpoints =
          List.of(
              conference.join(protection.apply(Checks.talker(scenario, 1))),
              conference.join(protection.apply(Checks.talker(scenario, 2))));
      Checks.start(conference);
      Checks.talk(conference, PACKETS);
      for (Endpoint endpoint : endpoints) {
        CongestionStatistics statistics = endpoint.congestion();
        String state = statistics.toString();
        assertEquals(CongestionFeedback.TRANSPORT_WIDE, statistics.feedback(), state);
        // what it sends: speech, too
        assertTrue(statistics.packetsSent() > 2 * PACKETS, state);
        assertTrue(statistics.packetsAcknowledged() > 0.8 * statistics.packetsSent(), state);
        assertTrue(statistics.packetsLost() <= FEW * statistics.packetsSent(), state);
        assertEquals(0, statistics.unknownReports(), state);
        assertTrue(statistics.feedbackReceived() > 10, state);
        assertTrue(statistics.acknowledgedBps() > 50_000, state);
        // what it gets
        assertTrue(statistics.packetsReceived() > PACKETS / 2, state);
        // the bridge has two threads that number, and sometimes both give the same one
        assertTrue(statistics.packetsRepeated() <= FEW * statistics.packetsReceived(), state);
        assertTrue(statistics.packetsMissing() <= FEW * statistics.packetsReceived(), state);
        assertTrue(statistics.feedbackSent() > 10, state);
        assertEquals(0, endpoint.malformedReports(), state);
        assertBridgeHears(jvb, endpoint);
        if (protection == Protection.DOUBLE_HIDDEN) {
          assertTrue(endpoint.hiddenHeaders() > PACKETS, endpoint.toString());
        }
      }
      Checks.stop(conference);
      if (protection != Protection.PLAIN) {
        Checks.assertNothingRefused(conference);
      }
    }
  }

  private static void assertBridgeHears(JvbProcess jvb, Endpoint endpoint) {
    JsonNode page = DebugPages.endpoint(jvb, endpoint.id());
    JsonNode engine = page.path("transceiver").path("sender").path("transport_cc_engine");
    JsonNode adapter = engine.path("transport_adapter");
    assertTrue(adapter.path("last_ack_seq_num").asLong() > PACKETS / 4, engine.toString());
    long unmatched = adapter.path("total_unmatched_reports").asLong(Long.MAX_VALUE);
    assertTrue(unmatched <= FEW * PACKETS, engine.toString());
    assertTrue(
        engine.path("network_controller").path("acknowledged_rate").asDouble() > 0,
        engine.toString());
    assertTrue(page.path("bandwidth_probing").path("latest_bwe").asLong() > 0, page.toString());
  }

  @ParameterizedTest
  @EnumSource(
      value = Protection.class,
      names = {"DOUBLE", "PLAIN"})
  void eachSideHearsWhatTheOtherCanHave(Protection protection, JvbProcess jvb) throws Exception {
    String scenario = "estimates-" + protection.name().toLowerCase(Locale.ROOT);
    try (Conference conference = new Conference(jvb, scenario)) {
      List<Endpoint> endpoints =
          List.of(
              conference.join(estimating(protection, scenario, 1)),
              conference.join(estimating(protection, scenario, 2)));
      Checks.start(conference);
      Checks.talk(conference, PACKETS);
      for (Endpoint endpoint : endpoints) {
        CongestionStatistics statistics = endpoint.congestion();
        String state = statistics.toString();
        assertEquals(CongestionFeedback.RECEIVER_ESTIMATE, statistics.feedback(), state);
        assertTrue(statistics.feedbackReceived() > 3, state);
        assertTrue(statistics.feedbackSent() > 3, state);
        assertTrue(statistics.estimateBps() > 100_000, state);
        assertEquals(0, statistics.packetsReceived(), state);
        assertEquals(0, endpoint.malformedReports(), state);
        Await.until(
            "the bridge reckons with what is told by " + endpoint.id(),
            Checks.PATIENCE,
            () -> reckonsWith(jvb, endpoint));
      }
      Checks.stop(conference);
    }
  }

  /** Estimates go on changing, and the bridge hears of it once a second. */
  private static boolean reckonsWith(JvbProcess jvb, Endpoint endpoint) {
    JsonNode page = DebugPages.endpoint(jvb, endpoint.id());
    double told = page.path("bandwidth_probing").path("latest_bwe").asDouble();
    double estimate = endpoint.congestion().receiverEstimateBps();
    return told > estimate / 2 && told < 2 * estimate;
  }

  private static EndpointOptions estimating(Protection protection, String scenario, int number)
      throws IOException {
    return protection
        .apply(Checks.talker(scenario, number))
        .feedback(CongestionFeedback.RECEIVER_ESTIMATE);
  }

  /** What is sent in several qualities. */
  enum Layers {
    VP8_SIMULCAST,
    VP9_SVC,
    AV1_SVC;

    LayeredClip[] clips() throws IOException {
      return switch (this) {
        case VP8_SIMULCAST -> Clips.simulcast().toArray(LayeredClip[]::new);
        case VP9_SVC -> new LayeredClip[] {Clips.layered(VideoCodec.VP9)};
        case AV1_SVC -> new LayeredClip[] {Clips.layered(VideoCodec.AV1)};
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void sendsAllQualitiesOnceThereIsRoom(Layers layers, JvbProcess jvb) throws Exception {
    sendsAll(layers, CongestionFeedback.TRANSPORT_WIDE, jvb);
  }

  @Test
  void sendsAllQualitiesOnceTheBridgeCanHaveThem(JvbProcess jvb) throws Exception {
    sendsAll(Layers.VP9_SVC, CongestionFeedback.RECEIVER_ESTIMATE, jvb);
  }

  private static void sendsAll(Layers layers, CongestionFeedback feedback, JvbProcess jvb)
      throws Exception {
    String scenario =
        ("room-" + layers.name() + "-" + feedback.name())
            .toLowerCase(Locale.ROOT)
            .replace('_', '-');
    try (Conference conference = new Conference(jvb, scenario)) {
      Endpoint sender =
          conference.join(
              Checks.listener(scenario, 1)
                  .speech(Clips.speech(1))
                  .layers(layers.clips())
                  .markings(encoding -> Markings.dependencyDescriptor())
                  .feedback(feedback)
                  .adaptive());
      Endpoint viewer = conference.join(Checks.listener(scenario, 2));
      conference.startSending();
      Await.until("all layers of " + sender.id(), Checks.PATIENCE, () -> sender.layersSent() == 2);
      int before = viewer.receivedPackets(sender.id(), MediaKind.VIDEO);
      Await.until(
          "video at " + viewer,
          Checks.PATIENCE,
          () -> viewer.receivedPackets(sender.id(), MediaKind.VIDEO) > before + PACKETS);
      CongestionStatistics statistics = sender.congestion();
      assertTrue(statistics.estimateBps() > 300_000, statistics.toString());
      assertEquals(0, statistics.unknownReports(), statistics.toString());
      // what was sent twice to see whether it gets through is the bridge's and nobody else's
      assertEquals(0, Checks.received(viewer, sender, MediaKind.VIDEO).duplicates());
      Checks.stop(conference);
      Checks.assertNothingRefused(conference);
    }
    Checks.assertHealthy(jvb);
  }
}
