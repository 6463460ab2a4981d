/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.bouncycastle.util.encoders.Hex;
import org.jspecify.annotations.Nullable;

/**
 * What an occupant shows of itself in the room: which epoch it is in, and whose being a member it
 * does not accept, for which it follows others no further.
 *
 * <pre>
 *   octets  what
 *   1       version: 1
 *   1 + n   SHA-256 of the SubjectPublicKeyInfo of whom it does not accept, 32 octets, or none
 *   n       a {@link GroupMark}, or nothing if it is in no group
 * </pre>
 *
 * @param mark which epoch, or null
 * @param notAccepted a fingerprint, 64 lower-case hexadecimal digits, or null
 */
public record ShownMark(@Nullable GroupMark mark, @Nullable String notAccepted) {
  private static final int VERSION = 1;

  /** Nothing. */
  public static final ShownMark NOTHING = new ShownMark(null, null);

  /**
   * Reads what {@link #octets} wrote.
   *
   * @param octets none for nothing
   * @throws RefusedException with {@code MALFORMED} or {@code UNSUPPORTED}
   */
  public static ShownMark parse(byte[] octets) throws RefusedException {
    if (octets.length == 0) {
      return NOTHING;
    }
    if (octets[0] != VERSION) {
      throw new RefusedException(
          RefusedException.Reason.UNSUPPORTED, "shows something of version " + octets[0]);
    }
    int length = octets.length < 2 ? -1 : octets[1];
    if ((length != 0 && length != MessageCheck.HASH_BYTES) || octets.length < 2 + length) {
      throw Cursor.malformed("what is shown");
    }
    String notAccepted = length == 0 ? null : Hex.toHexString(octets, 2, length);
    byte[] rest = Arrays.copyOfRange(octets, 2 + length, octets.length);
    return new ShownMark(rest.length == 0 ? null : GroupMark.parse(rest), notAccepted);
  }

  /** Returns the encoding; none for nothing. */
  public byte[] octets() {
    if (mark == null && notAccepted == null) {
      return new byte[0];
    }
    byte[] fingerprint = notAccepted == null ? new byte[0] : Hex.decodeStrict(notAccepted);
    byte[] epoch = mark == null ? new byte[0] : mark.octets();
    return ByteBuffer.allocate(2 + fingerprint.length + epoch.length)
        .put((byte) VERSION)
        .put((byte) fingerprint.length)
        .put(fingerprint)
        .put(epoch)
        .array();
  }
}
