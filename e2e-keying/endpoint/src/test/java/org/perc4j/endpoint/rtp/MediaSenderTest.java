/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.perc4j.e2e.srtp.DoubleSrtpResult;
import org.perc4j.endpoint.signalling.CongestionFeedback;
import org.perc4j.endpoint.signalling.Source;

class MediaSenderTest {
  private static final HexFormat HEX = HexFormat.of();

  private final List<String> sent = new ArrayList<>();
  private final LayeredProtection protection = new LayeredProtection();
  private final Line line = line(CongestionFeedback.NONE);
  private final StreamSender stream = stream();

  private Line line(CongestionFeedback feedback) {
    return new Line(
        protection,
        feedback,
        (buffer, offset, length) -> sent.add(HEX.formatHex(buffer, offset, offset + length)),
        (buffer, offset, length) -> {});
  }

  private static StreamSender stream() {
    return new StreamSender(new Source.Encoding(0x21, 0x22), 100, 96, 7, 3000, List::of);
  }

  private byte[] next(int... payload) {
    byte[] octets = new byte[payload.length];
    for (int i = 0; i < payload.length; i++) {
      octets[i] = (byte) payload[i];
    }
    return stream.next(octets, true, List.of());
  }

  @Test
  void sendsAndRepairsUnderTheRepairStreamsOwnNumbers() throws IOException {
    MediaSender sender = MediaSender.unpaced();
    sender.setLine(line);
    assertEquals(DoubleSrtpResult.OK, sender.send(stream, next(0xAA, 0xBB), false, 0));
    assertEquals("80e40007" + "00000bb8" + "00000021" + "aabb", sent.get(0));
    assertTrue(sender.repair(stream, 7, 0));
    assertEquals("80e00007" + "00000bb8" + "00000022" + "0007" + "aabb", sent.get(1));
    assertTrue(sender.repair(stream, 7, 0));
    assertEquals("80e00008" + "00000bb8" + "00000022" + "0007" + "aabb", sent.get(2));
    assertFalse(sender.repair(stream, 6, 0), "nothing to repair");
    assertEquals(3, sent.size());
  }

  @ParameterizedTest
  @EnumSource(
      value = DoubleSrtpResult.class,
      names = {"NO_KEY_YET", "SENDING_STOPPED", "SENDING_WAITS", "KEYS_ERASED"})
  void sendsAndRemembersNothingWithoutKeysAndSaysWhy(DoubleSrtpResult why) throws IOException {
    MediaSender sender = MediaSender.unpaced();
    sender.setLine(line);
    protection.sending = why;
    assertEquals(why, sender.send(stream, next(1), false, 0));
    assertFalse(sender.repair(stream, 7, 0));
    assertEquals(List.of(), sent);
  }

  @Test
  void neverSendsWhatCouldNotBeProtected() {
    MediaSender sender = MediaSender.unpaced();
    sender.setLine(line);
    protection.sending = DoubleSrtpResult.MALFORMED;
    assertThrows(IllegalStateException.class, () -> sender.send(stream, next(1), false, 0));
    assertEquals(List.of(), sent);
  }

  @Test
  void losesWhatIsSentWithoutALine() throws IOException {
    MediaSender sender = MediaSender.unpaced();
    assertEquals(DoubleSrtpResult.OK, sender.send(stream, next(1), false, 0));
    sender.setLine(line);
    sender.setLine(null);
    assertEquals(DoubleSrtpResult.OK, sender.send(stream, next(2), false, 0));
    assertFalse(sender.repair(stream, 8, 0));
    assertEquals(List.of(), sent);
  }

  @Test
  void keepsToThePaceAndLetsUrgentPacketsGoFirst() throws IOException {
    MediaSender sender = MediaSender.adaptive(null, 0, () -> null);
    sender.setLine(line(CongestionFeedback.TRANSPORT_WIDE));
    long now = 0;
    int packets = 30;
    for (int i = 0; i < packets; i++) {
      byte[] payload = new byte[1000];
      Arrays.fill(payload, (byte) i);
      DoubleSrtpResult unused =
          sender.send(stream, stream.next(payload, false, List.of()), false, now);
    }
    int atOnce = sent.size();
    assertTrue(atOnce < packets / 2, atOnce + " packets at once");
    StreamSender speech = new StreamSender(new Source.Encoding(0x31, 0), 111, 0, 1, 0, List::of);
    DoubleSrtpResult unused =
        sender.send(speech, speech.next(new byte[] {5}, false, List.of()), true, now);
    assertEquals("806f0001" + "00000000" + "00000031" + "05", sent.get(atOnce));
    while (sent.size() < packets + 1 && now < TimeUnit.SECONDS.toNanos(10)) {
      now += TimeUnit.MILLISECONDS.toNanos(5);
      sender.tick(now);
    }
    assertEquals(packets + 1, sent.size());
    // 30,000 octets at 300 kbit/s take 0.8 s; a pacer may go faster, but not at once
    assertTrue(now > TimeUnit.MILLISECONDS.toNanos(150), now + " ns");
  }

  /** A call begins with less; to find out whether there is more, something has to be sent. */
  @Test
  void triesTheLowestQualityWhateverItNeedsUntilThereIsSomethingToPadWith() throws IOException {
    List<Integer> allowed = new ArrayList<>();
    MediaSender sender =
        MediaSender.adaptive(
            new Qualities() {
              @Override
              public double[] neededBps() {
                return new double[] {5 * CongestionControl.START_BPS};
              }

              @Override
              public void allow(int highest) {
                allowed.add(highest);
              }
            },
            0,
            () -> stream);
    sender.setLine(line(CongestionFeedback.TRANSPORT_WIDE));
    long now = 0;
    for (int i = 0; i < 3; i++) {
      now += TimeUnit.MILLISECONDS.toNanos(5);
      sender.tick(now);
    }
    assertEquals(List.of(), sent);
    assertEquals(List.of(-1, -1, 0, 0), allowed);
    DoubleSrtpResult unused = sender.send(stream, next(1, 2, 3), false, now);
    for (int i = 0; i < 2; i++) {
      now += TimeUnit.MILLISECONDS.toNanos(5);
      sender.tick(now);
    }
    assertTrue(sent.size() > 1, "padded");
    assertEquals(List.of(-1, -1, 0, 0, 0, -1), allowed);
  }
}
