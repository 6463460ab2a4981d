/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.perc4j.e2e.mls.EndpointIdentity;
import org.perc4j.e2e.mls.IdentitySigner;
import org.perc4j.e2e.protocol.SessionEvent;

/** Identities whose keys sign later, as tokens and WebCrypto do, or not at all. */
class LateSignerTest {
  private final Party party = new Party();

  /** Signs when it is told to. */
  private static final class Token implements IdentitySigner {
    private final KeyPair pair;
    final Queue<Runnable> signatures = new ArrayDeque<>();
    final Queue<Answer> answers = new ArrayDeque<>();
    int asked;

    Token() {
      try {
        pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
      } catch (GeneralSecurityException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void sign(byte[] content, Answer answer) {
      asked++;
      answers.add(answer);
      signatures.add(() -> answer.signed(sign(content)));
    }

    private byte[] sign(byte[] content) {
      try {
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(pair.getPrivate());
        signature.update(content);
        return signature.sign();
      } catch (GeneralSecurityException e) {
        throw new AssertionError(e);
      }
    }

    EndpointIdentity identity(String name) {
      return EndpointIdentity.ofKey(name, pair.getPublic().getEncoded(), this);
    }

    void signAll() {
      for (Runnable next = signatures.poll(); next != null; next = signatures.poll()) {
        next.run();
      }
    }

    void failAll() {
      signatures.clear();
      for (Answer next = answers.poll(); next != null; next = answers.poll()) {
        next.failed("gone");
      }
    }
  }

  private void pass(long millis) {
    party.time.pass(Duration.ofMillis(millis));
  }

  private Party.Guest enter(String name, Token token) {
    return party.enter(name, token.identity(name), credential -> {});
  }

  @Test
  void firstOneMakesTheGroupWhenItsKeyHasSigned() {
    Token token = new Token();
    Party.Guest a = enter("a", token);
    pass(1000);
    assertFalse(a.isMember());

    token.signAll();
    pass(0);
    assertTrue(a.isMember());
    assertEquals(1, token.asked);
  }

  @Test
  void joinsWhenItsKeyHasSigned() {
    party.enter("a");
    pass(1000);
    Token token = new Token();
    var unused = enter("b", token);
    pass(1000);
    token.signAll();
    pass(3000);
    party.assertTogether("a", "b");
  }

  @Test
  void asksNoMoreOftenThanSoManyTimesAtOnce() {
    party.enter("a");
    pass(1000);
    Token token = new Token();
    Party.Guest b = enter("b", token);
    pass(Duration.ofMinutes(10).toMillis());
    assertFalse(b.isMember());
    assertEquals(8, token.asked);
    assertDegraded(b, SessionEvent.Degraded.Cause.NOT_SIGNED);

    // by now it would make a group of its own, and goes over from there
    for (int i = 0; i < 6; i++) {
      token.signAll();
      pass(5000);
    }
    party.assertTogether("a", "b");
  }

  @Test
  void whatIsSignedTooLateIsNotUsed() {
    party.enter("a");
    pass(1000);
    Token token = new Token();
    Party.Guest b = enter("b", token);
    pass(1000);
    party.room.disconnect("b");
    pass(1000);
    token.signAll();
    pass(1000);
    assertNull(b.last(SessionEvent.EpochChanged.class));

    party.room.reconnect("b", false);
    pass(1000);
    token.signAll();
    pass(5000);
    party.assertTogether("a", "b");
  }

  @Test
  void triesAgainIfItsKeyDidNotSign() {
    Token token = new Token();
    Party.Guest a = enter("a", token);
    pass(100);
    token.failAll();
    pass(100);
    assertDegraded(a, SessionEvent.Degraded.Cause.NOT_SIGNED);
    pass(20_000);
    assertEquals(2, token.asked);
    token.signAll();
    pass(100);
    assertTrue(a.isMember());
    assertTrue(a.last(SessionEvent.Recovered.class) != null);
  }

  @Test
  void nothingHappensAfterTheEnd() {
    Token token = new Token();
    Party.Guest a = enter("a", token);
    pass(100);
    party.leave("a");
    int told = a.events.size();
    token.signAll();
    pass(60_000);
    assertEquals(told, a.events.size());
    assertFalse(a.isMember());
  }

  private static void assertDegraded(Party.Guest guest, SessionEvent.Degraded.Cause cause) {
    @Nullable SessionEvent last = guest.last(SessionEvent.Degraded.class);
    assertTrue(last instanceof SessionEvent.Degraded degraded && degraded.cause() == cause);
  }
}
