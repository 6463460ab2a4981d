/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.perc4j.e2e.identity.TrustStore;
import org.perc4j.e2e.mls.Acquaintance.Standing;
import org.perc4j.e2e.mls.CredentialValidator;
import org.perc4j.e2e.mls.EndpointIdentity;
import org.perc4j.e2e.mls.GroupPolicy;
import org.perc4j.e2e.mls.MlsGroup;
import org.perc4j.e2e.mls.MlsGroup.Announcement;
import org.perc4j.e2e.mls.RefusedException;
import org.perc4j.e2e.mls.RefusedException.Reason;
import org.perc4j.e2e.mls.TrustOnFirstUse;
import org.perc4j.e2e.mls.TrustOnFirstUse.WhenChanged;
import org.perc4j.e2e.protocol.MessageKind;
import org.perc4j.e2e.protocol.SessionEvent;
import org.perc4j.e2e.protocol.SessionEvent.Degraded.Cause;
import org.perc4j.e2e.room.RoomEvent;

/** Members who do not agree whom to accept: nobody is alone without everybody knowing. */
class NotAcceptedTest {
  private final Party party = new Party();
  private final EndpointIdentity bob = Party.identity("bob");
  private final List<TrustStore> stores = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    for (TrustStore store : stores) {
      store.close();
    }
  }

  private static CredentialValidator refusing(EndpointIdentity somebody) {
    return credential -> {
      if (credential.fingerprint().equals(somebody.fingerprint())) {
        throw new RefusedException(Reason.CREDENTIAL, credential.name() + " has another key");
      }
    };
  }

  private void enter(String name, CredentialValidator validator) {
    party.enter(name, Party.identity(name), validator);
  }

  private void enter(String... names) {
    for (String name : names) {
      enter(name, credential -> {});
    }
  }

  private void pass(long millis) {
    party.time.pass(Duration.ofMillis(millis));
  }

  private <T extends SessionEvent> List<T> heard(String name, Class<T> type) {
    return party.guest(name).events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  private List<Cause> degraded(String name) {
    return heard(name, SessionEvent.Degraded.class).stream()
        .map(SessionEvent.Degraded::cause)
        .toList();
  }

  private Set<String> roster(String name) {
    return new TreeSet<>(party.guest(name).group().roster().names().values());
  }

  private void assertKnown(String by, String who, String because) {
    List<SessionEvent.DoesNotFollow> told = heard(by, SessionEvent.DoesNotFollow.class);
    assertTrue(
        told.stream()
            .anyMatch(
                event -> event.occupant().equals(who) && event.because().name().equals(because)),
        by + " was told " + told);
  }

  @Test
  void whoDoesNotAcceptSomebodyIsToldAndSoIsEverybodyElse() {
    enter("a", refusing(bob));
    enter("c", "d");
    pass(3000);
    party.assertTogether("a", "c", "d");
    party.enter("bob", bob, credential -> {});
    pass(1200); // c adds bob when a did not
    assertEquals(Set.of("a", "bob", "c", "d"), roster("c"));
    assertEquals(List.of(Cause.NOT_ACCEPTED), degraded("a"));
    for (String other : List.of("bob", "c", "d")) {
      assertKnown(other, "a", "bob");
      assertEquals(List.of(), degraded(other), other);
    }
  }

  /** Bob's step into the group, who was not let in. */
  private byte[] bobsStepFromOutside() throws RefusedException {
    GroupPolicy policy =
        new GroupPolicy(party.room.channel("bob").room(), unused -> {}, 100, party.time.clock());
    return MlsGroup.joinFromOutside(
            new Announcement(bob, policy, "bob"), party.guest("c").group().groupInfo(), policy)
        .commit();
  }

  @Test
  void aServerThatSaysSomebodysStepFromOutsideIsAMembersMakesNobodyFallOut() throws Exception {
    enter("a", refusing(bob));
    enter("c", "d");
    pass(3000);
    Stranger stranger = new Stranger(party, "stranger");
    party.room.intercept(
        (recipient, event) ->
            event instanceof RoomEvent.Received received
                    && received.kind().equals(MessageKind.COMMIT)
                    && received.occupant().equals("stranger")
                ? recipient.equals("a")
                    ? List.of(
                        new RoomEvent.Received("c", true, MessageKind.COMMIT, received.octets()))
                    : List.of()
                : List.of(event));
    stranger.broadcast(MessageKind.COMMIT, bobsStepFromOutside());
    pass(10_000);
    assertTrue(party.guest("a").reasons.contains(Reason.CREDENTIAL));
    assertEquals(List.of(), degraded("a"));
    stranger.channel.leave();
    party.assertTogether("a", "c", "d");
  }

  @Test
  void whoDoesNotAcceptOneWhoCameFromOutsideIsToldWhenTheOthersGoOn() {
    enter("a", refusing(bob));
    enter("c", "d");
    pass(3000);
    party.lose(MessageKind.ANNOUNCE);
    party.enter("bob", bob, credential -> {});
    pass(20_000);
    assertEquals(Set.of("a", "bob", "c", "d"), roster("c"));
    party.leave("d");
    pass(10_000);
    assertEquals(Set.of("a", "bob", "c"), roster("c"));
    assertTrue(degraded("a").contains(Cause.NOT_ACCEPTED), () -> "" + party.guest("a").events);
    assertKnown("c", "a", "bob");
  }

  @Test
  void whoDoesNotFollowDoesNotRaceTheOthers() {
    enter("a", refusing(bob));
    enter("c", "d");
    pass(3000);
    party.enter("bob", bob, credential -> {});
    pass(3000);
    long epoch = party.guest("a").group().moment().epoch();
    enter("e");
    pass(2000);
    party.leave("d");
    pass(60_000);
    assertEquals(Set.of("a", "bob", "c", "e"), roster("c"));
    assertEquals(Set.of("a", "bob", "c", "e"), roster("e"));
    assertEquals(epoch, party.guest("a").group().moment().epoch());
    assertKnown("e", "a", "bob");
    // it says so once, however often it asks
    assertEquals(List.of(Cause.NOT_ACCEPTED), degraded("a"));
  }

  @Test
  void whoDidNotFollowIsBackWhenThatOneHasLeft() {
    enter("a", refusing(bob));
    enter("c", "d");
    pass(3000);
    party.enter("bob", bob, credential -> {});
    pass(30_000);
    party.leave("bob");
    pass(20_000);
    party.assertTogether("a", "c", "d");
    assertNotNull(party.guest("a").last(SessionEvent.Recovered.class));
    for (String other : List.of("c", "d")) {
      assertEquals(1, heard(other, SessionEvent.Follows.class).size(), other);
    }
  }

  @Test
  void aNewcomerWhoDoesNotAcceptAMemberIsToldAndSoAreTheMembers() {
    party.enter("bob", bob, credential -> {});
    enter("c");
    pass(3000);
    enter("a", refusing(bob));
    pass(15_000);
    assertTrue(degraded("a").contains(Cause.NOT_ACCEPTED), () -> "" + party.guest("a").events);
    assertKnown("c", "a", "bob");
    assertKnown("bob", "a", "bob");
    party.leave("bob");
    pass(30_000);
    party.assertTogether("a", "c");
  }

  @Test
  void oneWhoLetsSomebodyInDoesNotStopAllOthers() {
    enter("a");
    for (String name : List.of("b", "c", "d")) {
      enter(name, refusing(bob));
    }
    pass(3000);
    party.enter("bob", bob, credential -> {});
    pass(3000);
    assertEquals(Set.of("a", "b", "bob", "c", "d"), roster("a"));
    for (String name : List.of("b", "c", "d")) {
      assertEquals(Set.of("a", "b", "c", "d"), roster(name));
      assertKnown("a", name, "bob");
    }
    // most are where they were: they go on
    party.leave("d");
    pass(5000);
    assertEquals(Set.of("a", "b", "c"), roster("b"));
    assertTrue(
        Arrays.equals(
            party.guest("b").group().authenticator(), party.guest("c").group().authenticator()));
    assertFalse(roster("b").contains("bob"));
    party.leave("bob");
    pass(30_000);
    party.assertTogether("a", "b", "c");
  }

  @Test
  void aNewPhoneIsToldAndSplitsNothing(@TempDir Path folder) throws Exception {
    for (String name : List.of("a", "c")) {
      TrustStore store = TrustStore.open(folder.resolve(name));
      stores.add(store);
      enter(name, new TrustOnFirstUse(store, WhenChanged.TELL));
    }
    party.enter("bob", bob, credential -> {});
    pass(3000);
    party.assertTogether("a", "bob", "c");
    party.leave("bob");
    pass(3000);
    party.enter("bob", Party.identity("bob"), credential -> {});
    pass(3000);
    party.assertTogether("a", "bob", "c");
    for (String name : List.of("a", "c")) {
      assertEquals(
          List.of(Standing.FIRST_MET, Standing.CHANGED),
          heard(name, SessionEvent.MemberJoined.class).stream()
              .filter(joined -> joined.member().name().equals("bob"))
              .map(SessionEvent.MemberJoined::standing)
              .toList(),
          name);
      assertEquals(List.of(), degraded(name), name);
    }
  }

  @Test
  void aNewPhoneOfSomebodyWhoWasVerifiedIsRefusedByWhoVerifiedIt(@TempDir Path folder)
      throws Exception {
    TrustStore store = TrustStore.open(folder.resolve("a"));
    stores.add(store);
    var unused = store.markVerified("bob", bob.fingerprint());
    enter("a", new TrustOnFirstUse(store, WhenChanged.TELL));
    enter("c");
    pass(3000);
    EndpointIdentity newPhone = Party.identity("bob");
    party.enter("bob", newPhone, credential -> {});
    pass(3000);
    assertEquals(List.of(Cause.NOT_ACCEPTED), degraded("a"));
    assertKnown("c", "a", "bob");
    // they compare codes again, and a is back by itself
    unused = store.markVerified("bob", newPhone.fingerprint());
    pass(30_000);
    party.assertTogether("a", "bob", "c");
  }
}
