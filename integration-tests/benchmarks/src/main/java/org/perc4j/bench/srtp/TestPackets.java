/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.srtp;

/** The packets and keys that all implementations get, the C program's among them. */
public final class TestPackets {
  /** Octets of header, which has no extension. */
  public static final int HEADER_LENGTH = 12;

  /** Room for all that is added. */
  public static final int BUFFER_LENGTH = 2048;

  /** Of all packets. */
  public static final int SSRC = 0x01020304;

  /** How many packets are unprotected at a stretch; their copying is not timed. */
  public static final int BATCH = 256;

  /** How many packets are protected beforehand: as many as need no rollover counter. */
  public static final int STORE = 32768;

  private TestPackets() {}

  /** Writes a packet. */
  public static void write(byte[] buffer, int sequenceNumber, int payloadLength) {
    buffer[0] = (byte) 0x80;
    buffer[1] = 96;
    setSequenceNumber(buffer, sequenceNumber);
    for (int i = 0; i < 4; i++) {
      buffer[4 + i] = 0;
      buffer[8 + i] = (byte) (SSRC >> (24 - 8 * i));
    }
    for (int i = 0; i < payloadLength; i++) {
      buffer[HEADER_LENGTH + i] = (byte) (31 * i);
    }
  }

  /** Makes another packet of it. */
  public static void setSequenceNumber(byte[] buffer, int sequenceNumber) {
    buffer[2] = (byte) (sequenceNumber >> 8);
    buffer[3] = (byte) sequenceNumber;
  }

  /**
   * A master key of one layer.
   *
   * @return 16 or 32 octets of key, then 12 of salt
   */
  public static byte[] keyThenSalt(int keyBits, boolean outer) {
    byte[] key = new byte[keyBits / 8 + 12];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) i;
    }
    if (outer) {
      key[0] = 1;
    }
    return key;
  }
}
