/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.rtp.Rtcp;
import org.perc4j.it.bridge.CascadedRoom;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.harness.Await;
import org.perc4j.it.harness.WireCapture;
import org.perc4j.it.scripted.Arrival;
import org.perc4j.it.scripted.Script;
import org.perc4j.it.scripted.ScriptedEndpoint;
import org.perc4j.it.scripted.ScriptedRoom;
import org.perc4j.it.scripted.SentPacket;

/**
 * More streams over one transport, and over a link between bridges, than a bridge keeps contexts
 * for. Each speaks for a moment and is silent while all the others do, so that its context is
 * forgotten in between; in the last round it uses the sequence numbers of the first once more.
 */
@RequiresJvb
@ExtendWith(WireTest.RequiresTcpdump.class)
class TwoThousandStreamsTest {
  private static final int STREAMS = 2000;
  private static final int PACKETS = 2;
  private static final int FIRST_NUMBER = 10;
  private static final int CYCLE = 1 << 16;

  /** Numbers left out before each round: steps that any receiver follows, once around. */
  private static final int[] SKIPPED = {
    0, 21_845 - PACKETS, 21_845 - PACKETS, CYCLE - 2 * 21_845 - PACKETS
  };

  /** What is on its way at a time, so that nothing is lost to the tests' own sockets. */
  private static final int STREAMS_AT_A_TIME = 50;

  /** To the bridge, to the other bridge, and from each of them to an endpoint. */
  private static final int HOPS = 4;

  private static final int HEADER_BYTES = 12;
  private static final int COMPARED_BYTES = 32;

  @Test
  void encryptsNothingTwiceUnderOneIndexAndLosesNone() throws Exception {
    Path folder = Files.createDirectories(JvbExtension.output().resolve("streams"));
    Map<Long, List<byte[]>> inner = new HashMap<>();
    Set<Integer> ssrcs = new HashSet<>();
    List<byte[]> datagrams;
    try (JvbProcess first = start(1);
        JvbProcess second = start(2);
        CascadedRoom cascade = CascadedRoom.create(first, second, "streams");
        ScriptedRoom room = new ScriptedRoom(cascade);
        WireCapture wire = WireCapture.start(folder.resolve("wire.pcap"))) {
      ScriptedEndpoint sender =
          room.join(Script.number(1).voices(STREAMS).startingAt(FIRST_NUMBER));
      ScriptedEndpoint near = room.join(Script.number(2));
      cascade.place(true);
      ScriptedEndpoint far = room.join(Script.number(3));
      // What the first stream sends before the bridges are linked does not arrive.
      Account.await(sender.speak(50, Account::voice));
      Account.awaitLast(near, sender, MediaKind.AUDIO);
      Account.awaitLast(far, sender, MediaKind.AUDIO);

      for (int round = 0; round < SKIPPED.length; round++) {
        for (int stream = 1; stream < STREAMS; stream++) {
          speak(sender, stream, round);
          if (stream % STREAMS_AT_A_TIME == 0) {
            awaitAll(sender, near, far);
          }
        }
        awaitAll(sender, near, far);
      }

      // Kernel and tcpdump hand on what they have by the second: the last of it comes by now.
      Account.await(sender.speak(100, Account::voice));

      assertAllCame(sender, near);
      assertAllCame(sender, far);
      sender.sent().forEach(packet -> ssrcs.add(packet.ssrc()));
      for (byte[] packet : sender.innerProtected()) {
        inner.computeIfAbsent(streamAndNumber(packet), key -> new ArrayList<>()).add(packet);
      }
      for (JvbProcess bridge : List.of(first, second)) {
        Checks.assertHealthy(bridge);
        assertEquals(0, Checks.counters(bridge).path("perc_dropped_outer_index_reuse").asLong());
        assertEquals(0, Checks.counters(bridge).path("perc_dropped_too_many_ssrcs").asLong());
      }
      datagrams = wire.payloads();
    }
    assertNoKeystreamTwice(inner, datagrams);
    assertNoControlIndexTwice(ssrcs, datagrams);
  }

  private static void speak(ScriptedEndpoint sender, int stream, int round) {
    for (int i = 0; i < PACKETS; i++) {
      int seed = (round * STREAMS + stream) * PACKETS + i;
      sender.send(Account.voice(seed).voice(stream).skippingBefore(i == 0 ? SKIPPED[round] : 0));
    }
    sender.sendReport(stream);
  }

  private static void awaitAll(ScriptedEndpoint sender, ScriptedEndpoint... receivers)
      throws Exception {
    for (ScriptedEndpoint receiver : receivers) {
      List<SentPacket> sent = sender.sent();
      SentPacket last = sent.get(sent.size() - 1);
      Await.until(
          last + " of " + sender + " -> " + receiver,
          Checks.PATIENCE,
          () -> receiver.hasGot(last) || !receiver.refused().isEmpty());
      assertEquals(Map.of(), receiver.refused());
    }
  }

  private static void assertAllCame(ScriptedEndpoint sender, ScriptedEndpoint receiver) {
    Map<Integer, List<SentPacket>> sent = new HashMap<>();
    sender
        .sent()
        .forEach(
            packet -> sent.computeIfAbsent(packet.ssrc(), ssrc -> new ArrayList<>()).add(packet));
    int first = sender.ssrc(MediaKind.AUDIO);
    int came = 0;
    for (Arrival arrival : receiver.arrivals()) {
      List<SentPacket> stream = sent.getOrDefault(arrival.ssrc(), List.of());
      assertTrue(stream.stream().anyMatch(packet -> packet.arrivedAs(arrival)), "" + arrival);
      came += arrival.ssrc() == first ? 0 : 1;
    }
    assertEquals((STREAMS - 1) * PACKETS * SKIPPED.length, came);
    receiver.requireNoFailure();
    Account.assertNothingRefused(receiver);
  }

  /** Two packets under one nonce and key differ on the wire by what they differ in before. */
  private static void assertNoKeystreamTwice(
      Map<Long, List<byte[]>> inner, List<byte[]> datagrams) {
    Map<Long, List<byte[]>> wire = new HashMap<>();
    for (byte[] datagram : datagrams) {
      if (isMedia(datagram) && inner.containsKey(streamAndNumber(datagram))) {
        wire.computeIfAbsent(streamAndNumber(datagram), key -> new ArrayList<>()).add(datagram);
      }
    }
    int pairs = 0;
    for (Map.Entry<Long, List<byte[]>> entry : inner.entrySet()) {
      List<byte[]> sent = entry.getValue();
      List<byte[]> seen = wire.getOrDefault(entry.getKey(), List.of());
      if (sent.size() < 2) {
        continue;
      }
      assertEquals(HOPS * sent.size(), seen.size());
      ByteBuffer innerDifference = difference(sent.get(0), sent.get(1));
      for (int i = 0; i < seen.size(); i++) {
        for (int j = 0; j < i; j++) {
          assertFalse(difference(seen.get(i), seen.get(j)).equals(innerDifference), "used twice");
          pairs++;
        }
      }
    }
    assertEquals((STREAMS - 1) * PACKETS * HOPS * (2 * HOPS - 1), pairs);
  }

  private static ByteBuffer difference(byte[] one, byte[] other) {
    int from = payloadOffset(one);
    assertEquals(from, payloadOffset(other));
    byte[] difference = new byte[COMPARED_BYTES];
    for (int i = 0; i < difference.length; i++) {
      difference[i] = (byte) (one[from + i] ^ other[from + i]);
    }
    return ByteBuffer.wrap(difference);
  }

  private static int payloadOffset(byte[] packet) {
    boolean extended = (packet[0] & 0x10) != 0;
    return HEADER_BYTES
        + (extended ? 4 + 4 * (ByteBuffer.wrap(packet).getShort(HEADER_BYTES + 2) & 0xFFFF) : 0);
  }

  /** The index of SRTCP is the end of the packet (RFC 7714 section 9). */
  private static void assertNoControlIndexTwice(Set<Integer> ssrcs, List<byte[]> datagrams) {
    Map<Long, Integer> seen = new HashMap<>();
    for (byte[] datagram : datagrams) {
      if (datagram.length > HEADER_BYTES && isPacket(datagram) && Rtcp.isRtcp(datagram)) {
        ByteBuffer packet = ByteBuffer.wrap(datagram);
        int ssrc = packet.getInt(4);
        int index = packet.getInt(datagram.length - 4);
        if (ssrcs.contains(ssrc)) {
          seen.merge(((long) ssrc << 32) | Integer.toUnsignedLong(index), 1, Integer::sum);
        }
      }
    }
    assertEquals((STREAMS - 1) * SKIPPED.length, seen.size());
    Map<Integer, Integer> times = new HashMap<>();
    seen.values().forEach(count -> times.merge(count, 1, Integer::sum));
    assertEquals(
        Map.of(HOPS, (STREAMS - 1) * SKIPPED.length), times, "times that indices were seen");
  }

  private static boolean isMedia(byte[] datagram) {
    return datagram.length > HEADER_BYTES + COMPARED_BYTES
        && isPacket(datagram)
        && !Rtcp.isRtcp(datagram);
  }

  /** Of RTP or RTCP, by its version: neither of ICE nor of DTLS. */
  private static boolean isPacket(byte[] datagram) {
    return ((datagram[0] >>> 6) & 3) == 2;
  }

  private static long streamAndNumber(byte[] packet) {
    ByteBuffer header = ByteBuffer.wrap(packet);
    return ((long) header.getInt(8) << 16) | (header.getShort(2) & 0xFFFF);
  }

  private static JvbProcess start(int number) throws Exception {
    return JvbProcess.start(
        JvbExtension.output().resolve("streams-" + number),
        JvbExtension.pluginJar(),
        CascadedRoom.configuration(number));
  }
}
