/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.perc4j.endpoint.media.FrameMarking;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.signalling.PayloadTypes;
import org.perc4j.endpoint.signalling.ReceiverConstraints;
import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.dependency.DependencyDescriptorReader;
import org.perc4j.header.dependency.DependencyDescriptorWriter;
import org.perc4j.header.dependency.DependencyStructure;
import org.perc4j.header.dependency.FrameDependencies;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.harness.Await;
import org.perc4j.it.scripted.Arrival;
import org.perc4j.it.scripted.PacketContent;
import org.perc4j.it.scripted.Script;
import org.perc4j.it.scripted.ScriptedEndpoint;
import org.perc4j.it.scripted.ScriptedRoom;
import org.perc4j.it.scripted.SentPacket;

/**
 * A receiver that is not sent all layers is told so in dependency descriptors, and one that is sent
 * all is told what the sender says.
 */
@RequiresJvb
class ActiveDecodeTargetsTest {
  private static final int PACKETS_PER_FRAME = 2;
  private static final int PACKETS_PER_PICTURE = 2 * PACKETS_PER_FRAME;
  private static final int PICTURES_PER_KEY = 10;
  private static final int MANY_PACKETS = 6000;
  private static final int LOW_HEIGHT = 180;
  private static final int LOW = 0b01;
  private static final int ALL = 0b11;

  /** Two spatial layers, each a decode target: L2T1. */
  private static final DependencyStructure STRUCTURE =
      DependencyStructure.of(
          0,
          List.of(
              template(0, "SS"),
              template(0, "SR", 2),
              template(1, "-S", 1),
              template(1, "-S", 2, 1)),
          new int[0]);

  /** What came of a picture, and which targets were active then. */
  private static final class Reading {
    final DependencyDescriptorReader reader = new DependencyDescriptorReader();
    final Set<Integer> lowPictures = new HashSet<>();
    final Set<Integer> highPictures = new HashSet<>();
    int told;

    /** Reads a descriptor; no frame comes of a target that is not active. */
    void add(Arrival arrival) throws MalformedPacketException {
      byte[] descriptor = descriptor(arrival.extensions());
      if (!reader.read(descriptor, 0, descriptor.length)) {
        throw new IllegalStateException("no structure came before " + arrival);
      }
      int layer = Objects.requireNonNull(reader.dependencies()).spatialId();
      assertTrue((reader.activeDecodeTargets() & 1 << layer) != 0, "not active: " + arrival);
      boolean all = reader.activeDecodeTargets() == ALL;
      boolean unused = (all ? highPictures : lowPictures).add(reader.frameNumber() / 2);
      told += reader.activeDecodeTargetsPresent() ? 1 : 0;
    }
  }

  private static FrameDependencies template(int spatialId, String indications, int... frameDiffs) {
    int[] dtis = indications.chars().map("-DSR"::indexOf).toArray();
    return FrameDependencies.of(spatialId, 0, dtis, frameDiffs, new int[0]);
  }

  private static byte[] descriptor(Map<Integer, byte[]> extensions) {
    return Objects.requireNonNull(extensions.get(PayloadTypes.DEPENDENCY_DESCRIPTOR_EXTENSION));
  }

  private static PacketContent picture(int i) {
    boolean start = i % PACKETS_PER_FRAME == 0;
    boolean end = i % PACKETS_PER_FRAME == PACKETS_PER_FRAME - 1;
    int layer = i % PACKETS_PER_PICTURE / PACKETS_PER_FRAME;
    boolean key = i / PACKETS_PER_PICTURE % PICTURES_PER_KEY == 0;
    byte[] octets = new byte[DependencyDescriptorWriter.MAX_LENGTH];
    int length =
        DependencyDescriptorWriter.write(
            STRUCTURE,
            key && start && layer == 0,
            DependencyDescriptorWriter.ABSENT,
            start,
            end,
            (i / PACKETS_PER_FRAME) & 0xFFFF,
            STRUCTURE.template(2 * layer + (key ? 0 : 1)),
            octets,
            0);
    return PacketContent.video(
            Account.octets(i, 900),
            i % PACKETS_PER_PICTURE == PACKETS_PER_PICTURE - 1,
            FrameMarking.of(start, end, key))
        .extension(PayloadTypes.DEPENDENCY_DESCRIPTOR_EXTENSION, Arrays.copyOf(octets, length));
  }

  @Test
  void areThoseThatTheReceiverIsSent(JvbProcess jvb) throws Exception {
    try (ScriptedRoom room = new ScriptedRoom(jvb, "active-targets")) {
      ScriptedEndpoint sender = room.join(Script.number(1));
      ScriptedEndpoint viewer = room.join(Script.number(2));
      ScriptedEndpoint other = room.join(Script.number(3));
      AtomicInteger next = new AtomicInteger();
      Account.startVideo(sender, viewer, i -> picture(next.getAndIncrement()));
      Future<?> show = sender.show(MANY_PACKETS, i -> picture(next.getAndIncrement()));
      awaitLast(viewer, sender, ALL);
      room.room()
          .setConstraints(viewer.id(), ReceiverConstraints.EVERYTHING.withMaxHeight(LOW_HEIGHT));
      awaitLast(viewer, sender, LOW);
      awaitPictures(viewer, sender, 2 * PICTURES_PER_KEY);
      room.room().setConstraints(viewer.id(), ReceiverConstraints.EVERYTHING);
      awaitLast(viewer, sender, ALL);
      awaitPictures(viewer, sender, 2 * PICTURES_PER_KEY);
      boolean unused = show.cancel(false);
      Account.awaitLast(other, sender, MediaKind.VIDEO);

      Reading read = read(viewer, sender);
      assertTrue(read.lowPictures.size() >= 2 * PICTURES_PER_KEY, read.lowPictures.toString());
      // What goes down is told in each packet of its first frame, and of key frames.
      assertTrue(read.told >= 2 + 2 * PACKETS_PER_FRAME, "told " + read.told + " times");
      assertTrue(read.told < read.lowPictures.size(), "told " + read.told + " times");
      Set<Integer> untruly = new HashSet<>(read.highPictures);
      untruly.removeAll(picturesWithBothLayers(viewer, sender));
      // The one within which it went down, and the last one, which may have been cut short.
      assertTrue(untruly.size() <= 2, "all active, but one layer only: " + untruly);
      Map<Arrival, SentPacket> whole = Account.assertComplete(other, sender, MediaKind.VIDEO);
      whole.forEach(
          (arrival, packet) ->
              assertArrayEquals(
                  descriptor(packet.extensions()), descriptor(arrival.extensions()), "" + packet));
      assertEquals(0, read(other, sender).told);
      Account.assertAuthentic(viewer, sender, MediaKind.VIDEO);
      Account.assertNothingRefused(sender, viewer, other);
    }
    Checks.assertHealthy(jvb);
  }

  private static Reading read(ScriptedEndpoint receiver, ScriptedEndpoint sender)
      throws MalformedPacketException {
    Reading reading = new Reading();
    for (Arrival arrival : receiver.arrivals(sender, MediaKind.VIDEO)) {
      reading.add(arrival);
    }
    return reading;
  }

  private static Set<Integer> picturesWithBothLayers(
      ScriptedEndpoint receiver, ScriptedEndpoint sender) {
    Set<Integer> frames = new HashSet<>();
    for (Arrival arrival : receiver.arrivals(sender, MediaKind.VIDEO)) {
      byte[] descriptor = descriptor(arrival.extensions());
      boolean unused = frames.add((descriptor[1] & 0xFF) << 8 | (descriptor[2] & 0xFF));
    }
    Set<Integer> pictures = new HashSet<>();
    for (int frame : frames) {
      if (frames.contains(frame ^ 1)) {
        boolean unused = pictures.add(frame / 2);
      }
    }
    return pictures;
  }

  /** Waits until, as of what came last, these targets are active. */
  private static void awaitLast(ScriptedEndpoint receiver, ScriptedEndpoint sender, int active)
      throws Exception {
    Await.until(
        "decode targets " + active + " active at " + receiver,
        Checks.PATIENCE,
        () -> {
          try {
            return read(receiver, sender).reader.activeDecodeTargets() == active;
          } catch (MalformedPacketException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private static void awaitPictures(
      ScriptedEndpoint receiver, ScriptedEndpoint sender, int pictures) throws Exception {
    int before = receiver.arrivals(sender, MediaKind.VIDEO).size();
    Account.await(receiver, sender, MediaKind.VIDEO, before + pictures * PACKETS_PER_FRAME);
  }
}
