/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.scripted.Arrival;
import org.perc4j.it.scripted.PacketContent;
import org.perc4j.it.scripted.Script;
import org.perc4j.it.scripted.ScriptedEndpoint;
import org.perc4j.it.scripted.ScriptedRoom;
import org.perc4j.it.scripted.SentPacket;
import org.perc4j.it.scripted.Wire;

/** Padding is part of what is encrypted end to end: the bridge must leave it, and the P bit. */
@RequiresJvb
class PaddingTest {
  private static final int AUDIO_PACKETS = 80;
  private static final int VIDEO_PACKETS = 160;
  private static final int MANY = 40;

  @Test
  void arrivesAsSent(JvbProcess jvb) throws Exception {
    try (ScriptedRoom room = new ScriptedRoom(jvb, "padding")) {
      ScriptedEndpoint sender = room.join(Script.number(1));
      ScriptedEndpoint receiver = room.join(Script.number(2));
      play(sender, receiver);
      assertPadded(Account.assertComplete(receiver, sender, MediaKind.AUDIO));
      assertPadded(Account.assertComplete(receiver, sender, MediaKind.VIDEO));
      Account.assertNothingRefused(sender, receiver);
    }
    Checks.assertHealthy(jvb);
  }

  @Test
  void arrivesInRepairPacketsFromTheBridge(JvbProcess jvb) throws Exception {
    try (ScriptedRoom room = new ScriptedRoom(jvb, "padding-down")) {
      ScriptedEndpoint sender = room.join(Script.number(1));
      ScriptedEndpoint receiver = room.join(Script.number(2));
      receiver.losesOnArrival(everyOtherPadded(sender.ssrc(MediaKind.VIDEO)));
      play(sender, receiver);
      assertPadded(Account.assertComplete(receiver, sender, MediaKind.VIDEO));
      assertRepairedPadding(receiver, sender);
      Account.assertNothingRefused(sender, receiver);
    }
    Checks.assertHealthy(jvb);
  }

  @Test
  void arrivesInRepairPacketsToTheBridge(JvbProcess jvb) throws Exception {
    try (ScriptedRoom room = new ScriptedRoom(jvb, "padding-up")) {
      ScriptedEndpoint sender = room.join(Script.number(1));
      ScriptedEndpoint receiver = room.join(Script.number(2));
      sender.losesOnDeparture(everyOtherPadded(sender.ssrc(MediaKind.VIDEO)));
      play(sender, receiver);
      assertPadded(Account.assertComplete(receiver, sender, MediaKind.VIDEO));
      assertTrue(sender.repairsSent() > MANY / 2, sender.toString());
      Account.assertNothingRefused(sender, receiver);
    }
    Checks.assertHealthy(jvb);
  }

  /** Ends with packets without padding, which are not lost and show what is missing before them. */
  private static void play(ScriptedEndpoint sender, ScriptedEndpoint receiver) throws Exception {
    Account.startVideo(sender, receiver, Account::picture);
    Future<?> speech = sender.speak(AUDIO_PACKETS, i -> Account.voice(i).padding(padding(i)));
    Future<?> picture = sender.show(VIDEO_PACKETS, PaddingTest::picture);
    Account.await(speech, picture);
    Account.await(sender.show(8, i -> Account.picture(VIDEO_PACKETS + i)));
    Account.awaitLast(receiver, sender, MediaKind.AUDIO);
    Account.awaitLast(receiver, sender, MediaKind.VIDEO);
    Account.await(receiver, sender, MediaKind.VIDEO, due(receiver, sender));
  }

  /** Returns how many packets have to come: all from the first one on that did. */
  private static int due(ScriptedEndpoint receiver, ScriptedEndpoint sender) {
    Set<Integer> came = new HashSet<>();
    receiver.arrivals(sender, MediaKind.VIDEO).forEach(a -> came.add(a.sequenceNumber()));
    return (int)
        sender.sent(MediaKind.VIDEO).stream()
            .dropWhile(packet -> !came.contains(packet.sequenceNumber()))
            .count();
  }

  /** Some are nothing but padding. */
  private static PacketContent picture(int i) {
    PacketContent picture = Account.picture(i);
    if (i % 25 == 10) {
      picture = PacketContent.video(new byte[0], false, Account.frameMarking(i));
    }
    return picture.padding(padding(i));
  }

  private static int padding(int i) {
    return i % 3 == 0 ? 0 : 1 + (i * 37) % 255;
  }

  private static Predicate<byte[]> everyOtherPadded(int ssrc) {
    Set<Integer> seen = ConcurrentHashMap.newKeySet();
    return datagram ->
        Wire.ssrc(datagram) == ssrc
            && Wire.isPadded(datagram)
            && seen.add(Wire.sequenceNumber(datagram))
            && seen.size() % 2 == 0;
  }

  private static void assertPadded(Map<Arrival, SentPacket> pairs) {
    long padded = pairs.keySet().stream().filter(Arrival::padded).count();
    assertTrue(padded > MANY, padded + " padded");
    assertTrue(padded < pairs.size(), "all padded");
  }

  private static void assertRepairedPadding(ScriptedEndpoint receiver, ScriptedEndpoint sender) {
    long repaired =
        receiver.arrivals(sender, MediaKind.VIDEO).stream()
            .filter(arrival -> arrival.repaired() && arrival.padded())
            .count();
    assertTrue(repaired > MANY / 2, repaired + " repaired");
  }
}
