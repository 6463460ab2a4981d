/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What tells an epoch from all others, also from one of the same number in another half of a split
 * group: the confirmed transcript hash is that of all commits that led to it (RFC 9420 section
 * 8.2). It is in nobody's hands to prove by it; who shows one is to be asked.
 *
 * <pre>
 *   octets  what
 *   1       version: 1
 *   1 + n   group id, 1 to 64 octets
 *   8       epoch
 *   1 + n   confirmed transcript hash: 32 octets, none in epoch 0
 * </pre>
 *
 * @param moment the group and its epoch
 * @param transcriptHash not changed
 */
@SuppressWarnings("ArrayRecordComponent") // equality by content is isSame
public record GroupMark(GroupMoment moment, byte[] transcriptHash) {
  private static final int VERSION = 1;

  /**
   * Reads what {@link #octets} wrote.
   *
   * @throws RefusedException with {@code MALFORMED} or {@code UNSUPPORTED}
   */
  public static GroupMark parse(byte[] octets) throws RefusedException {
    ByteBuffer in = ByteBuffer.wrap(octets);
    int version = in.hasRemaining() ? in.get() : -1;
    if (version != VERSION) {
      throw new RefusedException(RefusedException.Reason.UNSUPPORTED, "mark of version " + version);
    }
    byte[] groupId = vector(in);
    if (groupId.length == 0
        || groupId.length > GroupMoment.MAX_GROUP_ID_BYTES
        || in.remaining() < Long.BYTES) {
      throw Cursor.malformed("mark of a group");
    }
    long epoch = in.getLong();
    byte[] hash = vector(in);
    if ((hash.length != 0 && hash.length != MessageCheck.HASH_BYTES) || in.hasRemaining()) {
      throw Cursor.malformed("mark of a group");
    }
    return new GroupMark(new GroupMoment(groupId, epoch), hash);
  }

  private static byte[] vector(ByteBuffer in) throws RefusedException {
    int length = in.hasRemaining() ? Byte.toUnsignedInt(in.get()) : -1;
    if (length < 0 || in.remaining() < length) {
      throw Cursor.malformed("mark of a group, cut short");
    }
    byte[] octets = new byte[length];
    in.get(octets);
    return octets;
  }

  /** Returns this mark's encoding. */
  public byte[] octets() {
    byte[] groupId = moment.groupId();
    ByteBuffer out =
        ByteBuffer.allocate(3 + groupId.length + Long.BYTES + transcriptHash.length)
            .put((byte) VERSION)
            .put((byte) groupId.length)
            .put(groupId)
            .putLong(moment.epoch())
            .put((byte) transcriptHash.length)
            .put(transcriptHash);
    return out.array();
  }

  /** Whether both are of the same epoch, and it came about by the same commits. */
  public boolean isSame(GroupMark other) {
    return moment.isSame(other.moment) && Arrays.equals(transcriptHash, other.transcriptHash);
  }

  /** For people. */
  @Override
  public String toString() {
    return moment.toString();
  }
}
