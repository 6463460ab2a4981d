/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.endpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.media.Vp9Payload;
import org.perc4j.endpoint.rtp.HeaderExtension;
import org.perc4j.endpoint.rtp.StreamSender;
import org.perc4j.endpoint.signalling.Source;
import org.perc4j.header.rtp.ExtensionProfile;
import org.perc4j.header.rtp.HeaderExtensionCursor;
import org.perc4j.header.rtp.RtpPacketView;
import org.perc4j.it.media.Clips;
import org.perc4j.it.media.LayeredClip;

class LayeredSenderTest {
  private static final long TICK_NANOS = 33_000_000;
  private static final int MAX_BYTES = 500;

  private final List<byte[]> packets = new ArrayList<>();
  private final Source source =
      new Source(
          "e0000001",
          "e0000001-v0",
          MediaKind.VIDEO,
          List.of(
              new Source.Encoding(0x11, 0x12),
              new Source.Encoding(0x21, 0x22),
              new Source.Encoding(0x31, 0x32)));
  private final SentStream sent = new SentStream(VideoCodec.VP8, Integer.MAX_VALUE);
  private final LayeredSender sender =
      new LayeredSender(
          (stream, packet) ->
              packets.add(Arrays.copyOf(packet, packet.length - StreamSender.ROOM_BYTES)));
  private long nowNanos;

  @BeforeEach
  void addsThreeEncodings() throws IOException {
    List<LayeredClip> clips = Clips.simulcast();
    for (int i = 0; i < clips.size(); i++) {
      sender.add(
          clips.get(i),
          new AccountedSender(
              new StreamSender(source.encodings().get(i), 100, 96, 0xFFFE, 0x7000_0000, List::of),
              i,
              sent),
          Vp9Payload.Mode.FLEXIBLE,
          7,
          MAX_BYTES,
          packet ->
              packet.frame().key() && packet.firstOfFrame()
                  ? List.of(
                      new HeaderExtension(9, new byte[] {1}), new HeaderExtension(11, new byte[40]))
                  : List.of(new HeaderExtension(9, new byte[] {2, 3})));
    }
  }

  private List<SentStream.Packet> tick() throws IOException {
    int before = sent.size();
    nowNanos += TICK_NANOS;
    sender.sendPicture(nowNanos);
    return sent.packets().subList(before, sent.size());
  }

  private static boolean isKey(List<SentStream.Packet> packets) {
    return packets.stream().allMatch(packet -> packet.frame() != null && packet.frame().key());
  }

  @Test
  void sendsAllEncodingsOfAPictureWithOneTimeAndAMarkerEach() throws Exception {
    for (long picture = 0; picture < 100; picture++) {
      int before = packets.size();
      List<SentStream.Packet> account = tick();
      Set<Integer> marked = new HashSet<>();
      for (int i = before; i < packets.size(); i++) {
        RtpPacketView view = new RtpPacketView();
        view.wrap(packets.get(i), 0, packets.get(i).length);
        SentStream.Packet packet = account.get(i - before);
        assertEquals(packet.sequenceNumber(), view.sequenceNumber());
        assertEquals(0x7000_0000 + 3000 * picture, view.timestamp());
        assertEquals(source.encodings().get(packet.encoding()).ssrc(), view.ssrc());
        assertEquals(picture, packet.picture());
        assertTrue(!view.marker() || marked.add(packet.encoding()));
      }
      assertEquals(Set.of(0, 1, 2), marked);
      assertEquals(picture % 96 == 0, isKey(account), "picture " + picture);
    }
  }

  @Test
  void restartsAtTheNextPictureButNotTooOften() throws Exception {
    assertTrue(isKey(tick()));
    sender.wantKey();
    // 300 ms are nine pictures and a bit.
    for (int i = 0; i < 9; i++) {
      assertFalse(isKey(tick()), "picture " + i);
    }
    assertTrue(isKey(tick()));
    for (int i = 0; i < 20; i++) {
      assertFalse(isKey(tick()), "one request, one key");
    }
    sender.wantKey();
    sender.wantKey();
    assertTrue(isKey(tick()));
    assertFalse(isKey(tick()));
  }

  private static Set<Integer> encodings(List<SentStream.Packet> packets) {
    return packets.stream().map(SentStream.Packet::encoding).collect(Collectors.toSet());
  }

  @Test
  void leavesOutWhatIsNotAllowedAtOnceAndBringsItBackWithAKey() throws Exception {
    sender.allow(0);
    assertEquals(Set.of(0), encodings(tick()));
    sender.allow(2);
    for (int i = 0; i < 9; i++) {
      assertEquals(Set.of(0), encodings(tick()), "picture " + i);
    }
    List<SentStream.Packet> first = tick();
    assertEquals(Set.of(0, 1, 2), encodings(first));
    assertTrue(isKey(first));
    sender.allow(1);
    List<SentStream.Packet> next = tick();
    assertEquals(Set.of(0, 1), encodings(next));
    assertFalse(isKey(next));
    sender.allow(-1);
    assertEquals(List.of(), tick());
    sender.allow(-1);
    for (int i = 0; i < 20; i++) {
      assertEquals(List.of(), tick());
    }
    sender.allow(0);
    List<SentStream.Packet> back = tick();
    assertEquals(Set.of(0), encodings(back));
    assertTrue(isKey(back));
    // and all have one time, as if nothing had been left out
    assertEquals(0x7000_0000 + 3000L * back.get(0).picture(), back.get(0).timestamp());
  }

  @Test
  void knowsWhatItsEncodingsTake() {
    double[] needed = sender.neededBps();
    assertEquals(3, needed.length);
    assertTrue(needed[0] > 50_000 && needed[0] < needed[1] && needed[1] < needed[2]);
  }

  @Test
  void leavesOutSpatialLayersFromTheTop() throws Exception {
    LayeredClip clip = Clips.layered(VideoCodec.VP9);
    SentStream account = new SentStream(VideoCodec.VP9, Integer.MAX_VALUE);
    Set<Integer> marked = new HashSet<>();
    LayeredSender layered =
        new LayeredSender(
            (stream, packet) -> {
              if (packet[1] < 0) {
                marked.add(account.size());
              }
            });
    List<Integer> asked = new ArrayList<>();
    layered.add(
        clip,
        new AccountedSender(
            new StreamSender(source.encodings().get(0), 101, 97, 1, 0, List::of), 0, account),
        Vp9Payload.Mode.FLEXIBLE,
        7,
        MAX_BYTES,
        packet -> {
          asked.add(packet.frame().spatialId());
          return List.of();
        });
    assertEquals(3, layered.neededBps().length);
    for (int highest : new int[] {1, 0, 2}) {
      layered.allow(highest);
      nowNanos += 10 * TICK_NANOS;
      int before = account.size();
      asked.clear();
      layered.sendPicture(nowNanos);
      List<SentStream.Packet> picture = account.packets().subList(before, account.size());
      Set<Integer> layers =
          picture.stream()
              .map(packet -> Objects.requireNonNull(packet.frame()).spatialId())
              .collect(Collectors.toSet());
      assertEquals(highest + 1, layers.size());
      // the last packet of what is sent is marked, and who numbers frames sees all of them
      assertTrue(marked.contains(account.size()));
      assertTrue(asked.contains(2));
    }
  }

  @Test
  void usesTwoByteHeadersOnlyWhereOneOctetIsNotEnough() throws Exception {
    List<SentStream.Packet> unused = tick();
    RtpPacketView view = new RtpPacketView();
    HeaderExtensionCursor extensions = new HeaderExtensionCursor();
    view.wrap(packets.get(0), 0, packets.get(0).length);
    assertEquals(ExtensionProfile.TWO_BYTE, view.extensionProfile());
    extensions.wrap(view);
    assertTrue(extensions.find(9));
    assertEquals(1, extensions.dataLength());
    extensions.wrap(view);
    assertTrue(extensions.find(11));
    assertEquals(40, extensions.dataLength());
    view.wrap(packets.get(1), 0, packets.get(1).length);
    assertEquals(ExtensionProfile.ONE_BYTE, view.extensionProfile());
    extensions.wrap(view);
    assertTrue(extensions.find(9));
    assertEquals(2, extensions.dataLength());
  }

  /** RFC 4588 section 4: the original number, then the payload; all else of the header stays. */
  @Test
  void repairsPacketsWithHeaderExtensionsOfAnyLength() throws Exception {
    List<SentStream.Packet> account = tick();
    StreamSender stream = sender.senders().get(0);
    for (int i = 0; i < 2; i++) {
      byte[] original = packets.get(i);
      stream.remember(original);
      byte[] repair = stream.repair(account.get(i).sequenceNumber());
      assertNotNull(repair);
      RtpPacketView view = new RtpPacketView();
      view.wrap(original, 0, original.length);
      int header = view.headerLength();
      view.wrap(repair, 0, repair.length - StreamSender.ROOM_BYTES);
      assertEquals(header, view.headerLength());
      assertEquals(0x12, view.ssrc());
      assertEquals(96, view.payloadType());
      byte[] payload =
          Arrays.copyOfRange(
              repair, view.payloadOffset(), view.payloadOffset() + view.payloadLength());
      assertEquals(
          account.get(i).sequenceNumber(), ((payload[0] & 0xFF) << 8) | (payload[1] & 0xFF));
      assertArrayEquals(account.get(i).payload(), Arrays.copyOfRange(payload, 2, payload.length));
    }
    assertNull(stream.repair(12345));
  }

  @Test
  void knowsWhatArrivedByItsNumberOrByTheEndOfItsPayload() throws Exception {
    for (int i = 0; i < 4; i++) {
      List<SentStream.Packet> unused = tick();
    }
    for (SentStream.Packet packet : sent.packets()) {
      assertEquals(packet, sent.find(arrival(packet, packet.timestamp(), packet.payload())));
      byte[] rewritten = packet.payload().clone();
      rewritten[3] ^= 0x55;
      rewritten[4] ^= 0x55;
      SentStream.Packet found = sent.find(arrival(packet, 77, rewritten));
      assertNotNull(found);
      assertEquals(packet.frame(), found.frame());
    }
    byte[] foreign = new byte[100];
    assertNull(sent.find(arrival(sent.packets().get(0), 77, foreign)));
  }

  private static ReceivedStream.Arrival arrival(
      SentStream.Packet packet, long timestamp, byte[] payload) {
    return new ReceivedStream.Arrival(
        System.nanoTime(),
        0,
        packet.encoding(),
        1,
        packet.sequenceNumber(),
        timestamp,
        false,
        payload);
  }
}
