/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.signalling;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whom a receiver cannot be sent anything of, since one of them is double and the other is not. The
 * bridge would give them slots of the receiver's last-N and bandwidth, and ask them for layers,
 * that nobody gets.
 *
 * <p>Learned from their packets, as nothing else tells what somebody at another bridge is. Holds
 * nobody who has left. Thread-safe.
 *
 * @param <E> endpoints, by identity
 */
public final class ReceiverView<E> {
  private final Set<E> excluded = ConcurrentHashMap.newKeySet();

  /** Leaves a sender out from now on; returns whether it was not left out before. */
  public boolean exclude(E sender) {
    return excluded.add(sender);
  }

  /** Of all, in their order, those that the receiver can be sent something of. */
  public List<E> of(List<E> all) {
    if (excluded.isEmpty()) {
      return all;
    }
    excluded.retainAll(Set.copyOf(all));
    return all.stream().filter(sender -> !excluded.contains(sender)).toList();
  }
}
