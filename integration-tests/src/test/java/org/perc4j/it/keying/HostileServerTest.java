/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.keying;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.perc4j.e2e.protocol.MessageKind.ANNOUNCE;
import static org.perc4j.e2e.protocol.MessageKind.ANSWER;
import static org.perc4j.e2e.protocol.MessageKind.ASK;
import static org.perc4j.e2e.protocol.MessageKind.COMMIT;
import static org.perc4j.e2e.protocol.MessageKind.WELCOME;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.perc4j.e2e.mls.EndpointIdentity;
import org.perc4j.e2e.mls.GroupAnswer;
import org.perc4j.e2e.mls.GroupPolicy;
import org.perc4j.e2e.mls.MlsGroup;
import org.perc4j.e2e.mls.MlsGroup.Announcement;
import org.perc4j.e2e.mls.RefusedException.Reason;
import org.perc4j.e2e.protocol.SessionEvent;
import org.perc4j.e2e.room.RoomChannel;
import org.perc4j.e2e.room.RoomElement;
import org.perc4j.e2e.room.RoomEvent;
import org.perc4j.e2e.xmpp.element.MlsElement;
import org.perc4j.it.harness.Await;
import org.perc4j.it.xmpp.Focus;
import org.perc4j.it.xmpp.ProsodyServer;
import org.perc4j.it.xmpp.RequiresProsody;

/**
 * What an occupant without a credential does on Prosody, and what only a server can do, between a
 * member and its room: each time it is refused and reported, and the group goes on.
 */
@RequiresProsody
class HostileServerTest {

  /** What an answer has before the GroupInfo. */
  private static final int SIGNATURE_BYTES = 64;

  private static final AtomicInteger ROOMS = new AtomicInteger();
  private static final Duration SOON = Duration.ofSeconds(15);
  private static final Duration LATER = Duration.ofSeconds(40);

  private static ProsodyServer server;

  private final String room = ProsodyServer.room("hostile" + ROOMS.incrementAndGet());
  private final Gathering party = new Gathering(Checks.IMPATIENT);
  private final List<RoomEvent> heard = new ArrayList<>();
  private final Map<String, Function<RoomEvent, List<RoomEvent>>> between =
      new ConcurrentHashMap<>();
  private final List<AutoCloseable> open = new ArrayList<>();
  private RoomChannel stranger;

  @BeforeAll
  static void startServer() throws Exception {
    server = ProsodyServer.start();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void threeMembersAndAStranger() throws Exception {
    join("a");
    stranger = outsider("stranger");
    join("b");
    join("c");
    party.awaitTogether(SOON);
  }

  @AfterEach
  void leave() throws Exception {
    party.close();
    for (AutoCloseable resource : open) {
      resource.close();
    }
  }

  private RoomChannel channel(String occupant) throws Exception {
    return new WrappedChannel(
        server.guests().room(room, occupant),
        (kind, octets) -> true,
        event -> between.getOrDefault(occupant, List::of).apply(event));
  }

  private void join(String occupant) throws Exception {
    party.join(channel(occupant));
  }

  /** Speaks the protocol's messages, but takes no part in it. */
  private RoomChannel outsider(String occupant) throws Exception {
    RoomChannel outsider = server.guests().room(room, occupant);
    open.add(outsider::leave);
    outsider.enter(
        event -> {
          synchronized (heard) {
            heard.add(event);
          }
        });
    return outsider;
  }

  private List<RoomEvent.Received> heard(String kind) {
    synchronized (heard) {
      List<RoomEvent.Received> found = new ArrayList<>();
      for (RoomEvent event : heard) {
        if (event instanceof RoomEvent.Received received && received.kind().equals(kind)) {
          found.add(received);
        }
      }
      return found;
    }
  }

  private byte[] lastHeard(String kind) throws Exception {
    Await.until("a " + kind, SOON, () -> !heard(kind).isEmpty());
    List<RoomEvent.Received> all = heard(kind);
    return all.get(all.size() - 1).octets();
  }

  /** Asks a member, as anybody in the room can. */
  private byte[] groupInfo() throws Exception {
    int before = heard(ANSWER).size();
    stranger.sendTo("a", ASK, new byte[GroupAnswer.NONCE_BYTES]);
    Await.until("an answer", SOON, () -> heard(ANSWER).size() > before);
    byte[] answer = lastHeard(ANSWER);
    return Arrays.copyOfRange(answer, SIGNATURE_BYTES, answer.length);
  }

  private GroupPolicy policy() {
    return new GroupPolicy(room, credential -> {}, 1000, Clock.systemUTC());
  }

  private static EndpointIdentity unknown(String name) {
    return EndpointIdentity.generate(name, new SecureRandom());
  }

  private long epoch() {
    Attendee.Epoch epoch = party.attendee("a").epoch();
    assertNotNull(epoch);
    return epoch.moment().epoch();
  }

  private void awaitRefused(Reason reason, String... by) throws Exception {
    for (String occupant : by) {
      Attendee attendee = party.attendee(occupant);
      assertTrue(
          Await.holdsWithin(
              SOON, () -> attendee.refusals(reason) > 0 && isReported(attendee, reason)),
          () -> reason + ": " + attendee);
    }
  }

  private static boolean isReported(Attendee attendee, Reason reason) {
    return attendee.events().stream()
        .anyMatch(
            event -> event instanceof SessionEvent.Refused refused && refused.reason() == reason);
  }

  /** Everything still works: somebody joins, somebody leaves, all agree. */
  private void assertGoesOn() throws Exception {
    join("late");
    Checks.assertAgreed(party, LATER);
    party.leave("late");
    Checks.assertAgreed(party, LATER);
  }

  @Test
  void aReplayedCommitIsRefused() throws Exception {
    byte[] commit = lastHeard(COMMIT);
    long epoch = epoch();
    stranger.broadcast(COMMIT, commit);
    awaitRefused(Reason.PAST_EPOCH, "a", "b", "c");
    assertEquals(epoch, epoch());
    assertGoesOn();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 20, 500})
  void aTruncatedCommitIsRefused(int length) throws Exception {
    stranger.broadcast(COMMIT, Arrays.copyOf(lastHeard(COMMIT), length));
    awaitRefused(Reason.MALFORMED, "a", "b", "c");
    assertGoesOn();
  }

  @Test
  void truncatedAndOversizedMessagesAreRefused() throws Exception {
    Focus focus = Focus.enter(server, room, new MlsElement(new RoomElement.Mark(new byte[0])));
    open.add(focus);
    focus.say(new MlsElement(new RoomElement.Part(COMMIT, "1", 1, 2, new byte[10])));
    for (int part = 0; part < 5; part++) {
      focus.say(new MlsElement(new RoomElement.Part(COMMIT, "2", part, 9, new byte[150_000])));
    }
    focus.say(new MlsElement(new RoomElement.Part(COMMIT, "3", 0, 2, new byte[10])));
    awaitRefused(Reason.MALFORMED, "a", "b", "c");
    assertGoesOn();
  }

  @Test
  void anOversizedMessageIsRefused() throws Exception {
    stranger.broadcast(COMMIT, new byte[RoomChannel.MAX_MESSAGE_BYTES]);
    stranger.broadcast(ANNOUNCE, new byte[20_000]);
    awaitRefused(Reason.UNSUPPORTED, "a", "b", "c");
    awaitRefused(Reason.TOO_LARGE, "a", "b", "c");
    assertGoesOn();
  }

  @Test
  void noiseIsRefused() throws Exception {
    Random random = new Random(2);
    for (int i = 0; i < 100; i++) {
      byte[] noise = new byte[random.nextInt(300)];
      random.nextBytes(noise);
      stranger.broadcast(i % 2 == 0 ? COMMIT : ANNOUNCE, noise);
      stranger.sendTo("b", WELCOME, noise);
    }
    stranger.broadcast("other", new byte[3]);
    stranger.publish(new byte[100]);
    awaitRefused(Reason.UNSUPPORTED, "a", "b", "c");
    assertGoesOn();
  }

  @Test
  void aForgedCommitIsRefused() throws Exception {
    between.put(
        "b",
        event -> {
          if (event instanceof RoomEvent.Received received && received.kind().equals(COMMIT)) {
            byte[] changed = received.octets().clone();
            changed[changed.length - 1] ^= 1;
            return List.of(new RoomEvent.Received(received.occupant(), true, COMMIT, changed));
          }
          return List.of(event);
        });
    join("d");
    awaitRefused(Reason.NOT_AUTHENTIC, "b");
    between.clear();
    Checks.assertAgreed(party, LATER);
    assertGoesOn();
  }

  @Test
  void aWithheldCommitIsNoticed() throws Exception {
    List<RoomEvent> withheld = new ArrayList<>();
    between.put(
        "b",
        event -> {
          if (event instanceof RoomEvent.Received received && received.kind().equals(COMMIT)) {
            synchronized (withheld) {
              withheld.add(event);
            }
            return List.of();
          }
          return List.of(event);
        });
    join("d");
    Await.until(
        "a commit",
        SOON,
        () -> {
          synchronized (withheld) {
            return !withheld.isEmpty();
          }
        });
    between.clear();
    Checks.assertAgreed(party, LATER);
    assertTrue(
        party.attendees().stream().anyMatch(one -> one.wasTold(SessionEvent.Recovered.class)));
    assertGoesOn();
  }

  @Test
  void reorderedCommitsEndInOneEpoch() throws Exception {
    List<RoomEvent> held = new ArrayList<>();
    between.put(
        "b",
        event -> {
          if (event instanceof RoomEvent.Published) {
            return List
                .of(); // by what others show it would be back before there is a second commit
          }
          if (!(event instanceof RoomEvent.Received received) || !received.kind().equals(COMMIT)) {
            return List.of(event);
          }
          if (held.isEmpty()) {
            held.add(event);
            return List.of();
          }
          return List.of(event, held.get(0));
        });
    join("d");
    Await.until("a's epoch", SOON, () -> party.attendee("a").members().contains("d"));
    join("e");
    awaitRefused(Reason.FUTURE_EPOCH, "b");
    between.clear();
    Checks.assertAgreed(party, LATER);
    assertGoesOn();
  }

  @Test
  void aSplitViewShowsInTheCodes() throws Exception {
    // each side is shown a commit of its own first, whatever came before, then the other's; nobody
    // what the other side shows, asks or answers
    Set<String> left = Set.of("a", "d");
    for (String occupant : List.of("a", "b", "c", "d")) {
      List<RoomEvent> held = new ArrayList<>();
      AtomicInteger own = new AtomicInteger();
      between.put(
          occupant,
          event -> {
            if (event instanceof RoomEvent.Published published) {
              return left.contains(occupant) == left.contains(published.occupant())
                  ? List.of(event)
                  : List.of();
            }
            if (!(event instanceof RoomEvent.Received received)) {
              return List.of(event);
            }
            boolean across = left.contains(occupant) != left.contains(received.occupant());
            if (Set.of(WELCOME, ASK, ANSWER).contains(received.kind())) {
              return across ? List.of() : List.of(event);
            }
            if (!received.kind().equals(COMMIT)) {
              return List.of(event);
            }
            if (across && own.get() == 0) {
              held.add(event);
              return List.of();
            }
            List<RoomEvent> shown = new ArrayList<>(List.of(event));
            if (!across && own.getAndIncrement() == 0) {
              shown.addAll(held);
            }
            return shown;
          });
    }
    join("d");
    Attendee a = party.attendee("a");
    Attendee b = party.attendee("b");
    Attendee c = party.attendee("c");
    Attendee d = party.attendee("d");
    assertTrue(
        Await.holdsWithin(LATER, () -> party.attendees().stream().allMatch(one -> knows(one, "d"))),
        () -> "d is not known to all: " + party.attendees());
    party.awaitNewestKeys(SOON);
    awaitRefused(Reason.PAST_EPOCH, "a", "b", "c");
    assertEquals(a.session().epochCode().digits(), d.session().epochCode().digits());
    assertEquals(b.session().epochCode().digits(), c.session().epochCode().digits());
    assertNotEquals(a.session().epochCode().digits(), b.session().epochCode().digits());
    for (Attendee one : List.of(a, d)) {
      for (Attendee other : List.of(b, c)) {
        assertFalse(Checks.isHeard(one, other));
        assertFalse(Checks.isHeard(other, one));
      }
    }
    Checks.assertHears(a, d);
    Checks.assertHears(b, c);
    between.clear();
    assertGoesOn();
  }

  private static boolean knows(Attendee one, String occupant) {
    return one.members().contains(occupant);
  }

  @Test
  void aWelcomeReplacedByTheServerIsRefused() throws Exception {
    between.put(
        "d",
        event -> {
          if (event instanceof RoomEvent.Received received && received.kind().equals(WELCOME)) {
            return List.of(
                new RoomEvent.Received(
                    received.occupant(), false, WELCOME, welcomeIntoAnotherGroup()));
          }
          return List.of(event);
        });
    join("d");
    awaitRefused(Reason.CREDENTIAL, "d");
    between.clear();
    Checks.assertAgreed(party, LATER);
    assertFalse(
        party.attendee("d").events().stream()
            .anyMatch(
                event ->
                    event instanceof SessionEvent.MemberJoined joined
                        && joined.member().name().equals("mallory")));
    assertGoesOn();
  }

  private byte[] welcomeIntoAnotherGroup() {
    GroupPolicy policy = policy();
    MlsGroup group =
        MlsGroup.create(
            new Announcement(unknown("mallory"), policy, "mallory"), policy, new SecureRandom());
    try {
      byte[] welcome =
          group
              .commit(List.of(MlsGroup.readAnnouncement(lastHeard(ANNOUNCE), policy)), List.of())
              .welcome();
      assertNotNull(welcome);
      return welcome;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aNameWithAnotherKeyIsRefused() throws Exception {
    EndpointIdentity b = party.attendee("b").identity();
    Announcement swapped = new Announcement(unknown(b.name()), policy(), "stranger");
    stranger.broadcast(ANNOUNCE, swapped.octets());
    awaitRefused(Reason.CREDENTIAL, "a");
    assertGoesOn();
  }

  @Test
  void oneIdentityIsOneMember() throws Exception {
    Attendee earlier = party.forget("b");
    party.join(channel("b-elsewhere"), earlier.identity());
    Checks.assertAgreed(party, LATER);
    Await.until("the end", SOON, () -> earlier.wasTold(SessionEvent.Ended.class));
    earlier.close();
    assertGoesOn();
  }

  @Test
  void aStrangerFromOutsideIsRefused() throws Exception {
    stranger.broadcast(
        COMMIT,
        MlsGroup.joinFromOutside(
                new Announcement(unknown("mallory"), policy(), "stranger"), groupInfo(), policy())
            .commit());
    awaitRefused(Reason.CREDENTIAL, "a", "b", "c");
    assertGoesOn();
  }

  @Test
  void whoJoinsFromOutsideCannotEvictOthers() throws Exception {
    // even somebody whom all accept
    EndpointIdentity accepted = party.introduce("stranger");
    int leafOfB = 1;
    stranger.broadcast(
        COMMIT, ExternalCommits.evicting(accepted, room, "stranger", groupInfo(), leafOfB));
    awaitRefused(Reason.EVICTION, "a", "c");
    assertGoesOn();
  }

  @Test
  void aKeyPackageIsNotUsedTwice() throws Exception {
    join("d");
    party.awaitTogether(SOON);
    byte[] announced = lastHeard(ANNOUNCE);
    party.leave("d");
    party.awaitTogether(SOON);
    RoomChannel again = outsider("d");
    again.broadcast(ANNOUNCE, announced);
    awaitRefused(Reason.KEY_PACKAGE_REUSED, "a");
    assertGoesOn();
  }

  @Test
  void anAnnouncementUnderAnotherNicknameIsRefused() throws Exception {
    EndpointIdentity accepted = party.introduce("x");
    stranger.broadcast(ANNOUNCE, new Announcement(accepted, policy(), "x").octets());
    awaitRefused(Reason.CREDENTIAL, "a");
    assertGoesOn();
  }

  @Test
  void aFloodOfAnnouncementsDoesNotKeepOthersOut() throws Exception {
    byte[] announcement = new Announcement(unknown("m"), policy(), "stranger").octets();
    for (int i = 0; i < 3000; i++) {
      stranger.broadcast(ANNOUNCE, announcement);
    }
    awaitRefused(Reason.TOO_OFTEN, "a", "b", "c");
    assertGoesOn();
  }
}
