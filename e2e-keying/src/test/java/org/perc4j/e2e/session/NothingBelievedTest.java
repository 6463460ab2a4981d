/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.perc4j.e2e.mls.CredentialValidator;
import org.perc4j.e2e.mls.EndpointIdentity;
import org.perc4j.e2e.mls.GroupAnswer;
import org.perc4j.e2e.mls.GroupMark;
import org.perc4j.e2e.mls.GroupMoment;
import org.perc4j.e2e.mls.GroupPolicy;
import org.perc4j.e2e.mls.LeafCredential;
import org.perc4j.e2e.mls.MlsGroup;
import org.perc4j.e2e.mls.PinnedFingerprints;
import org.perc4j.e2e.mls.RefusedException;
import org.perc4j.e2e.mls.RefusedException.Reason;
import org.perc4j.e2e.protocol.MessageKind;
import org.perc4j.e2e.protocol.SessionEvent;
import org.perc4j.e2e.room.RoomEvent;

/** Nothing is believed that nobody vouches for now: an occupant who can say anything tries. */
class NothingBelievedTest {
  private static final int MINUTE = 60_000;

  private final Party party = new Party();

  /** Accepts everybody, and notes of whom it is told. */
  private static final class Noting implements CredentialValidator {
    final Set<String> met = new TreeSet<>();

    @Override
    public void check(LeafCredential credential) {}

    @Override
    public void adopted(LeafCredential credential) {
      met.add(credential.name());
    }
  }

  private void pass(long millis) {
    party.time.pass(Duration.ofMillis(millis));
  }

  private static PinnedFingerprints pinned(Collection<EndpointIdentity> people) {
    Map<String, Set<String>> known = new HashMap<>();
    people.forEach(person -> known.put(person.name(), Set.of(person.fingerprint())));
    return new PinnedFingerprints(known);
  }

  private void assertStays(GroupMoment before, String... members) {
    for (String member : members) {
      assertTrue(party.guest(member).group().moment().isSame(before), member + " went elsewhere");
      assertEquals(0, degraded(member), member);
    }
  }

  private long degraded(String member) {
    return party.guest(member).events.stream()
        .filter(SessionEvent.Degraded.class::isInstance)
        .count();
  }

  @Test
  void nobodyLeavesForAGroupOfAnEarlierMeeting() {
    EndpointIdentity a = Party.identity("a");
    EndpointIdentity b = Party.identity("b");
    EndpointIdentity c = Party.identity("c");
    PinnedFingerprints known = pinned(List.of(a, b, c));
    // an earlier meeting of three, at which somebody wrote down what there was
    party.enter("a", a, known);
    party.enter("b", b, known);
    party.enter("c", c, known);
    Stranger stranger = new Stranger(party, "stranger");
    pass(3000);
    byte[] recorded = stranger.ask("a");
    GroupMark mark = party.guest("a").group().mark();
    party.leave("a");
    party.leave("b");
    party.leave("c");
    pass(1000);
    // today's meeting of two
    party.enter("a", a, known);
    party.enter("b", b, known);
    pass(30_000);
    party.assertTogether("a", "b");
    GroupMoment today = party.guest("a").group().moment();
    stranger.answer = recorded;
    stranger.show(mark);
    pass(2 * MINUTE);
    assertTrue(stranger.asked.containsAll(List.of("a", "b")), "nobody asked");
    assertStays(today, "a", "b");
    assertTrue(party.guest("a").reasons.contains(Reason.NOT_AUTHENTIC));
    // nor for a GroupInfo that is signed by a key of the stranger's own
    stranger.group = stranger.invents(0);
    pass(2 * MINUTE);
    assertStays(today, "a", "b");
    assertTrue(party.guest("a").reasons.contains(Reason.CREDENTIAL));
  }

  @Test
  void inventedPeopleMoveNobodyAndAreNotMet() {
    Noting first = new Noting();
    Noting second = new Noting();
    party.enter("a", Party.identity("a"), first);
    party.enter("b", Party.identity("b"), second);
    pass(3000);
    GroupMoment before = party.guest("a").group().moment();
    Stranger stranger = new Stranger(party, "stranger");
    stranger.group = stranger.invents(150);
    stranger.show(stranger.group.mark());
    pass(MINUTE);
    assertStays(before, "a", "b");
    assertTrue(party.guest("a").reasons.contains(Reason.ABANDONED));
    assertTrue(party.guest("b").reasons.contains(Reason.ABANDONED));
    // nor does one of the stranger's alone, whatever its identifier
    for (int i = 0; i < 10; i++) {
      stranger.group = stranger.invents(0);
      stranger.show(stranger.group.mark());
      pass(20_000);
      assertStays(before, "a", "b");
    }
    assertEquals(Set.of("a", "b"), first.met);
    assertEquals(Set.of("a", "b"), second.met);
  }

  @Test
  void aNewcomerIsNotWelcomedByInventedPeople() throws RefusedException {
    party.enter("a");
    party.enter("b");
    pass(3000);
    Stranger stranger = new Stranger(party, "stranger");
    MlsGroup invented = stranger.invents(20);
    party.room.intercept(
        (recipient, event) -> {
          if (recipient.equals("stranger")
              && event instanceof RoomEvent.Received received
              && received.kind().equals(MessageKind.ANNOUNCE)
              && received.occupant().equals("d")) {
            try {
              GroupPolicy policy =
                  new GroupPolicy(
                      stranger.channel.room(), credential -> {}, 1000, party.time.clock());
              byte[] welcome =
                  invented
                      .commit(
                          List.of(MlsGroup.readAnnouncement(received.octets(), policy)), List.of())
                      .welcome();
              assertNotNull(welcome);
              stranger.send("d", MessageKind.WELCOME, welcome);
            } catch (RefusedException e) {
              throw new AssertionError(e);
            }
          }
          return List.of(event);
        });
    Noting validator = new Noting();
    party.enter("d", Party.identity("d"), validator);
    pass(5000);
    party.assertTogether("a", "b", "d");
    assertTrue(party.guest("d").reasons.contains(Reason.ABANDONED));
    assertEquals(Set.of("a", "b", "d"), validator.met);
  }

  @Test
  void aWelcomeIsTakenFromTheMemberWhoMadeItOnly() {
    party.enter("a");
    pass(1000);
    // the server has it come from somebody else
    party.room.intercept(
        (recipient, event) ->
            event instanceof RoomEvent.Received received
                    && received.kind().equals(MessageKind.WELCOME)
                ? List.of(
                    new RoomEvent.Received(
                        "another", received.toAll(), received.kind(), received.octets()))
                : List.of(event));
    party.enter("b");
    pass(1000);
    assertFalse(party.guest("b").isMember());
    assertTrue(party.guest("b").reasons.contains(Reason.CREDENTIAL));
    party.room.intercept((recipient, event) -> List.of(event));
    pass(10_000);
    party.assertTogether("a", "b");
  }

  @Test
  void aMemberOfYesterdayIsNotTakenAlong() {
    EndpointIdentity ghost = Party.identity("ghost");
    party.enter("a");
    party.enter("ghost", ghost, credential -> {});
    Stranger stranger = new Stranger(party, "stranger");
    pass(3000);
    byte[] recorded = stranger.ask("a");
    GroupMark withGhost = party.guest("a").group().mark();
    party.leave("ghost");
    party.enter("b");
    pass(3000);
    party.assertTogether("a", "b");
    stranger.answer = recorded;
    stranger.show(withGhost);
    // a newcomer whose announcement is lost, so that it has to ask
    party.lose(MessageKind.ANNOUNCE);
    Noting validator = new Noting();
    party.enter("d", Party.identity("d"), validator);
    pass(10_000);
    party.assertTogether("a", "b", "d");
    assertFalse(validator.met.contains("ghost"));
    assertTrue(stranger.asked.contains("d"));
  }

  @Test
  void questionsAreAnsweredWithinBounds() {
    party.enter("a");
    party.enter("b");
    pass(3000);
    List<Stranger> strangers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      strangers.add(new Stranger(party, "stranger" + i));
    }
    for (Stranger stranger : strangers) {
      for (int i = 0; i < 50; i++) {
        stranger.send("a", MessageKind.ASK, new byte[GroupAnswer.NONCE_BYTES]);
      }
      stranger.send("a", MessageKind.ASK, new byte[3]);
    }
    pass(1000);
    int answered = strangers.stream().mapToInt(stranger -> stranger.answers.size()).sum();
    assertEquals(30, answered); // docs/protocol.md section 15
    assertTrue(strangers.stream().allMatch(stranger -> stranger.answers.size() <= 5));
    assertTrue(party.guest("a").reasons.contains(Reason.TOO_OFTEN));
    assertTrue(party.guest("a").reasons.contains(Reason.MALFORMED));
  }

  @Test
  void anAnswerThatNobodyAskedForIsRefused() {
    party.enter("a");
    party.enter("b");
    pass(3000);
    GroupMoment before = party.guest("a").group().moment();
    Stranger stranger = new Stranger(party, "stranger");
    stranger.send("a", MessageKind.ANSWER, stranger.ask("b"));
    pass(1000);
    assertTrue(party.guest("a").reasons.contains(Reason.UNASKED));
    assertStays(before, "a", "b");
  }

  @Test
  void membersAskFewOfManyWhoShowAnything() {
    party.enter("a");
    party.enter("b");
    pass(3000);
    GroupMoment before = party.guest("a").group().moment();
    List<Stranger> strangers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      strangers.add(new Stranger(party, "stranger" + i));
    }
    for (int second = 0; second < 30; second++) {
      for (Stranger stranger : strangers) {
        byte[] groupId = new byte[32];
        new Random(second * 1000L + strangers.indexOf(stranger)).nextBytes(groupId);
        stranger.show(new GroupMark(new GroupMoment(groupId, 1), new byte[32]));
      }
      pass(1000);
    }
    long asked = strangers.stream().flatMap(stranger -> stranger.asked.stream()).count();
    assertTrue(asked > 0 && asked <= 2 * 4 * 32, asked + " questions of two members in 30 s");
    assertStays(before, "a", "b");
    party.enter("c");
    pass(5000);
    party.assertTogether("a", "b", "c");
  }

  // ---------------------------------------------------------------- without end

  @Test
  void sendingUnderOldKeysEndsWhoeverIsBackFirst() {
    for (String name : List.of("a", "b", "c")) {
      party.enter(name);
    }
    pass(3000);
    List<Stranger> strangers = new ArrayList<>();
    party.room.restart();
    pass(100);
    for (int i = 0; i < 10; i++) {
      strangers.add(new Stranger(party, "stranger" + i));
    }
    pass(900);
    for (String name : List.of("a", "b", "c")) {
      party.guest(name).keys.clear();
      party.room.reconnect(name, false);
    }
    pass(18_900);
    for (int second = 0; second < 600; second++) {
      if (second % 10 == 0) {
        strangers.get(0).broadcast(MessageKind.COMMIT, new byte[1]);
      }
      pass(1000);
      for (String name : List.of("a", "b", "c")) {
        Party.Guest guest = party.guest(name);
        assertTrue(
            !guest.sending || !guest.keys.isEmpty(), name + " sends under the keys of before");
      }
    }
    party.assertTogether("a", "b", "c");
    assertTrue(party.guest("a").sending);
  }

  @Test
  void aConnectionThatComesAndGoesDoesNotKeepOldKeysAlive() {
    party.enter("a");
    party.enter("b");
    pass(3000);
    Stranger unused = new Stranger(party, "stranger");
    party.guest("b").keys.clear();
    party.room.disconnect("b");
    for (int i = 0; i < 20; i++) {
      pass(5000);
      party.room.reconnect("b", false);
      party.room.disconnect("b");
    }
    assertTrue(!party.guest("b").sending || !party.guest("b").keys.isEmpty());
  }

  @Test
  void aStrangerThatSaysCommitDoesNotKeepAConferenceFromStarting() {
    Stranger stranger = new Stranger(party, "stranger");
    party.enter("a");
    for (int second = 0; second < 20; second++) {
      if (second % 3 == 0) {
        stranger.broadcast(MessageKind.COMMIT, new byte[] {1});
      }
      stranger.show(new GroupMark(new GroupMoment(new byte[] {1}, second), new byte[32]));
      pass(1000);
    }
    party.assertTogether("a");
    party.enter("b");
    for (int second = 0; second < 40; second++) {
      stranger.broadcast(MessageKind.COMMIT, new byte[] {1});
      pass(1000);
    }
    party.assertTogether("a", "b");
  }

  @Test
  void whoEntersAnewManyTimesIsTogetherWithTheOthersInTheEnd() {
    for (String name : List.of("a", "b", "c")) {
      party.enter(name);
    }
    pass(3000);
    for (int i = 0; i < 30; i++) {
      party.room.disconnect("c");
      pass(30);
      party.room.reconnect("c", false);
      pass(200);
    }
    pass(MINUTE);
    party.assertTogether("a", "b", "c");
  }

  // ---------------------------------------------------------------- after lies

  static LongStream seeds() {
    return LongStream.rangeClosed(1, Long.getLong("perc4j.seeds", 10));
  }

  /**
   * For six seconds the server tells each half that the other one is gone, or keeps what it says
   * from it; then it is honest.
   */
  @ParameterizedTest
  @MethodSource("seeds")
  void halvesComeTogetherWithinThirtySecondsOfHonesty(long seed) {
    Random random = new Random(seed);
    List<String> all = List.of("a", "b", "c", "d", "e", "f");
    for (String name : all) {
      party.enter(name);
      pass(500);
    }
    pass(3000);
    Set<String> left = new TreeSet<>();
    for (String name : all) {
      if (random.nextBoolean()) {
        left.add(name);
      }
    }
    boolean[] lying = {true};
    party.room.intercept(
        (recipient, event) ->
            lying[0] && isAcross(left, recipient, event) ? List.of() : List.of(event));
    for (String member : all) {
      for (String other : all) {
        if (left.contains(member) != left.contains(other)) {
          tell(member, new RoomEvent.Departed(other));
        }
      }
    }
    int entering = random.nextInt(3);
    for (int i = 0; i < 6; i++) {
      if (i < entering) {
        String name = "late" + i;
        if (random.nextBoolean()) {
          left.add(name);
        }
        party.enter(name);
      }
      pass(1000);
    }
    lying[0] = false;
    for (String member : all) {
      for (String other : all) {
        if (left.contains(member) != left.contains(other)) {
          tell(member, new RoomEvent.Arrived(other));
          showAgain(other, member);
        }
      }
    }
    for (String late : party.guests.keySet()) {
      if (!all.contains(late)) {
        for (String other : party.guests.keySet()) {
          if (left.contains(late) != left.contains(other)) {
            tell(other, new RoomEvent.Arrived(late));
            showAgain(late, other);
          }
        }
      }
    }
    pass(30_000);
    party.assertTogether(party.guests.keySet());
  }

  private static boolean isAcross(Set<String> left, String recipient, RoomEvent event) {
    String by = null;
    if (event instanceof RoomEvent.Received received) {
      by = received.occupant();
    } else if (event instanceof RoomEvent.Published published) {
      by = published.occupant();
    } else if (event instanceof RoomEvent.Arrived arrived) {
      by = arrived.occupant();
    }
    return by != null && left.contains(by) != left.contains(recipient);
  }

  private void tell(String member, RoomEvent event) {
    party.time.execute(() -> party.guest(member).protocol.onEvent(event));
  }

  /** An honest server shows everybody's last presence. */
  private void showAgain(String occupant, String to) {
    byte[] mark = party.room.published(occupant);
    if (mark.length > 0) {
      tell(to, new RoomEvent.Published(occupant, mark));
    }
  }
}
