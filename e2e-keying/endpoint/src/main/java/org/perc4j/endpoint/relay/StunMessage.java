/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.relay;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A STUN message (RFC 8489, section 5) that came from a server. Immutable; its octets are its own.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |0 0|     STUN message type     |         message length        |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                         magic cookie                          |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                     transaction ID (96 bits)                  |
 * </pre>
 *
 * Attributes follow: type, length without padding, value, up to three octets of padding. The first
 * of a type counts; behind MESSAGE-INTEGRITY, nothing but FINGERPRINT does (section 14.5).
 */
final class StunMessage {
  static final int HEADER_BYTES = 20;
  static final int TRANSACTION_BYTES = 12;
  static final int ATTRIBUTE_HEADER_BYTES = 4;
  static final int INTEGRITY_BYTES = 20;
  static final int MAGIC_COOKIE = 0x2112A442;
  static final int FINGERPRINT_XOR = 0x5354554E;

  /** Longer ones are refused: no answer has as much to say. */
  static final int MAX_BYTES = 2048;

  private static final int LENGTH_OFFSET = 2;
  private static final int COOKIE_OFFSET = 4;
  private static final int TRANSACTION_OFFSET = 8;
  private static final int IPV4_FAMILY = 1;
  private static final int IPV6_FAMILY = 2;
  private static final int IPV4_BYTES = 4;
  private static final int IPV6_BYTES = 16;
  private static final int ADDRESS_OFFSET = 4;
  private static final int MIN_ERROR = 300;
  private static final int MAX_ERROR = 699;
  private static final int MAX_REASON_CHARS = 100;

  private final byte[] octets;
  private final ByteBuffer buffer;

  /** Where attributes end that count. */
  private final int end;

  /** Where MESSAGE-INTEGRITY begins, or -1. */
  private final int integrityOffset;

  private StunMessage(byte[] octets, int end, int integrityOffset) {
    this.octets = octets;
    this.buffer = ByteBuffer.wrap(octets).asReadOnlyBuffer();
    this.end = end;
    this.integrityOffset = integrityOffset;
  }

  /** Whether octets begin like a STUN message. */
  static boolean isStun(byte[] octets, int offset, int length) {
    return length >= HEADER_BYTES
        && (octets[offset] & 0xC0) == 0
        && ByteBuffer.wrap(octets).getInt(offset + COOKIE_OFFSET) == MAGIC_COOKIE;
  }

  /**
   * Reads a message, and checks its structure and its fingerprint if it has one.
   *
   * @param source is copied
   * @throws MalformedStunException if it is no message, or longer than {@value #MAX_BYTES} octets
   */
  static StunMessage parse(byte[] source, int offset, int length) throws MalformedStunException {
    if (!isStun(source, offset, length)) {
      throw new MalformedStunException("no STUN");
    }
    if (length > MAX_BYTES) {
      throw new MalformedStunException("too long");
    }
    byte[] octets = Arrays.copyOfRange(source, offset, offset + length);
    ByteBuffer buffer = ByteBuffer.wrap(octets);
    int told = Short.toUnsignedInt(buffer.getShort(LENGTH_OFFSET));
    if (told % 4 != 0 || told != length - HEADER_BYTES) {
      throw new MalformedStunException("another length than told");
    }
    int end = length;
    int integrityOffset = -1;
    int at = HEADER_BYTES;
    while (at < length) {
      int type = Short.toUnsignedInt(buffer.getShort(at));
      int valueBytes = Short.toUnsignedInt(buffer.getShort(at + 2));
      int next = at + ATTRIBUTE_HEADER_BYTES + padded(valueBytes);
      if (next > length) {
        throw new MalformedStunException("an attribute beyond the end");
      }
      if (type == StunAttribute.FINGERPRINT) {
        checkFingerprint(octets, at, valueBytes, next == length);
      } else if (type == StunAttribute.MESSAGE_INTEGRITY && integrityOffset < 0) {
        if (valueBytes != INTEGRITY_BYTES) {
          throw new MalformedStunException("an integrity of another length");
        }
        integrityOffset = at;
        end = at;
      }
      at = next;
    }
    return new StunMessage(octets, end, integrityOffset);
  }

  private static void checkFingerprint(byte[] octets, int at, int valueBytes, boolean isLast)
      throws MalformedStunException {
    if (valueBytes != Integer.BYTES || !isLast) {
      throw new MalformedStunException("a fingerprint of another length, or not at the end");
    }
    CRC32 crc = new CRC32();
    crc.update(octets, 0, at);
    int told = ByteBuffer.wrap(octets).getInt(at + ATTRIBUTE_HEADER_BYTES);
    if (((int) crc.getValue() ^ FINGERPRINT_XOR) != told) {
      throw new MalformedStunException("a wrong fingerprint");
    }
  }

  static int padded(int bytes) {
    return (bytes + 3) & ~3;
  }

  /** Returns the type: method and class. */
  int type() {
    return Short.toUnsignedInt(buffer.getShort(0));
  }

  /** Whether it answers a request of that transaction. */
  boolean isResponseTo(byte[] transaction) {
    return Arrays.equals(transaction(), transaction);
  }

  /** Returns the transaction. */
  byte[] transaction() {
    return Arrays.copyOfRange(octets, TRANSACTION_OFFSET, HEADER_BYTES);
  }

  /** Whether there is an integrity, and it is the one under a key. */
  boolean isAuthentic(byte[] key) {
    if (integrityOffset < 0) {
      return false;
    }
    byte[] covered = Arrays.copyOf(octets, integrityOffset);
    int told = integrityOffset + ATTRIBUTE_HEADER_BYTES + INTEGRITY_BYTES - HEADER_BYTES;
    ByteBuffer unused = ByteBuffer.wrap(covered).putShort(LENGTH_OFFSET, (short) told);
    int valueOffset = integrityOffset + ATTRIBUTE_HEADER_BYTES;
    return MessageDigest.isEqual(
        StunKey.integrity(key, covered, covered.length),
        Arrays.copyOfRange(octets, valueOffset, valueOffset + INTEGRITY_BYTES));
  }

  /** Returns the value of the first attribute of a type, or null. */
  byte @Nullable [] value(int type) {
    int at = HEADER_BYTES;
    while (at < end) {
      int valueBytes = Short.toUnsignedInt(buffer.getShort(at + 2));
      int valueOffset = at + ATTRIBUTE_HEADER_BYTES;
      if (Short.toUnsignedInt(buffer.getShort(at)) == type) {
        return Arrays.copyOfRange(octets, valueOffset, valueOffset + valueBytes);
      }
      at = valueOffset + padded(valueBytes);
    }
    return null;
  }

  /**
   * Returns a number of 32 bits without sign.
   *
   * @param unlessTold if there is no such attribute
   * @throws MalformedStunException if it is of another length
   */
  long number(int type, long unlessTold) throws MalformedStunException {
    byte[] value = value(type);
    if (value == null) {
      return unlessTold;
    }
    if (value.length != Integer.BYTES) {
      throw new MalformedStunException("a number of another length");
    }
    return Integer.toUnsignedLong(ByteBuffer.wrap(value).getInt());
  }

  /**
   * Returns an address that is combined with cookie and transaction (RFC 8489, section 14.2), or
   * null if there is no such attribute.
   *
   * @throws MalformedStunException if it is none, or one without port
   */
  @Nullable InetSocketAddress address(int type) throws MalformedStunException {
    byte[] value = value(type);
    if (value == null) {
      return null;
    }
    int family = value.length < ADDRESS_OFFSET ? 0 : value[1];
    int addressBytes = value.length - ADDRESS_OFFSET;
    if (!(family == IPV4_FAMILY && addressBytes == IPV4_BYTES)
        && !(family == IPV6_FAMILY && addressBytes == IPV6_BYTES)) {
      throw new MalformedStunException("no address");
    }
    xor(value, octets);
    int port = Short.toUnsignedInt(ByteBuffer.wrap(value).getShort(2));
    if (port == 0) {
      throw new MalformedStunException("an address without port");
    }
    try {
      byte[] address = Arrays.copyOfRange(value, ADDRESS_OFFSET, value.length);
      return new InetSocketAddress(InetAddress.getByAddress(address), port);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four or sixteen octets", e);
    }
  }

  /** Combines port and address of a value with the cookie and the transaction of a message. */
  static void xor(byte[] value, byte[] message) {
    value[2] ^= message[COOKIE_OFFSET];
    value[3] ^= message[COOKIE_OFFSET + 1];
    for (int i = ADDRESS_OFFSET; i < value.length; i++) {
      value[i] ^= message[i];
    }
  }

  /**
   * Returns the code of an error, 300 to 699 (RFC 8489, section 14.8).
   *
   * @throws MalformedStunException if there is none
   */
  int errorCode() throws MalformedStunException {
    byte[] value = value(StunAttribute.ERROR_CODE);
    if (value == null || value.length < Integer.BYTES) {
      throw new MalformedStunException("an error without a code");
    }
    int code = (value[2] & 0x07) * 100 + (value[3] & 0xFF);
    if (code < MIN_ERROR || code > MAX_ERROR || (value[3] & 0xFF) > 99) {
      throw new MalformedStunException("an error with the code " + code);
    }
    return code;
  }

  /** Returns what an error says for people, in one line that does nothing to a terminal. */
  String errorReason() {
    byte[] value = value(StunAttribute.ERROR_CODE);
    if (value == null || value.length < Integer.BYTES) {
      return "";
    }
    String text =
        new String(value, Integer.BYTES, value.length - Integer.BYTES, StandardCharsets.UTF_8);
    return text.substring(0, Math.min(text.length(), MAX_REASON_CHARS)).replaceAll("\\p{C}", "?");
  }
}
