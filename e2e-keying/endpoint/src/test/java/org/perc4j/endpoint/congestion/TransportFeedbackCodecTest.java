/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.congestion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Octets that others wrote, and hostile ones. */
class TransportFeedbackCodecTest {
  /** From Chrome: jitsi-videobridge, RtcpFbTccPacketTest, where the values are as well. */
  private static final String CHROME_RUN =
      "8fcd0007 320f223a 8ee50fae fffa0009 19b0b157 2009 d800181418141814 18 00";

  /** The same, with a delta below zero. */
  private static final String CHROME_MIXED =
      "8fcd0009 320f223a 8ee50fae 1500000c 19b26158 2009 e500"
          + "0800000058040000 20 fffc 0400 000000";

  /** The same, with a loss. */
  private static final String CHROME_LOSS =
      "8fcd0005 320f223a 8ee50fae 18530002 19b29ea2 c400 00 00";

  /** Captures in pion/rtcp, transport_layer_cc_test.go, where the values are as well. */
  private static final String PION_SINGLE =
      "afcd0005 fa17fa17 43032fa0 00990001 3de80217 2001 94 01";

  private static final String PION_VECTOR =
      "afcd0006 fa17fa17 193dd8bb 0001000e 10636d00 ba00 100c0c10 0002";
  private static final String PION_TWO_CHUNKS =
      "afcd0007 9b74f61f 9371dcbc 853c0009 63f916b3 d552 0030 9baa6aaa7b 0109 01";
  private static final String PION_LARGE =
      "afcd0007 fa17fa17 193dd8bb 01740006 45b15a40 4002 2004 1ffe 1f9a d000d000";

  @Test
  void readsRunOfSmallDeltas() throws Exception {
    TransportFeedback feedback = parse(CHROME_RUN);

    assertEquals(839852602, feedback.senderSsrc());
    assertEquals((int) 2397376430L, feedback.mediaSsrc());
    assertEquals(0xFFFA, feedback.baseSequenceNumber());
    assertEquals(9, feedback.statusCount());
    assertEquals(1683633, feedback.referenceTime());
    assertEquals(87, feedback.feedbackCount());
    assertReceived(feedback, 0, 1, 2, 3, 4, 5, 6, 7, 8);
    assertDeltas(feedback, 0xD8, 0, 0x18, 0x14, 0x18, 0x14, 0x18, 0x14, 0x18);
  }

  @Test
  void readsDeltaBelowZero() throws Exception {
    TransportFeedback feedback = parse(CHROME_MIXED);

    assertEquals(5376, feedback.baseSequenceNumber());
    assertEquals(1684065, feedback.referenceTime());
    assertReceived(feedback, IntStream.range(0, 12).toArray());
    // in the source in milliseconds, each of 4 ticks
    assertDeltas(feedback, 8, 0, 0, 0, 88, 4, 0, 0, 32, -4, 4, 0);
  }

  @Test
  void readsLosses() throws Exception {
    TransportFeedback feedback = parse(CHROME_LOSS);
    assertEquals(6227, feedback.baseSequenceNumber());
    assertEquals(2, feedback.statusCount());
    assertReceived(feedback, 1);
    assertDeltas(feedback, 0);

    feedback = parse(PION_VECTOR);
    assertEquals(14, feedback.statusCount());
    assertReceived(feedback, 0, 1, 2, 4);
    assertDeltas(feedback, 16, 12, 12, 16);

    feedback = parse(PION_TWO_CHUNKS);
    assertEquals(34108, feedback.baseSequenceNumber());
    assertEquals(9, feedback.statusCount());
    assertReceived(feedback, 0, 1, 2, 3, 4, 6);
    assertDeltas(feedback, 155, 170, 106, 170, 123, 265);
  }

  @Test
  void readsPaddingAndLargeDeltas() throws Exception {
    TransportFeedback feedback = parse(PION_SINGLE);
    assertEquals(4057090, feedback.referenceTime());
    assertEquals(23, feedback.feedbackCount());
    assertDeltas(feedback, 148);

    // which says that it is padded, and ends with a delta: the padding would be of 0 octets
    assertThrows(MalformedFeedbackException.class, () -> parse(PION_LARGE));
    feedback = parse(PION_LARGE.replaceFirst("af", "8f"));
    assertReceived(feedback, 0, 1, 2, 3, 4, 5);
    assertDeltas(feedback, 8190, 8090, 208, 0, 208, 0);
  }

  @Test
  void writesWhatOthersWrote() throws Exception {
    for (String written : new String[] {CHROME_RUN, CHROME_MIXED}) {
      assertArrayEquals(hex(written), TransportFeedbackCodec.write(parse(written)));
    }
    // padding is filled up with zeros, and not said in the header
    assertArrayEquals(
        hex("8fcd0006 fa17fa17 193dd8bb 0001000e 10636d00 ba00 100c0c10 0000"),
        TransportFeedbackCodec.write(parse(PION_VECTOR)));
  }

  @Test
  void readsReferenceTimeWithItsSign() throws Exception {
    TransportFeedback feedback = parse(CHROME_RUN.replace("19b0b157", "ffffff57"));
    assertEquals(-1, feedback.referenceTime());
    assertEquals(-1, parse(hex(TransportFeedbackCodec.write(feedback))).referenceTime());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // no packet
        "8fcd0004 9acb0442 00000000 00000000 00000000",
        "8fcd0005 9acb0442 00000000 00010000 00000000 20010000",
        // reserved symbols, in a run and in a vector
        "8fcd0005 320f223a 8ee50fae 15000001 19b26158 60010000",
        "afcd0006 fa17fa17 193dd8bb 0174000e 45b15a40 d800 f0ff d0000003",
        // an empty run
        "8fcd0006 320f223a 8ee50fae 15000002 19b26158 2000 2002 00000000",
        // deltas are missing (pion/rtcp, examples 8 and 9)
        "afcd0005 fa17fa17 43032fa0 00990003 3de80217 2003 9401",
        "afcd0005 fa17fa17 43032fa0 00990002 3de80217 4002 9401",
        "8fcd0005 fa17fa17 43032fa0 00990004 3de80217 2004 9401",
        // chunks are missing
        "8fcd0005 320f223a 8ee50fae 1500ffff 19b26158 0001 0001",
        // padding over the header, and none
        "afcd0005 fa17fa17 43032fa0 00990001 3de80217 2001 94 ff",
        "afcd0005 fa17fa17 43032fa0 00990001 3de80217 2001 94 00",
        // another length, type, format and version
        "8fcd0006 320f223a 8ee50fae 18530002 19b29ea2 c4000000",
        "8fce0005 320f223a 8ee50fae 18530002 19b29ea2 c4000000",
        "81cd0005 320f223a 8ee50fae 18530002 19b29ea2 c4000000",
        "4fcd0005 320f223a 8ee50fae 18530002 19b29ea2 c4000000"
      })
  void refuses(String octets) {
    assertThrows(MalformedFeedbackException.class, () -> parse(octets));
  }

  @Test
  void manyLossesTakeNoRoom() throws Exception {
    // 65535 packets in 9 chunks, of which one arrived
    TransportFeedback feedback =
        parse(
            "8fcd000a 320f223a 8ee50fae 1500ffff 19b26158"
                + "1fff 1fff 1fff 1fff 1fff 1fff 1fff 0006 2001 1fff 00000000");
    assertEquals(0xFFFF, feedback.statusCount());
    assertReceived(feedback, 7 * 8191 + 6);
  }

  @Test
  void writesWhatItReads() throws Exception {
    Random random = new Random(1);
    for (int i = 0; i < 2000; i++) {
      int count = 1 + random.nextInt(i % 10 == 0 ? 20_000 : 60);
      double arrive = random.nextDouble();
      double large = random.nextInt(3) == 0 ? 0 : random.nextDouble();
      int[] offsets =
          IntStream.range(0, count)
              .filter(j -> j == count - 1 || random.nextDouble() < arrive)
              .limit(400)
              .toArray();
      int[] deltas =
          Arrays.stream(offsets)
              .map(
                  j -> random.nextDouble() < large ? (short) random.nextInt() : random.nextInt(256))
              .toArray();
      TransportFeedback feedback =
          new TransportFeedback(
              random.nextInt(),
              random.nextInt(),
              random.nextInt(0x10000),
              count,
              random.nextInt() >> 8,
              random.nextInt(256),
              offsets,
              deltas);
      TransportFeedback read = parse(hex(TransportFeedbackCodec.write(feedback)));
      assertEquals(feedback.toString(), read.toString());
      assertEquals(feedback.referenceTime(), read.referenceTime());
      assertReceived(read, offsets);
      assertDeltas(read, deltas);
    }
  }

  @Test
  void survivesChangedOctets() {
    Random random = new Random(2);
    int read = 0;
    for (int i = 0; i < 50_000; i++) {
      byte[] octets = hex(i % 2 == 0 ? CHROME_MIXED : PION_TWO_CHUNKS);
      for (int j = 0; j < 1 + random.nextInt(4); j++) {
        octets[12 + random.nextInt(octets.length - 12)] = (byte) random.nextInt();
      }
      try {
        TransportFeedback feedback = TransportFeedbackCodec.parse(octets, 0, octets.length);
        assertTrue(feedback.received() < octets.length - 20, feedback.toString());
        read++;
      } catch (MalformedFeedbackException e) {
        assertEquals(0, e.getStackTrace().length);
      }
    }
    assertTrue(read > 1000, "read " + read);
  }

  @Test
  void numbersArePutIntoTwoOctets() throws Exception {
    byte[] data = new byte[4];
    TransportSequenceCodec.write(0x1ABCD, data, 1);
    assertArrayEquals(hex("00abcd00"), data);
    assertEquals(0xABCD, TransportSequenceCodec.parse(data, 1, 2));
    assertThrows(MalformedFeedbackException.class, () -> TransportSequenceCodec.parse(data, 1, 3));
  }

  private static void assertReceived(TransportFeedback feedback, int... offsets) {
    assertArrayEquals(
        offsets, IntStream.range(0, feedback.received()).map(feedback::offset).toArray());
  }

  private static void assertDeltas(TransportFeedback feedback, int... ticks) {
    assertArrayEquals(
        ticks, IntStream.range(0, feedback.received()).map(feedback::deltaTicks).toArray());
  }

  private static TransportFeedback parse(String octets) throws MalformedFeedbackException {
    byte[] message = hex(octets);
    byte[] within = new byte[message.length + 9];
    System.arraycopy(message, 0, within, 5, message.length);
    return TransportFeedbackCodec.parse(within, 5, message.length);
  }

  private static String hex(byte[] octets) {
    return HexFormat.of().formatHex(octets);
  }

  private static byte[] hex(String octets) {
    return HexFormat.of().parseHex(octets.replace(" ", ""));
  }
}
