/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.perc4j.header.srtp.DoubleSrtpProfile;

/**
 * The receive keys of one epoch: a context per member, made when it is first wanted, since most
 * members of a large conference are never heard. Members are numbered in the order of their leaves.
 * Not thread-safe.
 */
final class ReceiveEpoch {
  /** A member that is not there, or must not be believed. */
  static final int NONE = -1;

  private final int number;
  private final DoubleSrtpProfile profile;
  private final EpochSecret secret;
  private int[] leaves;
  private LeafHolder[] holders;
  private boolean[] refused;
  private @Nullable InnerReceiver[] receivers;
  private final Map<String, Integer> membersByIdentity = new HashMap<>();
  private final Map<String, Integer> membersByOccupant = new HashMap<>();
  private boolean replaced;
  private long replacedAtNanos;
  private boolean erased;

  /**
   * The keys of an epoch.
   *
   * @param secret owned by this from here on
   * @param members who holds which leaf, all of different identities and occupants
   * @param ownLeaf whose packets are refused, since they can only have been reflected
   * @throws IllegalArgumentException if the own leaf is not a member's, a leaf is negative or two
   *     identities or occupants are the same
   */
  ReceiveEpoch(
      int number,
      DoubleSrtpProfile profile,
      EpochSecret secret,
      Map<Integer, LeafHolder> members,
      int ownLeaf) {
    this.number = number;
    this.profile = profile;
    this.secret = secret;
    TreeMap<Integer, LeafHolder> sorted = new TreeMap<>(members);
    leaves = sorted.keySet().stream().mapToInt(Integer::intValue).toArray();
    holders = sorted.values().toArray(new LeafHolder[0]);
    refused = new boolean[leaves.length];
    receivers = new @Nullable InnerReceiver[leaves.length];
    int own = Arrays.binarySearch(leaves, ownLeaf);
    if (own < 0 || leaves[0] < 0) {
      throw new IllegalArgumentException("own leaf " + ownLeaf + " among " + sorted.keySet());
    }
    for (int member = 0; member < holders.length; member++) {
      if (membersByIdentity.put(holders[member].identity(), member) != null
          || membersByOccupant.put(holders[member].occupant(), member) != null) {
        throw new IllegalArgumentException(holders[member] + " is there twice");
      }
    }
    refused[own] = true;
  }

  int number() {
    return number;
  }

  /** How many members there are, those included that are refused. */
  int size() {
    return leaves.length;
  }

  int leaf(int member) {
    return leaves[member];
  }

  LeafHolder holder(int member) {
    return holders[member];
  }

  boolean isRefused(int member) {
    return refused[member];
  }

  /** The member of that identity, if it is believed. */
  int find(String identity) {
    Integer member = membersByIdentity.get(identity);
    return member != null && !refused[member] ? member : NONE;
  }

  /** Whether the epoch has a member of that identity, believed or not. */
  boolean has(String identity) {
    return membersByIdentity.containsKey(identity);
  }

  /** The identity of the member that was that occupant when the epoch began, or null. */
  @Nullable String identityOf(String occupant) {
    Integer member = membersByOccupant.get(occupant);
    return member == null ? null : holders[member].identity();
  }

  /** The context for a member's packets. */
  InnerReceiver receiver(int member) {
    @Nullable InnerReceiver receiver = receivers[member];
    if (receiver == null) {
      SrtpMasterKey key = secret.senderKey(leaves[member]);
      try {
        receiver = new InnerReceiver(profile, key);
      } finally {
        key.destroy();
      }
      receivers[member] = receiver;
    }
    return receiver;
  }

  boolean sameSecretAs(EpochSecret other) {
    return secret.sameAs(other);
  }

  /**
   * Another epoch came. Those who are not in it are refused from now on. Who has another leaf in it
   * is the same device if the same long-lived key vouches for it: what it sent before is on its
   * way.
   */
  void replacedBy(ReceiveEpoch next, long nowNanos) {
    if (!replaced) {
      replaced = true;
      replacedAtNanos = nowNanos;
    }
    for (int member = 0; member < leaves.length; member++) {
      LeafHolder holder = holders[member];
      Integer successor = next.membersByIdentity.get(holder.identity());
      @Nullable LeafHolder now = successor == null ? null : next.holders[successor];
      if (now == null || !holder.isSameIdentity(now)) {
        refused[member] = true;
        destroy(member);
      } else {
        holders[member] = now;
      }
    }
  }

  /** How long until this is to be erased, in nanoseconds; {@code Long.MAX_VALUE} if not known. */
  long nanosUntilExpiry(long nowNanos, long retentionNanos) {
    return replaced ? Math.max(0, retentionNanos - (nowNanos - replacedAtNanos)) : Long.MAX_VALUE;
  }

  private void destroy(int member) {
    @Nullable InnerReceiver receiver = receivers[member];
    if (receiver != null) {
      receiver.destroy();
      receivers[member] = null;
    }
  }

  /** Zeroes all keys and forgets the members. */
  void erase() {
    secret.destroy();
    for (int member = 0; member < receivers.length; member++) {
      destroy(member);
    }
    leaves = new int[0];
    holders = new LeafHolder[0];
    refused = new boolean[0];
    receivers = new @Nullable InnerReceiver[0];
    membersByIdentity.clear();
    membersByOccupant.clear();
    erased = true;
  }

  boolean isErased() {
    return erased;
  }
}
