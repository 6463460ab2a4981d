/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.srtp;

import java.security.GeneralSecurityException;
import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * Packets that were protected before, copied into the same arrays a batch at a time. When all of
 * them were received, another context takes over, as none may be received twice. Not thread-safe.
 *
 * @param <C> what receives them
 */
public final class StoredPackets<C> {
  /** As many as the fastest needs. */
  private static final int CONTEXTS = 300;

  private final byte[][] store = new byte[TestPackets.STORE][];
  private final byte[][] batch = new byte[TestPackets.BATCH][TestPackets.BUFFER_LENGTH];
  private final ArrayDeque<C> fresh = new ArrayDeque<>();
  private final Contexts<C> contexts;
  private final int length;
  private C context;
  private int next = TestPackets.STORE;

  /** Makes a protected packet. */
  @FunctionalInterface
  public interface Sender {
    /**
     * Writes a packet at the start of a buffer, and protects it.
     *
     * @return its length, the same for all
     */
    int write(byte[] buffer, int sequenceNumber) throws GeneralSecurityException;
  }

  /** Makes contexts that have received nothing. */
  @FunctionalInterface
  public interface Contexts<C> {
    /** Makes one. */
    C make() throws GeneralSecurityException;
  }

  /** Protects all packets. */
  public StoredPackets(Sender sender, Contexts<C> contexts) throws GeneralSecurityException {
    this.contexts = contexts;
    byte[] buffer = new byte[TestPackets.BUFFER_LENGTH];
    int written = 0;
    for (int i = 0; i < store.length; i++) {
      written = sender.write(buffer, i);
      store[i] = Arrays.copyOf(buffer, written);
    }
    length = written;
    context = contexts.make();
  }

  /** Makes the contexts that will be needed, lest they be counted among what is allocated. */
  public void makeContexts() throws GeneralSecurityException {
    while (fresh.size() < CONTEXTS) {
      fresh.add(contexts.make());
    }
  }

  /** The next packets arrive. */
  public void nextBatch() throws GeneralSecurityException {
    if (next == store.length) {
      context = fresh.isEmpty() ? contexts.make() : fresh.remove();
      next = 0;
    }
    for (byte[] packet : batch) {
      System.arraycopy(store[next++], 0, packet, 0, length);
    }
  }

  /** Returns what receives the batch. */
  public C context() {
    return context;
  }

  /** Returns the packets that arrived, each at the start of an array that stays this object's. */
  public byte[][] batch() {
    return batch;
  }

  /** Returns the length of each packet. */
  public int length() {
    return length;
  }
}
