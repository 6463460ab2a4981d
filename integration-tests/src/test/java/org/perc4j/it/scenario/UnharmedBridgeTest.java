/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.transport.SrtpProfile;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.Delivery;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.endpoint.EndpointOptions;
import org.perc4j.it.harness.Await;
import org.perc4j.it.layers.LayerStep;
import org.perc4j.it.layers.LayerWalk;
import org.perc4j.it.media.Clips;
import org.perc4j.it.media.LayeredClip;

/**
 * The same conferences of endpoints without end-to-end encryption, on a bridge with the plugin and
 * on one as it was installed, side by side: what comes of them is the same.
 */
@RequiresJvb(instance = "unharmed")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UnharmedBridgeTest {
  private static final int PACKETS = 100;
  private static final long LITTLE_BPS = 1_000_000;
  private static final String OURS = "perc";

  /** What differs from one run to the next on any bridge: addresses, names, times. */
  private static final String CHANGING = "[0-9a-f]{8,}|[0-9]+";

  private final JvbProcess stock;
  private final JvbProcess withPlugin;

  UnharmedBridgeTest(JvbProcess jvb) throws IOException, InterruptedException {
    withPlugin = jvb;
    stock = JvbProcess.startStock(Checks.folder("unharmed").resolve("stock"));
  }

  @AfterAll
  void stop() {
    stock.close();
  }

  private List<JvbProcess> bridges() {
    return List.of(stock, withPlugin);
  }

  @Test
  void forwardsTheSamePackets() throws Exception {
    for (JvbProcess jvb : bridges()) {
      try (Conference conference = new Conference(jvb, "unharmed-forwarding")) {
        for (int i = 1; i <= 3; i++) {
          Endpoint unused = conference.join(plain(Checks.talker("unharmed-forwarding", i)));
        }
        Checks.start(conference);
        Checks.talk(conference, PACKETS);
        Checks.stop(conference);
        for (Endpoint sender : conference.endpoints()) {
          for (Endpoint receiver : conference.endpoints()) {
            if (sender != receiver) {
              Delivery audio = conference.delivery(sender, MediaKind.AUDIO, receiver);
              assertTrue(audio.arrived() >= PACKETS, audio.toString());
              assertEquals(0, audio.missing() + audio.foreign(), audio.toString());
              assertEquals(
                  List.of(), Checks.received(receiver, sender, MediaKind.VIDEO).missingNumbers(0));
            }
          }
        }
        Checks.assertNothingRefused(conference);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"VP8", "VP9"})
  void choosesTheSameLayers(String codec) throws Exception {
    List<LayeredClip> encodings =
        codec.equals("VP8") ? Clips.simulcast() : List.of(Clips.layered(VideoCodec.VP9));
    String scenario = "unharmed-" + codec.toLowerCase(Locale.ROOT);
    for (JvbProcess jvb : bridges()) {
      try (Conference conference = new Conference(jvb, scenario)) {
        Endpoint sender =
            conference.join(
                plain(Checks.listener(scenario, 1).layers(encodings.toArray(LayeredClip[]::new))));
        Endpoint viewer = conference.join(plain(Checks.listener(scenario, 2)));
        conference.startSending();
        LayerWalk walk = new LayerWalk(conference.room(), sender, viewer);
        for (LayerStep step : LayerStep.throughAll(encodings)) {
          if (step.bandwidthBps() < LITTLE_BPS && codec.equals("VP9")) {
            // A bridge as installed does not find these layers of this clip by their bitrates.
            continue;
          }
          // Returns when the receiver has had these layers, and no others, for a while.
          LayerWalk.Outcome outcome = walk.go(step);
          assertEquals(step, outcome.step(), jvb.description());
        }
        assertEquals(List.of(), Checks.received(viewer, sender, MediaKind.VIDEO).missingNumbers(0));
        Checks.assertNothingRefused(conference);
      }
    }
  }

  @Test
  void showsTheSameStatistics() throws Exception {
    List<Set<String>> pages = new ArrayList<>();
    for (JvbProcess jvb : bridges()) {
      try (Conference conference = new Conference(jvb, "unharmed-statistics")) {
        for (int i = 1; i <= 2; i++) {
          Endpoint unused = conference.join(plain(Checks.talker("unharmed-statistics", i)));
        }
        Checks.start(conference);
        Checks.talk(conference, PACKETS);
        Set<String> page = new TreeSet<>();
        for (Endpoint endpoint : conference.endpoints()) {
          JsonNode shown = DebugPages.endpoint(jvb, endpoint.id());
          collect(shown, "", 1, page);
          collect(shown.path("transceiver"), "/transceiver", 2, page);
        }
        pages.add(page);
        // The bridge counts now and then.
        Await.until(
            "two endpoints: " + jvb.description(),
            Checks.PATIENCE,
            () -> statistics(jvb).path("endpoints").asInt() == 2);
      }
    }
    assertSame(pages.get(0), pages.get(1));
    awaitSame(UnharmedBridgeTest::metricNames);
    awaitSame(jvb -> names(statistics(jvb)));
  }

  /** Some figures there are only once the bridge has run for a while. */
  private void awaitSame(Function<JvbProcess, Set<String>> names) throws InterruptedException {
    boolean unused =
        Await.holdsWithin(
            Checks.PATIENCE, () -> names.apply(stock).equals(names.apply(withPlugin)));
    assertSame(names.apply(stock), names.apply(withPlugin));
  }

  private static JsonNode statistics(JvbProcess jvb) {
    return DebugPages.get(jvb, "/colibri/stats");
  }

  private static void assertSame(Set<String> stock, Set<String> withPlugin) {
    Set<String> missing = new TreeSet<>(stock);
    missing.removeAll(withPlugin);
    Set<String> added = new TreeSet<>(withPlugin);
    added.removeAll(stock);
    assertEquals(List.of(Set.of(), Set.of()), List.of(missing, added));
  }

  private static EndpointOptions plain(EndpointOptions options) {
    return options.profiles(SrtpProfile.AEAD_AES_128_GCM);
  }

  /**
   * Names what is on a page, down to a depth: below, there is what happened, such as which kinds of
   * messages came.
   */
  private static void collect(JsonNode node, String path, int depth, Set<String> into) {
    if (depth > 0) {
      node.properties()
          .forEach(
              field -> {
                String name = field.getKey().replaceAll(CHANGING, "N");
                if (!name.startsWith(OURS)) {
                  into.add(path + "/" + name);
                  collect(field.getValue(), path + "/" + name, depth - 1, into);
                }
              });
    }
  }

  private static Set<String> names(JsonNode node) {
    Set<String> names = new TreeSet<>();
    node.fieldNames().forEachRemaining(names::add);
    names.removeIf(name -> name.startsWith(OURS));
    assertFalse(names.isEmpty());
    return names;
  }

  private static Set<String> metricNames(JvbProcess jvb) {
    String metrics;
    try {
      metrics = jvb.get("/metrics", "text/plain");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    Set<String> names = new TreeSet<>();
    for (String line : metrics.split("\n", -1)) {
      if (line.startsWith("# TYPE ") && !line.contains("_" + OURS + "_")) {
        names.add(line);
      }
    }
    assertFalse(names.isEmpty());
    return names;
  }
}
