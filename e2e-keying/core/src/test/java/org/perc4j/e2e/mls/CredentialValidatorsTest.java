/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.perc4j.e2e.mls.CredentialVectors.credential;
import static org.perc4j.e2e.mls.CredentialVectors.fingerprint;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.perc4j.e2e.mls.RefusedException.Reason;

/** Known answers are those of {@link CredentialVectors}. */
class CredentialValidatorsTest {
  private static final Clock IN_2027 = at("2027-06-01T00:00:00Z");

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
  void certificatesUnderARootAreAccepted(String label) throws RefusedException {
    roots("root", IN_2027).check(credential(label));
    new X509Roots(
            List.of(CredentialVectors.root("otherRoot"), CredentialVectors.root("root")), IN_2027)
        .check(credential(label));
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
  void certificatesThatDoNotProveTheNameAreRefused(String label) throws RefusedException {
    var unused = refused(roots("root", IN_2027), credential(label));
  }

  @Test
  void certificatesUnderAnUnknownRootAreRefused() throws RefusedException {
    // Both roots have the same name.
    for (String label : List.of("x509Ed25519", "x509WithRoot")) {
      var unused = refused(roots("otherRoot", IN_2027), credential(label));
    }
    assertThrows(IllegalArgumentException.class, () -> new X509Roots(List.of(), IN_2027));
  }

  @Test
  void certificatesAreAcceptedWhileValid() throws RefusedException {
    LeafCredential credential = credential("x509Expires2028");
    roots("root", at("2026-01-01T00:00:00Z")).check(credential);
    roots("root", at("2028-01-01T00:00:00Z")).check(credential);
    for (String time : List.of("2025-12-31T23:59:59Z", "2028-01-01T00:00:01Z")) {
      var unused = refused(roots("root", at(time)), credential);
    }
  }

  @Test
  void revocationIsCheckedIfListsAreGiven() throws RefusedException {
    List<byte[]> lists = CredentialVectors.revocationLists();
    withLists(lists).check(credential("x509Ed25519"));
    assertTrue(refused(withLists(lists), credential("x509P256Mail")).contains("revoked"));
    var unused = refused(withLists(lists.subList(0, 1)), credential("x509Ed25519"));
    roots("root", IN_2027).check(credential("x509P256Mail"));
  }

  private static String refused(CredentialValidator validator, LeafCredential credential) {
    RefusedException e = assertThrows(RefusedException.class, () -> validator.check(credential));
    assertEquals(Reason.CREDENTIAL, e.reason());
    String why = String.valueOf(e.getMessage());
    assertTrue(why.contains(credential.name()), why);
    return why;
  }

  private static X509Roots roots(String root, Clock clock) {
    return new X509Roots(List.of(CredentialVectors.root(root)), clock);
  }

  private static X509Roots withLists(List<byte[]> lists) {
    return X509Roots.withRevocationLists(
        List.of(CredentialVectors.root("root")), IN_2027, () -> lists);
  }

  private static Clock at(String time) {
    return Clock.fixed(Instant.parse(time), ZoneOffset.UTC);
  }
}
