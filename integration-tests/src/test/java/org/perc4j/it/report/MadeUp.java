/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.report;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.it.report.Proceedings.Code;
import org.perc4j.it.report.Proceedings.Epoch;
import org.perc4j.it.report.Proceedings.Forwarding;
import org.perc4j.it.report.Proceedings.Layer;
import org.perc4j.it.report.Proceedings.Passage;
import org.perc4j.it.report.Proceedings.Presence;
import org.perc4j.it.report.Proceedings.Reading;
import org.perc4j.it.report.Proceedings.Span;
import org.perc4j.it.report.Proceedings.Speech;
import org.perc4j.it.report.Proceedings.Utterance;

/** Conferences that never were. */
public final class MadeUp {
  private static final double PACKETS_PER_SECOND = 50;
  private static final int PACKET_BYTES = 1100;
  private static final int LAYERS = 3;

  private MadeUp() {}

  /** A conference in which nothing happened. */
  static Proceedings empty() {
    return new Proceedings(
        "nobody",
        "a bridge",
        Instant.EPOCH,
        0,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        0,
        0,
        List.of());
  }

  /** A conference of these people, each heard and seen by all others in nine layers. */
  public static Proceedings of(String room, double seconds, List<String> people) {
    SplittableRandom random = new SplittableRandom(people.size());
    List<Presence> presences = new ArrayList<>();
    List<Epoch> epochs = new ArrayList<>();
    List<Speech> speeches = new ArrayList<>();
    List<Forwarding> forwardings = new ArrayList<>();
    List<Passage> passages = new ArrayList<>();
    List<Reading> readings = new ArrayList<>();
    for (int i = 0; i < people.size(); i++) {
      String who = people.get(i);
      double joined = seconds * i / people.size() / 2;
      Span span = new Span(joined, seconds);
      presences.add(new Presence(who, "double SRTP", List.of(span), List.of(span)));
      List<String> members = people.subList(0, i + 1);
      epochs.add(new Epoch(joined, "epoch " + i, members, List.of(code("1", members))));
      speeches.add(new Speech(who, utterances(random, seconds)));
      for (MediaKind kind : MediaKind.values()) {
        readings.add(reading(random, who, kind, 0));
      }
      for (String other : people) {
        if (!other.equals(who)) {
          forwardings.add(new Forwarding(who, other, layers(random)));
          for (MediaKind kind : MediaKind.values()) {
            passages.add(new Passage(who, other, kind, 1000, 20, 3));
          }
        }
      }
    }
    return new Proceedings(
        room,
        "a bridge",
        Instant.EPOCH,
        seconds,
        presences,
        epochs,
        speeches,
        forwardings,
        passages,
        readings,
        4 * people.size(),
        12_345,
        List.of());
  }

  static Code code(String digits, List<String> holders) {
    return new Code(
        List.of("\uD83D\uDC31", "\uD83C\uDF5E"), List.of("cat", "bread"), digits, holders);
  }

  static Reading reading(SplittableRandom random, String who, MediaKind kind, int opened) {
    List<byte[]> packets = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      byte[] packet = new byte[PACKET_BYTES];
      random.nextBytes(packet);
      packets.add(packet);
    }
    return new Reading(
        who, kind, packets, packets, Map.of("sequence number", "1234"), 64, opened, null);
  }

  private static List<Utterance> utterances(SplittableRandom random, double seconds) {
    List<Utterance> utterances = new ArrayList<>();
    for (int i = 0; i < seconds * PACKETS_PER_SECOND; i++) {
      boolean voice = i / 200 % 3 == 0;
      utterances.add(
          new Utterance(
              i / PACKETS_PER_SECOND,
              voice ? 20 + random.nextInt(30) : 80 + random.nextInt(20),
              voice ? 30 : 100,
              40 + random.nextInt(40),
              80));
    }
    return utterances;
  }

  private static Map<Layer, long[]> layers(SplittableRandom random) {
    Map<Layer, long[]> layers = new TreeMap<>();
    for (int spatialId = 0; spatialId < LAYERS; spatialId++) {
      for (int temporalId = 0; temporalId < LAYERS; temporalId++) {
        long[] octets = new long[Proceedings.BUCKETS];
        for (int i = 0; i < octets.length; i++) {
          octets[i] = random.nextInt(10_000);
        }
        layers.put(new Layer(0, spatialId, temporalId), octets);
      }
    }
    return layers;
  }
}
