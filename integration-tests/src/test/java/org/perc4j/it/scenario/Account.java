/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.perc4j.e2e.srtp.DoubleSrtpResult;
import org.perc4j.endpoint.media.FrameMarking;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.it.harness.Await;
import org.perc4j.it.scripted.Arrival;
import org.perc4j.it.scripted.PacketContent;
import org.perc4j.it.scripted.ScriptedEndpoint;
import org.perc4j.it.scripted.SentPacket;

/** What scripted endpoints send, and the comparison with what came. */
final class Account {
  private static final int PACKETS_PER_FRAME = 4;
  private static final int KEY_FRAME_INTERVAL = 10;
  private static final int MANY_PACKETS = 3000;
  private static final int AUDIO_BYTES = 80;
  private static final int VIDEO_BYTES = 900;

  private Account() {}

  /** The same octets for the same number, no two alike. */
  static byte[] octets(int seed, int length) {
    byte[] octets = new byte[length];
    new Random(seed).nextBytes(octets);
    return octets;
  }

  /** A packet of sound at a level in -dBov. */
  static PacketContent sound(int i, int levelMinusDbov) {
    return PacketContent.audio(octets(i, AUDIO_BYTES), levelMinusDbov);
  }

  /** A packet of speech. */
  static PacketContent voice(int i) {
    return sound(i, 30);
  }

  /**
   * A packet of a picture in a stream of frames of four packets each, every tenth one a key frame.
   */
  static PacketContent picture(int i) {
    return PacketContent.video(octets(~i, VIDEO_BYTES), isLastOfFrame(i), frameMarking(i));
  }

  static byte frameMarking(int i) {
    return FrameMarking.of(i % PACKETS_PER_FRAME == 0, isLastOfFrame(i), isKeyFrame(i));
  }

  private static boolean isKeyFrame(int i) {
    return i / PACKETS_PER_FRAME % KEY_FRAME_INTERVAL == 0;
  }

  static boolean isLastOfFrame(int i) {
    return i % PACKETS_PER_FRAME == PACKETS_PER_FRAME - 1;
  }

  /** Waits until scripts are over. */
  static void await(Future<?>... scripts) throws Exception {
    for (Future<?> script : scripts) {
      Object unused = Await.result("the end of a script", script);
    }
  }

  /**
   * Shows a picture until some of it comes: the bridge forwards none before it has looked at it for
   * a while.
   */
  static void startVideo(
      ScriptedEndpoint sender, ScriptedEndpoint receiver, IntFunction<PacketContent> script)
      throws Exception {
    Future<?> picture = sender.show(MANY_PACKETS, script);
    await(receiver, sender, MediaKind.VIDEO, PACKETS_PER_FRAME);
    boolean unused = picture.cancel(false);
  }

  /** Waits until so many packets have come from a source. */
  static void await(ScriptedEndpoint receiver, ScriptedEndpoint sender, MediaKind kind, int packets)
      throws Exception {
    Await.until(
        packets + " packets of " + kind + " " + sender.id() + " -> " + receiver,
        Checks.PATIENCE,
        () -> receiver.arrivals(sender, kind).size() >= packets);
  }

  /** Waits until the last packet that a source has sent so far has come. */
  static void awaitLast(ScriptedEndpoint receiver, ScriptedEndpoint sender, MediaKind kind)
      throws Exception {
    List<SentPacket> sent = sender.sent(kind);
    SentPacket last = sent.get(sent.size() - 1);
    Await.until(
        "last of " + kind + " " + sender + " -> " + receiver,
        Checks.PATIENCE,
        () -> receiver.arrivals(sender, kind).stream().anyMatch(last::arrivedAs));
  }

  /** Everything that came from a source is what was sent, octet by octet; returns who is who. */
  @CanIgnoreReturnValue
  static Map<Arrival, SentPacket> assertAuthentic(
      ScriptedEndpoint receiver, ScriptedEndpoint sender, MediaKind kind) {
    Map<Integer, SentPacket> byNumber = new HashMap<>();
    sender.sent(kind).forEach(packet -> byNumber.put(packet.sequenceNumber(), packet));
    Map<Arrival, SentPacket> pairs = new LinkedHashMap<>();
    for (Arrival arrival : receiver.arrivals(sender, kind)) {
      SentPacket packet = byNumber.get(arrival.sequenceNumber());
      assertNotNull(packet, "SEQ " + arrival.sequenceNumber() + " was not sent");
      assertTrue(packet.arrivedAs(arrival), packet + " arrived as " + arrival);
      pairs.put(arrival, packet);
    }
    assertTrue(!pairs.isEmpty(), kind + " " + sender + " -> " + receiver);
    return pairs;
  }

  /** And from the first one that came to the last one that was sent, nothing is missing. */
  @CanIgnoreReturnValue
  static Map<Arrival, SentPacket> assertComplete(
      ScriptedEndpoint receiver, ScriptedEndpoint sender, MediaKind kind) {
    Map<Arrival, SentPacket> pairs = assertAuthentic(receiver, sender, kind);
    Set<Integer> came =
        pairs.values().stream().map(SentPacket::sequenceNumber).collect(Collectors.toSet());
    Set<Integer> missing = new TreeSet<>();
    boolean started = false;
    for (SentPacket packet : sender.sent(kind)) {
      started |= came.contains(packet.sequenceNumber());
      if (started && !came.contains(packet.sequenceNumber())) {
        missing.add(packet.sequenceNumber());
      }
    }
    assertEquals(Set.of(), missing, kind + " " + sender + " -> " + receiver);
    return pairs;
  }

  /** No layer of anyone refused a packet, other than one that it already had. */
  static void assertNothingRefused(ScriptedEndpoint... endpoints) {
    for (ScriptedEndpoint endpoint : endpoints) {
      endpoint.requireNoFailure();
      Map<DoubleSrtpResult, Integer> refused = endpoint.refused();
      // Bridges probe for bandwidth by sending packets again.
      Integer unused = refused.remove(DoubleSrtpResult.INNER_REPLAYED);
      assertEquals(Map.of(), refused, endpoint.toString());
    }
  }
}
