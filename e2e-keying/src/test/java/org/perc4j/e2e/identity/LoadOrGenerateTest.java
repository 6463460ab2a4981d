/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.identity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.perc4j.e2e.mls.EndpointIdentity;

class LoadOrGenerateTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int FILES = 20;

  private final Path folder;
  private final Path file;

  LoadOrGenerateTest(@TempDir Path folder) {
    this.folder = folder;
    this.file = folder.resolve("alice.key");
  }

  private static EndpointIdentity ofAlice(Path file) throws IOException {
    return IdentityFile.loadOrGenerate(file, "alice", RANDOM);
  }

  @Test
  void theFirstTimeGeneratesAndLaterOnesLoad() throws IOException {
    EndpointIdentity first = ofAlice(file);
    assertEquals("alice", first.name());
    assertEquals(first.fingerprint(), ofAlice(file).fingerprint());
    assertEquals(first.fingerprint(), IdentityFile.load(file).fingerprint());
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(file), left.toList());
    }
  }

  @Test
  void whatWasSavedIsLoaded() throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    IdentityFile.save(file, "alice", pair);
    assertEquals(JcaSigner.identity("alice", pair).fingerprint(), ofAlice(file).fingerprint());
  }

  @Test
  void aDamagedFileIsAnErrorAndStaysAsItIs() throws IOException {
    EndpointIdentity unused = ofAlice(file);
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      byte[] piece = Arrays.copyOf(whole, length);
      Files.write(file, piece);
      assertThrows(IOException.class, () -> ofAlice(file));
      assertArrayEquals(piece, Files.readAllBytes(file));
    }
  }

  @Test
  void aFileThatOthersMayReadIsAnError() throws IOException {
    EndpointIdentity unused = ofAlice(file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThrows(IOException.class, () -> ofAlice(file));
  }

  @Test
  void anotherNameIsAnError() throws IOException {
    EndpointIdentity unused = ofAlice(file);
    IOException e =
        assertThrows(IOException.class, () -> IdentityFile.loadOrGenerate(file, "bob", RANDOM));
    assertTrue(String.valueOf(e.getMessage()).contains("identity of alice, not of bob"));
  }

  @Test
  void aNameThatCannotBeMakesNoFile() {
    assertThrows(
        IllegalArgumentException.class, () -> IdentityFile.loadOrGenerate(file, "a\u200B", RANDOM));
    assertFalse(Files.exists(file));
  }

  @Test
  void aLinkToNowhereIsAnErrorAndStaysAsItIs() throws IOException {
    Files.createSymbolicLink(file, folder.resolve("nowhere"));
    assertThrows(NoSuchFileException.class, () -> ofAlice(file));
    assertTrue(Files.isSymbolicLink(file));
    assertFalse(Files.exists(folder.resolve("nowhere")));
  }

  @Test
  void withoutAFolderThereIsAnError() {
    assertThrows(
        NoSuchFileException.class, () -> ofAlice(folder.resolve("no").resolve("alice.key")));
  }

  @Test
  void allWhoComeAtOnceGetTheSameIdentity() throws Exception {
    int parties = 4;
    ExecutorService threads = Executors.newFixedThreadPool(parties);
    CyclicBarrier together = new CyclicBarrier(parties);
    for (int i = 0; i < FILES; i++) {
      Path contested = folder.resolve("contested" + i);
      List<Future<String>> all = new ArrayList<>();
      for (int party = 0; party < parties; party++) {
        all.add(
            threads.submit(
                () -> {
                  together.await();
                  return ofAlice(contested).fingerprint();
                }));
      }
      Set<String> fingerprints = new HashSet<>();
      for (Future<String> one : all) {
        fingerprints.add(one.get());
      }
      assertEquals(Set.of(IdentityFile.load(contested).fingerprint()), fingerprints);
    }
    threads.shutdown();
  }

  /** What each process of {@link #processesThatStartAtOnceGetTheSameIdentities} does. */
  static final class OtherProcess {
    private OtherProcess() {}

    /** Loads or generates identities when a file is there, and says their fingerprints. */
    public static void main(String[] args) throws IOException {
      Path folder = Path.of(args[0]);
      System.out.println("ready");
      while (!Files.exists(folder.resolve("go"))) {
        Thread.onSpinWait();
      }
      for (int i = 0; i < FILES; i++) {
        System.out.println(ofAlice(folder.resolve("shared" + i)).fingerprint());
      }
    }
  }

  @Test
  void processesThatStartAtOnceGetTheSameIdentities() throws Exception {
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      processes.add(
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  OtherProcess.class.getName(),
                  folder.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start());
    }
    try {
      for (Process process : processes) {
        assertEquals("ready", process.inputReader(StandardCharsets.UTF_8).readLine());
      }
      Files.createFile(folder.resolve("go"));
      List<List<String>> said = new ArrayList<>();
      for (Process process : processes) {
        said.add(process.inputReader(StandardCharsets.UTF_8).lines().toList());
        assertEquals(0, process.waitFor());
      }
      assertEquals(FILES, said.get(0).size());
      assertEquals(said.get(0), said.get(1));
    } finally {
      processes.forEach(Process::destroy);
    }
  }
}
