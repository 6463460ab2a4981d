/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.perc4j.e2e.mls.CredentialVectors.credential;
import static org.perc4j.e2e.mls.CredentialVectors.fingerprint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CRL;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.TrustAnchor;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.perc4j.e2e.mls.RefusedException.Reason;
import org.perc4j.e2e.mls.TrustOnFirstUse.WhenChanged;

/** Known answers are those of {@link CredentialVectors}. */
class CredentialValidatorsTest {
  private static final Clock IN_2027 = at("2027-06-01T00:00:00Z");

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
    known.adopted(alice);
    known.store().close();

    TrustStore again = TrustStore.open(path);
    for (TrustStore store : List.of(known.store(), again)) {
      // tells unless it is told to refuse
      new TrustOnFirstUse(store, TrustOnFirstUse.WhenChanged.TELL).check(other);
      TrustOnFirstUse each = new TrustOnFirstUse(store, TrustOnFirstUse.WhenChanged.REFUSE);
      assertEquals(Acquaintance.Standing.CHANGED, each.standing(other));
      each.check(alice);
      each.check(credential("rawP256"));
      String why = refused(each, other);
      assertTrue(why.contains(alice.fingerprint()) && why.contains(other.fingerprint()), why);
      each.adopted(other);
      each.check(alice);
      var unused = refused(each, other);
    }
  }

  @Test
  void checkingRemembersNobody() throws IOException, RefusedException {
    TrustOnFirstUse known = known(TrustStore.MAX_KEYS, WhenChanged.TELL);
    known.check(credential("rawEd25519"));
    assertEquals(List.of(), known.store().list());
    assertFalse(Files.exists(folder.resolve("known")));
  }

  @Test
  void acceptedAndVerifiedKeysOfANameAreAllAccepted() throws IOException, RefusedException {
    LeafCredential alice = credential("rawEd25519");
    LeafCredential other = credential("x509Ed25519");
    for (WhenChanged whenChanged : WhenChanged.values()) {
      TrustOnFirstUse known = known(TrustStore.MAX_KEYS, whenChanged);
      known.adopted(alice);
      assertTrue(known.store().markVerified(alice.name(), alice.fingerprint()));
      var unused = refused(known, other);
      assertTrue(known.store().accept(other.name(), other.fingerprint()));
      known.check(other);
      known.check(alice);
      known.store().forget(alice.name());
      known.check(credential("x509P256Mail"));
    }
  }

  @Test
  void changedKeyIsToldOfUnlessTheNameWasVerified() throws IOException, RefusedException {
    TrustOnFirstUse known = known(TrustStore.MAX_KEYS, WhenChanged.TELL);
    LeafCredential alice = credential("rawEd25519");
    LeafCredential other = credential("x509Ed25519");
    known.adopted(alice);
    known.check(other);
    known.adopted(other);
    assertEquals(Acquaintance.Standing.CHANGED, known.store().standing(other).standing());

    assertTrue(known.store().markVerified(alice.name(), alice.fingerprint()));
    String why = refused(known, other);
    assertTrue(why.contains(alice.fingerprint()) && why.contains(other.fingerprint()), why);
    known.check(alice);
  }

  @Test
  void refusesUnknownNamesWhenFull() throws IOException, RefusedException {
    TrustOnFirstUse known = known(1, WhenChanged.TELL);
    known.adopted(credential("rawEd25519"));
    known.check(credential("rawEd25519"));
    known.check(credential("x509Ed25519"));
    var unused = refused(known, credential("rawP256"));
    known.adopted(credential("rawP256"));
    assertEquals(1, known.store().list().size());
  }

  private TrustOnFirstUse known(int maxKeys, WhenChanged whenChanged) throws IOException {
    TrustStore store = TrustStore.open(folder.resolve("known"), IN_2027, Runnable::run, maxKeys);
    return new TrustOnFirstUse(store, whenChanged);
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
