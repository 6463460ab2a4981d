/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.marking;

import java.util.Arrays;
import org.perc4j.e2e.marking.PayloadFormatException.Reason;
import org.perc4j.header.BitReader;

/**
 * The beginning of VP9's uncompressed header (VP9 bitstream specification, 6.2): which slots a
 * frame refers to and replaces, and its size. Remembers the sizes of what the slots hold.
 */
final class Vp9FrameHeader {
  static final int REFERENCES = 3;

  private static final int FRAME_MARKER = 2;
  private static final int SYNC_CODE = 0x498342;
  private static final int SYNC_CODE_BITS = 24;
  private static final int SRGB = 7;
  private static final int SLOT_BITS = 3;
  private static final int DIMENSION_BITS = 16;

  private final BitReader<PayloadFormatException> bits;
  private final int[] slotWidth = new int[SvcDependencies.SLOTS];
  private final int[] slotHeight = new int[SvcDependencies.SLOTS];
  private final int[] references = new int[REFERENCES];

  private boolean key;
  private boolean shown;
  private int referenceCount;
  private int refreshed;
  private int width;
  private int height;

  Vp9FrameHeader(BitReader<PayloadFormatException> bits) {
    this.bits = bits;
  }

  /** Reads on from where the bits are. */
  void parse() throws PayloadFormatException {
    if (bits.read(2) != FRAME_MARKER) {
      throw invalid();
    }
    int profile = bits.read(1) | bits.read(1) << 1;
    if (profile == 3 && bits.readFlag()) {
      throw invalid();
    }
    if (bits.readFlag()) { // show_existing_frame
      key = false;
      shown = true;
      refreshed = 0;
      references[0] = bits.read(SLOT_BITS);
      referenceCount = 1;
      width = slotWidth[references[0]];
      height = slotHeight[references[0]];
      return;
    }
    key = !bits.readFlag();
    shown = bits.readFlag();
    boolean errorResilient = bits.readFlag();
    if (key) {
      referenceCount = 0;
      refreshed = SvcDependencies.ALL_SLOTS;
      parseSyncCode();
      parseColours(profile);
      parseSize();
      return;
    }
    boolean intraOnly = !shown && bits.readFlag();
    if (!errorResilient) {
      bits.skip(2); // reset_frame_context
    }
    if (intraOnly) {
      referenceCount = 0;
      parseSyncCode();
      if (profile > 0) {
        parseColours(profile);
      }
      refreshed = bits.read(SvcDependencies.SLOTS);
      parseSize();
      return;
    }
    refreshed = bits.read(SvcDependencies.SLOTS);
    referenceCount = REFERENCES;
    for (int i = 0; i < REFERENCES; i++) {
      references[i] = bits.read(SLOT_BITS);
      bits.skip(1); // sign bias
    }
    for (int slot : references) {
      if (bits.readFlag()) { // of the same size
        width = slotWidth[slot];
        height = slotHeight[slot];
        return;
      }
    }
    parseSize();
  }

  private void parseSyncCode() throws PayloadFormatException {
    if (bits.read(SYNC_CODE_BITS) != SYNC_CODE) {
      throw invalid();
    }
  }

  private void parseColours(int profile) throws PayloadFormatException {
    if (profile >= 2) {
      bits.skip(1); // bit depth
    }
    boolean subsamplingTold = (profile & 1) != 0;
    if (bits.read(3) != SRGB) {
      bits.skip(1); // colour range
      if (subsamplingTold) {
        bits.skip(3);
      }
    } else if (subsamplingTold) {
      bits.skip(1);
    } else {
      throw invalid();
    }
  }

  private void parseSize() throws PayloadFormatException {
    width = bits.read(DIMENSION_BITS) + 1;
    height = bits.read(DIMENSION_BITS) + 1;
  }

  private static PayloadFormatException invalid() {
    return PayloadFormatException.of(Reason.FRAME_HEADER_INVALID);
  }

  /** Puts the frame in its slots. */
  void replace() {
    for (int slot = 0; slot < SvcDependencies.SLOTS; slot++) {
      if ((refreshed >> slot & 1) != 0) {
        slotWidth[slot] = width;
        slotHeight[slot] = height;
      }
    }
  }

  /** Forgets what the slots hold. */
  void lose() {
    Arrays.fill(slotWidth, 0);
    Arrays.fill(slotHeight, 0);
  }

  boolean key() {
    return key;
  }

  boolean shown() {
    return shown;
  }

  int referenceCount() {
    return referenceCount;
  }

  int reference(int i) {
    return references[i];
  }

  int refreshed() {
    return refreshed;
  }

  /** In pixels; 0 if it is that of a frame that was missed. */
  int width() {
    return width;
  }

  int height() {
    return height;
  }
}
