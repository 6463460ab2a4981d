/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.it.bridge.CascadedRoom;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.harness.Await;
import org.perc4j.it.scripted.Arrival;
import org.perc4j.it.scripted.Script;
import org.perc4j.it.scripted.ScriptedEndpoint;
import org.perc4j.it.scripted.ScriptedRoom;
import org.perc4j.it.scripted.SentPacket;

/** Conferences on two bridges that are linked. */
@RequiresJvb
class CascadeTest {
  private static final int MUTED = 127;
  private static final int SPEECH = 20;
  private static final int SILENCE = 20;
  private static final int ROUNDS = 3;
  private static final int PICTURES = 200;
  private static final int MANY_PICTURES = 3000;
  private static final int LAYERS_ALLOCATION = 4;
  private static final long ALLOCATED_BPS = 300_000;

  /** One stream of three layers in time: each 300 kbit/s, 640 by 360 at 30 frames a second. */
  private static final byte[] ALLOCATION = HexFormat.of().parseHex("0180ac02ac02ac02027f01671e");

  /** Has the bridge drop packets, so that it renumbers what follows. */
  private static final String DISCARDING_SILENCE =
      "jmt.audio.level { discard-silence = true, forwarded-silence-packets-limit = 2 }\n";

  private static @Nullable JvbProcess sharedFirst;
  private static @Nullable JvbProcess sharedSecond;

  @BeforeAll
  static void startBridges() throws Exception {
    sharedFirst = start(1, JvbExtension.pluginJar(), DISCARDING_SILENCE);
    sharedSecond = start(2, JvbExtension.pluginJar(), "");
  }

  @AfterAll
  static void endBridges() {
    for (JvbProcess bridge : Arrays.asList(sharedFirst, sharedSecond)) {
      if (bridge != null) {
        bridge.close();
      }
    }
  }

  private static JvbProcess first() {
    return Objects.requireNonNull(sharedFirst);
  }

  private static JvbProcess second() {
    return Objects.requireNonNull(sharedSecond);
  }

  @Test
  void doubleStreamsCrossWithTheFirstBridgesOriginalHeaders() throws Exception {
    try (CascadedRoom cascade = CascadedRoom.create(first(), second(), "cascade");
        ScriptedRoom room = new ScriptedRoom(cascade)) {
      ScriptedEndpoint sender = room.join(Script.number(1).startingAt(0xFFFF - SPEECH));
      cascade.place(true);
      ScriptedEndpoint receiver = room.join(Script.number(2));

      Account.startVideo(sender, receiver, Account::picture);
      Account.await(
          sender.speak(
              ROUNDS * (SPEECH + SILENCE) + SPEECH,
              i -> i % (SPEECH + SILENCE) < SPEECH ? Account.voice(i) : Account.sound(i, MUTED)),
          sender.show(PICTURES, Account::picture));
      Account.awaitLast(receiver, sender, MediaKind.AUDIO);
      Account.awaitLast(receiver, sender, MediaKind.VIDEO);

      Map<Arrival, SentPacket> audio = Account.assertAuthentic(receiver, sender, MediaKind.AUDIO);
      Arrival last = List.copyOf(audio.keySet()).get(audio.size() - 1);
      // The second bridge forwards all that comes: what it renumbered, the first one did.
      assertTrue(
          ((last.sequenceNumber() - last.wireSequenceNumber()) & 0xFFFF)
              >= ROUNDS * (SILENCE - 3) - 5,
          "not renumbered: " + last);
      assertTrue(Account.assertComplete(receiver, sender, MediaKind.VIDEO).size() > PICTURES / 2);
      Account.assertNothingRefused(sender, receiver);
      Checks.assertHealthy(first());
      Checks.assertHealthy(second());
    }
  }

  @Test
  void theSecondBridgeLearnsWhatTheSenderSaysOfItsLayers() throws Exception {
    try (CascadedRoom cascade =
            CascadedRoom.create(
                first(), second(), "cascade-allocation", CascadeTest::withLayersAllocation);
        ScriptedRoom room = new ScriptedRoom(cascade)) {
      ScriptedEndpoint sender = room.join(Script.number(1));
      cascade.place(true);
      ScriptedEndpoint receiver = room.join(Script.number(2));
      Future<?> picture =
          sender.show(
              MANY_PICTURES, i -> Account.picture(i).extension(LAYERS_ALLOCATION, ALLOCATION));
      String source = sender.id() + "-v0";
      Await.until(
          "the bit rate of the layer of " + source,
          Checks.PATIENCE,
          () ->
              DebugPages.endpoint(second(), receiver.id())
                      .path("bitrate_controller")
                      .path("bitrate_allocator")
                      .path("allocation")
                      .path("allocations")
                      .path(source)
                      .path("target")
                      .path("target_bitrate")
                      .asLong()
                  == ALLOCATED_BPS);
      boolean unused = picture.cancel(false);
      Account.awaitLast(receiver, sender, MediaKind.VIDEO);
      assertTrue(
          receiver.arrivals(sender, MediaKind.VIDEO).stream()
              .noneMatch(arrival -> arrival.extensions().containsKey(LAYERS_ALLOCATION)));
      Account.assertNothingRefused(sender, receiver);
    }
  }

  private static void withLayersAllocation(String id, ObjectNode described) {
    for (JsonNode media : described.path("medias")) {
      ObjectNode unused =
          ((ArrayNode) media.path("rtp-hdrexts"))
              .addObject()
              .put("uri", "http://www.webrtc.org/experiments/rtp-hdrext/video-layers-allocation00")
              .put("id", LAYERS_ALLOCATION);
    }
  }

  @Test
  void plainAndDoubleCrossOneLinkAndAreKeptApart() throws Exception {
    try (CascadedRoom cascade = CascadedRoom.create(first(), second(), "cascade-mixed");
        ScriptedRoom room = new ScriptedRoom(cascade)) {
      ScriptedEndpoint one = room.join(Script.number(1));
      ScriptedEndpoint plainOne = room.join(Script.number(2).plain());
      cascade.place(true);
      ScriptedEndpoint two = room.join(Script.number(3));
      ScriptedEndpoint plainTwo = room.join(Script.number(4).plain());

      talk(one, two);
      talk(plainOne, plainTwo);
      talk(two, one);
      talk(plainTwo, plainOne);

      assertEquals(List.of(), plainTwo.arrivals(one, MediaKind.AUDIO));
      assertEquals(List.of(), two.arrivals(plainOne, MediaKind.AUDIO));
      assertTrue(Checks.counters(second()).path("perc_kept_apart").asLong() > 0);
      Account.assertNothingRefused(one, two, plainOne, plainTwo);
      Checks.assertHealthy(first());
      Checks.assertHealthy(second());
    }
  }

  @Test
  void doubleStreamsAreKeptFromAStockBridge() throws Exception {
    try (JvbProcess first = start(3, JvbExtension.pluginJar(), "");
        JvbProcess stock = start(4, null, "");
        CascadedRoom cascade = CascadedRoom.create(first, stock, "cascade-stock");
        ScriptedRoom room = new ScriptedRoom(cascade)) {
      ScriptedEndpoint one = room.join(Script.number(1));
      ScriptedEndpoint plainOne = room.join(Script.number(2).plain());
      cascade.place(true);
      ScriptedEndpoint plainTwo = room.join(Script.number(3).plain());

      talk(plainOne, plainTwo);
      Account.await(one.speak(50, Account::voice));
      talk(plainOne, plainTwo);

      assertEquals(List.of(), plainTwo.arrivals(one, MediaKind.AUDIO));
      assertTrue(Checks.counters(first).path("perc_kept_apart").asLong() > 0);
      assertEquals(0, Checks.counters(first).path("perc_hook_failures").asLong());
      Account.assertNothingRefused(one, plainOne, plainTwo);
    }
  }

  /** One endpoint speaks until the other hears it. */
  private static void talk(ScriptedEndpoint from, ScriptedEndpoint to) throws Exception {
    int before = to.arrivals(from, MediaKind.AUDIO).size();
    Account.await(from.speak(50, Account::voice));
    Account.await(to, from, MediaKind.AUDIO, before + 40);
    Map<Arrival, SentPacket> unused = Account.assertAuthentic(to, from, MediaKind.AUDIO);
  }

  private static JvbProcess start(int number, @Nullable Path plugin, String configuration)
      throws Exception {
    return JvbProcess.start(
        JvbExtension.output().resolve("cascade-" + number),
        plugin,
        CascadedRoom.configuration(number) + configuration);
  }
}
