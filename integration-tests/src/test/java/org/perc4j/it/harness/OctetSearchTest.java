/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OctetSearchTest {
  private static final int FILE_BYTES = 3_000_000;
  private static final int BLOCK_BYTES = 1 << 20;

  @Test
  void findsStringsWhereverTheyAre(@TempDir Path folder) throws IOException {
    Random random = new Random(7);
    byte[] file = new byte[FILE_BYTES];
    random.nextBytes(file);
    OctetSearch search = new OctetSearch();
    int[] places = {0, 1, BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 5, FILE_BYTES - 32};
    Set<String> expected = new TreeSet<>();
    for (int place : places) {
      byte[] octets = new byte[32];
      System.arraycopy(file, place, octets, 0, octets.length);
      search.add("at " + place, octets);
      expected.add("at " + place);
      octets[31]++;
      search.add("almost at " + place, octets);
    }
    Path path = folder.resolve("file");
    Files.write(path, file);
    assertEquals(expected, search.findIn(path));
  }

  @Test
  void refusesStringsThatChanceWouldFind() {
    assertThrows(
        IllegalArgumentException.class, () -> new OctetSearch().add("short", new byte[11]));
  }
}
