/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import static org.perc4j.e2e.mls.Forgery.hex;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.perc4j.e2e.mls.MlsGroup.PendingCommit;

/**
 * Writes the corpus of {@link MessageCheckFuzzTest} anew: {@code java org.perc4j.e2e.mls.FuzzCorpus
 * src/test/resources/org/perc4j/e2e/mls/MessageCheckFuzzTestInputs} with the tests' class path.
 * Keys are fresh each time, and otherwise the files are the same.
 */
final class FuzzCorpus {
  private FuzzCorpus() {}

  /** Writes to the folder that is named. */
  public static void main(String[] arguments) throws IOException, RefusedException {
    Path folder = Path.of(arguments[0]);
    TestConference four = TestConference.of("a", "b", "c", "d");
    four.remove("b", "a");
    four.add("b", "e");
    PendingCommit commit =
        four.member("b").commit(List.of(TestConference.candidate("f")), List.of(2));
    byte[] withTree = commit.welcome();
    if (withTree == null) {
      throw new IllegalStateException("nobody joins");
    }
    byte[] welcome = new MessageCheck(100).welcomeWithTree(withTree).welcome();
    byte[] external =
        MlsGroup.joinFromOutside(
                TestConference.announce("d"), four.member("b").groupInfo(), TestConference.POLICY)
            .commit();
    byte[] announcement = TestConference.announce("g").octets();
    write(
        folder.resolve("keyPackage"),
        announcement,
        Map.of("valid", announcement, "huge-length", hex("0001 0005 0001 0001 bfffffff")));
    write(
        folder.resolve("commit"),
        commit.commit(),
        Map.of(
            "valid",
            commit.commit(),
            "from-outside",
            external,
            "huge-length",
            hex("0001 0001 bfffffff")));
    write(
        folder.resolve("welcome"),
        welcome,
        Map.of("valid", welcome, "huge-length", hex("0001 0003 0001 bfffffff")));
    write(
        folder.resolve("groupInfo"),
        four.member("b").groupInfo(),
        Map.of(
            "valid",
            four.member("b").groupInfo(),
            "one-member",
            TestConference.create("a").groupInfo(),
            "huge-length",
            hex("0001 0004 0001 0001 bfffffff")));
  }

  private static void write(Path folder, byte[] valid, Map<String, byte[]> files)
      throws IOException {
    var unused = Files.createDirectories(folder);
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      unused = Files.write(folder.resolve(file.getKey()), file.getValue());
    }
    unused = Files.write(folder.resolve("empty"), new byte[0]);
    unused = Files.write(folder.resolve("cut-short"), Arrays.copyOf(valid, valid.length - 1));
    unused = Files.write(folder.resolve("left-over"), Arrays.copyOf(valid, valid.length + 1));
  }
}
