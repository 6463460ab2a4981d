/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.util.List;

/**
 * How a member can protect its media, and read others', as it says in its leaf, signed
 * (docs/protocol.md section 19). {@link Roster#protection} tells what follows for all.
 */
public enum SpokenProtection {
  /** By double SRTP only. */
  DOUBLE_ONLY,
  /** By double SRTP, and as protected frames. */
  BOTH,
  /** As protected frames only: browsers. */
  FRAMES_ONLY;

  /**
   * Say so among the extensions of a leaf's capabilities: types of extensions, of those for private
   * use (RFC 9420 section 17.3), that are never there.
   */
  static final short SPEAKS_BOTH = (short) 0xf0a2;

  static final short SPEAKS_FRAMES_ONLY = (short) 0xf0a3;

  /** Returns what a leaf with these types of extensions among its capabilities says. */
  static SpokenProtection of(List<Short> extensions) {
    if (extensions.contains(SPEAKS_FRAMES_ONLY)) {
      return FRAMES_ONLY;
    }
    return extensions.contains(SPEAKS_BOTH) ? BOTH : DOUBLE_ONLY;
  }
}
