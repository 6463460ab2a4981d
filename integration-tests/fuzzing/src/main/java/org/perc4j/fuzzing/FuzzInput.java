/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.fuzzing;

import java.util.Arrays;

/**
 * Octets of a fuzzer, read as a program: what to do, and with what. When there are none left, all
 * that is read is 0. Not thread-safe.
 */
public final class FuzzInput {
  private static final int MAX_MUTATIONS = 3;
  private static final int MAX_INSERTED_BYTES = 16;

  private final byte[] octets;
  private int position;

  /** A program; the octets are not copied. */
  public FuzzInput(byte[] octets) {
    this.octets = octets;
  }

  /** Whether there are octets left. */
  public boolean hasMore() {
    return position < octets.length;
  }

  /** The next octet: 0 to 255. */
  public int octet() {
    return hasMore() ? octets[position++] & 0xFF : 0;
  }

  /** A number from 0 to less than {@code bound}, which is at most 256, from one octet. */
  public int below(int bound) {
    return octet() % bound;
  }

  /** The lowest bit of one octet. */
  public boolean flag() {
    return (octet() & 1) != 0;
  }

  /** A number of 16 bits from two octets. */
  public int uint16() {
    return octet() << 8 | octet();
  }

  /** As many octets as are wanted and left. */
  public byte[] take(int most) {
    int end = Math.min(octets.length, position + most);
    byte[] taken = Arrays.copyOfRange(octets, position, end);
    position = end;
    return taken;
  }

  /** Octets behind one octet that says how many. */
  public byte[] vector() {
    return take(octet());
  }

  /**
   * Octets like the given ones, with up to three changes: bits flipped, cut short, made longer,
   * replaced, removed or repeated. Without a change it is a copy.
   */
  public byte[] mutated(byte[] genuine) {
    byte[] mutated = genuine.clone();
    int mutations = below(MAX_MUTATIONS + 1);
    for (int i = 0; i < mutations; i++) {
      mutated = mutatedOnce(mutated);
    }
    return mutated;
  }

  private byte[] mutatedOnce(byte[] before) {
    int kind = below(6);
    int at = before.length == 0 ? 0 : uint16() % before.length;
    switch (kind) {
      case 0 -> {
        byte[] flipped = before.clone();
        if (before.length > 0) {
          flipped[at] ^= (byte) octet();
        }
        return flipped;
      }
      case 1 -> {
        return Arrays.copyOf(before, at);
      }
      case 2 -> {
        return spliced(before, at, 0, take(1 + below(MAX_INSERTED_BYTES)));
      }
      case 3 -> {
        byte[] other = take(1 + below(MAX_INSERTED_BYTES));
        return spliced(before, at, other.length, other);
      }
      case 4 -> {
        return spliced(before, at, 1 + octet(), new byte[0]);
      }
      default -> {
        int end = Math.min(before.length, at + 1 + octet());
        return spliced(before, at, 0, Arrays.copyOfRange(before, at, end));
      }
    }
  }

  private static byte[] spliced(byte[] before, int at, int removed, byte[] inserted) {
    int rest = Math.min(before.length, at + removed);
    byte[] all = Arrays.copyOf(before, at + inserted.length + before.length - rest);
    System.arraycopy(inserted, 0, all, at, inserted.length);
    System.arraycopy(before, rest, all, at + inserted.length, before.length - rest);
    return all;
  }
}
