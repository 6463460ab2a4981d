/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.perc4j.e2e.mls.EndpointIdentity;
import org.perc4j.e2e.mls.GroupPolicy;
import org.perc4j.e2e.mls.MlsGroup;
import org.perc4j.e2e.mls.MlsGroup.Announcement;
import org.perc4j.e2e.mls.PinnedFingerprints;
import org.perc4j.e2e.mls.RefusedException;
import org.perc4j.e2e.mls.RefusedException.Reason;
import org.perc4j.e2e.protocol.MessageKind;
import org.perc4j.e2e.protocol.SessionEvent;
import org.perc4j.e2e.room.RoomChannel;
import org.perc4j.e2e.room.RoomEvent;
import org.perc4j.e2e.room.RoomException;

/**
 * What a malicious server, or an occupant without a credential, can do: each time it is refused and
 * reported, and the group goes on.
 */
class HostileRoomTest {
  private final Party party = new Party();
  private final List<RoomEvent.Received> heard = new ArrayList<>();
  private RoomChannel stranger;

  @BeforeEach
  void threeMembersAndAStranger() throws RoomException {
    party.room.intercept(
        (recipient, event) -> {
          if (recipient.equals("stranger") && event instanceof RoomEvent.Received received) {
            heard.add(received);
          }
          return List.of(event);
        });
    stranger = party.room.channel("stranger");
    party.enter("a");
    pass(0);
    stranger.enter(event -> {});
    party.enter("b");
    party.enter("c");
    pass(5000);
    party.assertTogether("a", "b", "c");
  }

  private void pass(long millis) {
    party.time.pass(Duration.ofMillis(millis));
  }

  private byte[] lastHeard(String kind) {
    for (int i = heard.size() - 1; i >= 0; i--) {
      if (heard.get(i).kind().equals(kind)) {
        return heard.get(i).octets();
      }
    }
    throw new AssertionError("no " + kind);
  }

  private void assertRefused(Reason reason, String... by) {
    for (String member : by) {
      assertTrue(
          party.guest(member).reasons.contains(reason),
          member + " refused only " + party.guest(member).refused);
    }
  }

  /** Everything still works: somebody joins, somebody leaves, all agree. */
  private void assertGoesOn() {
    party.enter("late");
    pass(5000);
    party.assertTogether("a", "b", "c", "late");
    party.leave("late");
    pass(1000);
    party.assertTogether("a", "b", "c");
  }

  @Test
  void aReplayedCommitIsRefused() throws RoomException {
    byte[] commit = lastHeard(MessageKind.COMMIT);
    long epoch = party.guest("a").group().moment().epoch();
    stranger.broadcast(MessageKind.COMMIT, commit);
    pass(0);
    assertRefused(Reason.PAST_EPOCH, "a", "b", "c");
    assertEquals(epoch, party.guest("a").group().moment().epoch());
    assertGoesOn();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 20, 100, 500})
  void aTruncatedCommitIsRefused(int length) throws RoomException {
    stranger.broadcast(MessageKind.COMMIT, Arrays.copyOf(lastHeard(MessageKind.COMMIT), length));
    pass(0);
    assertRefused(Reason.MALFORMED, "a", "b", "c");
    assertGoesOn();
  }

  @Test
  void aCommitChangedOnItsWayIsRefusedByThoseWhoGetIt() {
    Random random = new Random(1);
    party.room.intercept(
        (recipient, event) -> {
          if (event instanceof RoomEvent.Received received
              && received.kind().equals(MessageKind.COMMIT)
              && recipient.equals("b")
              && received.occupant().equals("a")) {
            byte[] changed = received.octets().clone();
            changed[changed.length - 1 - random.nextInt(30)] ^= 1;
            return List.of(new RoomEvent.Received("a", true, MessageKind.COMMIT, changed));
          }
          return List.of(event);
        });
    party.enter("d");
    pass(500);
    assertRefused(Reason.NOT_AUTHENTIC, "b");
    party.room.intercept((recipient, event) -> List.of(event));
    // they see what is published, and come together
    pass(20_000);
    party.assertTogether("a", "b", "c", "d");
    party.leave("d");
    pass(1000);
    party.assertTogether("a", "b", "c");
  }

  @Test
  void anOversizedMessageIsRefused() throws RoomException {
    stranger.broadcast(MessageKind.COMMIT, new byte[RoomChannel.MAX_MESSAGE_BYTES]);
    stranger.broadcast(MessageKind.ANNOUNCE, new byte[20_000]);
    pass(5000);
    assertRefused(Reason.UNSUPPORTED, "a", "b", "c");
    assertRefused(Reason.TOO_LARGE, "a", "b", "c");
    assertGoesOn();
  }

  @Test
  void noiseIsRefused() throws RoomException {
    Random random = new Random(2);
    for (int i = 0; i < 100; i++) {
      byte[] noise = new byte[random.nextInt(300)];
      random.nextBytes(noise);
      String kind = i % 2 == 0 ? MessageKind.COMMIT : MessageKind.WELCOME;
      stranger.broadcast(kind, noise);
    }
    stranger.broadcast("other", new byte[3]);
    stranger.publish(new byte[100]);
    pass(5000);
    assertRefused(Reason.UNSUPPORTED, "a", "b", "c");
    assertGoesOn();
  }

  @Test
  void aWithheldCommitIsNoticed() {
    party.room.intercept(
        (recipient, event) ->
            recipient.equals("b")
                    && event instanceof RoomEvent.Received received
                    && received.kind().equals(MessageKind.COMMIT)
                ? List.of()
                : List.of(event));
    party.enter("d");
    pass(500);
    party.room.intercept((recipient, event) -> List.of(event));
    pass(20_000);
    // b went its own way meanwhile; one half of the group went over to the other
    assertTrue(
        party.guests.values().stream()
            .anyMatch(guest -> guest.last(SessionEvent.Recovered.class) != null));
    party.assertTogether("a", "b", "c", "d");
  }

  @Test
  void reorderedCommitsEndInOneEpoch() {
    // b gets the first of two commits last
    List<RoomEvent> held = new ArrayList<>();
    party.room.intercept(
        (recipient, event) -> {
          if (!recipient.equals("b")
              || !(event instanceof RoomEvent.Received received)
              || !received.kind().equals(MessageKind.COMMIT)) {
            return List.of(event);
          }
          if (held.isEmpty()) {
            held.add(event);
            return List.of();
          }
          List<RoomEvent> both = List.of(event, held.get(0));
          return both;
        });
    party.enter("d");
    pass(500);
    party.enter("e");
    pass(500);
    party.room.intercept((recipient, event) -> List.of(event));
    assertRefused(Reason.FUTURE_EPOCH, "b");
    pass(15_000);
    party.assertTogether("a", "b", "c", "d", "e");
  }

  @Test
  void aWelcomeReplacedByTheServerIsRefused() {
    // the server has a group of its own, with somebody whom nobody knows
    EndpointIdentity d = Party.identity("d");
    party.room.intercept(
        (recipient, event) -> {
          if (recipient.equals("d")
              && event instanceof RoomEvent.Received received
              && received.kind().equals(MessageKind.WELCOME)) {
            return List.of(
                new RoomEvent.Received(
                    received.occupant(),
                    false,
                    MessageKind.WELCOME,
                    welcomeIntoAnotherGroup(lastHeard(MessageKind.ANNOUNCE))));
          }
          if (recipient.equals("stranger") && event instanceof RoomEvent.Received received) {
            heard.add(received);
          }
          return List.of(event);
        });
    party.enter("d", d, knowing("a", "b", "c"));
    pass(1000);
    assertRefused(Reason.CREDENTIAL, "d");
    assertFalse(party.guest("d").isMember());
    party.room.intercept((recipient, event) -> List.of(event));
    pass(20_000);
    party.assertTogether("a", "b", "c", "d");
  }

  private byte[] welcomeIntoAnotherGroup(byte[] keyPackage) {
    GroupPolicy policy = policy();
    MlsGroup group =
        MlsGroup.create(
            new Announcement(Party.identity("mallory"), policy, "mallory"),
            policy,
            new SecureRandom());
    try {
      byte[] welcome =
          group.commit(List.of(MlsGroup.readAnnouncement(keyPackage, policy)), List.of()).welcome();
      assertNotNull(welcome);
      return welcome;
    } catch (RefusedException e) {
      throw new AssertionError(e);
    }
  }

  private GroupPolicy policy() {
    return new GroupPolicy(stranger.room(), credential -> {}, 100, party.time.clock());
  }

  private PinnedFingerprints knowing(String... occupants) {
    Map<String, Set<String>> known = new HashMap<>();
    for (String occupant : occupants) {
      EndpointIdentity identity = party.guest(occupant).identity;
      known.put(identity.name(), Set.of(identity.fingerprint()));
    }
    return new PinnedFingerprints(known);
  }

  private static Party twoWhoPinnedEachOther() {
    Party pinned = new Party();
    EndpointIdentity a = Party.identity("a");
    EndpointIdentity b = Party.identity("b");
    PinnedFingerprints known =
        new PinnedFingerprints(Map.of("a", Set.of(a.fingerprint()), "b", Set.of(b.fingerprint())));
    pinned.enter("a", a, known);
    pinned.enter("b", b, known);
    pinned.time.pass(Duration.ofSeconds(2));
    return pinned;
  }

  @Test
  void aStrangerIsNotAddedByThoseWhoPinnedKeys() throws RoomException {
    Party pinned = twoWhoPinnedEachOther();
    // says to be b, but has another key
    pinned.enter("mallory", Party.identity("b"), credential -> {});
    pinned.time.pass(Duration.ofSeconds(10));
    pinned.assertTogether("a", "b");
    assertTrue(pinned.guest("a").reasons.contains(Reason.CREDENTIAL));
    assertTrue(pinned.guest("b").reasons.contains(Reason.CREDENTIAL));
  }

  @Test
  void aStrangerCannotJoinFromOutsideWhereKeysArePinned() throws Exception {
    Party pinned = twoWhoPinnedEachOther();
    RoomChannel outside = pinned.room.channel("outside");
    outside.enter(event -> {});
    GroupPolicy policy =
        new GroupPolicy(outside.room(), credential -> {}, 100, pinned.time.clock());
    outside.broadcast(
        MessageKind.COMMIT,
        MlsGroup.joinFromOutside(
                new Announcement(Party.identity("mallory"), policy, "outside"),
                pinned.guest("a").group().groupInfo(),
                policy)
            .commit());
    pinned.time.pass(Duration.ofSeconds(1));
    pinned.assertTogether("a", "b");
    assertTrue(pinned.guest("a").reasons.contains(Reason.CREDENTIAL));
    assertTrue(pinned.guest("b").reasons.contains(Reason.CREDENTIAL));
  }

  @Test
  void anotherHolderOfANameEvictsNobody() {
    party.enter("second", Party.identity("b"), credential -> {});
    pass(12_000);
    party.assertTogether("a", "b", "c", "second");
  }

  @Test
  void anAnnouncementUnderAnotherNicknameIsRefused() throws RoomException {
    Announcement forC = new Announcement(Party.identity("x"), policy(), "somebody-else");
    stranger.broadcast(MessageKind.ANNOUNCE, forC.octets());
    pass(10_000);
    party.assertTogether("a", "b", "c");
    assertRefused(Reason.CREDENTIAL, "a");
  }

  @Test
  void aKeyPackageIsNotUsedTwice() throws RoomException {
    EndpointIdentity d = Party.identity("d");
    party.enter("d", d, credential -> {});
    pass(1000);
    byte[] announced = lastHeard(MessageKind.ANNOUNCE);
    party.leave("d");
    pass(1000);
    RoomChannel again = party.room.channel("d");
    again.enter(event -> {});
    again.broadcast(MessageKind.ANNOUNCE, announced);
    pass(10_000);
    party.assertTogether("a", "b", "c");
    assertRefused(Reason.KEY_PACKAGE_REUSED, "a");
  }

  @Test
  void aFloodOfAnnouncementsDoesNotKeepOthersOut() throws RoomException {
    Announcement good = new Announcement(Party.identity("stranger"), policy(), "other");
    for (int i = 0; i < 5000; i++) {
      stranger.broadcast(MessageKind.ANNOUNCE, good.octets());
    }
    pass(0);
    assertRefused(Reason.TOO_OFTEN, "a", "b", "c");
    assertGoesOn();
  }

  @Test
  void aFloodFromManyNicknamesDoesNotKeepOthersOut() throws RoomException {
    for (int i = 0; i < 900; i++) {
      RoomChannel flooder = party.room.channel("flood" + i);
      flooder.enter(event -> {});
      flooder.broadcast(MessageKind.ANNOUNCE, new byte[i]);
    }
    pass(5000);
    assertGoesOn();
  }

  @Test
  void aFloodOfCommitsIsNotRead() throws Exception {
    // each of these would cost a signature and a copy of the tree
    byte[] commit =
        MlsGroup.joinFromOutside(
                new Announcement(Party.identity("stranger"), policy(), "stranger"),
                party.guest("a").group().groupInfo(),
                policy())
            .commit();
    commit[commit.length - 10] ^= 1;
    for (int i = 0; i < 2000; i++) {
      stranger.broadcast(MessageKind.COMMIT, commit);
    }
    pass(0);
    assertEquals(
        50, party.guest("a").reasons.stream().filter(Reason.NOT_AUTHENTIC::equals).count());
    assertRefused(Reason.TOO_OFTEN, "a", "b", "c");
    assertGoesOn();
  }

  @Test
  void aFloodOfWelcomesDoesNotKeepAJoinerOut() {
    party.room.intercept(
        (recipient, event) -> {
          if (recipient.equals("stranger") && event instanceof RoomEvent.Received received) {
            heard.add(received);
            if (received.kind().equals(MessageKind.ANNOUNCE)) {
              byte[] welcome = welcomeIntoAnotherGroup(received.octets());
              for (int i = 0; i < 200; i++) {
                try {
                  stranger.sendTo("d", MessageKind.WELCOME, welcome);
                } catch (RoomException e) {
                  throw new AssertionError(e);
                }
              }
            }
          }
          return List.of(event);
        });
    party.enter("d", Party.identity("d"), knowing("a", "b", "c"));
    pass(1000);
    assertEquals(5, party.guest("d").reasons.stream().filter(Reason.CREDENTIAL::equals).count());
    assertRefused(Reason.TOO_OFTEN, "d");
    party.assertTogether("a", "b", "c", "d");
  }

  @Test
  void nobodyIsRemovedWhoIsThere() throws Exception {
    // a member that was removed has the keys of its epoch, and tries to take b along: the others
    // are told of nobody's leaving
    MlsGroup a = party.guest("a").group();
    int leafOfB = party.guest("b").group().ownLeaf();
    byte[] commit = a.commit(List.of(), List.of(leafOfB)).commit();
    stranger.broadcast(MessageKind.COMMIT, commit);
    pass(0);
    assertRefused(Reason.EVICTION, "c");
    // b saw an authentic removal of itself, and joins again at once
    pass(20_000);
    party.assertTogether("a", "b", "c");
    assertGoesOn();
  }

  @Test
  void aServerThatSaysOneLeftCannotKeepItOut() {
    // to a and c, b seems to leave
    for (String member : List.of("a", "c")) {
      party.time.execute(() -> party.guest(member).protocol.onEvent(new RoomEvent.Departed("b")));
    }
    pass(100);
    for (String member : List.of("a", "c")) {
      party.time.execute(() -> party.guest(member).protocol.onEvent(new RoomEvent.Arrived("b")));
    }
    pass(20_000);
    party.assertTogether("a", "b", "c");
  }
}
