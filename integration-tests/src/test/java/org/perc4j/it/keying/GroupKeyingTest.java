/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.keying;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.perc4j.e2e.mls.EndpointIdentity;
import org.perc4j.e2e.mls.GroupPolicy;
import org.perc4j.e2e.mls.MlsGroup;
import org.perc4j.e2e.mls.RefusedException;
import org.perc4j.e2e.protocol.MessageKind;
import org.perc4j.e2e.protocol.ProtocolTiming;
import org.perc4j.e2e.protocol.SessionEvent;
import org.perc4j.e2e.room.RoomChannel;
import org.perc4j.e2e.room.RoomEvent;
import org.perc4j.e2e.room.RoomException;
import org.perc4j.e2e.session.SessionOptions;
import org.perc4j.it.harness.Await;
import org.perc4j.it.xmpp.Focus;
import org.perc4j.it.xmpp.ProsodyServer;
import org.perc4j.it.xmpp.RequiresProsody;
import org.perc4j.it.xmpp.TcpRelay;

/** Members come, go, fail and return, on Prosody; each time all come to one epoch. */
@RequiresProsody
class GroupKeyingTest {
  private static final AtomicInteger ROOMS = new AtomicInteger();
  private static final Duration SOON = Duration.ofSeconds(15);
  private static final Duration LATER = Duration.ofSeconds(40);

  private static ProsodyServer server;

  private final String room = ProsodyServer.room("keys" + ROOMS.incrementAndGet());
  private final Gathering party = new Gathering(SessionOptions.DEFAULT);
  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeAll
  static void startServer() throws Exception {
    server = ProsodyServer.start(new ProsodyServer.Options(6, null, false));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @AfterEach
  void leave() throws Exception {
    party.close();
    for (AutoCloseable resource : open) {
      resource.close();
    }
  }

  private RoomChannel guest(String occupant) throws RoomException {
    return server.guests().room(room, occupant);
  }

  private void join(String... occupants) throws IOException {
    for (String occupant : occupants) {
      party.join(guest(occupant));
    }
  }

  private void joinAtOnce(int count) throws Exception {
    joinAtOnce(party, count);
  }

  private void joinAtOnce(Gathering gathering, int count) throws Exception {
    List<RoomChannel> channels = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      channels.add(server.guests().withReplyTimeout(Await.PATIENCE).room(room, "m" + i));
    }
    gathering.joinAtOnce(channels);
  }

  private TcpRelay relay() throws IOException {
    TcpRelay relay = new TcpRelay(server);
    open.add(relay);
    return relay;
  }

  private long epoch() {
    Attendee.Epoch epoch = party.attendees().get(0).epoch();
    return epoch == null ? -1 : epoch.moment().epoch();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 10, 100})
  void allWhoJoinAtOnceAgree(int count) throws Exception {
    try (Gathering crowd = new Gathering(SessionOptions.DEFAULT.withoutCodes(), ServedLoop::new)) {
      joinAtOnce(crowd, count);
      Checks.assertAgreed(crowd, LATER);
      crowd.leave("m1");
      if (count > 2) {
        Checks.assertAgreed(crowd, SOON);
      }
    }
  }

  @Test
  void membersJoinOneByOne() throws Exception {
    for (int i = 0; i < 10; i++) {
      join("m" + i);
      party.awaitTogether(SOON);
    }
    Checks.assertAgreed(party, SOON);
    assertEquals(9, epoch());
  }

  @Test
  void whoLeavesIsRemoved() throws Exception {
    joinAtOnce(5);
    Checks.assertAgreed(party, SOON);
    party.leave("m2");
    Checks.assertAgreed(party, SOON);
    party.leave("m0"); // which may be the one whose turn it is to commit
    Checks.assertAgreed(party, SOON);
  }

  @Test
  void whoIsKickedIsRemovedAndMayReturn() throws Exception {
    Focus focus = Focus.enter(server, room);
    open.add(focus);
    join("a", "b", "c");
    Checks.assertAgreed(party, SOON);
    focus.kick("b");
    Attendee kicked = party.forget("b");
    Checks.assertAgreed(party, SOON);
    Await.until("the end of b", SOON, () -> kicked.wasTold(SessionEvent.Ended.class));
    kicked.close();
    party.join(guest("b"), kicked.identity());
    Checks.assertAgreed(party, SOON);
  }

  @Test
  void whoCrashesIsRemovedWhenTheServerGivesItUp() throws Exception {
    join("a", "b");
    TcpRelay relay = relay();
    party.join(relay.guests().room(room, "c"));
    Checks.assertAgreed(party, SOON);
    relay.close();
    Attendee crashed = party.forget("c");
    Checks.assertAgreed(party, SOON);
    assertTrue(crashed.wasTold(SessionEvent.Degraded.class));
    crashed.close();
  }

  @Test
  void tenCommitsRace() throws Exception {
    ProtocolTiming calm = ProtocolTiming.DEFAULT;
    SessionOptions hasty =
        SessionOptions.DEFAULT.withTiming(
            new ProtocolTiming(
                Duration.ofMillis(1),
                Duration.ofNanos(1),
                calm.joinTimeout(),
                calm.createTimeout(),
                calm.publishDelay(),
                calm.missedDelay(),
                calm.resendDelay(),
                calm.offlineLimit(),
                calm.reunionLimit()));
    try (Gathering hasties = new Gathering(hasty)) {
      RoomChannel witness = guest("witness");
      Map<Long, Integer> commits = new TreeMap<>();
      GroupPolicy policy = new GroupPolicy(room, credential -> {}, 1000, Clock.systemUTC());
      List<RoomChannel> first = new ArrayList<>();
      List<RoomChannel> second = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        first.add(new HastyChannel(guest("m" + i)));
        second.add(new HastyChannel(guest("n" + i)));
      }
      hasties.joinAtOnce(first);
      Checks.assertAgreed(hasties, LATER);
      witness.enter(event -> count(event, policy, commits));
      open.add(witness::leave);
      hasties.joinAtOnce(second);
      Checks.assertAgreed(hasties, LATER);
      hasties.leave("m3");
      Checks.assertAgreed(hasties, SOON);
      synchronized (commits) {
        assertTrue(commits.values().stream().anyMatch(count -> count >= 5), "no race: " + commits);
      }
    }
  }

  private static void count(RoomEvent event, GroupPolicy policy, Map<Long, Integer> commits) {
    if (event instanceof RoomEvent.Received received
        && received.kind().equals(MessageKind.COMMIT)) {
      try {
        long epoch = MlsGroup.momentOfCommit(received.octets(), policy).epoch();
        synchronized (commits) {
          commits.merge(epoch, 1, Integer::sum);
        }
      } catch (RefusedException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Test
  void theCommitterDiesBetweenCommitAndWelcome() throws Exception {
    TcpRelay relay = relay();
    boolean[] dying = {false};
    party.join(
        new WrappedChannel(
            relay.guests().room(room, "a"),
            (kind, octets) -> {
              if (dying[0] && kind.equals(MessageKind.WELCOME)) {
                relay.close();
                return false;
              }
              return true;
            },
            List::of));
    join("b", "c");
    Checks.assertAgreed(party, SOON);
    dying[0] = true;
    Attendee dead = party.forget("a");
    join("d");
    Checks.assertAgreed(party, LATER);
    assertTrue(dead.wasTold(SessionEvent.Degraded.class));
    dead.close();
    party.leave("c");
    Checks.assertAgreed(party, SOON);
  }

  @Test
  void whoWasCutOffEntersAnew() throws Exception {
    join("a", "b");
    TcpRelay relay = relay();
    Attendee cut = party.join(relay.guests().room(room, "c"));
    Checks.assertAgreed(party, SOON);
    long before = epoch();
    relay.cut();
    Await.until("c notices", SOON, () -> cut.wasTold(SessionEvent.Degraded.class));
    Await.until("the others notice", SOON, () -> epoch() > before);
    Checks.assertAgreed(party, LATER);
    assertTrue(cut.wasTold(SessionEvent.Recovered.class));
  }

  @Test
  void whoseStreamIsResumedMissesNothing() throws Exception {
    join("a", "b");
    TcpRelay relay = relay();
    Attendee cut = party.join(relay.account("carol").room(room, "c"));
    Checks.assertAgreed(party, SOON);
    for (int round = 0; round < 2; round++) {
      relay.cut();
      join("d" + round);
      Checks.assertAgreed(party, SOON);
    }
    assertTrue(cut.wasTold(SessionEvent.Recovered.class));
    assertFalse(party.attendee("a").wasTold(SessionEvent.MemberLeft.class));
  }

  @Test
  void whoLeftReturnsWithTheSameIdentity() throws Exception {
    join("a", "b", "c");
    Checks.assertAgreed(party, SOON);
    EndpointIdentity identity = party.attendee("b").identity();
    party.leave("b");
    Checks.assertAgreed(party, SOON);
    party.join(guest("b"), identity);
    Checks.assertAgreed(party, SOON);
  }

  @Test
  void everybodyComesBackAfterTheServerRestarted() throws Exception {
    try (ProsodyServer fragile = ProsodyServer.start();
        Gathering survivors = new Gathering(SessionOptions.DEFAULT)) {
      List<RoomChannel> channels = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        channels.add(fragile.guests().room(room, "m" + i));
      }
      survivors.joinAtOnce(channels);
      Checks.assertAgreed(survivors, SOON);
      Attendee first = survivors.attendees().get(0);
      Attendee last = survivors.attendees().get(5);
      Attendee.Epoch before = first.epoch();
      fragile.restart();
      AtomicInteger unheard = new AtomicInteger();
      Await.until(
          "keys of another group",
          LATER,
          () -> {
            if (!Checks.isHeard(first, last) || !Checks.isHeard(last, first)) {
              unheard.incrementAndGet();
            }
            Attendee.Epoch now = first.epoch();
            return now != null
                && before != null
                && !now.moment().sameGroup(before.moment())
                && first.session().isSendingInNewestEpoch()
                && last.session().isSendingInNewestEpoch();
          });
      assertEquals(0, unheard.get());
      Checks.assertAgreed(survivors, LATER);
      assertFalse(survivors.attendee("m0").wasTold(SessionEvent.Ended.class));
      survivors.join(fragile.guests().room(room, "late"));
      Checks.assertAgreed(survivors, SOON);
    }
  }
}
