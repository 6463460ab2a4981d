/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.harness;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Looks for many octet strings at once in a file of any size. The file is read once; a set of bits
 * tells for most of its positions that nothing that is looked for starts there.
 */
public final class OctetSearch {
  /** The shortest string that can be looked for: shorter ones would be found by chance. */
  public static final int MIN_LENGTH_BYTES = 12;

  private static final int RUN_BYTES = 16;
  private static final int STEP_BYTES = 24;
  private static final int FIRST_RUN_AT = 8;
  private static final int MIN_DISTINCT_OCTETS = 10;
  private static final int HASH_BITS = 22;
  private static final int PREFIX_BYTES = 8;
  private static final int BLOCK_BYTES = 1 << 20;

  private static final class Pattern {
    final String name;
    final byte[] octets;

    Pattern(String name, byte[] octets) {
      this.name = name;
      this.octets = octets;
    }
  }

  private final BitSet filter = new BitSet(1 << HASH_BITS);
  private final Map<Long, List<Pattern>> byPrefix = new HashMap<>();
  private int longest;

  /**
   * Adds a string.
   *
   * @param name that it is reported by; several may have the same
   */
  public void add(String name, byte[] octets) {
    if (octets.length < MIN_LENGTH_BYTES) {
      throw new IllegalArgumentException(name + ": " + octets.length + " octets are too few");
    }
    long prefix = 0;
    for (int i = 0; i < PREFIX_BYTES; i++) {
      prefix = (prefix << 8) | (octets[i] & 0xFF);
    }
    filter.set(hash(prefix));
    byPrefix
        .computeIfAbsent(prefix, unused -> new ArrayList<>())
        .add(new Pattern(name, octets.clone()));
    longest = Math.max(longest, octets.length);
  }

  private static int hash(long prefix) {
    return (int) ((prefix * 0x9E3779B97F4A7C15L) >>> (64 - HASH_BITS));
  }

  /**
   * Adds some of the runs of octets of a packet, leaving out those that are too regular to tell
   * anything.
   *
   * @param from where in the packet to begin
   * @return how many were added
   */
  @CanIgnoreReturnValue
  public int addRuns(String name, byte[] packet, int from) {
    int added = 0;
    for (int at = from + FIRST_RUN_AT; at + RUN_BYTES <= packet.length; at += STEP_BYTES) {
      byte[] run = Arrays.copyOfRange(packet, at, at + RUN_BYTES);
      if (distinct(run) >= MIN_DISTINCT_OCTETS) {
        add(name, run);
        added++;
      }
    }
    return added;
  }

  private static int distinct(byte[] run) {
    BitSet seen = new BitSet();
    for (byte octet : run) {
      seen.set(octet & 0xFF);
    }
    return seen.cardinality();
  }

  /** Returns the names of what is in a file, in alphabetical order. */
  public Set<String> findIn(Path file) throws IOException {
    Set<String> found = new TreeSet<>();
    byte[] block = new byte[BLOCK_BYTES + longest];
    int kept = 0;
    try (InputStream in = Files.newInputStream(file)) {
      int read = in.readNBytes(block, kept, block.length - kept);
      while (read > 0) {
        int end = kept + read;
        scan(block, end, found);
        kept = Math.min(longest - 1, end);
        System.arraycopy(block, end - kept, block, 0, kept);
        read = in.readNBytes(block, kept, block.length - kept);
      }
    }
    return found;
  }

  private void scan(byte[] block, int end, Set<String> found) {
    long prefix = 0;
    for (int i = 0; i < end; i++) {
      prefix = (prefix << 8) | (block[i] & 0xFF);
      if (i >= PREFIX_BYTES - 1 && filter.get(hash(prefix))) {
        compare(block, i - PREFIX_BYTES + 1, end, prefix, found);
      }
    }
  }

  private void compare(byte[] block, int start, int end, long prefix, Set<String> found) {
    for (Pattern pattern : byPrefix.getOrDefault(prefix, List.of())) {
      int length = pattern.octets.length;
      if (length <= end - start
          && Arrays.equals(block, start, start + length, pattern.octets, 0, length)) {
        found.add(pattern.name);
      }
    }
  }
}
