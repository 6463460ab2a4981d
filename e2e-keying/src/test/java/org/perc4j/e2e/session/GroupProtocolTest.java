/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.perc4j.e2e.mls.EndpointIdentity;
import org.perc4j.e2e.mls.GroupMoment;
import org.perc4j.e2e.mls.MlsGroup;
import org.perc4j.e2e.mls.RefusedException;
import org.perc4j.e2e.mls.RefusedException.Reason;
import org.perc4j.e2e.protocol.EventLoop;
import org.perc4j.e2e.protocol.MessageKind;
import org.perc4j.e2e.protocol.ProtocolTiming;
import org.perc4j.e2e.protocol.SessionEvent;
import org.perc4j.e2e.room.RoomEvent;

class GroupProtocolTest {
  private final Party party = new Party();

  private void enter(String... occupants) {
    for (String occupant : occupants) {
      party.enter(occupant);
    }
  }

  private void pass(long millis) {
    party.time.pass(Duration.ofMillis(millis));
  }

  @Test
  void theFirstOccupantMakesTheGroup() {
    enter("a");
    pass(0);
    party.assertTogether("a");
    assertEquals(1, party.guest("a").keys.size());
  }

  @Test
  void membersJoinOneByOne() {
    for (String name : List.of("a", "b", "c", "d", "e")) {
      enter(name);
      pass(200);
      party.assertTogether(party.guests.keySet());
    }
    assertEquals(4, party.guest("a").group().moment().epoch());
  }

  @Test
  void aBurstOfJoinersIsAddedInOneCommit() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      names.add("m" + i);
    }
    names.forEach(this::enter);
    pass(200);
    party.assertTogether(names);
    assertEquals(1, party.guest("m0").group().moment().epoch());
  }

  @Test
  void whoLeavesIsRemovedAtOnce() {
    enter("a", "b", "c");
    pass(200);
    party.leave("b");
    pass(0);
    party.assertTogether("a", "c");
  }

  @Test
  void theNextMemberCommitsWhenTheCommitterLeaves() {
    enter("a", "b", "c");
    pass(200);
    party.leave("a");
    pass(0);
    party.assertTogether("b", "c");
  }

  @Test
  void theLastMemberMakesANewGroup() {
    enter("a", "b");
    pass(200);
    byte[] before = party.guest("b").group().moment().groupId();
    party.leave("a");
    pass(1000);
    party.assertTogether("b");
    assertFalse(Arrays.equals(before, party.guest("b").group().moment().groupId()));
    enter("c");
    pass(200);
    party.assertTogether("b", "c");
  }

  @Test
  void theNextMemberCommitsWhenTheCommitterIsSilent() {
    enter("a", "b", "c");
    pass(200);
    // a's connection hangs, and the server has not noticed
    party.room.disconnect("a");
    enter("d");
    pass(500);
    assertFalse(party.guest("d").isMember());
    pass(700);
    assertTrue(party.guest("d").isMember());
    assertEquals(4, party.guest("d").group().roster().size());
  }

  @Test
  void whoOnlyListensCommitsWhenNobodyElseIsLeft() {
    List<String> committers = new ArrayList<>();
    party.room.intercept(
        (recipient, event) -> {
          if (event instanceof RoomEvent.Received received
              && received.kind().equals(MessageKind.COMMIT)
              && received.occupant().equals(recipient)) {
            committers.add(recipient);
          }
          return List.of(event);
        });
    party.listen("first"); // makes the group: nobody else is there
    pass(200);
    enter("a");
    party.listen("second");
    pass(200);
    assertEquals(List.of("first"), committers); // let both in
    committers.clear();

    enter("b");
    pass(200);
    party.listen("third");
    pass(200);
    party.leave("b");
    pass(0);
    assertEquals(List.of("a", "a", "a"), committers);
    committers.clear();

    // the only speaker's connection hangs, and the server has not noticed
    party.room.disconnect("a");
    enter("c");
    pass(1200);
    assertEquals(List.of("first"), committers);
    party.room.reconnect("a", true);
    pass(0);
    committers.clear();

    party.leave("a");
    pass(0);
    party.leave("c");
    pass(0);
    assertEquals(List.of("c", "first"), committers);
    party.assertTogether("first", "second", "third");
  }

  @Test
  void aMemberThatWasCutOffComesBack() {
    enter("a", "b", "c");
    pass(2000);
    party.room.disconnect("b");
    pass(1000);
    enter("d");
    pass(1000);
    party.room.reconnect("b", false);
    pass(5000);
    party.assertTogether("a", "b", "c", "d");
    assertNotNull(party.guest("b").last(SessionEvent.Degraded.class));
    assertNotNull(party.guest("b").last(SessionEvent.Recovered.class));
  }

  @Test
  void aResumedConnectionMissesNothing() {
    enter("a", "b", "c");
    pass(2000);
    party.room.disconnect("b");
    enter("d");
    pass(500);
    party.leave("c");
    pass(500);
    party.room.reconnect("b", true);
    pass(0);
    party.assertTogether("a", "b", "d");
  }

  /** Somebody is removed, the last other one leaves, and in between the connection is cut. */
  @Test
  void whoIsAloneAfterARemovalAndACutHasANewGroup() {
    for (boolean heardRemoval : new boolean[] {true, false}) {
      for (boolean resumed : new boolean[] {true, false}) {
        for (long away : new long[] {0, 500, 30_000, 70_000}) {
          String what = heardRemoval + ", " + resumed + ", " + away;
          Party alone = new Party();
          List.of("a", "b", "c").forEach(alone::enter);
          alone.time.pass(Duration.ofSeconds(2));
          GroupMoment before = alone.guest("a").group().moment();
          alone.leave("c");
          if (heardRemoval) {
            alone.time.pass(Duration.ofMillis(50));
            assertEquals(2, alone.guest("a").group().roster().size(), what);
          }
          alone.room.disconnect("a");
          alone.time.pass(Duration.ofMillis(500));
          alone.leave("b");
          alone.time.pass(Duration.ofMillis(away));
          alone.room.reconnect("a", resumed);
          alone.time.pass(Duration.ofMillis(1100)); // committerTimeout, and then it is alone

          MlsGroup group = alone.guest("a").group();
          assertEquals(1, group.roster().size(), what);
          assertFalse(group.moment().sameGroup(before), what);
          assertTrue(alone.guest("a").sending, what);
          if (!resumed) {
            // the room may have forgotten everybody: b is waited for as long as anybody may be
            alone.time.pass(ProtocolTiming.DEFAULT.reunionLimit());
          }
          List<String> keys = alone.guest("a").keys;
          assertTrue(keys.get(keys.size() - 1).startsWith("1 members at once"), what + keys);
          alone.enter("d");
          alone.time.pass(Duration.ofSeconds(1));
          alone.assertTogether("a", "d");
        }
      }
    }
  }

  /** A server that loses what one kind of message says. */
  @Test
  void aNewcomerJoinsFromOutsideWhenItIsNotWelcomed() {
    enter("a", "b");
    pass(3000);
    party.lose(MessageKind.ANNOUNCE);
    enter("c");
    pass(8900); // joinTimeout, and twice that
    assertFalse(party.guest("c").isMember());
    pass(200);
    party.assertTogether("a", "b", "c");
  }

  /** Its Welcome took so long that it had announced itself again, and was added by that as well. */
  @Test
  void whoIsLetInTwiceFollowsTheSecondWelcome() {
    enter("a", "b");
    pass(3000);
    List<RoomEvent> late = new ArrayList<>();
    List<String> announced = new ArrayList<>();
    party.room.intercept(
        (recipient, event) -> {
          boolean message = event instanceof RoomEvent.Received;
          if (recipient.equals("a")
              && event instanceof RoomEvent.Received received
              && received.kind().equals(MessageKind.ANNOUNCE)) {
            announced.add(received.occupant());
          }
          if (message && recipient.equals("c") && !isEcho(event)) {
            late.add(event);
            return List.of();
          }
          return List.of(event);
        });
    Party.Guest c = party.enter("c");
    pass(3500); // joinTimeout, and then it announced itself again
    assertEquals(List.of("c", "c"), announced);
    long before = party.guest("a").group().moment().epoch();
    party.room.intercept((recipient, event) -> List.of(event));
    late.forEach(event -> party.time.execute(() -> c.protocol.onEvent(event)));
    pass(5000);
    party.assertTogether("a", "b", "c");
    assertEquals(before, party.guest("a").group().moment().epoch());
    assertEquals(List.of("c", "c"), announced);
  }

  private static boolean isEcho(RoomEvent event) {
    return event instanceof RoomEvent.Received received && received.kind().equals(MessageKind.ECHO);
  }

  /** In a slow room, a message takes so long; other things that happen are told at once. */
  private void slowDown(Duration lag, Predicate<RoomEvent.Received> lost) {
    party.room.intercept(
        (recipient, event) -> {
          if (!(event instanceof RoomEvent.Received received)) {
            return List.of(event);
          }
          if (!lost.test(received)) {
            EventLoop.Timer unused =
                party.time.schedule(lag, () -> party.guest(recipient).protocol.onEvent(event));
          }
          return List.of();
        });
  }

  /** Does so, and returns who said something of a kind, once for each who was to be told. */
  private List<String> slowDown(Duration lag, String kind, Predicate<RoomEvent.Received> lost) {
    List<String> senders = new ArrayList<>();
    slowDown(
        lag,
        message -> {
          if (message.kind().equals(kind)) {
            senders.add(message.occupant());
          }
          return lost.test(message);
        });
    return senders;
  }

  @Test
  void nobodyCommitsInPlaceOfAMemberWhoseCommitIsOnItsWay() {
    enter("a", "b", "c");
    pass(3000);
    List<String> committers = slowDown(Duration.ofSeconds(8), MessageKind.COMMIT, message -> false);
    enter("d");
    pass(30_000);
    party.assertTogether("a", "b", "c", "d");
    assertEquals(Set.of("a"), Set.copyOf(committers));
    assertEquals(4, committers.size(), "each was told once");
  }

  @Test
  void theNextMemberCommitsWhenItHearsNeitherTheCommitterNorItself() {
    enter("a", "b", "c");
    pass(3000);
    party.room.intercept(
        (recipient, event) ->
            event instanceof RoomEvent.Received received
                    && (isEcho(event)
                        || (received.kind().equals(MessageKind.COMMIT)
                            && received.occupant().equals("a")))
                ? List.of()
                : List.of(event));
    enter("d");
    pass(10_900); // batchDelay, committerTimeout, and how long an echo may take
    assertFalse(party.guest("d").isMember());
    pass(300);
    assertTrue(party.guest("d").isMember());
    assertEquals(4, party.guest("b").group().roster().size());
  }

  @Test
  void whoBecomesTheFirstMemberInASlowRoomCommitsAtOnce() {
    enter("a", "b", "c");
    pass(3000);
    party.room.disconnect("a");
    List<String> committers = slowDown(Duration.ofSeconds(8), MessageKind.COMMIT, message -> false);
    enter("d");
    pass(12_000); // the announcement, and committerTimeout
    assertEquals(List.of(), committers);
    party.room.crash("a");
    pass(0);
    assertEquals(Set.of("b"), Set.copyOf(committers));
  }

  @Test
  void aNewcomerInASlowRoomAnnouncesItselfOnce() {
    enter("a", "b");
    pass(3000);
    List<String> announced =
        slowDown(Duration.ofSeconds(5), MessageKind.ANNOUNCE, message -> false);
    enter("c");
    pass(30_000);
    party.assertTogether("a", "b", "c");
    assertEquals(List.of("c", "c", "c"), announced, "to everybody once");
  }

  @Test
  void aRoomIsTakenForSlowNoLongerThanItIs() {
    enter("a", "b");
    pass(3000);
    slowDown(Duration.ofMillis(9900), message -> message.kind().equals(MessageKind.ANNOUNCE));
    enter("c");
    pass(40_000);
    assertFalse(party.guest("c").isMember());
    party.room.intercept((recipient, event) -> List.of(event));
    pass(20_000);
    party.assertTogether("a", "b", "c");
  }

  /** Steps from outside would get in each other's way, but are better than another group. */
  @Test
  void aNewcomerInASlowRoomJoinsFromOutsideOnlyBeforeItWouldMakeAGroup() {
    enter("a", "b");
    pass(3000);
    List<String> committers =
        slowDown(
            Duration.ofSeconds(2),
            MessageKind.COMMIT,
            message -> message.kind().equals(MessageKind.ANNOUNCE));
    Party.Guest c = party.enter("c");
    pass(40_000); // createTimeout, a fifth for two elders, and what a slow room takes
    assertEquals(List.of(), committers);
    assertFalse(c.isMember());
    pass(20_000);
    party.assertTogether("a", "b", "c");
    assertEquals(Set.of("c"), Set.copyOf(committers));
    assertEquals(1, c.keys.size());
  }

  /** Everything but announcements, commits and echoes is lost. */
  private void loseAnswers() {
    party.room.intercept(
        (recipient, event) ->
            event instanceof RoomEvent.Received received
                    && !received.kind().equals(MessageKind.ANNOUNCE)
                    && !received.kind().equals(MessageKind.COMMIT)
                    && !isEcho(event)
                ? List.of()
                : List.of(event));
  }

  @Test
  void aNewcomerWaitsForThoseWhoSeemToLetSomebodyInButNotForEver() {
    enter("a", "b");
    pass(3000);
    loseAnswers();
    Party.Guest c = party.enter("c");
    for (int i = 1; i < 12; i++) {
      pass(6000);
      enter("later" + i);
    }
    pass(8900);
    assertFalse(c.isMember());
    pass(200); // createTimeout and a fifth for two elders, three times again: 72 s; joinTimeout
    assertTrue(c.isMember());
  }

  @Test
  void aNewcomerWaitsNoLongerThanItHearsOfThem() {
    enter("a", "b");
    pass(3000);
    loseAnswers();
    Party.Guest c = party.enter("c");
    pass(17_000);
    party.room.disconnect("a");
    party.room.disconnect("b");
    pass(21_900);
    assertFalse(c.isMember());
    pass(200);
    assertTrue(c.isMember());
  }

  /** Such commits from somebody who is not accepted, or sent by somebody else. */
  @Test
  void aNewcomerWaitsForNobodyElse() {
    for (boolean accepted : new boolean[] {false, true}) {
      Party other = new Party();
      List.of("a", "b").forEach(other::enter);
      Stranger stranger = new Stranger(other, "stranger");
      other.time.pass(Duration.ofSeconds(3));
      other.room.intercept(
          (recipient, event) -> {
            if (!recipient.equals("c")
                || !(event instanceof RoomEvent.Received received)
                || isEcho(event)) {
              return List.of(event);
            }
            return received.kind().equals(MessageKind.COMMIT) && accepted
                ? List.of(
                    new RoomEvent.Received("stranger", true, MessageKind.COMMIT, received.octets()))
                : received.kind().equals(MessageKind.COMMIT) ? List.of(event) : List.of();
          });
      Party.Guest c =
          other.enter(
              "c",
              Party.identity("c"),
              credential -> {
                if (!accepted) {
                  throw new RefusedException(Reason.CREDENTIAL, credential.name());
                }
              });
      other.time.pass(Duration.ofMillis(22_400)); // of three elders, and joinTimeout
      assertFalse(c.isMember());
      other.time.pass(Duration.ofMillis(200));
      assertTrue(c.isMember(), "accepted: " + accepted);
      assertEquals(1, c.group().roster().size());
      stranger.channel.leave();
    }
  }

  @Test
  void aNewcomerDoesNotJoinFromOutsideWhileMembersMoveOn() {
    enter("a", "b");
    pass(3000);
    List<RoomEvent> late = new ArrayList<>();
    List<String> committers = new ArrayList<>();
    party.room.intercept(
        (recipient, event) -> {
          if (!(event instanceof RoomEvent.Received received)) {
            return List.of(event);
          }
          if (received.kind().equals(MessageKind.COMMIT) && recipient.equals("b")) {
            committers.add(received.occupant());
          }
          boolean answer = received.kind().equals(MessageKind.ANSWER) && late.size() < 2;
          if (answer) {
            late.add(event);
          }
          return answer
                  || (received.kind().equals(MessageKind.ANNOUNCE)
                      && received.occupant().equals("c"))
              ? List.of()
              : List.of(event);
        });
    Party.Guest c = party.enter("c");
    pass(9100); // joinTimeout, and twice that
    assertEquals(2, late.size());
    enter("d");
    pass(200);
    late.forEach(event -> party.time.execute(() -> c.protocol.onEvent(event)));
    pass(2700);
    assertEquals(List.of("a"), committers);
    assertFalse(c.isMember());
    pass(20_000);
    party.assertTogether("a", "b", "c", "d");
    assertEquals(List.of("a", "c"), committers);
  }

  /** As the other half of a group that was split has them. */
  @Test
  void commitsOfALaterEpochThatWereHeardBeforeDoNotKeepANewcomerFromJoiningFromOutside() {
    List<byte[]> commits = new ArrayList<>();
    party.room.intercept(
        (recipient, event) -> {
          if (event instanceof RoomEvent.Received received
              && received.kind().equals(MessageKind.COMMIT)) {
            commits.add(received.octets());
          }
          return List.of(event);
        });
    enter("a", "b");
    pass(3000);
    party.lose(MessageKind.ANNOUNCE);
    Party.Guest c = party.enter("c");
    pass(1000);
    byte[] later = commits.get(0).clone();
    // version, wire format, group id with its length, epoch (RFC 9420 section 6)
    int epoch = 2 + 2 + 1 + party.guest("a").group().moment().groupId().length;
    later[epoch + Long.BYTES - 1] ^= 0x10;
    party.time.execute(
        () -> c.protocol.onEvent(new RoomEvent.Received("a", true, MessageKind.COMMIT, later)));
    pass(14_000); // joinTimeout, and twice that, and once more since a commit was heard
    party.assertTogether("a", "b", "c");
  }

  @Test
  void aNewcomerMakesAGroupWhenNobodyAnswersAndAllComeTogetherLater() {
    enter("a", "b");
    pass(3000);
    party.room.disconnect("a");
    party.room.disconnect("b");
    enter("c");
    pass(20_900); // createTimeout, and a tenth of it for each of two elders; joinTimeout
    assertFalse(party.guest("c").isMember());
    pass(200);
    party.assertTogether("c");
    party.room.reconnect("a", true);
    party.room.reconnect("b", true);
    pass(10_000);
    party.assertTogether("a", "b", "c");
  }

  @Test
  void everybodyComesBackAfterTheServerRestarted() {
    enter("a", "b", "c", "d");
    pass(2000);
    party.room.restart();
    for (String name : List.of("a", "b", "c", "d")) {
      party.guest(name).keys.clear();
    }
    pass(1000);
    for (String name : List.of("c", "a", "d", "b")) {
      party.room.reconnect(name, false);
      pass(10);
    }
    pass(10_000);
    party.assertTogether("a", "b", "c", "d");
    for (String name : List.of("a", "b", "c", "d")) {
      List<String> keys = party.guest(name).keys;
      assertEquals(List.of("4 members soon"), keys, name);
    }
  }

  private String last(String name) {
    List<String> keys = party.guest(name).keys;
    return keys.get(keys.size() - 1);
  }

  @Test
  void whoDoesNotComeBackIsWaitedForTwentySeconds() {
    enter("a", "b", "c");
    pass(2000);
    int before = party.guest("a").keys.size();
    party.room.restart();
    pass(1000);
    party.room.reconnect("a", false);
    pass(1000);
    party.room.reconnect("b", false);
    pass(17_900);
    assertEquals(before, party.guest("a").keys.size());
    pass(200);
    party.assertTogether("a", "b");
    assertEquals("2 members at once", last("a"));
    assertEquals("2 members at once", last("b"));
  }

  @Test
  void whoComesBackAndLeavesIsNotWaitedFor() {
    enter("a", "b", "c", "d");
    pass(2000);
    party.room.restart();
    for (String name : List.of("a", "b", "c")) {
      party.room.reconnect(name, false);
    }
    pass(3000);
    party.assertTogether("a", "b", "c");
    int before = party.guest("a").keys.size();
    party.leave("c");
    pass(0);
    party.assertTogether("a", "b");
    assertEquals(before + 1, party.guest("a").keys.size());
    assertEquals("2 members at once", last("a"));
    assertEquals("2 members at once", last("b"));
  }

  @Test
  void whoWasAwayAloneHasTheNewKeysAtOnce() {
    enter("a", "b", "c");
    pass(2000);
    party.room.disconnect("b");
    pass(1000);
    party.room.reconnect("b", false);
    pass(1000);
    party.assertTogether("a", "b", "c");
    assertEquals("3 members at once", last("b"));
  }

  @Test
  void aConnectionThatIsResumedNeedsNoReunion() {
    enter("a", "b");
    pass(2000);
    party.room.disconnect("a");
    party.room.reconnect("a", true);
    int before = party.guest("a").keys.size();
    pass(60_000);
    assertEquals(before, party.guest("a").keys.size());
  }

  @Test
  void aMemberThatWasRemovedJoinsAgain() {
    EndpointIdentity identity = Party.identity("b");
    enter("a");
    party.enter("b", identity, credential -> {});
    enter("c");
    pass(200);
    party.leave("b");
    pass(200);
    party.assertTogether("a", "c");
    party.enter("b", identity, credential -> {});
    pass(200);
    party.assertTogether("a", "b", "c");
  }

  @Test
  void leavesAreRenewedBeforeTheirKeyPackagesEnd() {
    enter("a", "b", "c");
    pass(3000);
    long epoch = party.guest("a").group().moment().epoch();
    pass(ProtocolTiming.LEAF_RENEWAL.minusSeconds(10).toMillis());
    assertEquals(epoch, party.guest("a").group().moment().epoch());
    pass(Duration.ofHours(2).toMillis());
    // a renewed its leaf when it added the others, b and c each do so once
    party.assertTogether("a", "b", "c");
    assertEquals(epoch + 2, party.guest("a").group().moment().epoch());
    pass(Duration.ofDays(2).toMillis());
    assertEquals(epoch + 2, party.guest("a").group().moment().epoch());
  }
}
