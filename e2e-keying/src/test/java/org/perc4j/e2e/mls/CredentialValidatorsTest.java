/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.perc4j.e2e.mls.CredentialVectors.ROOM;
import static org.perc4j.e2e.mls.CredentialVectors.credential;
import static org.perc4j.e2e.mls.CredentialVectors.fingerprint;
import static org.perc4j.e2e.mls.CredentialVectors.leafKey;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.CRL;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.TrustAnchor;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.perc4j.e2e.mls.RefusedException.Reason;

/** Known answers are those of {@link CredentialVectors}. */
class CredentialValidatorsTest {
  private static final Clock IN_2027 = at("2027-06-01T00:00:00Z");
  private static final String HEADER = "perc4j known identities 1\n";

  private final Path folder;

  CredentialValidatorsTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void pinnedNameWithItsKeyIsAccepted() throws RefusedException {
    PinnedFingerprints pinned =
        new PinnedFingerprints(
            Map.of(
                "alice@example.org",
                Set.of("0".repeat(64), fingerprint("rawEd25519"), fingerprint("x509Ed25519"))));
    pinned.check(credential("rawEd25519"));
    pinned.check(credential("x509Ed25519"));
    pinned.adopted(credential("rawEd25519"));
  }

  @Test
  void pinnedNameWithAnotherKeyIsRefused() throws RefusedException {
    PinnedFingerprints pinned =
        new PinnedFingerprints(Map.of("alice@example.org", Set.of("0".repeat(64))));
    String why = refused(pinned, credential("rawEd25519"));
    assertTrue(why.contains("0".repeat(64)) && why.contains(fingerprint("rawEd25519")), why);
  }

  @Test
  void nameThatIsNotPinnedIsRefused() throws RefusedException {
    PinnedFingerprints pinned =
        new PinnedFingerprints(Map.of("bob@example.org", Set.of(fingerprint("rawEd25519"))));
    assertTrue(refused(pinned, credential("rawEd25519")).contains("not on the list"));
    var unused = refused(new PinnedFingerprints(Map.of()), credential("rawEd25519"));
  }

  @Test
  void pinsAreChecked() {
    assertThrows(
        IllegalArgumentException.class, () -> new PinnedFingerprints(Map.of("", Set.of())));
    for (String fingerprint : List.of("", "0".repeat(63), "A".repeat(64), "0".repeat(65))) {
      assertThrows(
          IllegalArgumentException.class,
          () -> new PinnedFingerprints(Map.of("alice", Set.of(fingerprint))));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"x509Ed25519", "x509P256Mail", "x509Rsa", "x509NoKeyUsage", "x509WithRoot"})
  void certificatesUnderARootAreAccepted(String label)
      throws GeneralSecurityException, RefusedException {
    roots("root", IN_2027).check(credential(label));
    new X509Roots(Set.of(anchor("otherRoot"), anchor("root")), IN_2027).check(credential(label));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rawEd25519",
        "x509OtherName",
        "x509DnsName",
        "x509NoName",
        "x509StrangeName",
        "x509BrokenName",
        "x509NotForSignatures",
        "x509NoIssuer",
        "x509WrongIssuer",
        "x509IssuedByHolder",
      })
  void certificatesThatDoNotProveTheNameAreRefused(String label)
      throws GeneralSecurityException, RefusedException {
    var unused = refused(roots("root", IN_2027), credential(label));
  }

  @Test
  void certificatesUnderAnUnknownRootAreRefused()
      throws GeneralSecurityException, RefusedException {
    // Both roots have the same name.
    for (String label : List.of("x509Ed25519", "x509WithRoot")) {
      var unused = refused(roots("otherRoot", IN_2027), credential(label));
    }
    assertThrows(IllegalArgumentException.class, () -> new X509Roots(Set.of(), IN_2027));
  }

  @Test
  void certificatesAreAcceptedWhileValid() throws GeneralSecurityException, RefusedException {
    LeafCredential credential = credential("x509Expires2028");
    roots("root", at("2026-01-01T00:00:00Z")).check(credential);
    roots("root", at("2028-01-01T00:00:00Z")).check(credential);
    for (String time : List.of("2025-12-31T23:59:59Z", "2028-01-01T00:00:01Z")) {
      var unused = refused(roots("root", at(time)), credential);
    }
  }

  @Test
  void revocationIsCheckedIfListsAreGiven() throws GeneralSecurityException, RefusedException {
    List<CRL> lists = CredentialVectors.revocationLists();
    withLists(lists).check(credential("x509Ed25519"));
    assertTrue(refused(withLists(lists), credential("x509P256Mail")).contains("revoked"));
    var unused = refused(withLists(lists.subList(0, 1)), credential("x509Ed25519"));
    roots("root", IN_2027).check(credential("x509P256Mail"));
  }

  @Test
  void firstKeyOfANameStays() throws IOException, RefusedException {
    Path path = folder.resolve("known");
    TrustOnFirstUse known = TrustOnFirstUse.open(path);
    LeafCredential alice = credential("rawEd25519");
    LeafCredential other = credential("x509Ed25519");
    known.check(alice);
    known.check(other);
    assertFalse(Files.exists(path));
    known.adopted(alice);

    for (TrustOnFirstUse each : List.of(known, TrustOnFirstUse.open(path))) {
      each.check(alice);
      each.check(credential("rawP256"));
      String why = refused(each, other);
      assertTrue(why.contains(alice.fingerprint()) && why.contains(other.fingerprint()), why);
      each.adopted(other);
      each.check(alice);
    }
    assertEquals(
        HEADER + fingerprint("rawEd25519") + " alice@example.org\n", Files.readString(path));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
  }

  @Test
  void refusesUnknownNamesWhenFull() throws IOException, RefusedException {
    TrustOnFirstUse known = TrustOnFirstUse.open(folder.resolve("known"), 1);
    known.adopted(credential("rawEd25519"));
    known.check(credential("rawEd25519"));
    var unused = refused(known, credential("rawP256"));
    known.adopted(credential("rawP256"));
    assertEquals(2, Files.readAllLines(folder.resolve("known")).size());
  }

  @Test
  void corruptFileIsAnErrorAndLeftAlone() throws IOException {
    String entry = "0".repeat(64) + " alice\n";
    Path path = folder.resolve("known");
    for (String content :
        List.of(
            "",
            HEADER.trim(),
            "perc4j known identities 2\n",
            HEADER + "\n",
            HEADER + entry.trim(),
            HEADER + entry + "\n",
            HEADER + entry + entry,
            HEADER + entry + "1" + entry.substring(1),
            HEADER + entry.replace(" ", "\t"),
            HEADER + entry.replace(" alice", " "),
            HEADER + entry.replace(" alice", ""),
            HEADER + entry.replace("0", "g"),
            HEADER + entry.substring(1),
            HEADER + entry.replace("alice", "al\u202Eice"),
            HEADER + entry.replace("alice", "al\rice"))) {
      Files.writeString(path, content);
      assertThrows(IOException.class, () -> TrustOnFirstUse.open(path), content);
      assertEquals(content, Files.readString(path));
    }
    Files.write(
        path, (HEADER + entry.replace("a", "\u00FF")).getBytes(StandardCharsets.ISO_8859_1));
    assertThrows(IOException.class, () -> TrustOnFirstUse.open(path));
    Files.writeString(path, HEADER + entry);
    assertDoesNotThrow(() -> TrustOnFirstUse.open(path));
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw--w----"));
    assertThrows(IOException.class, () -> TrustOnFirstUse.open(path));
  }

  @Test
  void boundsTheFile() throws IOException {
    Path path = folder.resolve("known");
    StringBuilder content = new StringBuilder(HEADER);
    for (int i = 0; i < TrustOnFirstUse.MAX_ENTRIES; i++) {
      content.append("0".repeat(64)).append(' ').append(i).append('\n');
    }
    Files.writeString(path, content);
    var unused = TrustOnFirstUse.open(path);
    Files.writeString(path, content.append("0".repeat(64)).append(" one more\n"));
    assertThrows(IOException.class, () -> TrustOnFirstUse.open(path));
  }

  @Test
  void holdsAndTriesAgainWhenItCannotSave() throws IOException, RefusedException {
    Path path = folder.resolve("later").resolve("known");
    TrustOnFirstUse known = TrustOnFirstUse.open(path);
    known.adopted(credential("rawEd25519"));
    var unused = refused(known, credential("x509Ed25519"));
    assertThrows(IOException.class, known::save);

    var folderMade = Files.createDirectory(path.getParent());
    known.save();
    assertEquals(folderMade, path.getParent());
    var why = refused(TrustOnFirstUse.open(path), credential("x509Ed25519"));
    assertTrue(why.contains(fingerprint("rawEd25519")), why);
  }

  @Test
  void doesNotReplaceAFileThatBecameCorrupt() throws IOException, RefusedException {
    Path path = folder.resolve("known");
    TrustOnFirstUse known = TrustOnFirstUse.open(path);
    Files.writeString(path, "something else\n");
    known.adopted(credential("rawEd25519"));

    assertEquals("something else\n", Files.readString(path));
    assertThrows(IOException.class, known::save);
    var unused = refused(known, credential("x509Ed25519"));
  }

  @Test
  void validatorsOnOneFileKeepWhatEitherAdds() throws IOException, RefusedException {
    Path path = folder.resolve("known");
    TrustOnFirstUse one = TrustOnFirstUse.open(path);
    TrustOnFirstUse other = TrustOnFirstUse.open(path);
    one.adopted(credential("rawEd25519"));
    other.adopted(credential("x509Ed25519"));
    other.adopted(credential("rawP256"));

    for (TrustOnFirstUse each : List.of(one, other, TrustOnFirstUse.open(path))) {
      each.check(credential("rawEd25519"));
      var unused = refused(each, credential("x509Ed25519"));
    }
    TrustOnFirstUse.open(path).check(credential("rawP256"));
    assertEquals(3, Files.readAllLines(path).size());
  }

  @Test
  void manyThreadsAddAtOnce() throws Exception {
    Path path = folder.resolve("known");
    List<TrustOnFirstUse> validators =
        List.of(TrustOnFirstUse.open(path), TrustOnFirstUse.open(path));
    SecureRandom random = new SecureRandom();
    List<LeafCredential> credentials = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      credentials.add(
          LeafCredential.verify(
              EndpointIdentity.generate("user" + i, random).vouchFor(ROOM, "u", leafKey()),
              ROOM,
              leafKey()));
    }
    ExecutorService threads = Executors.newFixedThreadPool(4);
    Collection<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < credentials.size(); i++) {
      LeafCredential credential = credentials.get(i);
      TrustOnFirstUse validator = validators.get(i % 2);
      all.add(
          threads.submit(
              () -> {
                validator.check(credential);
                validator.adopted(credential);
                return null;
              }));
    }
    for (Future<?> each : all) {
      var unused = each.get();
    }
    threads.shutdown();
    assertEquals(25, Files.readAllLines(path).size());
  }

  private static String refused(CredentialValidator validator, LeafCredential credential) {
    RefusedException e = assertThrows(RefusedException.class, () -> validator.check(credential));
    assertEquals(Reason.CREDENTIAL, e.reason());
    String why = String.valueOf(e.getMessage());
    assertTrue(why.contains(credential.name()), why);
    return why;
  }

  private static X509Roots roots(String root, Clock clock) throws GeneralSecurityException {
    return new X509Roots(Set.of(anchor(root)), clock);
  }

  private static X509Roots withLists(List<CRL> lists) throws GeneralSecurityException {
    return X509Roots.withRevocationLists(
        Set.of(anchor("root")),
        IN_2027,
        CertStore.getInstance("Collection", new CollectionCertStoreParameters(lists)));
  }

  private static TrustAnchor anchor(String root) throws GeneralSecurityException {
    return new TrustAnchor(
        CredentialVectors.certificate(CredentialVectors.CREDENTIALS.get(root)), null);
  }

  private static Clock at(String time) {
    return Clock.fixed(Instant.parse(time), ZoneOffset.UTC);
  }
}
