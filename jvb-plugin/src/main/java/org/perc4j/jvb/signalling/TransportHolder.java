/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.signalling;

import org.jspecify.annotations.Nullable;

/** Added, with a field, to the bridge's classes that belong to one transport. */
public interface TransportHolder {
  /** What was negotiated; null until the handshake is over. */
  @Nullable TransportKind perc4jKind();

  /** Says so. */
  void perc4jKind(TransportKind kind);

  /** What was negotiated for one of those classes' objects; null until the handshake is over. */
  static @Nullable TransportKind kindOf(Object holder) {
    return ((TransportHolder) holder).perc4jKind();
  }

  /** Whether it is double; false until the handshake is over. */
  static boolean isDouble(Object holder) {
    return kindOf(holder) == TransportKind.DOUBLE;
  }
}
