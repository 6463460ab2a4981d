/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.marking;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.perc4j.e2e.marking.PayloadFormatException.Reason;
import org.perc4j.header.BitReader;

/**
 * Headers that libvpx, libaom, SVT-AV1 and rav1e wrote, with what FFmpeg reads in them; made by
 * {@code src/test/python/frame_headers.py}.
 */
class FrameHeaderTest {
  private final BitReader<PayloadFormatException> bits =
      new BitReader<>(PayloadFormatException.of(Reason.FRAME_HEADER_TRUNCATED));
  private final Av1SequenceHeader sequence = new Av1SequenceHeader();
  private final Av1FrameHeader av1 = new Av1FrameHeader(bits, sequence);
  private final Vp9FrameHeader vp9 = new Vp9FrameHeader(bits);

  /** A line of a file. */
  @SuppressWarnings("ArrayRecordComponent") // not compared
  private record Line(
      boolean sequence,
      byte[] octets,
      boolean key,
      int replaced,
      List<Integer> references,
      int width,
      int height) {
    static List<Line> read(String name) {
      return Capture.lines(name + ".headers").stream().map(Line::parse).toList();
    }

    private static Line parse(String line) {
      String[] columns = line.split(" ", -1);
      byte[] octets = HexFormat.of().parseHex(columns[1]);
      return columns[0].equals("S")
          ? new Line(true, octets, false, 0, List.of(), 0, 0)
          : new Line(
              false,
              octets,
              columns[2].equals("key"),
              Integer.parseInt(columns[3]),
              Capture.numbers(columns[4]),
              Integer.parseInt(columns[5]),
              Integer.parseInt(columns[6]));
    }
  }

  private void wrap(byte[] octets) {
    bits.wrap(octets, 0, octets.length);
  }

  @ParameterizedTest
  @ValueSource(strings = {"av1-libaom", "av1-svt", "av1-rav1e", "av1-l3t3"})
  void readsAv1(String name) throws PayloadFormatException {
    for (Line line : Line.read(name)) {
      wrap(line.octets());
      if (line.sequence()) {
        sequence.parse(bits);
        continue;
      }
      av1.parse(0, 0);
      assertEquals(line.key(), av1.key());
      assertEquals(line.replaced(), av1.refreshed());
      List<Integer> references = new ArrayList<>();
      for (int i = 0; i < av1.referenceCount(); i++) {
        references.add(av1.reference(i));
      }
      assertEquals(line.references(), references);
      assertEquals(line.width(), av1.width());
      assertEquals(line.height(), av1.height());
      av1.replace();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"vp9-libvpx", "vp9-profile1", "vp9-l3t3"})
  void readsVp9(String name) throws PayloadFormatException {
    for (Line line : Line.read(name)) {
      wrap(line.octets());
      vp9.parse();
      assertEquals(line.key(), vp9.key());
      assertEquals(line.replaced(), vp9.refreshed());
      List<Integer> references = new ArrayList<>();
      for (int i = 0; i < vp9.referenceCount(); i++) {
        references.add(vp9.reference(i));
      }
      assertEquals(line.references(), references);
      assertEquals(line.width(), vp9.width());
      assertEquals(line.height(), vp9.height());
      vp9.replace();
    }
  }

  /** Cut anywhere, a header is either read as before or refused as truncated. */
  @Test
  void refusesHeadersThatAreCutOff() throws PayloadFormatException {
    List<Line> lines = Line.read("av1-libaom");
    assertTruncated(lines.get(0).octets(), 8, () -> sequence.parse(bits));
    wrap(lines.get(0).octets());
    sequence.parse(bits);
    assertTruncated(lines.get(1).octets(), 1, () -> av1.parse(0, 0));
    assertTruncated(lines.get(2).octets(), 5, () -> av1.parse(0, 0));
    List<Line> vp9Lines = Line.read("vp9-libvpx");
    assertTruncated(vp9Lines.get(0).octets(), 8, vp9::parse);
    assertTruncated(vp9Lines.get(1).octets(), 3, vp9::parse);
  }

  private interface Parse {
    void run() throws PayloadFormatException;
  }

  /** The header does not fit in so many octets, but in one more. */
  private void assertTruncated(byte[] octets, int tooFew, Parse parse)
      throws PayloadFormatException {
    for (int length = 0; length <= tooFew; length++) {
      bits.wrap(octets, 0, length);
      assertEquals(
          Reason.FRAME_HEADER_TRUNCATED,
          assertThrows(PayloadFormatException.class, parse::run).reason());
    }
    bits.wrap(octets, 0, tooFew + 1);
    parse.run();
  }

  /**
   * References that are inferred from order hints, by the example of a pyramid of eight pictures:
   * before picture 5 is sent, slots 0 to 7 hold pictures 0, 8, 4, 2, 1, 3, 6 and, as it happens, 0
   * again. Forward references are the latest pictures before it, backward references the nearest
   * and the farthest after it.
   */
  @Test
  void infersReferencesFromOrderHints() throws PayloadFormatException {
    wrap(sequenceWithOrderHints());
    sequence.parse(bits);
    int[] pictures = {0, 8, 4, 2, 1, 3, 6, 0};
    wrap(keyFrame());
    av1.parse(0, 0);
    av1.replace();
    for (int slot = 1; slot < pictures.length - 1; slot++) {
      wrap(interFrame(pictures[slot], 1 << slot, 0, 0, false));
      av1.parse(0, 0);
      av1.replace();
    }
    wrap(interFrame(5, 0, 2, 0, true));
    av1.parse(0, 0);
    // LAST 4 and GOLDEN 0 are named; LAST2 3, LAST3 2; BWDREF 6, ALTREF 8; ALTREF2 has none after
    // it left, and is the latest before it that is not used: 1.
    int[] inferred = new int[Av1FrameHeader.REFERENCES];
    Arrays.setAll(inferred, av1::reference);
    assertEquals("[2, 5, 3, 0, 6, 4, 1]", Arrays.toString(inferred));
  }

  @Test
  void refusesToInferFromReferencesThatAreNotEarlier() throws PayloadFormatException {
    wrap(sequenceWithOrderHints());
    sequence.parse(bits);
    wrap(keyFrame());
    av1.parse(0, 0);
    av1.replace();
    wrap(interFrame(8, 2, 0, 0, false));
    av1.parse(0, 0);
    av1.replace();
    for (int golden = 0; golden < 2; golden++) {
      wrap(interFrame(5, 0, 1 - golden, golden, true));
      assertEquals(
          Reason.FRAME_HEADER_INVALID,
          assertThrows(PayloadFormatException.class, () -> av1.parse(0, 0)).reason());
    }
  }

  /** 16 x 16, order hints of 4 bits, nothing else. */
  private static byte[] sequenceWithOrderHints() {
    return new BitString()
        .put(0, 3) // profile
        .put(0, 2) // still, reduced
        .put(0, 1) // timing
        .put(0, 1) // initial display delay
        .put(0, 5) // operating points
        .put(0, 12)
        .put(0, 5) // level
        .put(3, 4)
        .put(3, 4)
        .put(15, 4)
        .put(15, 4)
        .put(0, 1) // frame IDs
        .put(0, 3)
        .put(0, 4)
        .put(1, 1) // order hints
        .put(0, 2)
        .put(0, 1) // screen content tools are not chosen by frame
        .put(0, 1) // and off
        .put(3, 3) // order hints of four bits
        .octets();
  }

  private static byte[] keyFrame() {
    return new BitString()
        .put(0, 1) // existing
        .put(0, 2) // key
        .put(1, 1) // shown
        .put(0, 1) // CDF update
        .put(0, 1) // size
        .put(0, 4) // order hint
        .octets();
  }

  private static byte[] interFrame(
      int orderHint, int replaced, int last, int golden, boolean shortSignaling) {
    BitString header =
        new BitString()
            .put(0, 1) // existing
            .put(1, 2) // inter
            .put(1, 1) // shown
            .put(0, 1) // error resilient
            .put(0, 1) // CDF update
            .put(0, 1) // size
            .put(orderHint, 4)
            .put(7, 3) // no primary reference
            .put(replaced, 8)
            .put(shortSignaling ? 1 : 0, 1);
    if (shortSignaling) {
      return header.put(last, 3).put(golden, 3).octets();
    }
    for (int i = 0; i < Av1FrameHeader.REFERENCES; i++) {
      header.put(last, 3);
    }
    return header.octets();
  }

  @Test
  void refusesFramesBeforeSequence() {
    wrap(keyFrame());
    assertEquals(
        Reason.AV1_SEQUENCE_HEADER_MISSING,
        assertThrows(PayloadFormatException.class, () -> av1.parse(0, 0)).reason());
  }

  @Test
  void refusesIntraOnlyFrameThatReplacesAll() throws PayloadFormatException {
    wrap(sequenceWithOrderHints());
    sequence.parse(bits);
    wrap(
        new BitString()
            .put(0, 1)
            .put(2, 2) // intra only
            .put(1, 1)
            .put(0, 3)
            .put(0, 4)
            .put(255, 8)
            .octets());
    assertEquals(
        Reason.FRAME_HEADER_INVALID,
        assertThrows(PayloadFormatException.class, () -> av1.parse(0, 0)).reason());
  }

  /** A sequence with a decoder model puts more fields into frame headers. */
  @Test
  void findsFieldsBehindThoseOfDecoderModel() throws PayloadFormatException {
    BitString header =
        new BitString()
            .put(0, 3)
            .put(0, 2)
            .put(1, 1) // timing
            .put(1, 32)
            .put(30, 32)
            .put(0, 1) // pictures may have any distance
            .put(1, 1) // decoder model
            .put(9, 5) // buffer delays of 10 bits
            .put(1, 32)
            .put(6, 5) // removal times of 7 bits
            .put(4, 5) // presentation times of 5 bits
            .put(1, 1) // initial display delays
            .put(1, 5) // two operating points
            .put(0x103, 12) // spatial layer 0, temporal layers 0 and 1
            .put(8, 5)
            .put(1, 1) // tier
            .put(1, 1)
            .put(0, 21) // decoder model
            .put(1, 1)
            .put(3, 4) // delay
            .put(0x101, 12) // spatial layer 0, temporal layer 0
            .put(0, 5)
            .put(1, 1)
            .put(0, 21)
            .put(0, 1)
            .put(7, 4)
            .put(6, 4)
            .put(200, 8)
            .put(100, 7)
            .put(1, 1) // frame IDs
            .put(2, 4) // differences of 4 bits
            .put(1, 3) // IDs of 6 bits
            .put(0, 7)
            .put(0, 1) // no order hints
            .put(1, 1) // screen content tools by frame
            .put(1, 1); // whole vectors by frame
    wrap(header.octets());
    sequence.parse(bits);
    for (int temporalId = 0; temporalId < 3; temporalId++) {
      BitString frame =
          new BitString()
              .put(0, 1)
              .put(1, 2) // inter
              .put(1, 1)
              .put(31, 5) // presentation time
              .put(0, 1) // error resilient
              .put(0, 1)
              .put(1, 1) // screen content tools
              .put(1, 1) // whole vectors
              .put(63, 6) // ID
              .put(1, 1) // size
              .put(7, 3) // no primary reference
              .put(1, 1) // removal times
              .put(127, temporalId == 2 ? 0 : 7)
              .put(127, temporalId == 0 ? 7 : 0)
              .put(0x5A, 8);
      for (int i = 0; i < Av1FrameHeader.REFERENCES; i++) {
        frame.put(i, 3).put(15, 4);
      }
      frame.put(0, 7).put(99, 8).put(49, 7); // the size of none of the references
      wrap(frame.octets());
      av1.parse(temporalId, 0);
      assertEquals(0x5A, av1.refreshed());
      for (int i = 0; i < Av1FrameHeader.REFERENCES; i++) {
        assertEquals(i, av1.reference(i));
      }
      assertEquals(100, av1.width());
      assertEquals(50, av1.height());
    }
  }

  @Test
  void readsReducedStillPicture() throws PayloadFormatException {
    wrap(
        new BitString()
            .put(0, 3)
            .put(3, 2)
            .put(0, 5)
            .put(3, 4)
            .put(2, 4)
            .put(11, 4)
            .put(5, 3)
            .put(0, 3)
            .octets());
    sequence.parse(bits);
    wrap(new byte[] {0});
    av1.parse(0, 0);
    assertTrue(av1.key());
    assertEquals(12, av1.width());
    assertEquals(6, av1.height());
  }
}
