/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.marking;

import java.util.Arrays;
import org.perc4j.e2e.marking.PayloadFormatException.Reason;
import org.perc4j.header.BitReader;

/**
 * The beginning of AV1's uncompressed header (AV1 bitstream specification, 5.9.2): which slots a
 * frame refers to and replaces, and its size. Remembers of what the slots hold what later headers
 * need: sizes, order hints, and whether it is a key frame.
 */
final class Av1FrameHeader {
  static final int REFERENCES = 7;

  private static final int KEY_FRAME = 0;
  private static final int INTRA_ONLY_FRAME = 2;
  private static final int SWITCH_FRAME = 3;
  private static final int SLOTS = SvcDependencies.SLOTS;
  private static final int SLOT_BITS = 3;
  private static final int NONE = -1;

  // of ref_frame_idx, which begins with LAST_FRAME
  private static final int LAST = 0;
  private static final int LAST2 = 1;
  private static final int LAST3 = 2;
  private static final int GOLDEN = 3;
  private static final int BACKWARD = 4;
  private static final int ALTERNATE2 = 5;
  private static final int ALTERNATE = 6;
  private static final int[] FORWARD_ORDER = {LAST2, LAST3, BACKWARD, ALTERNATE2, ALTERNATE};

  private final BitReader<PayloadFormatException> bits;
  private final Av1SequenceHeader sequence;

  private final int[] slotWidth = new int[SLOTS];
  private final int[] slotHeight = new int[SLOTS];
  private final int[] slotOrderHint = new int[SLOTS];
  private final boolean[] slotKey = new boolean[SLOTS];

  private final int[] references = new int[REFERENCES];
  private final int[] shiftedHints = new int[SLOTS];
  private int used;

  private boolean key;
  private boolean shownKey;
  private int referenceCount;
  private int primaryReference;
  private int refreshed;
  private int orderHint;
  private int width;
  private int height;

  Av1FrameHeader(BitReader<PayloadFormatException> bits, Av1SequenceHeader sequence) {
    this.bits = bits;
    this.sequence = sequence;
  }

  /** Reads on from where the bits are, behind the header of the OBU. */
  void parse(int temporalId, int spatialId) throws PayloadFormatException {
    sequence.requireValid();
    int type = KEY_FRAME;
    boolean shown = true;
    boolean errorResilient = true;
    if (!sequence.reducedStillPicture()) {
      if (bits.readFlag()) {
        parseExisting();
        return;
      }
      type = bits.read(2);
      shown = bits.readFlag();
      if (shown) {
        bits.skip(sequence.temporalPointBits());
      } else {
        bits.skip(1); // showable_frame
      }
      errorResilient = type == SWITCH_FRAME || (type == KEY_FRAME && shown) || bits.readFlag();
    }
    boolean intra = type == KEY_FRAME || type == INTRA_ONLY_FRAME;
    key = type == KEY_FRAME;
    shownKey = key && shown;
    if (shownKey) {
      Arrays.fill(slotOrderHint, 0);
    }
    bits.skip(1); // disable_cdf_update
    boolean screenContentTools =
        sequence.forceScreenContentTools() == Av1SequenceHeader.SELECT
            ? bits.readFlag()
            : sequence.forceScreenContentTools() != 0;
    if (screenContentTools && sequence.forceIntegerMv() == Av1SequenceHeader.SELECT) {
      bits.skip(1);
    }
    if (sequence.frameIdsPresent()) {
      bits.skip(sequence.frameIdBits());
    }
    boolean sizeOverride =
        type == SWITCH_FRAME || (!sequence.reducedStillPicture() && bits.readFlag());
    orderHint = bits.read(sequence.orderHintBits());
    primaryReference = intra || errorResilient ? REFERENCES : bits.read(SLOT_BITS);
    if (sequence.decoderModelInfoPresent() && bits.readFlag()) {
      sequence.skipRemovalTimes(bits, temporalId, spatialId);
    }
    refreshed = type == SWITCH_FRAME || shownKey ? SvcDependencies.ALL_SLOTS : bits.read(SLOTS);
    if (type == INTRA_ONLY_FRAME && refreshed == SvcDependencies.ALL_SLOTS) {
      throw invalid();
    }
    if ((!intra || refreshed != SvcDependencies.ALL_SLOTS)
        && errorResilient
        && sequence.orderHintEnabled()) {
      bits.skip(SLOTS * sequence.orderHintBits());
    }
    referenceCount = 0;
    if (intra) {
      parseSize(sizeOverride);
      return;
    }
    parseReferences();
    if (sizeOverride && !errorResilient) {
      parseSizeWithReferences();
    } else {
      parseSize(sizeOverride);
    }
  }

  private void parseExisting() throws PayloadFormatException {
    int slot = bits.read(SLOT_BITS);
    key = false;
    shownKey = false;
    references[0] = slot;
    referenceCount = 1;
    primaryReference = 0;
    refreshed = slotKey[slot] ? SvcDependencies.ALL_SLOTS : 0;
    orderHint = slotOrderHint[slot];
    width = slotWidth[slot];
    height = slotHeight[slot];
  }

  private void parseReferences() throws PayloadFormatException {
    referenceCount = REFERENCES;
    boolean shortSignaling = sequence.orderHintEnabled() && bits.readFlag();
    if (shortSignaling) {
      Arrays.fill(references, NONE);
      references[LAST] = bits.read(SLOT_BITS);
      references[GOLDEN] = bits.read(SLOT_BITS);
      inferReferences();
    }
    for (int i = 0; i < REFERENCES; i++) {
      if (!shortSignaling) {
        references[i] = bits.read(SLOT_BITS);
      }
      if (sequence.frameIdsPresent()) {
        bits.skip(sequence.deltaFrameIdBits());
      }
    }
  }

  /** Sets the references that are not named, by what the slots are for (section 7.8). */
  private void inferReferences() throws PayloadFormatException {
    int current = 1 << (sequence.orderHintBits() - 1);
    for (int slot = 0; slot < SLOTS; slot++) {
      shiftedHints[slot] = current + relativeDistance(slotOrderHint[slot], orderHint);
    }
    if (shiftedHints[references[LAST]] >= current || shiftedHints[references[GOLDEN]] >= current) {
      throw invalid();
    }
    used = 1 << references[LAST] | 1 << references[GOLDEN];
    use(ALTERNATE, latestFrom(current));
    use(BACKWARD, earliestFrom(current));
    use(ALTERNATE2, earliestFrom(current));
    for (int reference : FORWARD_ORDER) {
      if (references[reference] == NONE) {
        use(reference, latestBefore(current));
      }
    }
    int earliest = 0;
    for (int slot = 1; slot < SLOTS; slot++) {
      if (shiftedHints[slot] < shiftedHints[earliest]) {
        earliest = slot;
      }
    }
    for (int i = 0; i < REFERENCES; i++) {
      if (references[i] == NONE) {
        references[i] = earliest;
      }
    }
  }

  private void use(int reference, int slot) {
    if (slot != NONE) {
      references[reference] = slot;
      used |= 1 << slot;
    }
  }

  private int latestFrom(int current) {
    int found = NONE;
    for (int slot = 0; slot < SLOTS; slot++) {
      if ((used >> slot & 1) == 0
          && shiftedHints[slot] >= current
          && (found == NONE || shiftedHints[slot] >= shiftedHints[found])) {
        found = slot;
      }
    }
    return found;
  }

  private int earliestFrom(int current) {
    int found = NONE;
    for (int slot = 0; slot < SLOTS; slot++) {
      if ((used >> slot & 1) == 0
          && shiftedHints[slot] >= current
          && (found == NONE || shiftedHints[slot] < shiftedHints[found])) {
        found = slot;
      }
    }
    return found;
  }

  private int latestBefore(int current) {
    int found = NONE;
    for (int slot = 0; slot < SLOTS; slot++) {
      if ((used >> slot & 1) == 0
          && shiftedHints[slot] < current
          && (found == NONE || shiftedHints[slot] >= shiftedHints[found])) {
        found = slot;
      }
    }
    return found;
  }

  /** How much later a is than b (section 7.9.3), modulo the range of order hints. */
  private int relativeDistance(int a, int b) {
    int sign = 1 << (sequence.orderHintBits() - 1);
    int difference = a - b;
    return (difference & (sign - 1)) - (difference & sign);
  }

  private void parseSize(boolean override) throws PayloadFormatException {
    if (override) {
      width = bits.read(sequence.widthBits()) + 1;
      height = bits.read(sequence.heightBits()) + 1;
    } else {
      width = sequence.maxWidth();
      height = sequence.maxHeight();
    }
  }

  private void parseSizeWithReferences() throws PayloadFormatException {
    for (int slot : references) {
      if (bits.readFlag()) {
        width = slotWidth[slot];
        height = slotHeight[slot];
        return;
      }
    }
    parseSize(true);
  }

  private static PayloadFormatException invalid() {
    return PayloadFormatException.of(Reason.FRAME_HEADER_INVALID);
  }

  /** Puts the frame in its slots. */
  void replace() {
    for (int slot = 0; slot < SLOTS; slot++) {
      if ((refreshed >> slot & 1) != 0) {
        slotWidth[slot] = width;
        slotHeight[slot] = height;
        slotOrderHint[slot] = orderHint;
        slotKey[slot] = key;
      }
    }
  }

  /** Forgets what the slots hold. */
  void lose() {
    Arrays.fill(slotWidth, 0);
    Arrays.fill(slotHeight, 0);
    Arrays.fill(slotOrderHint, 0);
    Arrays.fill(slotKey, false);
  }

  /** Whether it is a key frame that replaces what is in all slots. */
  boolean key() {
    return shownKey;
  }

  int referenceCount() {
    return referenceCount;
  }

  int reference(int i) {
    return references[i];
  }

  /** Whether what is learnt of statistics in a reference goes on here. */
  boolean isPrimary(int i) {
    return i == primaryReference;
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
