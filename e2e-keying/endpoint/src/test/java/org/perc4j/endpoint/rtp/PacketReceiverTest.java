/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.perc4j.e2e.srtp.DoubleSrtpResult;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.signalling.AnnouncedSources;
import org.perc4j.endpoint.signalling.CongestionFeedback;
import org.perc4j.endpoint.signalling.Source;
import org.perc4j.header.rtp.RtpPacketView;

class PacketReceiverTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final String VP8 = "80e4";
  private static final String RTX = "80e0";
  private static final String MEDIA_SSRC = "00000021";
  private static final String REPAIR_SSRC = "00000022";
  private static final String OWN_SSRC = "00000031";

  private final List<String> told = new ArrayList<>();
  private final LayeredProtection protection = new LayeredProtection();
  private final Line line =
      new Line(
          protection,
          CongestionFeedback.NONE,
          (buffer, offset, length) -> {},
          (buffer, offset, length) -> {});
  private final AnnouncedSources sources = new AnnouncedSources();
  private final PacketReceiver receiver = receiver(true);

  private PacketReceiver receiver(boolean isDouble) {
    return new PacketReceiver("self", isDouble, sources, new Told());
  }

  private final class Told implements PacketReceiver.Listener {
    @Override
    public void numbered(
        Source source, int encoding, int sequenceNumber, boolean isRepair, long nowNanos) {
      told.add((isRepair ? "repaired " : "came ") + encoding + " " + sequenceNumber);
    }

    @Override
    public void padded(Source source, int encoding, int sequenceNumber) {
      told.add("padding " + encoding + " " + sequenceNumber);
    }

    @Override
    public void accepted(
        Source source,
        int encoding,
        int bridgeSequenceNumber,
        RtpPacketView packet,
        long nowNanos) {
      int end = packet.payloadOffset() + packet.payloadLength();
      told.add(
          "accepted %s %d %d: %d %x %s"
              .formatted(
                  source.name(),
                  encoding,
                  bridgeSequenceNumber,
                  packet.payloadType(),
                  packet.ssrc(),
                  HEX.formatHex(packet.buffer(), packet.payloadOffset(), end)));
    }
  }

  @BeforeEach
  void announcesSources() {
    sources.add(
        List.of(
            new Source(
                "other",
                "other-v0",
                MediaKind.VIDEO,
                List.of(new Source.Encoding(0x11, 0x12), new Source.Encoding(0x21, 0x22))),
            new Source("self", "self-a0", MediaKind.AUDIO, 0x31, 0)));
  }

  private void receive(PacketReceiver by, String... hex) throws IOException {
    by.receive(line, HEX.parseHex(String.join("", hex)), 0, 0);
  }

  @Test
  void passesOnWhatComesThroughAllLayersFromWhomSignallingNames() throws IOException {
    receive(receiver, VP8, "0007", "00000bb8", MEDIA_SSRC, "aabbcc");
    assertEquals(List.of("came 1 7", "accepted other-v0 1 7: 100 21 aabbcc"), told);
    assertEquals(List.of("other"), protection.senders);
  }

  /** RFC 4588, section 4: the original number before the payload. */
  @Test
  void makesThePacketOfARepairPacket() throws IOException {
    receive(receiver, RTX, "0001", "00000bb8", REPAIR_SSRC, "0007", "aabbcc");
    assertEquals(List.of("repaired 1 7", "accepted other-v0 1 7: 100 21 aabbcc"), told);
    assertEquals(1, receiver.counters().repairs());
  }

  @Test
  void takesRepairPacketsWithoutContentForProbes() throws IOException {
    receive(receiver, RTX, "0001", "00000bb8", REPAIR_SSRC);
    receive(receiver, RTX, "0002", "00000bb8", REPAIR_SSRC, "0007");
    receive(receiver, "a0e0", "0003", "00000bb8", REPAIR_SSRC, "000000000005");
    receive(receiver, VP8, "0004", "00000bb8", REPAIR_SSRC, "0007", "aabbcc");
    assertEquals(List.of(), told);
    assertEquals(4, receiver.counters().emptyRepairs());
  }

  @Test
  void dropsAndCountsWhatNobodyAnnouncedAndWhatIsItsOwn() throws IOException {
    receive(receiver, VP8, "0007", "00000bb8", "00000099", "aabbcc");
    receive(receiver, VP8, "0007", "00000bb8", OWN_SSRC, "aabbcc");
    assertEquals(List.of(), told);
    assertEquals(List.of(), protection.senders);
    assertEquals(2, receiver.counters().unknownSsrcs());
  }

  @Test
  void dropsAndCountsWhatALayerRefuses() throws IOException {
    protection.outer.put(7, DoubleSrtpResult.OUTER_AUTHENTICATION_FAILED);
    receive(receiver, VP8, "0007", "00000bb8", MEDIA_SSRC, "aabbcc");
    assertEquals(List.of(), told);
    assertEquals(1, receiver.counters().dropped(DoubleSrtpResult.OUTER_AUTHENTICATION_FAILED));
    protection.inner = DoubleSrtpResult.INNER_AUTHENTICATION_FAILED;
    receive(receiver, VP8, "0008", "00000bb8", MEDIA_SSRC, "aabbcc");
    assertEquals(List.of("came 1 8"), told);
    assertEquals(1, receiver.counters().dropped(DoubleSrtpResult.INNER_AUTHENTICATION_FAILED));
  }

  @Test
  void doesNotCountWhatIsHeldAndTakesItLateFromItsSenderOnly() throws IOException {
    protection.inner = DoubleSrtpResult.HELD;
    receive(receiver, VP8, "0007", "00000bb8", MEDIA_SSRC, "aabbcc");
    for (DoubleSrtpResult result : DoubleSrtpResult.values()) {
      assertEquals(0, receiver.counters().dropped(result), result.toString());
    }
    told.clear();
    byte[] opened = HEX.parseHex(VP8 + "0003" + "00000bb8" + MEDIA_SSRC + "aabb");
    receiver.receiveLate(opened.clone(), "other", 7, 0);
    assertEquals(List.of("accepted other-v0 1 7: 100 21 aabb"), told);
    receiver.receiveLate(opened.clone(), "stranger", 7, 0);
    receiver.receiveLate(opened.clone(), null, 7, 0);
    assertEquals(1, told.size());
    assertEquals(2, receiver.counters().dropped(DoubleSrtpResult.INNER_AUTHENTICATION_FAILED));
  }

  @Test
  void tellsWhichNumbersOfMediaPaddingHad() throws IOException {
    protection.outer.put(7, DoubleSrtpResult.BRIDGE_PADDING);
    receive(receiver, VP8, "0007", "00000bb8", MEDIA_SSRC, "aabbcc");
    receive(receiver, RTX, "0007", "00000bb8", REPAIR_SSRC, "aabbcc");
    assertEquals(List.of("padding 1 7"), told);
    assertEquals(2, line.congestion().statistics().paddingPackets());
  }

  @Test
  void takesPacketsOfNothingButPaddingForPaddingWhereThereIsOneLayer() throws IOException {
    String padding = "a0e4" + "0007" + "00000bb8" + MEDIA_SSRC + "00000004";
    receive(receiver(false), padding);
    assertEquals(List.of("padding 1 7"), told);
    told.clear();
    receive(receiver, padding);
    assertEquals("came 1 7", told.get(0));
  }

  @Test
  void survivesAnyOctets() throws IOException {
    Random random = new Random(5);
    byte[] genuine =
        HEX.parseHex("90e4" + "0007" + "00000bb8" + MEDIA_SSRC + "bede0001" + "10aa0000" + "aabb");
    for (int i = 0; i < 20_000; i++) {
      byte[] octets = Arrays.copyOf(genuine, random.nextInt(genuine.length + 1));
      for (int flips = random.nextInt(4); flips > 0 && octets.length > 0; flips--) {
        octets[random.nextInt(octets.length)] = (byte) random.nextInt();
      }
      receiver.receive(line, octets, 0, 0);
    }
    assertEquals(true, receiver.counters().dropped(DoubleSrtpResult.MALFORMED) > 1000);
  }

  @Test
  void tellsNobodyOfReportsThatAreNotAuthentic() {
    byte[] report = Rtcp.pictureLoss(1, 0x21);
    List<Integer> asked = new ArrayList<>();
    Rtcp.Listener listener =
        new Rtcp.Listener() {
          @Override
          public void nack(int mediaSsrc, List<Integer> sequenceNumbers) {}

          @Override
          public void keyFrameRequest(int mediaSsrc) {
            asked.add(mediaSsrc);
          }
        };
    protection.authenticReports = false;
    assertEquals(false, line.receiveRtcp(report.clone(), listener));
    assertEquals(List.of(), asked);
    protection.authenticReports = true;
    assertEquals(true, line.receiveRtcp(report.clone(), listener));
    assertEquals(List.of(0x21), asked);
  }
}
