/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.perc4j.e2e.mls.CredentialVectors.ROOM;
import static org.perc4j.e2e.mls.CredentialVectors.leafKey;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Known answers are those of {@link CredentialVectors}. */
class EndpointIdentityTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** A signer that answers when it is told to. */
  private static final class Later implements IdentitySigner {
    final List<byte[]> contents = new ArrayList<>();
    final List<Answer> answers = new ArrayList<>();

    @Override
    public void sign(byte[] content, Answer answer) {
      contents.add(content);
      answers.add(answer);
    }
  }

  /** Remembers what it was told. */
  private static final class Told implements EndpointIdentity.Voucher {
    final List<byte[]> credentials = new ArrayList<>();
    final List<String> faults = new ArrayList<>();

    @Override
    public void credential(byte[] octets) {
      credentials.add(octets);
    }

    @Override
    public void failed(String detail) {
      faults.add(detail);
    }
  }

  @Test
  void vouchesWhenTheSignerHasAnswered() throws GeneralSecurityException {
    Later signer = new Later();
    Told told = new Told();
    alice(signer).vouchFor(ROOM, "Alice", leafKey(), told);
    assertEquals(List.of(), told.credentials);

    signer.answers.get(0).signed(sign("rawEd25519", signer.contents.get(0)));
    assertEquals(1, told.credentials.size());
    assertArrayEquals(CredentialVectors.octets("rawEd25519"), told.credentials.get(0));
    assertEquals(List.of(), told.faults);
  }

  @Test
  void contentIsTheSignersToChange() throws GeneralSecurityException {
    Later signer = new Later();
    Told told = new Told();
    alice(signer).vouchFor(ROOM, "Alice", leafKey(), told);
    byte[] signature = sign("rawEd25519", signer.contents.get(0));
    signer.contents.get(0)[0] ^= 1;
    signer.answers.get(0).signed(signature);
    assertEquals(1, told.credentials.size());
  }

  @Test
  void tellsOfASignatureThatIsNotItsKeys() {
    for (byte[] signature : List.of(new byte[64], new byte[0], new byte[65])) {
      Later signer = new Later();
      Told told = new Told();
      alice(signer).vouchFor(ROOM, "Alice", leafKey(), told);
      signer.answers.get(0).signed(signature);
      assertEquals(List.of(), told.credentials);
      assertEquals(1, told.faults.size());
    }
  }

  @Test
  void tellsOfASignerThatFails() {
    Told told = new Told();
    alice((content, answer) -> answer.failed("token is gone"))
        .vouchFor(ROOM, "Alice", leafKey(), told);
    assertEquals(List.of("token is gone"), told.faults);
  }

  @Test
  void doesNotWaitForASigner() {
    EndpointIdentity later = alice(new Later());
    assertThrows(IllegalStateException.class, () -> later.vouchFor(ROOM, "Alice", leafKey()));
    EndpointIdentity failing = alice((content, answer) -> answer.failed("token is gone"));
    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> failing.vouchFor(ROOM, "A", leafKey()));
    assertEquals("token is gone", e.getMessage());
  }

  @Test
  void generatesKeysThatVouch() throws RefusedException {
    EndpointIdentity identity = EndpointIdentity.generate("alice", RANDOM);
    LeafCredential credential =
        LeafCredential.verify(identity.vouchFor(ROOM, "A", leafKey()), ROOM, leafKey());
    assertEquals(identity.fingerprint(), credential.fingerprint());
    assertArrayEquals(identity.subjectPublicKeyInfo(), credential.subjectPublicKeyInfo());
  }

  @Test
  void rejectsOtherKeys() throws RefusedException {
    for (String label : List.of("rawP384", "rawRsa")) {
      byte[] key = CredentialVectors.identityField(label);
      assertThrows(
          IllegalArgumentException.class,
          () -> EndpointIdentity.ofKey("a", key, (content, answer) -> {}));
    }
  }

  @Test
  void generatesKeysThatDiffer() {
    assertNotEquals(
        EndpointIdentity.generate("alice", RANDOM).fingerprint(),
        EndpointIdentity.generate("alice", RANDOM).fingerprint());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a\nb",
        "a\u0000",
        "\u202Ea",
        "\uD800",
        "a\u200B",
        "a\u00A0b",
        "a ",
        "e\u0301"
      })
  void rejectsNames(String name) {
    assertThrows(IllegalArgumentException.class, () -> EndpointIdentity.generate(name, RANDOM));
  }

  @Test
  void limitsWhatItVouchesFor() {
    EndpointIdentity identity = EndpointIdentity.generate("a".repeat(255), RANDOM);
    assertEquals(
        1396, identity.vouchFor("r".repeat(2047), "o".repeat(1023), new byte[1024]).length);
    assertThrows(
        IllegalArgumentException.class, () -> EndpointIdentity.generate("a".repeat(256), RANDOM));
    assertThrows(
        IllegalArgumentException.class, () -> identity.vouchFor("r".repeat(2048), "o", leafKey()));
    assertThrows(
        IllegalArgumentException.class, () -> identity.vouchFor("r", "o".repeat(1024), leafKey()));
    assertThrows(IllegalArgumentException.class, () -> identity.vouchFor("r", "o", new byte[1025]));
    assertThrows(IllegalArgumentException.class, () -> identity.vouchFor("r", "o", new byte[0]));
  }

  @Test
  void saysNothingAboutThePrivateKey() {
    String text = alice(new Later()).toString();
    assertTrue(text.contains("redacted") && text.contains("alice@example.org"), text);
  }

  private static EndpointIdentity alice(IdentitySigner signer) {
    try {
      return EndpointIdentity.ofKey(
          "alice@example.org",
          CredentialVectors.credential("rawEd25519").subjectPublicKeyInfo(),
          signer);
    } catch (RefusedException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] sign(String label, byte[] content) throws GeneralSecurityException {
    PrivateKey key = CredentialVectors.privateKey(label, "Ed25519");
    Signature signature = Signature.getInstance("Ed25519");
    signature.initSign(key);
    signature.update(content);
    return signature.sign();
  }
}
