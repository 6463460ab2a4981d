/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.signalling.ReceiverConstraints;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.endpoint.EndpointOptions;
import org.perc4j.it.endpoint.ReceivedStream;
import org.perc4j.it.harness.Await;
import org.perc4j.it.media.Clips;
import org.perc4j.it.media.Decoding;
import org.perc4j.it.media.LayeredClip;

/** Receivers that want to see few of many get those who spoke last, whole and without a trace. */
@RequiresJvb
class SpeakerSelectionTest {
  private static final String SCENARIO = "speakers";
  private static final int ENDPOINTS = 10;

  /** Few enough for a busy machine, which has to decrypt everything that everyone says. */
  private static final int SPEAKERS = 3;

  private static final int PACKETS = 25;

  /** What came since a moment, to see who is being forwarded. */
  private static final class Window {
    private final Endpoint viewer;
    private final List<Endpoint> senders;
    private Map<Endpoint, Integer> before;

    Window(Endpoint viewer, List<Endpoint> endpoints) {
      this.viewer = viewer;
      senders = endpoints.stream().filter(endpoint -> endpoint != viewer).toList();
      before = counts();
    }

    private Map<Endpoint, Integer> counts() {
      Map<Endpoint, Integer> counts = new LinkedHashMap<>();
      for (Endpoint sender : senders) {
        counts.put(sender, viewer.receivedPackets(sender.id(), MediaKind.VIDEO));
      }
      return counts;
    }

    /** Whose video came, a lot of it from some, and none from anyone else; empty if not yet. */
    Set<Endpoint> forwarded(int number) {
      Set<Endpoint> some = new HashSet<>();
      Set<Endpoint> much = new HashSet<>();
      Map<Endpoint, Integer> now = counts();
      now.forEach(
          (sender, count) -> {
            int more = count - before.getOrDefault(sender, 0);
            if (more > 0) {
              some.add(sender);
            }
            if (more >= PACKETS) {
              much.add(sender);
            }
          });
      if (some.size() > number) {
        before = now;
      }
      return some.size() == number && much.size() == number ? much : Set.of();
    }
  }

  @Test
  void showsThoseWhoSpokeLast(JvbProcess jvb) throws Exception {
    LayeredClip clip = Clips.layered(VideoCodec.VP8);
    List<Endpoint> endpoints = new ArrayList<>();
    try (Conference conference = new Conference(jvb, SCENARIO)) {
      for (int i = 0; i < ENDPOINTS; i++) {
        EndpointOptions options =
            Checks.listener(SCENARIO, i).layers(clip).markings(encoding -> Markings.frameMarking());
        if (i >= ENDPOINTS - SPEAKERS) {
          options.speech(Clips.quiet());
        }
        Endpoint endpoint = conference.join(options);
        endpoints.add(endpoint);
        conference.room().setConstraints(endpoint.id(), ReceiverConstraints.lastN(0));
      }
      Endpoint one = endpoints.get(0);
      Endpoint two = endpoints.get(1);
      Endpoint all = endpoints.get(2);
      conference.room().setConstraints(one.id(), ReceiverConstraints.lastN(1));
      conference.room().setConstraints(two.id(), ReceiverConstraints.lastN(2));
      conference.room().setConstraints(all.id(), ReceiverConstraints.EVERYTHING);
      Endpoint anna = endpoints.get(ENDPOINTS - 1);
      Endpoint ben = endpoints.get(ENDPOINTS - 2);
      Endpoint carl = endpoints.get(ENDPOINTS - 3);
      anna.play(Clips.speech(1));
      conference.startSending();
      awaitSpeaker(conference, one, anna);
      awaitForwarded(one, endpoints, anna);
      awaitForwarded(all, endpoints, without(endpoints, all));

      anna.play(Clips.quiet());
      ben.play(Clips.speech(2));
      awaitSpeaker(conference, one, ben);
      awaitForwarded(one, endpoints, ben);
      awaitForwarded(two, endpoints, ben, anna);

      ben.play(Clips.quiet());
      anna.play(Clips.speech(1));
      awaitSpeaker(conference, one, anna);
      awaitForwarded(one, endpoints, anna);
      awaitForwarded(two, endpoints, anna, ben);

      anna.play(Clips.quiet());
      carl.play(Clips.speech(3));
      awaitSpeaker(conference, one, carl);
      awaitForwarded(one, endpoints, carl);
      awaitForwarded(two, endpoints, carl, anna);
      awaitForwarded(all, endpoints, without(endpoints, all));

      conference.room().setConstraints(one.id(), ReceiverConstraints.EVERYTHING);
      awaitForwarded(one, endpoints, without(endpoints, one));
      conference.stopSending(Duration.ofSeconds(1));
      Checks.assertAuthentic(conference);
      for (Endpoint viewer : List.of(one, two, all)) {
        for (ReceivedStream stream : videos(viewer)) {
          Endpoint sender =
              endpoints.stream()
                  .filter(endpoint -> endpoint.id().equals(stream.source().owner()))
                  .findFirst()
                  .orElseThrow();
          assertEquals(List.of(), stream.missingNumbers(0), stream.toString());
          assertEquals(
              Set.of(), new Playability(sender, stream, List.of(clip)).flaws(), stream.toString());
        }
      }
      assertEquals(ENDPOINTS - 1, videos(one).size());
      assertEquals(ENDPOINTS - 1, videos(all).size());
      for (Endpoint blind : endpoints.subList(3, ENDPOINTS)) {
        assertEquals(List.of(), videos(blind), blind.toString());
      }
    }
    Checks.assertHealthy(jvb);
    for (Endpoint viewer : endpoints.subList(0, 3)) {
      for (ReceivedStream stream : videos(viewer)) {
        Decoding decoding = Decoding.of(stream.recording(), VideoCodec.VP8);
        assertEquals(List.of(), decoding.complaints(), stream.toString());
        assertEquals(stream.frames().size(), decoding.frames().size(), stream.toString());
        assertTrue(!decoding.frames().isEmpty(), stream.toString());
      }
    }
  }

  private static List<ReceivedStream> videos(Endpoint viewer) {
    return viewer.received().stream()
        .filter(stream -> stream.source().kind() == MediaKind.VIDEO)
        .toList();
  }

  private static Endpoint[] without(List<Endpoint> endpoints, Endpoint one) {
    return endpoints.stream().filter(endpoint -> endpoint != one).toArray(Endpoint[]::new);
  }

  private static void awaitSpeaker(Conference conference, Endpoint viewer, Endpoint speaker)
      throws Exception {
    Await.until(
        speaker.id() + " to be the dominant speaker",
        Checks.PATIENCE,
        () -> speaker.id().equals(conference.room().dominantSpeaker(viewer.id())));
  }

  /** Waits until video of these comes, and of nobody else. */
  private static void awaitForwarded(Endpoint viewer, List<Endpoint> endpoints, Endpoint... wanted)
      throws Exception {
    Window window = new Window(viewer, endpoints);
    Await.until(
        "video of "
            + Set.of(wanted).stream().map(Endpoint::id).collect(Collectors.toSet())
            + " only: "
            + viewer,
        Checks.PATIENCE,
        () -> window.forwarded(wanted.length).equals(Set.of(wanted)));
  }
}
