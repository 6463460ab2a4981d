/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.perc4j.e2e.mls.Corpus;
import org.perc4j.e2e.mls.Replay;

/** A browser and the JVM take and refuse the same messages, and find the same in them. */
@RequiresBrowser(WebBrowser.CHROMIUM)
class ReplayTest {
  private static final int OF_EACH_KIND = 1400;
  private static final Pattern REASON = Pattern.compile("[A-Z_]+");

  @Test
  void changedMessagesHaveTheSameVerdicts(@TempDir Path folder) throws Exception {
    long now = System.currentTimeMillis() / 1000;
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    DataOutputStream file = new DataOutputStream(octets);
    file.writeLong(now);
    byte[] root = Corpus.root();
    file.writeInt(root.length);
    file.write(root);
    List<String> here = new ArrayList<>();
    List<Corpus.Entry> entries;
    try (ScriptedRandom random = new ScriptedRandom()) {
      random.seed(0);
      Replay replay = new Replay(now, root);
      here.add(replay.state());
      entries = new Corpus(replay).entries(OF_EACH_KIND);
      for (Corpus.Entry entry : entries) {
        file.writeUTF(entry.kind().name());
        file.writeInt(entry.message().length);
        file.write(entry.message());
        random.seed(here.size());
        here.add(replay.verdict(entry.kind().name(), entry.message()));
      }
    }
    Path unused = Files.write(Path.of("target", "test-web", "corpus"), octets.toByteArray());

    List<String> there = WebBrowser.CHROMIUM.open(folder, "replay.js").lines().toList();
    List<String> differences = new ArrayList<>();
    for (int i = 0; i < here.size(); i++) {
      if (i >= there.size() || !here.get(i).equals(there.get(i))) {
        differences.add(
            (i == 0 ? "state" : entries.get(i - 1).kind())
                + " "
                + i
                + ": "
                + here.get(i)
                + " / "
                + (i < there.size() ? there.get(i) : "nothing"));
      }
    }
    assertEquals(List.of(), differences);
    assertEquals(here.size() + 1, there.size());
    assertTrue(entries.size() > 10_000);
    for (Replay.Kind kind : Replay.Kind.values()) {
      Set<String> reasons = new HashSet<>();
      int taken = 0;
      for (int i = 0; i < entries.size(); i++) {
        if (entries.get(i).kind() == kind) {
          String verdict = here.get(i + 1);
          if (REASON.matcher(verdict).matches()) {
            boolean unusedNew = reasons.add(verdict);
          } else {
            taken++;
          }
        }
      }
      assertTrue(taken > 0 && reasons.size() > 1, kind + " " + taken + " " + reasons);
    }
  }
}
