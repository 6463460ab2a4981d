/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.util.Arrays;
import org.perc4j.e2e.mls.RefusedException.Reason;

/**
 * Reads TLS presentation language with variable-size vectors (RFC 9420 section 2.1) within bounds:
 * no length is believed that the octets at hand do not bear out. Not thread-safe.
 */
final class Cursor {
  private final byte[] octets;
  private final int end;
  private int position;

  /** Reads all of an array, which is not copied. */
  Cursor(byte[] octets) {
    this(octets, 0, octets.length);
  }

  private Cursor(byte[] octets, int position, int end) {
    this.octets = octets;
    this.position = position;
    this.end = end;
  }

  boolean atEnd() {
    return position == end;
  }

  /** Refuses octets left over. */
  void expectEnd() throws RefusedException {
    if (!atEnd()) {
      throw malformed((end - position) + " octets left over");
    }
  }

  /** Reads an unsigned integer of 1 to 8 octets; one of 8 is returned as its bits. */
  long unsigned(int lengthBytes) throws RefusedException {
    require(lengthBytes);
    long value = 0;
    for (int i = 0; i < lengthBytes; i++) {
      value = (value << 8) | (octets[position++] & 0xff);
    }
    return value;
  }

  /** Reads an unsigned integer of two octets. */
  int uint16() throws RefusedException {
    return (int) unsigned(2);
  }

  /** Reads an unsigned integer of one octet. */
  int uint8() throws RefusedException {
    return (int) unsigned(1);
  }

  /** Reads the presence octet of an optional value. */
  boolean present() throws RefusedException {
    int presence = uint8();
    if (presence > 1) {
      throw malformed("presence octet " + presence);
    }
    return presence == 1;
  }

  /** Reads a vector and returns a cursor over its octets. */
  Cursor vector() throws RefusedException {
    int lengthBytes = vectorLength();
    require(lengthBytes);
    Cursor inside = new Cursor(octets, position, position + lengthBytes);
    position += lengthBytes;
    return inside;
  }

  /** Reads a vector of a length within bounds. */
  void skip(String what, int minBytes, int maxBytes) throws RefusedException {
    Cursor unused = vector(what, minBytes, maxBytes);
  }

  private Cursor vector(String what, int minBytes, int maxBytes) throws RefusedException {
    Cursor inside = vector();
    int lengthBytes = inside.end - inside.position;
    if (lengthBytes < minBytes || lengthBytes > maxBytes) {
      throw malformed(what + " of " + lengthBytes + " octets");
    }
    return inside;
  }

  /** Reads a vector of a length within bounds and returns a copy of it. */
  byte[] opaque(String what, int minBytes, int maxBytes) throws RefusedException {
    Cursor inside = vector(what, minBytes, maxBytes);
    return Arrays.copyOfRange(octets, inside.position, inside.end);
  }

  /** Returns a copy of what lies between an earlier {@link #position} and here. */
  byte[] since(int earlier) {
    return Arrays.copyOfRange(octets, earlier, position);
  }

  int position() {
    return position;
  }

  private int vectorLength() throws RefusedException {
    int first = uint8();
    int lengthBytes = 1 << (first >>> 6);
    if (lengthBytes == 8) {
      throw malformed("vector length of 8 octets");
    }
    long value = first & 0x3f;
    if (lengthBytes > 1) {
      value = (value << (8 * (lengthBytes - 1))) | unsigned(lengthBytes - 1);
    }
    if ((lengthBytes == 2 && value < 1 << 6) || (lengthBytes == 4 && value < 1 << 14)) {
      throw malformed("vector length in more octets than it needs");
    }
    return (int) value;
  }

  private void require(int lengthBytes) throws RefusedException {
    if (lengthBytes > end - position) {
      throw malformed(lengthBytes + " octets claimed where there are " + (end - position));
    }
  }

  static RefusedException malformed(String detail) {
    return new RefusedException(Reason.MALFORMED, detail);
  }
}
