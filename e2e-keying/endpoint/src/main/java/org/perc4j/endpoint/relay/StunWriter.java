/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.relay;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;

/** Writes a STUN message (RFC 8489, section 5), attribute by attribute. Not thread-safe. */
final class StunWriter {
  private final ByteBuffer buffer = ByteBuffer.allocate(StunMessage.MAX_BYTES);

  /**
   * Begins a message.
   *
   * @param type method and class
   * @param transaction 12 octets
   */
  StunWriter(int type, byte[] transaction) {
    if (transaction.length != StunMessage.TRANSACTION_BYTES) {
      throw new IllegalArgumentException("a transaction of " + transaction.length + " octets");
    }
    buffer.putShort((short) type).putShort((short) 0).putInt(StunMessage.MAGIC_COOKIE);
    buffer.put(transaction);
  }

  /** Adds an attribute. */
  @CanIgnoreReturnValue
  StunWriter add(int type, byte[] value) {
    buffer.putShort((short) type).putShort((short) value.length).put(value);
    buffer.position(StunMessage.padded(buffer.position()));
    tellLength(buffer.position());
    return this;
  }

  /** Adds an attribute of text. */
  @CanIgnoreReturnValue
  StunWriter add(int type, String value) {
    return add(type, value.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds an attribute of 32 bits. */
  @CanIgnoreReturnValue
  StunWriter add(int type, int value) {
    return add(type, ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
  }

  /** Adds an address, combined with cookie and transaction (RFC 8489, section 14.2). */
  @CanIgnoreReturnValue
  StunWriter addAddress(int type, InetSocketAddress address) {
    byte[] octets = address.getAddress().getAddress();
    byte[] value =
        ByteBuffer.allocate(Integer.BYTES + octets.length)
            .putShort((short) (octets.length == Integer.BYTES ? 1 : 2))
            .putShort((short) address.getPort())
            .put(octets)
            .array();
    StunMessage.xor(value, buffer.array());
    return add(type, value);
  }

  /** Adds the integrity of what there is; nothing but a fingerprint may follow. */
  @CanIgnoreReturnValue
  StunWriter addIntegrity(byte[] key) {
    int covered = buffer.position();
    tellLength(covered + StunMessage.ATTRIBUTE_HEADER_BYTES + StunMessage.INTEGRITY_BYTES);
    return add(StunAttribute.MESSAGE_INTEGRITY, StunKey.integrity(key, buffer.array(), covered));
  }

  /** Adds the fingerprint, which comes last. */
  @CanIgnoreReturnValue
  StunWriter addFingerprint() {
    int covered = buffer.position();
    tellLength(covered + StunMessage.ATTRIBUTE_HEADER_BYTES + Integer.BYTES);
    CRC32 crc = new CRC32();
    crc.update(buffer.array(), 0, covered);
    return add(StunAttribute.FINGERPRINT, (int) crc.getValue() ^ StunMessage.FINGERPRINT_XOR);
  }

  private void tellLength(int totalBytes) {
    buffer.putShort(2, (short) (totalBytes - StunMessage.HEADER_BYTES));
  }

  /** Returns the message. */
  byte[] toBytes() {
    return Arrays.copyOf(buffer.array(), buffer.position());
  }
}
