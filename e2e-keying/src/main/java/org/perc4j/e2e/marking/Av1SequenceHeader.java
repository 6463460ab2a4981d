/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.marking;

import org.perc4j.e2e.marking.PayloadFormatException.Reason;
import org.perc4j.header.BitReader;

/**
 * What of AV1's sequence header (AV1 bitstream specification, 5.5) is needed to read the beginnings
 * of frame headers: the lengths of their fields, and which of them there are.
 */
final class Av1SequenceHeader {
  /** In place of a flag: each frame has its own. */
  static final int SELECT = 2;

  private static final int PROFILE_BITS = 3;
  private static final int LEVEL_BITS = 5;
  private static final int FIRST_LEVEL_WITH_TIER = 8;
  private static final int TIMING_BITS = 64;
  private static final int MAX_OPERATING_POINTS = 32;
  private static final int OPERATING_POINT_BITS = 12;
  private static final int SIZE_BITS = 4;

  private final int[] operatingPointIdc = new int[MAX_OPERATING_POINTS];
  private final boolean[] decoderModelPresent = new boolean[MAX_OPERATING_POINTS];
  private int operatingPoints;

  private boolean valid;
  private boolean reducedStillPicture;
  private boolean equalPictureInterval;
  private boolean decoderModelInfoPresent;
  private int bufferDelayBits;
  private int removalTimeBits;
  private int presentationTimeBits;
  private int widthBits;
  private int heightBits;
  private int maxWidth;
  private int maxHeight;
  private boolean frameIdsPresent;
  private int deltaFrameIdBits;
  private int frameIdBits;
  private int forceScreenContentTools;
  private int forceIntegerMv;
  private boolean orderHintEnabled;
  private int orderHintBits;

  /** Reads on from where the bits are, behind the header of the OBU. */
  void parse(BitReader<PayloadFormatException> bits) throws PayloadFormatException {
    valid = false;
    bits.skip(PROFILE_BITS + 1); // and still_picture
    reducedStillPicture = bits.readFlag();
    equalPictureInterval = false;
    decoderModelInfoPresent = false;
    if (reducedStillPicture) {
      operatingPoints = 1;
      operatingPointIdc[0] = 0;
      decoderModelPresent[0] = false;
      bits.skip(LEVEL_BITS);
    } else {
      if (bits.readFlag()) {
        parseTiming(bits);
      }
      parseOperatingPoints(bits);
    }
    widthBits = bits.read(SIZE_BITS) + 1;
    heightBits = bits.read(SIZE_BITS) + 1;
    maxWidth = bits.read(widthBits) + 1;
    maxHeight = bits.read(heightBits) + 1;
    frameIdsPresent = !reducedStillPicture && bits.readFlag();
    if (frameIdsPresent) {
      deltaFrameIdBits = bits.read(4) + 2;
      frameIdBits = bits.read(3) + deltaFrameIdBits + 1;
    }
    bits.skip(3); // superblocks of 128, filter intra, intra edge filter
    parseTools(bits);
    valid = true;
  }

  private void parseTiming(BitReader<PayloadFormatException> bits) throws PayloadFormatException {
    bits.skip(TIMING_BITS);
    equalPictureInterval = bits.readFlag();
    if (equalPictureInterval) {
      int zeros = 0;
      while (!bits.readFlag()) {
        zeros++;
      }
      if (zeros < Integer.SIZE) {
        bits.skip(zeros);
      }
    }
    decoderModelInfoPresent = bits.readFlag();
    if (decoderModelInfoPresent) {
      bufferDelayBits = bits.read(5) + 1;
      bits.skip(Integer.SIZE); // units in a decoding tick
      removalTimeBits = bits.read(5) + 1;
      presentationTimeBits = bits.read(5) + 1;
    }
  }

  private void parseOperatingPoints(BitReader<PayloadFormatException> bits)
      throws PayloadFormatException {
    boolean initialDisplayDelayPresent = bits.readFlag();
    operatingPoints = bits.read(5) + 1;
    for (int i = 0; i < operatingPoints; i++) {
      operatingPointIdc[i] = bits.read(OPERATING_POINT_BITS);
      if (bits.read(LEVEL_BITS) >= FIRST_LEVEL_WITH_TIER) {
        bits.skip(1);
      }
      decoderModelPresent[i] = decoderModelInfoPresent && bits.readFlag();
      if (decoderModelPresent[i]) {
        bits.skip(2 * bufferDelayBits + 1);
      }
      if (initialDisplayDelayPresent && bits.readFlag()) {
        bits.skip(4);
      }
    }
  }

  private void parseTools(BitReader<PayloadFormatException> bits) throws PayloadFormatException {
    orderHintEnabled = false;
    orderHintBits = 0;
    if (reducedStillPicture) {
      forceScreenContentTools = SELECT;
      forceIntegerMv = SELECT;
      return;
    }
    bits.skip(4); // compound prediction, warped motion, dual filter
    orderHintEnabled = bits.readFlag();
    if (orderHintEnabled) {
      bits.skip(2);
    }
    forceScreenContentTools = bits.readFlag() ? SELECT : bits.read(1);
    forceIntegerMv = SELECT;
    if (forceScreenContentTools > 0 && !bits.readFlag()) {
      forceIntegerMv = bits.read(1);
    }
    if (orderHintEnabled) {
      orderHintBits = bits.read(3) + 1;
    }
  }

  void requireValid() throws PayloadFormatException {
    if (!valid) {
      throw PayloadFormatException.of(Reason.AV1_SEQUENCE_HEADER_MISSING);
    }
  }

  boolean reducedStillPicture() {
    return reducedStillPicture;
  }

  /** Bits of the time that a shown frame has in its header; 0 if it has none. */
  int temporalPointBits() {
    return decoderModelInfoPresent && !equalPictureInterval ? presentationTimeBits : 0;
  }

  boolean decoderModelInfoPresent() {
    return decoderModelInfoPresent;
  }

  /** Skips the times at which buffers are emptied, for the operating points that a layer is in. */
  void skipRemovalTimes(BitReader<PayloadFormatException> bits, int temporalId, int spatialId)
      throws PayloadFormatException {
    for (int i = 0; i < operatingPoints; i++) {
      if (decoderModelPresent[i]) {
        int idc = operatingPointIdc[i];
        boolean in = (idc >> temporalId & 1) != 0 && (idc >> (spatialId + 8) & 1) != 0;
        if (idc == 0 || in) {
          bits.skip(removalTimeBits);
        }
      }
    }
  }

  int widthBits() {
    return widthBits;
  }

  int heightBits() {
    return heightBits;
  }

  int maxWidth() {
    return maxWidth;
  }

  int maxHeight() {
    return maxHeight;
  }

  boolean frameIdsPresent() {
    return frameIdsPresent;
  }

  int deltaFrameIdBits() {
    return deltaFrameIdBits;
  }

  int frameIdBits() {
    return frameIdBits;
  }

  /** 0, 1 or {@link #SELECT}. */
  int forceScreenContentTools() {
    return forceScreenContentTools;
  }

  /** 0, 1 or {@link #SELECT}. */
  int forceIntegerMv() {
    return forceIntegerMv;
  }

  boolean orderHintEnabled() {
    return orderHintEnabled;
  }

  /** 0 without order hints. */
  int orderHintBits() {
    return orderHintBits;
  }
}
