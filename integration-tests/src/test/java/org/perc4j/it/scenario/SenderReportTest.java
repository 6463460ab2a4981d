/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.rtp.Rtcp;
import org.perc4j.endpoint.signalling.ReceiverConstraints;
import org.perc4j.endpoint.signalling.Source;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.endpoint.EndpointOptions;
import org.perc4j.it.endpoint.Impairment;
import org.perc4j.it.endpoint.ReceivedReports;
import org.perc4j.it.endpoint.SentStream;
import org.perc4j.it.harness.Await;
import org.perc4j.it.harness.ServedTime;
import org.perc4j.it.layers.LayerChoice;
import org.perc4j.it.layers.LayerStep;
import org.perc4j.it.layers.LayerWalk;
import org.perc4j.it.media.Clips;
import org.perc4j.it.media.LayeredClip;

/** What RTCP says of encodings that keep their SSRCs, on both sides of the bridge. */
@RequiresJvb
class SenderReportTest {
  private static final long ENOUGH_BPS = 9_000_000;
  private static final int REPORTS = 2;
  private static final double LOSS = 0.1;
  private static final int MISSING = 10;

  /** On the way between the place where the bridge counts and the one where a receiver does. */
  private static final int PACKETS_IN_FLIGHT = 20;

  /** Pictures are sent late now and then, and reports on time; on a busy machine more so. */
  private static final double SECONDS_LATE = 1;

  @Test
  void comesWithEachEncodingThatIsForwarded(JvbProcess jvb) throws Exception {
    String scenario = "sender-reports";
    List<LayeredClip> encodings = Clips.simulcast();
    try (Conference conference = new Conference(jvb, scenario)) {
      Endpoint sender = conference.join(simulcast(scenario, encodings));
      Endpoint viewer = conference.join(Checks.listener(scenario, 2));
      conference
          .room()
          .setConstraints(
              viewer.id(),
              ReceiverConstraints.EVERYTHING.withMaxHeight(encodings.get(0).height(0)));
      ServedTime.Span span = ServedTime.span();
      conference.startSending();
      LayerWalk walk = new LayerWalk(conference.room(), sender, viewer);
      for (int encoding : new int[] {0, 1, 2, 0}) {
        LayerWalk.Outcome unused = walk.go(step(encodings, encoding));
        int ssrc = source(sender, viewer).encodings().get(encoding).ssrc();
        int before = viewer.reports().senderReports(ssrc).size();
        Await.until(
            "reports of encoding " + encoding + ": " + viewer,
            Checks.PATIENCE,
            () -> viewer.reports().senderReports(ssrc).size() >= before + REPORTS);
        for (int higher = encoding + 1; higher < encodings.size() && before == 0; higher++) {
          int silent = source(sender, viewer).encodings().get(higher).ssrc();
          assertEquals(List.of(), viewer.reports().senderReports(silent), "not forwarded yet");
        }
      }
      // Before the media stops, and its time with it.
      for (Source.Encoding encoding : source(sender, viewer).encodings()) {
        List<ReceivedReports.Sent> reports = viewer.reports().senderReports(encoding.ssrc());
        assertTrue(reports.size() >= REPORTS, reports.toString());
        assertCounts(reports);
        assertTimes(reports, sender, SECONDS_LATE * span.slowdown());
      }
      conference.stopSending(Duration.ofSeconds(1));
      Checks.assertAuthentic(conference);
    }
    Checks.assertHealthy(jvb);
  }

  /** The bridge counts what it sends under an SSRC, whatever the sender sends. */
  private static void assertCounts(List<ReceivedReports.Sent> reports) {
    for (ReceivedReports.Sent report : reports) {
      long difference = report.report().packets() - report.packets();
      assertTrue(Math.abs(difference) <= PACKETS_IN_FLIGHT, report + " of " + reports);
    }
  }

  /** The sender's clock, and its media's. */
  private static void assertTimes(
      List<ReceivedReports.Sent> reports, Endpoint sender, double tolerated) {
    SentStream sent = Objects.requireNonNull(sender.sent(MediaKind.VIDEO));
    for (ReceivedReports.Sent report : reports) {
      SentStream.Packet latest = null;
      for (SentStream.Packet packet : sent.packets()) {
        if (packet.nanos() <= report.nanos()) {
          latest = packet;
        }
      }
      double late =
          seconds(report.report().rtpTimestamp() - Objects.requireNonNull(latest).timestamp());
      assertTrue(Math.abs(late) <= tolerated, late + " s: " + report);
    }
    ReceivedReports.Sent first = reports.get(0);
    for (ReceivedReports.Sent report : reports) {
      double ntp = (report.report().ntpTime() - first.report().ntpTime()) / 0x1p32;
      double rtp = seconds(report.report().rtpTimestamp() - first.report().rtpTimestamp());
      assertTrue(Math.abs(ntp - rtp) <= tolerated, ntp + " s and " + rtp + " s: " + report);
    }
  }

  /** The shorter way around 32 bits. */
  private static double seconds(long timestampUnits) {
    return (double) (int) timestampUnits / MediaKind.VIDEO.clockRate();
  }

  @Test
  void whatTheBridgeMissesIsNamedByItsEncoding(JvbProcess jvb) throws Exception {
    String scenario = "receiver-reports";
    List<LayeredClip> encodings = Clips.simulcast();
    try (Conference conference = new Conference(jvb, scenario)) {
      Endpoint sender =
          conference.join(
              simulcast(scenario, encodings)
                  .impairment(new Impairment(7, LOSS, 0, 0), Impairment.none()));
      Endpoint viewer = conference.join(Checks.listener(scenario, 2));
      conference.startSending();
      Await.until(
          "video: " + viewer,
          Checks.PATIENCE,
          () -> viewer.receivedPackets(sender.id(), MediaKind.VIDEO) > 0);
      List<Integer> ssrcs =
          source(sender, viewer).encodings().stream().map(Source.Encoding::ssrc).toList();
      Await.until(
          "reports and acknowledgements for all encodings: " + sender,
          Checks.PATIENCE,
          () ->
              ssrcs.stream()
                  .allMatch(
                      ssrc ->
                          sender.reports().receiverReports(ssrc).size() > REPORTS
                              && sender.reports().missing().getOrDefault(ssrc, Set.of()).size()
                                  >= MISSING));
      Checks.stop(conference);
      assertEquals(Set.copyOf(ssrcs), sender.reports().missing().keySet());
      Map<Integer, Set<Integer>> sent =
          Objects.requireNonNull(sender.sent(MediaKind.VIDEO)).packets().stream()
              .collect(
                  Collectors.groupingBy(
                      SentStream.Packet::encoding,
                      Collectors.mapping(SentStream.Packet::sequenceNumber, Collectors.toSet())));
      for (int encoding = 0; encoding < ssrcs.size(); encoding++) {
        Set<Integer> numbers = Objects.requireNonNull(sent.get(encoding));
        Set<Integer> missing =
            Objects.requireNonNull(sender.reports().missing().get(ssrcs.get(encoding)));
        assertTrue(numbers.containsAll(missing), missing + " of encoding " + encoding);
        assertTrue(
            missing.size() < numbers.size() * 2 * LOSS + MISSING,
            missing.size() + " of " + numbers.size() + " in encoding " + encoding);
        List<Rtcp.ReportBlock> reports = sender.reports().receiverReports(ssrcs.get(encoding));
        Rtcp.ReportBlock last = reports.get(reports.size() - 1);
        assertTrue(numbers.contains(last.extendedHighestSequence() & 0xFFFF), last.toString());
      }
      Set<Integer> announced =
          source(sender, viewer).encodings().stream()
              .flatMap(encoding -> Stream.of(encoding.ssrc(), encoding.rtxSsrc()))
              .collect(Collectors.toSet());
      assertTrue(announced.containsAll(sender.reports().reportedSsrcs()), sender.toString());
      Checks.assertAuthentic(conference);
    }
    Checks.assertHealthy(jvb);
  }

  private static Source source(Endpoint sender, Endpoint viewer) {
    return Checks.received(viewer, sender, MediaKind.VIDEO).source();
  }

  private static EndpointOptions simulcast(String scenario, List<LayeredClip> encodings)
      throws IOException {
    return Checks.listener(scenario, 1)
        .layers(encodings.toArray(LayeredClip[]::new))
        .markings(encoding -> Markings.frameMarking());
  }

  private static LayerStep step(List<LayeredClip> encodings, int encoding) {
    LayeredClip clip = encodings.get(encoding);
    return new LayerStep(
        clip.height(0), ENOUGH_BPS, new LayerChoice(encoding, 0, clip.temporalLayers() - 1));
  }
}
