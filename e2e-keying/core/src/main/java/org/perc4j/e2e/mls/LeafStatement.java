/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.util.ArrayList;
import java.util.List;

/**
 * What an endpoint says of itself in its leaf, signed, when it becomes a member.
 *
 * @param role whether it speaks
 * @param protection how it protects media
 */
public record LeafStatement(Role role, SpokenProtection protection) {
  /** Nothing in particular: a speaker with double SRTP. */
  public static final LeafStatement SPEAKER =
      new LeafStatement(Role.SPEAKER, SpokenProtection.DOUBLE_ONLY);

  /** Returns what a leaf with these types of extensions among its capabilities says. */
  static LeafStatement of(List<Short> extensions) {
    return new LeafStatement(Role.of(extensions), SpokenProtection.of(extensions));
  }

  /** Returns the types of extensions that say so. */
  List<Short> extensions() {
    List<Short> types = new ArrayList<>();
    if (role == Role.LISTENER) {
      types.add(Role.LISTENS);
    }
    switch (protection) {
      case DOUBLE_ONLY -> {}
      case BOTH -> types.add(SpokenProtection.SPEAKS_BOTH);
      case FRAMES_ONLY -> types.add(SpokenProtection.SPEAKS_FRAMES_ONLY);
    }
    return types;
  }
}
