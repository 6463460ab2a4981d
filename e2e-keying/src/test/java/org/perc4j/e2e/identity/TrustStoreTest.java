/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.identity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.perc4j.e2e.mls.CredentialVectors.ROOM;
import static org.perc4j.e2e.mls.CredentialVectors.leafKey;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.perc4j.e2e.mls.Acquaintance;
import org.perc4j.e2e.mls.Acquaintance.Standing;
import org.perc4j.e2e.mls.EndpointIdentity;
import org.perc4j.e2e.mls.KnownKey;
import org.perc4j.e2e.mls.LeafCredential;
import org.perc4j.e2e.mls.RefusedException;
import org.perc4j.e2e.mls.Statement;

class TrustStoreTest {
  private static final String GENERATION = "7f9c2ba4-e88f-4a2d-8c6e-0f6b5b1c9d3e";
  private static final String HEADER = "perc4j known identities 2 " + GENERATION + "\n";
  private static final String FORMER_HEADER = "perc4j known identities 1\n";
  private static final Instant NOON = Instant.parse("2027-06-01T12:00:00Z");
  private static final String A = "a".repeat(64);
  private static final String B = "b".repeat(64);
  private static final String MET = "met 2027-06-01T12:00:00Z " + A + " alice\n";
  private static final String ACCEPTED = "accepted 2027-06-01T12:00:00Z " + B + " alice\n";
  private static final String VERIFIED = "verified 2027-06-01T12:00:00Z " + A + " alice\n";
  private static final String FORGOTTEN = "forgotten 2027-06-01T12:00:00Z alice\n";

  private final SecureRandom random = new SecureRandom();
  private final Path path;
  private Instant now = NOON.plusMillis(345);

  TrustStoreTest(@TempDir Path folder) {
    this.path = folder.resolve("known");
  }

  private Clock clock() {
    InstantSource source = () -> now;
    return source.withZone(ZoneOffset.UTC);
  }

  /** Opens a store that writes at once. */
  private TrustStore open() throws IOException {
    return TrustStore.open(path, clock(), Runnable::run);
  }

  private TrustStore open(int maxKeys) throws IOException {
    return TrustStore.open(path, clock(), Runnable::run, maxKeys);
  }

  /** Somebody of that name with a key of its own. */
  private LeafCredential somebody(String name) throws RefusedException {
    return LeafCredential.verify(
        EndpointIdentity.generate(name, random).vouchFor(ROOM, "u", leafKey()), ROOM, leafKey());
  }

  private static void assertStanding(
      Standing standing, TrustStore store, LeafCredential credential) {
    assertEquals(standing, store.standing(credential).standing());
  }

  private List<String> lines() throws IOException {
    return Files.readAllLines(path);
  }

  @Test
  void somebodyIsNewForADayAndKnownThen() throws IOException, RefusedException {
    TrustStore store = open();
    LeafCredential alice = somebody("alice");
    assertEquals(new Acquaintance(Standing.FIRST_MET, null, null), store.standing(alice));
    assertFalse(Files.exists(path));
    store.met(alice);

    assertEquals(new Acquaintance(Standing.FIRST_MET, NOON, null), store.standing(alice));
    now = NOON.plus(Duration.ofDays(1)).minusMillis(1);
    store.met(alice);
    assertStanding(Standing.FIRST_MET, store, alice);
    now = NOON.plus(Duration.ofDays(1));
    for (TrustStore each : List.of(store, open())) {
      assertEquals(new Acquaintance(Standing.KNOWN, NOON, null), each.standing(alice));
    }
    assertEquals(2, lines().size());
  }

  @Test
  void anotherKeyIsChangedUntilItIsAccepted() throws IOException, RefusedException {
    TrustStore store = open();
    LeafCredential phone = somebody("alice");
    LeafCredential laptop = somebody("alice");
    store.met(phone);
    now = NOON.plusSeconds(90);
    store.met(laptop);

    assertEquals(new Acquaintance(Standing.CHANGED, NOON, null), store.standing(laptop));
    assertEquals(1, store.keys("alice").size());
    assertTrue(store.accept("alice", laptop.fingerprint()));
    for (TrustStore each : List.of(store, open())) {
      assertEquals(
          new Acquaintance(Standing.KNOWN, NOON.plusSeconds(90), null), each.standing(laptop));
      assertStanding(Standing.FIRST_MET, each, phone);
      assertStanding(Standing.CHANGED, each, somebody("alice"));
      assertStanding(Standing.FIRST_MET, each, somebody("Alice"));
    }
  }

  @Test
  void whoIsAcceptedIsNotNewAnyMore() throws IOException, RefusedException {
    TrustStore store = open();
    LeafCredential alice = somebody("alice");
    store.met(alice);
    assertTrue(store.accept("alice", alice.fingerprint()));
    for (TrustStore each : List.of(store, open())) {
      assertEquals(new Acquaintance(Standing.KNOWN, NOON, null), each.standing(alice));
      assertEquals(1, each.list().size());
    }
  }

  @Test
  void verifiedKeyMakesAnotherASeriousChange() throws IOException, RefusedException {
    TrustStore store = open();
    LeafCredential alice = somebody("alice");
    LeafCredential other = somebody("alice");
    store.met(alice);
    assertFalse(store.standing(other).isChangeOfVerified());
    now = NOON.plusSeconds(60);
    assertTrue(store.markVerified("alice", alice.fingerprint()));
    now = NOON.plusSeconds(120);
    assertTrue(store.markVerified("alice", alice.fingerprint()));

    for (TrustStore each : List.of(store, open())) {
      assertEquals(
          new Acquaintance(Standing.VERIFIED, NOON, NOON.plusSeconds(60)), each.standing(alice));
      assertEquals(
          new Acquaintance(Standing.CHANGED, NOON, NOON.plusSeconds(60)), each.standing(other));
      assertTrue(each.standing(other).isChangeOfVerified());
      assertFalse(each.standing(alice).isChangeOfVerified());
    }
    assertTrue(store.accept("alice", alice.fingerprint()));
    assertStanding(Standing.VERIFIED, store, alice);
  }

  @Test
  void keyCanBeVerifiedBeforeItIsMet() throws IOException, RefusedException {
    LeafCredential alice = somebody("alice");
    LeafCredential laptop = somebody("alice");
    TrustStore store = open();
    assertTrue(store.markVerified("alice", alice.fingerprint()));
    now = NOON.plusSeconds(60);
    assertTrue(store.markVerified("alice", laptop.fingerprint()));
    store.met(alice);
    for (TrustStore each : List.of(store, open())) {
      assertStanding(Standing.VERIFIED, each, alice);
      assertStanding(Standing.VERIFIED, each, laptop);
      assertEquals(
          new Acquaintance(Standing.CHANGED, NOON, NOON.plusSeconds(60)),
          each.standing(somebody("alice")));
    }
  }

  @Test
  void nameThatAGuestTookCanBeTakenBack() throws IOException, RefusedException {
    TrustStore store = open();
    LeafCredential guest = somebody("alice");
    LeafCredential alice = somebody("alice");
    store.met(guest);
    store.forget("alice");
    assertStanding(Standing.FIRST_MET, store, alice);
    assertEquals(List.of(), store.keys("alice"));
    assertTrue(store.accept("alice", alice.fingerprint()));

    for (TrustStore each : List.of(store, open())) {
      assertStanding(Standing.CHANGED, each, guest);
      assertStanding(Standing.KNOWN, each, alice);
    }
    store.forget("alice");
    store.forget("alice");
    assertEquals(List.of(), open().list());
    assertEquals(5, lines().size());
  }

  @Test
  void listsAllKeysByName() throws IOException {
    TrustStore store = open();
    assertTrue(store.accept("bob", A));
    assertTrue(store.accept("alice", A));
    now = NOON.plusSeconds(1);
    assertTrue(store.markVerified("bob", B));
    List<KnownKey> expected =
        List.of(
            new KnownKey("bob", A, NOON, true, null),
            new KnownKey("bob", B, NOON.plusSeconds(1), true, NOON.plusSeconds(1)),
            new KnownKey("alice", A, NOON, true, null));
    for (TrustStore each : List.of(store, open())) {
      assertEquals(expected, each.list());
      assertEquals(expected.subList(0, 2), each.keys("bob"));
    }
  }

  @Test
  void refusesWhatIsNoNameOrFingerprint() throws IOException {
    TrustStore store = open();
    for (String name : List.of("", "a\nb", "a\u2028b", "a\u202Eb", "\uD800", "x".repeat(256))) {
      assertThrows(IllegalArgumentException.class, () -> store.accept(name, A), name);
      assertThrows(IllegalArgumentException.class, () -> store.markVerified(name, A), name);
      assertThrows(IllegalArgumentException.class, () -> store.forget(name), name);
    }
    for (String fingerprint :
        List.of("", A.substring(1), A + "a", A.toUpperCase(Locale.ROOT), " " + A)) {
      assertThrows(IllegalArgumentException.class, () -> store.accept("alice", fingerprint));
      assertThrows(IllegalArgumentException.class, () -> store.markVerified("alice", fingerprint));
    }
    assertEquals(List.of(), store.list());
    assertFalse(Files.exists(path));
  }

  @Test
  void fullStoreRemembersNoOtherKeys() throws IOException, RefusedException {
    TrustStore store = open(1);
    LeafCredential alice = somebody("alice");
    assertFalse(store.isFull());
    store.met(alice);
    assertTrue(store.isFull());

    LeafCredential bob = somebody("bob");
    store.met(bob);
    assertFalse(store.accept("bob", A));
    assertFalse(store.markVerified("alice", A));
    assertTrue(store.markVerified("alice", alice.fingerprint()));
    assertEquals(1, store.list().size());
    assertEquals(1, open().list().size());

    store.forget("alice");
    store.met(bob);
    assertEquals(List.of("bob"), open().list().stream().map(KnownKey::name).toList());
  }

  @Test
  void nothingIsWrittenOnTheCallersThread() throws IOException, RefusedException {
    Queue<Runnable> tasks = new ArrayDeque<>();
    TrustStore store = TrustStore.open(path, clock(), tasks::add);
    LeafCredential alice = somebody("alice");
    store.met(alice);
    store.met(somebody("bob"));
    assertTrue(store.accept("carol", A));
    assertEquals(1, tasks.size());
    assertStanding(Standing.CHANGED, store, somebody("alice"));
    assertFalse(Files.exists(path));

    tasks.remove().run();
    assertEquals(3, open().list().size());
    store.met(somebody("dave"));
    assertEquals(1, tasks.size());
    store.close();
    assertEquals(4, open().list().size());
    byte[] before = Files.readAllBytes(path);
    tasks.remove().run();
    store.flush();
    store.close();
    assertArrayEquals(before, Files.readAllBytes(path));
  }

  @Test
  void threadsOfItsOwnWriteBeforeFlushReturns() throws IOException, RefusedException {
    TrustStore store = TrustStore.open(path);
    for (int i = 0; i < 10; i++) {
      store.met(somebody("user" + i));
    }
    store.flush();
    assertEquals(10, open().list().size());
  }

  @Test
  void whatTheExecutorRefusesIsWrittenByFlush() throws IOException, RefusedException {
    TrustStore store =
        TrustStore.open(
            path,
            clock(),
            task -> {
              throw new RejectedExecutionException("as the test wants");
            });
    LeafCredential alice = somebody("alice");
    store.met(alice);
    assertStanding(Standing.CHANGED, store, somebody("alice"));
    store.flush();
    assertStanding(Standing.CHANGED, open(), somebody("alice"));
  }

  @Test
  void holdsAndTriesAgainWhenItCannotWrite() throws IOException, RefusedException {
    Path later = path.resolveSibling("later").resolve("known");
    TrustStore store = TrustStore.open(later, clock(), Runnable::run);
    store.met(somebody("alice"));
    assertStanding(Standing.CHANGED, store, somebody("alice"));
    assertThrows(IOException.class, store::flush);
    assertThrows(IOException.class, store::close);

    var folder = Files.createDirectory(Objects.requireNonNull(later.getParent()));
    store.met(somebody("bob"));
    assertEquals(2, TrustStore.open(folder.resolve("known"), clock(), Runnable::run).list().size());
  }

  @Test
  void writesOneLineForEachStatement() throws IOException {
    TrustStore store = open();
    assertTrue(store.accept("alice smith", A));
    assertTrue(store.markVerified("alice smith", A));
    store.forget("alice smith");
    List<String> lines = lines();
    assertTrue(lines.get(0).matches("perc4j known identities 2 [0-9a-f-]{36}"), lines.get(0));
    assertEquals(
        List.of(
            "accepted 2027-06-01T12:00:00Z " + A + " alice smith",
            "verified 2027-06-01T12:00:00Z " + A + " alice smith",
            "forgotten 2027-06-01T12:00:00Z alice smith"),
        lines.subList(1, 4));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
  }

  @Test
  void halfALineThatACrashLeftIsReplacedByTheNext() throws IOException {
    byte[] content = (HEADER + MET + ACCEPTED).getBytes(StandardCharsets.UTF_8);
    int whole = HEADER.length();
    for (int length = 0; length <= content.length; length++) {
      Files.write(path, Arrays.copyOf(content, length));
      if (length < HEADER.length()) {
        assertThrows(IOException.class, this::open, "of " + length);
        continue;
      }
      if (content[length - 1] == '\n') {
        whole = length;
      }
      TrustStore store = open();
      assertEquals(Files.size(path), length); // reading repairs nothing
      assertEquals(whole >= HEADER.length() + MET.length(), !store.keys("alice").isEmpty());
      assertTrue(store.accept("bob", B));
      String line = ACCEPTED.replace("alice", "bob");
      assertEquals(
          new String(content, 0, whole, StandardCharsets.UTF_8) + line, Files.readString(path));
      assertEquals(store.list(), open().list());
    }
  }

  @Test
  void octetsThatACrashLeftNeedNotBeText() throws IOException, RefusedException {
    byte[] head = (HEADER + MET).getBytes(StandardCharsets.UTF_8);
    for (byte octet : new byte[] {0, (byte) 0xC3}) {
      byte[] content = Arrays.copyOf(head, head.length + 300);
      Arrays.fill(content, head.length, content.length, octet);
      Files.write(path, content);
      TrustStore store = open();
      assertEquals(1, store.list().size());
      store.met(somebody("bob"));
      assertEquals(2, open().list().size());
    }
  }

  @Test
  void corruptFileIsAnErrorAndLeftAlone() throws IOException {
    for (String content :
        List.of(
            "",
            HEADER.trim(),
            "perc4j known identities 2\n",
            "perc4j known identities 3 " + GENERATION + "\n" + MET,
            HEADER.replace("-", "\n") + MET,
            HEADER.replace("\n", " ") + MET,
            HEADER.replace("7f", "7F") + MET,
            HEADER + "\n",
            HEADER + MET.trim() + "\r\n",
            HEADER + MET + "\n" + ACCEPTED,
            HEADER + " " + MET,
            HEADER + MET.replace("met", "meet"),
            HEADER + MET.replace("met", "MET"),
            HEADER + MET.replace("12:00:00Z", "12:00Z"),
            HEADER + MET.replace("12:00:00Z", "12:00:00.5Z"),
            HEADER + MET.replace("12:00:00Z", "12:00:00+00:00"),
            HEADER + MET.replace("2027-06-01T12:00:00Z", "yesterday"),
            HEADER + MET.replace("2027", "+9999999999"),
            HEADER + MET.replace(" alice", " "),
            HEADER + MET.replace(" alice", ""),
            HEADER + MET.replace(A, A.substring(1)),
            HEADER + MET.replace(A, A.toUpperCase(Locale.ROOT)),
            HEADER + MET.replace(A + " ", ""),
            HEADER + MET.replace("alice", "al\u202Eice"),
            HEADER + MET.replace("alice", "al\rice"),
            HEADER + MET.replace("alice", "x".repeat(256)),
            HEADER + FORGOTTEN.replace(" alice", ""),
            HEADER + FORGOTTEN.replace("alice", ""))) {
      Files.writeString(path, content);
      IOException e = assertThrows(IOException.class, this::open, content);
      assertTrue(String.valueOf(e.getMessage()).contains(path.toString()), e.toString());
      assertEquals(content, Files.readString(path));
    }
    byte[] notUtf8 =
        (HEADER + MET).replace("alice", "\u00FF").getBytes(StandardCharsets.ISO_8859_1);
    Files.write(path, notUtf8);
    assertThrows(IOException.class, this::open);
    Files.writeString(path, HEADER + MET + ACCEPTED + VERIFIED + FORGOTTEN + MET);
    assertDoesNotThrow(() -> open());
  }

  @Test
  void errorSaysWhichLine() throws IOException {
    Files.writeString(path, HEADER + MET + "nonsense\n");
    IOException e = assertThrows(IOException.class, this::open);
    assertTrue(String.valueOf(e.getMessage()).contains("line 3"), e.toString());

    Files.writeString(path, HEADER + MET);
    TrustStore store = open();
    Files.writeString(path, HEADER + MET + FORGOTTEN + "nonsense\n");
    e = assertThrows(IOException.class, store::refresh);
    assertTrue(String.valueOf(e.getMessage()).contains("line 4"), e.toString());
  }

  @Test
  void fileThatBecameCorruptIsLeftAlone() throws IOException, RefusedException {
    Files.writeString(path, HEADER + MET);
    TrustStore store = open();
    for (String content : List.of("something else\n", HEADER + MET + "something else\n")) {
      Files.writeString(path, content);
      store.met(somebody("bob"));
      assertEquals(content, Files.readString(path));
      assertThrows(IOException.class, store::flush);
      assertStanding(Standing.CHANGED, store, somebody("bob"));
      assertStanding(Standing.CHANGED, store, somebody("alice"));
    }
    Files.writeString(path, HEADER + MET);
    store.flush();
    assertEquals(2, open().list().size());
  }

  @Test
  void fileOfTheFormerFormatIsReadAndReplacedWhenSomethingIsWritten()
      throws IOException, RefusedException {
    LeafCredential alice = somebody("alice");
    String former = FORMER_HEADER + alice.fingerprint() + " alice\n" + B + " bob b.\n";
    Files.writeString(path, former);
    TrustStore store = open();
    assertEquals(new Acquaintance(Standing.KNOWN, Instant.EPOCH, null), store.standing(alice));
    assertStanding(Standing.CHANGED, store, somebody("alice"));
    store.met(alice);
    store.flush();
    assertEquals(former, Files.readString(path));
    LeafCredential carol = somebody("carol");
    store.met(carol);

    assertEquals(
        List.of(
            "met 1970-01-01T00:00:00Z " + alice.fingerprint() + " alice",
            "met 1970-01-01T00:00:00Z " + B + " bob b.",
            "met 2027-06-01T12:00:00Z " + carol.fingerprint() + " carol"),
        lines().subList(1, 4));
    for (TrustStore each : List.of(store, open())) {
      assertEquals(new Acquaintance(Standing.KNOWN, Instant.EPOCH, null), each.standing(alice));
      assertEquals(3, each.list().size());
    }
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
  }

  @Test
  void whatWasAddedToAFileOfTheFormerFormatIsKept() throws IOException, RefusedException {
    Files.writeString(path, FORMER_HEADER + A + " alice\n");
    TrustStore store = open();
    Files.writeString(path, FORMER_HEADER + A + " alice\n" + B + " bob\n");
    store.met(somebody("bob"));
    store.met(somebody("carol"));
    assertEquals(List.of(B), open().keys("bob").stream().map(KnownKey::fingerprint).toList());
    assertEquals(3, open().list().size());
  }

  @Test
  void corruptFileOfTheFormerFormatIsAnErrorAndLeftAlone() throws IOException {
    String entry = "0".repeat(64) + " alice\n";
    for (String content :
        List.of(
            FORMER_HEADER.trim(),
            FORMER_HEADER + "\n",
            FORMER_HEADER + entry.trim(),
            FORMER_HEADER + entry + "\n",
            FORMER_HEADER + entry + entry,
            FORMER_HEADER + entry + "1" + entry.substring(1),
            FORMER_HEADER + entry.replace(" ", "\t"),
            FORMER_HEADER + entry.replace(" alice", " "),
            FORMER_HEADER + entry.replace(" alice", ""),
            FORMER_HEADER + entry.replace("0", "g"),
            FORMER_HEADER + entry.substring(1),
            FORMER_HEADER + entry.replace("alice", "al\u202Eice"),
            FORMER_HEADER + entry.replace("alice", "al\rice"),
            FORMER_HEADER + MET)) {
      Files.writeString(path, content);
      assertThrows(IOException.class, this::open, content);
      assertEquals(content, Files.readString(path));
    }
    Files.write(
        path, (FORMER_HEADER + entry.replace("a", "\u00FF")).getBytes(StandardCharsets.ISO_8859_1));
    assertThrows(IOException.class, this::open);
    Files.writeString(path, FORMER_HEADER + entry);
    assertDoesNotThrow(() -> open());
  }

  @Test
  void fileThatOthersMayWriteIsNotTrusted() throws IOException, RefusedException {
    Files.writeString(path, HEADER + MET);
    for (String permissions : List.of("rw--w----", "rw-----w-")) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r--r--"));
      TrustStore store = open();
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
      IOException e = assertThrows(IOException.class, this::open);
      assertTrue(String.valueOf(e.getMessage()).contains(permissions), e.toString());
      store.met(somebody("bob"));
      assertThrows(IOException.class, store::flush);
      assertEquals(HEADER + MET, Files.readString(path));
    }
  }

  @Test
  void boundsTheKeysOfAFile() throws IOException {
    String start = MET.substring(0, MET.indexOf(A));
    StringBuilder content = new StringBuilder(HEADER);
    StringBuilder former = new StringBuilder(FORMER_HEADER);
    for (int i = 0; i < TrustStore.MAX_KEYS; i++) {
      String entry = A + ' ' + i + '\n';
      content.append(start).append(entry);
      former.append(entry);
    }
    Files.writeString(path, content);
    TrustStore store = open();
    assertTrue(store.isFull());
    Files.writeString(path, content.append(start).append(A).append(" one more\n"));
    assertThrows(IOException.class, store::refresh);
    for (StringBuilder each : List.of(content, former.append(A).append(" one more\n"))) {
      Files.writeString(path, each);
      IOException e = assertThrows(IOException.class, this::open);
      assertTrue(String.valueOf(e.getMessage()).contains("100001 keys"), e.toString());
    }
  }

  @Test
  void boundsTheLinesOfAFile() throws IOException {
    int most = 4 * TrustStore.MAX_KEYS + TrustFile.SPARE_LINES;
    String pair = ACCEPTED + FORGOTTEN;
    Files.writeString(path, HEADER + pair.repeat(most / 2) + MET);
    IOException e = assertThrows(IOException.class, this::open);
    assertTrue(String.valueOf(e.getMessage()).contains(most + " lines"), e.toString());
  }

  @Test
  void longestLineFits() throws IOException {
    String longest = "verified +1000000000-12-31T23:59:59Z " + A + " " + "x".repeat(255) + "\n";
    assertTrue(longest.length() <= Statement.MAX_LINE_BYTES);
    Files.writeString(path, HEADER + longest);
    assertEquals(Instant.MAX.getEpochSecond(), open().list().get(0).since().getEpochSecond());
  }

  @Test
  void amongFiftyThousandOneMoreCostsOneLine() throws IOException, RefusedException {
    StringBuilder content = new StringBuilder(HEADER);
    for (int i = 0; i < 50_000; i++) {
      content.append(MET.trim()).append(i).append("@example.org\n");
    }
    Files.writeString(path, content);
    Object file = fileKey();
    TrustStore store = open();
    LeafCredential newcomer = somebody("newcomer@example.org");
    store.met(newcomer);

    assertEquals(file, fileKey(), "the file was replaced");
    String line = "met 2027-06-01T12:00:00Z " + newcomer.fingerprint() + " newcomer@example.org\n";
    assertTrue(line.length() < 1024);
    assertEquals(content + line, Files.readString(path));
  }

  private Object fileKey() throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }

  @Test
  void replacesTheFileWhenMostOfItsLinesAreNotNeeded() throws IOException {
    TrustStore store = open();
    assertTrue(store.accept("alice", A));
    assertTrue(store.markVerified("alice", A));
    Set<Object> files = new HashSet<>();
    for (int i = 0; i < 130; i++) {
      now = NOON.plusSeconds(i);
      assertTrue(store.accept("guest", B));
      store.forget("guest");
      assertTrue(lines().size() <= 1 + 2 * 3 + TrustFile.SPARE_LINES);
      if (files.add(lines().get(0))) {
        assertEquals(store.list(), open().list());
      }
    }
    assertEquals(3, files.size());
    assertEquals(List.of(new KnownKey("alice", A, NOON, true, NOON)), open().list());
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
  }

  @Test
  void linesOfThoseWhoWereVerifiedAreNeeded() throws IOException {
    StringBuilder content = new StringBuilder(HEADER);
    for (int i = 0; i < 1_000; i++) {
      content.append(MET.trim()).append(i).append('\n');
      content.append(VERIFIED.trim()).append(i).append('\n');
    }
    Files.writeString(path, content);
    Queue<Runnable> tasks = new ArrayDeque<>();
    TrustStore store = TrustStore.open(path, clock(), tasks::add);
    for (int i = 0; i < 1_000; i++) {
      assertTrue(store.accept("alice" + i, B));
    }
    tasks.remove().run();
    assertEquals(HEADER.trim(), lines().get(0));
    assertEquals(3_001, lines().size());
  }

  @Test
  void firstThatIsWrittenIsTheOneThatWasMet() throws IOException, RefusedException {
    Queue<Runnable> tasks = new ArrayDeque<>();
    TrustStore one = open();
    TrustStore other = TrustStore.open(path, clock(), tasks::add);
    LeafCredential first = somebody("alice");
    LeafCredential second = somebody("alice");
    LeafCredential bob = somebody("bob");
    other.met(second);
    other.met(bob);
    one.met(first);
    assertStanding(Standing.FIRST_MET, other, second);
    tasks.remove().run();

    one.refresh();
    for (TrustStore each : List.of(one, other, open())) {
      assertStanding(Standing.FIRST_MET, each, first);
      assertStanding(Standing.CHANGED, each, second);
      assertStanding(Standing.FIRST_MET, each, bob);
    }
    assertEquals(3, lines().size());
  }

  @Test
  void whatAnotherStoreSaysIsKnownWhenSomethingIsWritten() throws IOException {
    TrustStore one = open();
    TrustStore other = open();
    assertTrue(one.accept("alice", A));
    assertTrue(one.markVerified("carol", A));
    assertEquals(List.of(), other.list());
    assertTrue(other.accept("bob", B));
    assertEquals(open().list(), other.list());
    assertEquals(3, other.list().size());
    other.forget("carol");
    one.refresh();
    assertEquals(other.list(), one.list());

    // until the other replaces the file, and then goes on
    String before = lines().get(0);
    while (lines().get(0).equals(before)) {
      assertTrue(other.accept("guest", A));
      other.forget("guest");
    }
    other.forget("alice");
    assertTrue(one.accept("dave", A));
    assertEquals(List.of("bob", "dave"), one.list().stream().map(KnownKey::name).toList());
    assertEquals(open().list(), one.list());
  }

  @Test
  void storesThatShareAFileDoNotOverfillIt() throws IOException {
    TrustStore one = open(3);
    Queue<Runnable> tasks = new ArrayDeque<>();
    TrustStore other = TrustStore.open(path, clock(), tasks::add, 3);
    assertTrue(other.accept("carol", A));
    assertTrue(other.accept("dave", A));
    assertTrue(one.accept("alice", A));
    assertTrue(one.accept("bob", A));
    tasks.remove().run();
    assertEquals(
        List.of("alice", "bob", "carol"), other.list().stream().map(KnownKey::name).toList());
    assertEquals(open().list(), other.list());
  }

  @Test
  void fileThatIsGoneOrBecameShorterIsWrittenAnew() throws IOException {
    TrustStore store = open();
    assertTrue(store.accept("alice", A));
    assertTrue(store.markVerified("bob", B));
    Files.delete(path);
    assertTrue(store.accept("carol", A));
    assertEquals(store.list(), open().list());
    assertEquals(3, store.list().size());

    byte[] content = Files.readAllBytes(path);
    String header = lines().get(0);
    Files.write(path, Arrays.copyOf(content, header.length() + 50));
    store.refresh();
    assertEquals(3, store.list().size());
    assertTrue(store.accept("dave", A));
    assertNotEquals(header, lines().get(0));
    assertEquals(store.list(), open().list());
    assertEquals(4, store.list().size());
  }

  @Test
  void manyThreadsAndStoresAddAtOnce() throws Exception {
    List<TrustStore> stores = List.of(TrustStore.open(path), TrustStore.open(path));
    List<LeafCredential> credentials = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      credentials.add(somebody("user" + i));
    }
    ExecutorService threads = Executors.newFixedThreadPool(4);
    Collection<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < credentials.size(); i++) {
      LeafCredential credential = credentials.get(i);
      TrustStore store = stores.get(i % 2);
      all.add(
          threads.submit(
              () -> {
                store.met(credential);
                return store.standing(credential);
              }));
    }
    for (Future<?> each : all) {
      var unused = each.get();
    }
    threads.shutdown();
    for (TrustStore store : stores) {
      store.close();
    }
    assertEquals(24, open().list().size());
    assertEquals(25, lines().size());
  }

  /** What the other process of {@link #twoProcessesShareAFile} does. */
  static final class OtherProcess {
    private OtherProcess() {}

    /** Accepts as many names as the second argument says in the file that the first one names. */
    public static void main(String[] arguments) throws IOException {
      try (TrustStore store = TrustStore.open(Path.of(arguments[0]))) {
        System.out.println("open");
        int unused = System.in.read();
        for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
          var remembered = store.accept("theirs" + i, A);
          remembered &= store.accept("guest", A);
          if (!remembered) {
            throw new IOException("full");
          }
          store.forget("guest");
          store.flush();
        }
      }
    }
  }

  @Test
  void twoProcessesShareAFile() throws Exception {
    int names = 60;
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                OtherProcess.class.getName(),
                path.toString(),
                "" + names)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    TrustStore store = open();
    try (BufferedReader output = other.inputReader()) {
      assertEquals("open", output.readLine());
      other.outputWriter().write("go\n");
      other.outputWriter().flush();
      for (int i = 0; i < names; i++) {
        assertTrue(store.accept("ours" + i, B));
        assertTrue(store.accept("visitor", B));
        store.forget("visitor");
      }
      assertEquals(0, other.waitFor());
    } finally {
      other.destroy();
    }
    store.refresh();
    for (TrustStore each : List.of(store, open())) {
      assertEquals(2 * names, each.list().size());
      for (int i = 0; i < names; i++) {
        assertEquals(A, each.keys("theirs" + i).get(0).fingerprint());
        assertEquals(B, each.keys("ours" + i).get(0).fingerprint());
      }
    }
    assertTrue(lines().size() <= 1 + 2 * (2 * names + 2) + TrustFile.SPARE_LINES);
  }
}
