/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import org.perc4j.header.ohb.OhbCodec;
import org.perc4j.header.rtp.RtpPacketView;

/**
 * The header that the inner layer authenticates (RFC 8723 sections 5.1 and 5.3): as the sender
 * wrote it, with the X bit cleared and without extension. A reusable copy of up to 72 octets.
 */
final class InnerHeader {
  private static final int MAX_LENGTH_BYTES = 12 + 15 * 4;
  private static final byte EXTENSION_BIT = 0x10;
  private static final int MARKER_BIT = 0x80;

  private final byte[] octets = new byte[MAX_LENGTH_BYTES];
  private int length;

  /**
   * Rebuilds the header.
   *
   * @param view the packet with its header as received, or as it is sent
   * @param ohb what media distributors changed in it
   */
  void set(RtpPacketView view, int ohb) {
    length = view.fixedHeaderLength();
    System.arraycopy(view.buffer(), view.offset(), octets, 0, length);
    octets[0] &= ~EXTENSION_BIT;
    boolean marker = OhbCodec.originalMarker(ohb, view.marker());
    int payloadType = OhbCodec.originalPayloadType(ohb, view.payloadType());
    octets[1] = (byte) (marker ? MARKER_BIT | payloadType : payloadType);
    int sequenceNumber = OhbCodec.originalSequenceNumber(ohb, view.sequenceNumber());
    octets[2] = (byte) (sequenceNumber >> 8);
    octets[3] = (byte) sequenceNumber;
  }

  byte[] octets() {
    return octets;
  }

  int length() {
    return length;
  }
}
