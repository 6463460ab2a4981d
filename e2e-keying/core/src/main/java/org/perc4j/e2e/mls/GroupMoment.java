/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.util.Arrays;
import org.bouncycastle.util.encoders.Hex;

/**
 * A group at one epoch.
 *
 * @param epoch unsigned
 */
@SuppressWarnings("ArrayRecordComponent") // equality by content is not needed: see sameGroup
public record GroupMoment(byte[] groupId, long epoch) {
  /** The longest group id that is taken. */
  public static final int MAX_GROUP_ID_BYTES = 64;

  /** Whether both are moments of one group. */
  public boolean sameGroup(GroupMoment other) {
    return Arrays.equals(groupId, other.groupId);
  }

  /** Whether this is an earlier moment than another one of the same group. */
  public boolean isBefore(GroupMoment other) {
    return Long.compareUnsigned(epoch, other.epoch) < 0;
  }

  /** Whether both are the same epoch of the same group. */
  public boolean isSame(GroupMoment other) {
    return sameGroup(other) && epoch == other.epoch;
  }

  /** For people. */
  @Override
  public String toString() {
    return "epoch "
        + Long.toUnsignedString(epoch)
        + " of group "
        + Hex.toHexString(groupId, 0, Math.min(4, groupId.length));
  }
}
