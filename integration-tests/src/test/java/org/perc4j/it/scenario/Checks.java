/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.perc4j.e2e.srtp.DoubleSrtpResult;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.it.bridge.Bridge;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.embedded.EmbeddedBridge;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.Delivery;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.endpoint.EndpointOptions;
import org.perc4j.it.endpoint.ReceivedStream;
import org.perc4j.it.endpoint.SentStream;
import org.perc4j.it.harness.Await;
import org.perc4j.it.harness.Ffmpeg;
import org.perc4j.it.harness.ServedTime;
import org.perc4j.it.harness.TimedOutException;
import org.perc4j.it.media.Clips;
import org.perc4j.it.media.LayerFrame;
import org.perc4j.it.media.LayeredClip;
import org.perc4j.jvb.metrics.BridgeCounter;

/** What most scenarios do and look at. */
final class Checks {
  /** For what has to come, but by no promised time. */
  static final Duration PATIENCE = Await.PATIENCE;

  /** How long after an endpoint heard of its new bridge everybody gets its media again. */
  private static final Duration BACK = Duration.ofSeconds(5);

  private static final Duration DRAIN = Duration.ofSeconds(2);
  private static final int LATEST = 10;

  private Checks() {}

  /** An endpoint that speaks and shows a picture, with recordings in a folder of the scenario. */
  static EndpointOptions talker(String scenario, int number) throws IOException {
    return listener(scenario, number).speech(Clips.speech(number)).picture(Clips.picture(number));
  }

  /** An endpoint that sends nothing. */
  static EndpointOptions listener(String scenario, int number) {
    return new EndpointOptions("e000000" + number, folder(scenario)).seed(number);
  }

  static Path folder(String scenario) {
    return JvbExtension.output().resolve(scenario);
  }

  /** Lets a conference go on until everyone has got so many packets more of everything. */
  static void talk(Conference conference, int packets) throws IOException, InterruptedException {
    conference.awaitFlow(packets, PATIENCE);
  }

  /** Waits until each of these, in a room with others, has got so much more of each other one. */
  static void talkAmong(int packets, Endpoint... endpoints)
      throws TimedOutException, InterruptedException {
    List<BooleanSupplier> arrivals = new ArrayList<>();
    for (Endpoint receiver : endpoints) {
      for (Endpoint sender : endpoints) {
        for (MediaKind kind : MediaKind.values()) {
          int enough = receiver.receivedPackets(sender.id(), kind) + packets;
          arrivals.add(
              () -> receiver == sender || receiver.receivedPackets(sender.id(), kind) > enough);
        }
      }
    }
    Await.until(
        "media among " + List.of(endpoints),
        PATIENCE,
        () -> arrivals.stream().allMatch(BooleanSupplier::getAsBoolean));
  }

  /** Starts, waits until everything flows, and from then on counts what is missing. */
  static void start(Conference conference) throws IOException, InterruptedException {
    conference.startSending();
    talk(conference, 5);
    conference.mark();
  }

  /** Waits for media from everybody who was moved to another bridge, as short as is promised. */
  static void awaitBack(Conference conference) throws IOException, InterruptedException {
    long heard =
        conference.endpoints().stream()
            .filter(endpoint -> endpoint.moves() > 0)
            .mapToLong(Endpoint::lastMoveStartNanos)
            .max()
            .orElseThrow();
    conference.awaitFlow(1, BACK.minusNanos(ServedTime.nanos() - heard));
    System.out.printf(
        "media were back %d ms after the last endpoint heard of its new bridge%n",
        (ServedTime.nanos() - heard) / 1_000_000);
  }

  /** Stops, and waits for what is on its way. */
  static void stop(Conference conference) throws InterruptedException {
    conference.stopSending(DRAIN);
  }

  /** All that is sent from the mark on has arrived everywhere, and nothing else, octet by octet. */
  static void assertEverythingArrived(Conference conference) {
    for (Endpoint sender : conference.endpoints()) {
      for (Endpoint receiver : conference.endpoints()) {
        for (MediaKind kind : MediaKind.values()) {
          if (sender != receiver && sender.sent(kind) != null) {
            Delivery delivery = conference.delivery(sender, kind, receiver);
            String what = kind + " " + sender.id() + " -> " + receiver.id() + " " + delivery;
            assertTrue(delivery.arrived() > 0, what);
            assertEquals(0, delivery.foreign(), what);
            assertEquals(0, delivery.missing(), what + "\n" + sender + "\n" + receiver);
          }
        }
      }
    }
  }

  /**
   * Nobody got a packet that any layer refused, other than a repair of one that it already had, or
   * that nobody announced.
   */
  static void assertNothingRefused(Conference conference) {
    for (Endpoint endpoint : conference.endpoints()) {
      endpoint.requireNoFailure();
      for (DoubleSrtpResult reason : DoubleSrtpResult.values()) {
        // What was late only was asked for, and came twice.
        long explained = reason == DoubleSrtpResult.INNER_REPLAYED ? endpoint.repairsReceived() : 0;
        assertTrue(endpoint.dropped(reason) <= explained, reason + " " + endpoint);
      }
      assertEquals(0, endpoint.unknownSsrcs(), endpoint.toString());
    }
  }

  /** Returns what the plugin counts, as the bridge shows it. */
  static JsonNode counters(JvbProcess jvb) throws IOException, InterruptedException {
    return new ObjectMapper().readTree(jvb.get("/debug/", "application/json")).path("perc");
  }

  /** The bridge has forwarded double packets, and dropped none for a fault of its own. */
  static void assertHealthy(Bridge bridge) throws IOException, InterruptedException {
    if (bridge instanceof EmbeddedBridge embedded) {
      assertTrue(embedded.counters().get(BridgeCounter.DOUBLE_PACKETS_SENT) > 0);
      assertEquals(0, embedded.counters().get(BridgeCounter.HOOK_FAILURES));
      return;
    }
    JsonNode counters = counters((JvbProcess) bridge);
    assertTrue(counters.path("perc_double_packets_sent").asLong() > 0, counters.toString());
    for (String fault : List.of("perc_hook_failures", "perc_dropped_hook_failure")) {
      assertTrue(counters.path(fault).isNumber(), counters.toString());
      assertEquals(0, counters.path(fault).asLong(), counters.toString());
    }
  }

  /** Nothing was accepted that could not be authenticated end to end. */
  static void assertAuthentic(Conference conference) {
    for (Endpoint endpoint : conference.endpoints()) {
      endpoint.requireNoFailure();
      assertEquals(
          0, endpoint.dropped(DoubleSrtpResult.INNER_AUTHENTICATION_FAILED), endpoint.toString());
      assertEquals(0, endpoint.dropped(DoubleSrtpResult.MALFORMED_OHB), endpoint.toString());
    }
  }

  /** The recordings of all endpoints can be decoded; the endpoints must be closed. */
  static void assertDecodable(Iterable<Endpoint> endpoints)
      throws IOException, InterruptedException {
    assertTrue(Ffmpeg.isInstalled(), "this test needs ffmpeg");
    for (Endpoint endpoint : endpoints) {
      for (ReceivedStream stream : endpoint.received()) {
        assertEquals("", Ffmpeg.decode(stream.recording()), stream.recording().toString());
        if (stream.source().kind() == MediaKind.VIDEO) {
          assertTrue(!stream.frames().isEmpty(), "no frames: " + stream);
        }
      }
    }
  }

  /**
   * Returns the height of what the last packets were of, 0 if none came.
   *
   * @param clips what the sender shows
   */
  static int latestHeight(Endpoint sender, Endpoint viewer, LayeredClip... clips) {
    ReceivedStream stream = viewer.received(sender.id(), MediaKind.VIDEO);
    int highest = 0;
    for (ReceivedStream.Arrival arrival :
        stream == null ? List.<ReceivedStream.Arrival>of() : stream.latestArrivals(LATEST)) {
      if (arrival.payload().length > 0) {
        SentStream.Packet packet =
            Objects.requireNonNull(sender.sent(MediaKind.VIDEO)).find(arrival);
        assertNotNull(packet, "nobody sent it");
        LayerFrame frame = Objects.requireNonNull(packet.frame());
        highest = Math.max(highest, clips[packet.encoding()].height(frame.spatialId()));
      }
    }
    return highest;
  }

  static ReceivedStream received(Endpoint receiver, Endpoint sender, MediaKind kind) {
    ReceivedStream stream = receiver.received(sender.id(), kind);
    assertNotNull(stream, kind + " " + sender.id() + " -> " + receiver.id());
    return stream;
  }
}
