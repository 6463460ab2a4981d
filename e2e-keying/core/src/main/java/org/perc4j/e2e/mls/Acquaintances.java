/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.util.List;

/** Whom an endpoint has met, with which keys. Thread-safe; no method waits for storage. */
public interface Acquaintances {
  /** Returns what is known of the holder of a credential. */
  Acquaintance standing(LeafCredential credential);

  /** Returns the keys of a name, in the order in which they came; none if it is not known. */
  List<KnownKey> keys(String name);

  /** Whether nobody else can be remembered. */
  boolean isFull();

  /** Remembers the key of somebody whose name is not known, if there is room. */
  void met(LeafCredential credential);
}
