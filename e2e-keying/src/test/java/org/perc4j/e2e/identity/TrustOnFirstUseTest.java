/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.perc4j.e2e.mls.CredentialVectors.credential;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.perc4j.e2e.mls.Acquaintance;
import org.perc4j.e2e.mls.CredentialValidator;
import org.perc4j.e2e.mls.CredentialVectors;
import org.perc4j.e2e.mls.LeafCredential;
import org.perc4j.e2e.mls.RefusedException;
import org.perc4j.e2e.mls.RefusedException.Reason;
import org.perc4j.e2e.mls.TrustOnFirstUse;
import org.perc4j.e2e.mls.TrustOnFirstUse.WhenChanged;

/** With the store that keeps a file. Known answers are those of {@link CredentialVectors}. */
class TrustOnFirstUseTest {
  private static final Clock IN_2027 =
      Clock.fixed(Instant.parse("2027-06-01T00:00:00Z"), ZoneOffset.UTC);

  private final Path folder;

  TrustOnFirstUseTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void firstKeyOfANameStays() throws IOException, RefusedException {
    Path path = folder.resolve("known");
    TrustStore first = TrustStore.open(path);
    TrustOnFirstUse known = new TrustOnFirstUse(first, WhenChanged.TELL);
    LeafCredential alice = credential("rawEd25519");
    LeafCredential other = credential("x509Ed25519");
    known.check(alice);
    known.check(other);
    known.adopted(alice);
    first.close();

    TrustStore again = TrustStore.open(path);
    for (TrustStore store : List.of(first, again)) {
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
    Known known = known(TrustStore.MAX_KEYS, WhenChanged.TELL);
    known.validator.check(credential("rawEd25519"));
    assertEquals(List.of(), known.store.list());
    assertFalse(Files.exists(folder.resolve("known")));
  }

  @Test
  void acceptedAndVerifiedKeysOfANameAreAllAccepted() throws IOException, RefusedException {
    LeafCredential alice = credential("rawEd25519");
    LeafCredential other = credential("x509Ed25519");
    for (WhenChanged whenChanged : WhenChanged.values()) {
      Known known = known(TrustStore.MAX_KEYS, whenChanged);
      known.validator.adopted(alice);
      assertTrue(known.store.markVerified(alice.name(), alice.fingerprint()));
      var unused = refused(known.validator, other);
      assertTrue(known.store.accept(other.name(), other.fingerprint()));
      known.validator.check(other);
      known.validator.check(alice);
      known.store.forget(alice.name());
      known.validator.check(credential("x509P256Mail"));
    }
  }

  @Test
  void changedKeyIsToldOfUnlessTheNameWasVerified() throws IOException, RefusedException {
    Known known = known(TrustStore.MAX_KEYS, WhenChanged.TELL);
    LeafCredential alice = credential("rawEd25519");
    LeafCredential other = credential("x509Ed25519");
    known.validator.adopted(alice);
    known.validator.check(other);
    known.validator.adopted(other);
    assertEquals(Acquaintance.Standing.CHANGED, known.store.standing(other).standing());

    assertTrue(known.store.markVerified(alice.name(), alice.fingerprint()));
    String why = refused(known.validator, other);
    assertTrue(why.contains(alice.fingerprint()) && why.contains(other.fingerprint()), why);
    known.validator.check(alice);
  }

  @Test
  void refusesUnknownNamesWhenFull() throws IOException, RefusedException {
    Known known = known(1, WhenChanged.TELL);
    known.validator.adopted(credential("rawEd25519"));
    known.validator.check(credential("rawEd25519"));
    known.validator.check(credential("x509Ed25519"));
    var unused = refused(known.validator, credential("rawP256"));
    known.validator.adopted(credential("rawP256"));
    assertEquals(1, known.store.list().size());
  }

  private record Known(TrustStore store, TrustOnFirstUse validator) {}

  private Known known(int maxKeys, WhenChanged whenChanged) throws IOException {
    TrustStore store = TrustStore.open(folder.resolve("known"), IN_2027, Runnable::run, maxKeys);
    return new Known(store, new TrustOnFirstUse(store, whenChanged));
  }

  private static String refused(CredentialValidator validator, LeafCredential credential) {
    RefusedException e = assertThrows(RefusedException.class, () -> validator.check(credential));
    assertEquals(Reason.CREDENTIAL, e.reason());
    return String.valueOf(e.getMessage());
  }
}
