/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.util.List;

/**
 * What an endpoint says of itself in its leaf, signed, when it becomes a member. It changes nothing
 * of what the endpoint may do: others only know whom to spare (docs/protocol.md section 14).
 */
public enum Role {
  /** Sends media, or may do so at any time. */
  SPEAKER,
  /** Only listens, as nearly everybody in an audience does. */
  LISTENER;

  /**
   * Says in a leaf's capabilities that its holder only listens: the type of an extension, of those
   * for private use (RFC 9420 section 17.3), that is never there.
   */
  static final short LISTENS = (short) 0xf0a1;

  /** Returns what a leaf with these types of extensions among its capabilities says. */
  static Role of(List<Short> extensions) {
    return extensions.contains(LISTENS) ? LISTENER : SPEAKER;
  }
}
