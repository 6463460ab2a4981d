/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.perc4j.e2e.mls.RefusedException.Reason;

/** The key packages that were used in a group as long as this member is in it. Not thread-safe. */
final class UsedKeyPackages {
  private static final int MAX_USED = 65536;

  private final Set<ByteBuffer> used = new HashSet<>();

  /** Returns what a key package is known by: SHA-256 of its octets. */
  static ByteBuffer digest(byte[] octets) {
    return ByteBuffer.wrap(IdentityKey.sha256(octets));
  }

  /**
   * Refuses a key package that was used before.
   *
   * @param together those that are to be used at the same time; it is added to them
   */
  void requireUnused(ByteBuffer digest, Set<ByteBuffer> together) throws RefusedException {
    if (used.contains(digest) || !together.add(digest)) {
      throw new RefusedException(Reason.KEY_PACKAGE_REUSED, "key package was used before");
    }
  }

  /** These were used. */
  void add(Set<ByteBuffer> digests) {
    if (used.size() + digests.size() > MAX_USED) {
      used.clear();
    }
    used.addAll(digests);
  }
}
