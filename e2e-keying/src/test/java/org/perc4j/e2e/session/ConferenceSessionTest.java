/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.perc4j.e2e.mls.CredentialValidator;
import org.perc4j.e2e.mls.EndpointIdentity;
import org.perc4j.e2e.mls.GroupMoment;
import org.perc4j.e2e.mls.Member;
import org.perc4j.e2e.mls.RefusedException;
import org.perc4j.e2e.mls.RefusedException.Reason;
import org.perc4j.e2e.mls.Role;
import org.perc4j.e2e.mls.Roster;
import org.perc4j.e2e.protocol.SessionEvent;
import org.perc4j.e2e.protocol.SessionEvent.Ended;
import org.perc4j.e2e.room.RoomChannel;
import org.perc4j.e2e.room.RoomEvent;
import org.perc4j.e2e.room.RoomException;
import org.perc4j.e2e.srtp.CryptexPolicy;
import org.perc4j.e2e.srtp.DoubleSrtpResult;
import org.perc4j.e2e.srtp.MediaPacket;
import org.perc4j.e2e.srtp.OuterKeys;
import org.perc4j.e2e.srtp.OuterSender;
import org.perc4j.e2e.xmpp.ScriptedConnection;
import org.perc4j.header.srtp.DoubleSrtpProfile;

class ConferenceSessionTest extends Meeting {
  @CanIgnoreReturnValue
  private ConferenceSession join(String name) {
    return join(name, name, Party.identity(name), credential -> {});
  }

  @CanIgnoreReturnValue
  private ConferenceSession join(
      String name, String occupant, EndpointIdentity identity, CredentialValidator validator) {
    return join(name, occupant, identity, validator, time.sessionOptions());
  }

  @CanIgnoreReturnValue
  private ConferenceSession join(String name, SessionOptions options) {
    return join(name, name, Party.identity(name), credential -> {}, options);
  }

  @CanIgnoreReturnValue
  private ConferenceSession joinPrivately(String name) {
    SessionOptions options = time.sessionOptions().withPrivateRoom(true);
    return join(name, name, Party.identity(name), credential -> {}, options);
  }

  @CanIgnoreReturnValue
  private ConferenceSession join(
      String name, SessionOptions options, ConferenceSession.Listener listener) {
    return join(name, name, Party.identity(name), credential -> {}, options, listener);
  }

  private <T extends SessionEvent> List<T> heard(String name, Class<T> type) {
    return events.getOrDefault(name, List.of()).stream()
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }

  private List<Ended.Reason> whyEnded(String name) {
    return heard(name, Ended.class).stream().map(Ended::reason).toList();
  }

  /** What somebody sends, as it travels. */
  private byte[] sent(String by, byte[] rtp) {
    MediaPacket packet = carry(rtp);
    assertEquals(DoubleSrtpResult.OK, of(by).protect(packet));
    return octets(packet);
  }

  private static DoubleSrtpResult receive(ConferenceSession session, byte[] octets) {
    return session.unprotect(carry(octets));
  }

  @Test
  void nothingIsProtectedBeforeTheFirstEpoch() {
    ConferenceSession alone = join("a");
    MediaPacket packet = carry(rtp(1));
    byte[] before = octets(packet);
    assertEquals(DoubleSrtpResult.NO_KEY_YET, alone.protect(packet));
    assertArrayEquals(before, octets(packet));
    assertNull(alone.moment());
    assertThrows(IllegalStateException.class, alone::epochCode);
    pass(0);
    assertEquals(DoubleSrtpResult.OK, alone.protect(packet));
  }

  @Test
  void theOthersKnowWhoOnlyListens() {
    join("a");
    join(
        "b",
        "b",
        Party.identity("b"),
        credential -> {},
        time.sessionOptions().withRole(Role.LISTENER));
    pass(1000);
    List<SessionEvent.EpochChanged> epochs = heard("a", SessionEvent.EpochChanged.class);
    assertEquals(
        List.of(Role.SPEAKER, Role.LISTENER),
        epochs.get(epochs.size() - 1).roster().members().stream().map(Member::role).toList());
  }

  @Test
  void membersHearEachOtherAndKnowWhoSpeaks() {
    join("a");
    join("b");
    join("c");
    pass(1000);
    byte[] rtp = rtp(17);
    byte[] onItsWay = sent("b", rtp);
    for (String name : List.of("a", "c")) {
      of(name).ssrcOwner(17, name.equals("a") ? "b" : "nobody in particular");
      MediaPacket packet = carry(onItsWay);
      assertEquals(DoubleSrtpResult.OK, of(name).unprotect(packet), name);
      assertArrayEquals(rtp, octets(packet));
      assertEquals("b", packet.senderName());
      assertEquals("b", packet.senderOccupant());
    }
    assertEquals(of("a").epochCode().digits(), of("c").epochCode().digits());
    assertNotEquals(DoubleSrtpResult.OK, receive(of("b"), onItsWay));
  }

  /** Joins as somebody whose session holds packets, and who keeps what it is handed. */
  private List<byte[]> joinHolding(String name) {
    List<byte[]> late = new ArrayList<>();
    join(
        name,
        time.sessionOptions()
            .withHeldPackets(
                (session, packet) -> {
                  assertSame(of(name), session);
                  assertEquals("a", packet.senderOccupant());
                  late.add(octets(packet));
                }));
    return late;
  }

  /** Has the room tell somebody nothing until this is run. */
  private Runnable delay(String name) {
    List<RoomEvent> delayed = new ArrayList<>();
    boolean[] over = {false};
    room.intercept(
        (recipient, event) -> {
          if (!recipient.equals(name) || over[0]) {
            List<RoomEvent> all = recipient.equals(name) ? List.copyOf(delayed) : List.of();
            List<RoomEvent> now = new ArrayList<>(all);
            if (recipient.equals(name)) {
              delayed.clear();
            }
            now.add(event);
            return now;
          }
          delayed.add(event);
          return List.of();
        });
    return () -> {
      over[0] = true;
      room.outsider("focus", true); // something that it is told, after the rest
      pass(0);
    };
  }

  @Test
  void packetsAheadOfTheirEpochsNewsAreHandedOverWhenItComes() {
    join("a");
    List<byte[]> late = joinHolding("b");
    join("c");
    pass(1000);
    assertEquals(DoubleSrtpResult.OK, receive(of("b"), sent("a", rtp(1))));
    Runnable goOn = delay("b");
    room.crash("c"); // a goes over at once
    pass(0);
    List<byte[]> rtp = List.of(rtp(1), rtp(1), rtp(2));
    for (byte[] each : rtp) {
      assertEquals(DoubleSrtpResult.HELD, receive(of("b"), sent("a", each)));
    }
    byte[] forged = sent("a", rtp(1));
    forged[20] ^= 1;
    assertEquals(DoubleSrtpResult.HELD, receive(of("b"), forged));
    pass(200);
    assertEquals(0, late.size());
    goOn.run();
    assertEquals(3, late.size());
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(rtp.get(i), late.get(i));
    }
    assertEquals(DoubleSrtpResult.OK, receive(of("b"), sent("a", rtp(1))));
    pass(300);
    assertEquals(1, of("b").packetsHeldInVain());
    assertEquals(3, late.size());
  }

  @Test
  void packetsThatAreTooFarAheadAreForgotten() {
    join("a");
    List<byte[]> late = joinHolding("b");
    join("c");
    pass(1000);
    Runnable goOn = delay("b");
    room.crash("c");
    pass(0);
    assertEquals(DoubleSrtpResult.HELD, receive(of("b"), sent("a", rtp(1))));
    pass(300);
    goOn.run();
    assertEquals(0, late.size());
    assertEquals(1, of("b").packetsHeldInVain());
  }

  @Test
  void packetsAheadOfTheFirstEpochAreHandedOver() {
    join("a");
    pass(1000);
    List<byte[]> late = joinHolding("b");
    pass(50);
    Runnable goOn = delay("b");
    pass(100);
    assertTrue(of("a").isSendingInNewestEpoch());
    assertNull(of("b").moment());
    byte[] rtp = rtp(1);
    assertEquals(DoubleSrtpResult.HELD, receive(of("b"), sent("a", rtp)));
    goOn.run();
    assertNotNull(of("b").moment());
    assertEquals(1, late.size());
    assertArrayEquals(rtp, late.get(0));
  }

  @Test
  void withoutSomebodyToTakeThemPacketsAreNotHeld() {
    join("a");
    join("b");
    pass(1000);
    byte[] forged = sent("a", rtp(1));
    forged[20] ^= 1;
    assertEquals(DoubleSrtpResult.INNER_AUTHENTICATION_FAILED, receive(of("b"), forged));
    assertEquals(0, of("b").packetsHeldInVain());
  }

  @Test
  void whoJoinsHearsNothingOfWhatWasSaidBefore() {
    join("a");
    join("b");
    pass(1000);
    byte[] early = sent("a", rtp(1));
    join("late");
    pass(1000);
    assertNotEquals(DoubleSrtpResult.OK, receive(of("late"), early));
    assertEquals(DoubleSrtpResult.OK, receive(of("b"), early));
    assertEquals(DoubleSrtpResult.OK, receive(of("late"), sent("a", rtp(1))));
  }

  @Test
  void whoLeftHearsNothingOfWhatIsSaidAfterwards() {
    join("a");
    join("b");
    join("gone");
    pass(1000);
    ConferenceSession gone = of("gone");
    room.crash("gone"); // it is told nothing, and keeps its keys
    pass(0);
    byte[] late = sent("a", rtp(1));
    assertNotEquals(DoubleSrtpResult.OK, receive(gone, late));
    assertEquals(DoubleSrtpResult.OK, receive(of("b"), late));
    assertEquals(
        List.of("gone"),
        heard("b", SessionEvent.MemberLeft.class).stream()
            .map(left -> left.member().name())
            .toList());
    // nor is it heard any more
    assertNotEquals(DoubleSrtpResult.OK, receive(of("b"), sent("gone", rtp(2))));
  }

  @Test
  void sendersGoOverWhenEverybodyCanReceive() {
    join("a");
    join("b");
    pass(1000);
    join("c");
    pass(100); // the commit
    ConferenceSession late = of("c");
    assertNotNull(late.moment());
    // for a quarter of a second, a sends under the old epoch, which b still knows
    byte[] old = sent("a", rtp(1));
    assertEquals(DoubleSrtpResult.OK, receive(of("b"), old));
    assertNotEquals(DoubleSrtpResult.OK, receive(late, old));
    assertFalse(of("a").isSendingInNewestEpoch());
    pass(250);
    assertTrue(of("a").isSendingInNewestEpoch());
    assertEquals(DoubleSrtpResult.OK, receive(late, sent("a", rtp(1))));
    byte[] older = sent("c", rtp(9));
    assertEquals(DoubleSrtpResult.OK, receive(of("a"), older));
  }

  /** The epochs of which somebody was told that it sends in them. */
  private List<Long> sendingIn(String name) {
    return heard(name, SessionEvent.SendingIn.class).stream()
        .map(event -> event.moment().epoch())
        .toList();
  }

  private long epoch(String name) {
    GroupMoment moment = of(name).moment();
    assertNotNull(moment);
    return moment.epoch();
  }

  @Test
  void tellsWhenSendingHasGoneOverWithoutAnythingBeingSent() {
    join("a");
    pass(0);
    assertEquals(List.of(0L), sendingIn("a"));
    join("b");
    pass(1000);
    assertEquals(List.of(0L, 1L), sendingIn("a"), "at once, as nobody else was there");
    join("c");
    pass(100);
    assertEquals(2, epoch("a"));
    assertEquals(List.of(0L, 1L), sendingIn("a"));
    assertEquals(List.of(2L), sendingIn("c"));
    pass(249);
    assertFalse(of("a").isSendingInNewestEpoch());
    pass(1);
    assertEquals(List.of(0L, 1L, 2L), sendingIn("a"));
    assertTrue(of("a").isSendingInNewestEpoch());
    pass(10_000);
    assertEquals(List.of(0L, 1L, 2L), sendingIn("a"));
  }

  @Test
  void doesNotTellOfAnEpochThatSendingNeverReached() {
    join("a");
    join("b");
    pass(1000);
    join("c");
    pass(100);
    long passedOver = epoch("a");
    room.crash("b"); // a goes over at once, to the epoch without it
    pass(0);
    assertEquals(passedOver + 1, epoch("a"));
    pass(1000);
    assertEquals(List.of(0L, passedOver - 1, passedOver + 1), sendingIn("a"));
  }

  @Test
  void nothingIsToldOfSendingAfterTheEnd() {
    join("a");
    join("b");
    pass(1000);
    join("c");
    pass(100);
    of("a").close();
    pass(1000);
    List<SessionEvent> told = heard("a", SessionEvent.class);
    assertInstanceOf(Ended.class, told.get(told.size() - 1));
  }

  @Test
  void mediaGoOnForAWhileWhenTheRoomIsLost() {
    join("a");
    join("b");
    pass(1000);
    room.disconnect("a");
    pass(59_000);
    assertEquals(1, heard("a", SessionEvent.Degraded.class).size());
    assertEquals(DoubleSrtpResult.OK, receive(of("b"), sent("a", rtp(1))));
    pass(2_000);
    assertEquals(DoubleSrtpResult.SENDING_STOPPED, of("a").protect(carry(rtp(1))));
    room.reconnect("a", false);
    pass(5_000);
    assertEquals(1, heard("a", SessionEvent.Recovered.class).size());
    assertEquals(DoubleSrtpResult.OK, receive(of("b"), sent("a", rtp(1))));
  }

  @Test
  void sendingBeginsAgainWhenALongLostConnectionIsResumed() {
    join("a");
    join("b");
    pass(1000);
    room.disconnect("a");
    pass(61_000);
    assertEquals(DoubleSrtpResult.SENDING_STOPPED, of("a").protect(carry(rtp(1))));
    room.reconnect("a", true);
    pass(5_000);
    assertEquals(DoubleSrtpResult.OK, receive(of("b"), sent("a", rtp(1))));
  }

  @Test
  void mediaGoOnWhileEverybodyComesBackAfterTheServerRestarted() {
    List<String> all = List.of("a", "b", "c");
    all.forEach(this::join);
    pass(1000);
    room.restart();
    for (String name : List.of("c", "a", "b")) {
      passHearing(all, 1000);
      room.reconnect(name, false);
    }
    passHearing(all, 10_000);
    for (String name : all) {
      Roster roster = of(name).roster();
      assertNotNull(roster);
      assertEquals(3, roster.size());
      assertEquals(List.of(), heard(name, SessionEvent.MemberLeft.class));
      assertEquals(1, heard(name, SessionEvent.Recovered.class).size());
      assertTrue(of(name).isSendingInNewestEpoch());
    }
    assertEquals(of("a").epochCode().digits(), of("b").epochCode().digits());
  }

  @Test
  void whoStaysAwayAfterARestartHearsNothingAfterTwentySeconds() {
    List<String> all = List.of("a", "b", "c");
    all.forEach(this::join);
    pass(1000);
    room.restart(); // and b does not come back
    room.reconnect("a", false);
    pass(100);
    room.reconnect("c", false);
    passHearing(List.of("a", "c"), 19_800);
    byte[] early = sent("a", rtp(1));
    assertEquals(DoubleSrtpResult.OK, receive(of("b"), early));
    pass(200);
    assertNotEquals(DoubleSrtpResult.OK, receive(of("b"), sent("a", rtp(1))));
    assertNotEquals(DoubleSrtpResult.OK, receive(of("a"), sent("b", rtp(2))));
    passHearing(List.of("a", "c"), 1000);
  }

  /** Has time pass in which all of these hear each other, each packet. */
  private void passHearing(List<String> names, int millis) {
    for (int i = 0; i < millis / 20; i++) {
      for (String sender : names) {
        int ssrc = 100 + sender.charAt(0);
        byte[] octets = sent(sender, rtp(ssrc));
        for (String receiver : names) {
          if (!receiver.equals(sender)) {
            of(receiver).ssrcOwner(ssrc, sender);
            assertEquals(
                DoubleSrtpResult.OK, receive(of(receiver), octets), sender + " to " + receiver);
          }
        }
      }
      pass(20);
    }
  }

  @Test
  void roomBehindPacketsIsEnoughForBothLayersAndNoMoreThanTheyMayTake() {
    join("a");
    pass(0);
    byte[] withContributors = rtp(5);
    withContributors[0] = (byte) 0x83; // three CSRCs, which the outer layer may hide
    for (CryptexPolicy cryptex : CryptexPolicy.values()) {
      assertEquals(
          DoubleSrtpResult.OK,
          protectBoth(withContributors, cryptex, ConferenceSession.PACKET_OVERHEAD_BYTES));
      withContributors[3]++;
    }
    assertEquals(
        DoubleSrtpResult.NO_ROOM,
        protectBoth(
            withContributors, CryptexPolicy.ALLOWED, ConferenceSession.PACKET_OVERHEAD_BYTES - 1));
  }

  private DoubleSrtpResult protectBoth(byte[] rtp, CryptexPolicy cryptex, int roomBytes) {
    DoubleSrtpProfile profile = SessionOptions.DEFAULT.profile();
    OuterKeys keys = OuterKeys.fromExporter(profile, new byte[profile.exporterLengthBytes()], true);
    byte[] buffer = Arrays.copyOf(rtp, rtp.length + roomBytes);
    MediaPacket packet = new MediaPacket().wrap(buffer, 0, rtp.length);
    DoubleSrtpResult inner = of("a").protect(packet);
    return inner == DoubleSrtpResult.OK
        ? new OuterSender(profile, keys.send(), cryptex).protect(packet)
        : inner;
  }

  @Test
  void closingErasesAllKeys() {
    join("a");
    join("b");
    pass(1000);
    ConferenceSession a = of("a");
    byte[] before = sent("b", rtp(1));
    a.close();
    assertEquals(DoubleSrtpResult.KEYS_ERASED, a.protect(carry(rtp(1))));
    assertEquals(DoubleSrtpResult.KEYS_ERASED, receive(a, before));
    pass(0);
    assertNull(a.moment());
    assertEquals(List.of(Ended.Reason.LEFT), whyEnded("a"));
    a.close();
    pass(1000);
    Roster left = of("b").roster();
    assertNotNull(left);
    assertEquals(1, left.size());
  }

  @Test
  void whoIsKickedCanNeitherSendNorReceive() {
    join("a");
    join("b");
    pass(1000);
    room.kick("b");
    pass(0);
    assertEquals(DoubleSrtpResult.KEYS_ERASED, of("b").protect(carry(rtp(1))));
    assertEquals(List.of(Ended.Reason.REMOVED), whyEnded("b"));
    assertNotEquals(DoubleSrtpResult.OK, receive(of("b"), sent("a", rtp(1))));
  }

  @Test
  void anIdentityIsInTheConferenceOnce() {
    EndpointIdentity alice = Party.identity("alice");
    join("a", "phone", alice, credential -> {});
    join("b");
    pass(1000);
    join("c", "laptop", alice, credential -> {});
    pass(5000);
    assertEquals(List.of(Ended.Reason.REPLACED), whyEnded("a"));
    Roster roster = of("b").roster();
    assertNotNull(roster);
    assertEquals(2, roster.size());
    assertNotNull(roster.occupant("laptop"));
    assertEquals(DoubleSrtpResult.OK, receive(of("b"), sent("c", rtp(1))));
  }

  @Test
  void aDeviceWhoseLeafAnotherOfItsNameTookIsNotHeardAnyMore() {
    join("phone", "phone", Party.identity("alice"), credential -> {});
    join("b");
    pass(1000);
    int leaf = member("b", "phone").leaf();
    byte[] late = sent("phone", rtp(1));
    of("b").ssrcOwner(1, "laptop");
    join("laptop", "laptop", Party.identity("alice"), credential -> {});
    pass(50); // it has announced itself, and waits to be let in with others
    room.crash("phone");
    pass(0);

    assertEquals(leaf, member("b", "laptop").leaf());
    assertNotEquals(DoubleSrtpResult.OK, receive(of("b"), late));
    assertNotEquals(DoubleSrtpResult.OK, receive(of("b"), sent("phone", rtp(1))));
    assertEquals(DoubleSrtpResult.OK, receive(of("b"), sent("laptop", rtp(1))));
  }

  @Test
  void refusalsAreToldAndCounted() {
    CredentialValidator nobodyNamedMallory =
        credential -> {
          if (credential.name().equals("mallory")) {
            throw new RefusedException(Reason.CREDENTIAL, "not mallory");
          }
        };
    join("a", "a", Party.identity("a"), nobodyNamedMallory);
    join("b", "b", Party.identity("b"), nobodyNamedMallory);
    pass(1000);
    join("mallory");
    pass(8000);
    SessionEvent.Refused refused = heard("a", SessionEvent.Refused.class).get(0);
    assertEquals("mallory", refused.occupant());
    assertEquals(Reason.CREDENTIAL, refused.reason());
    assertTrue(of("a").refusals().getOrDefault(Reason.CREDENTIAL, 0L) > 0);
    assertNotEquals(DoubleSrtpResult.OK, receive(of("mallory"), sent("a", rtp(1))));
    assertEquals(DoubleSrtpResult.OK, receive(of("b"), sent("a", rtp(1))));
  }

  @Test
  void aListenerThatFailsStopsNothing() {
    join("a");
    ConferenceSession b =
        join(
            "b",
            time.sessionOptions(),
            (session, event) -> {
              throw new IllegalStateException("as the test wants");
            });
    pass(1000);
    assertEquals(DoubleSrtpResult.OK, receive(b, sent("a", rtp(1))));
  }

  @Test
  void theListenerKnowsTheSessionFromTheFirstEventOn() {
    List<ConferenceSession> told = new ArrayList<>();
    ConferenceSession a = join("a", time.sessionOptions(), (session, event) -> told.add(session));
    pass(0);
    assertFalse(told.isEmpty());
    told.forEach(session -> assertSame(a, session));
  }

  @Test
  void firstEpochIsWaitedForAndHasTheRoster() throws Exception {
    ConferenceSession a = join("a");
    CompletableFuture<SessionEvent.EpochChanged> first = a.firstEpoch().toCompletableFuture();
    assertFalse(first.isDone());
    List<DoubleSrtpResult> readiness = new ArrayList<>();
    var unused = a.firstEpoch().thenRun(() -> readiness.add(a.readiness()));
    pass(0);
    assertEquals(List.of("a"), List.copyOf(first.get().roster().names().values()));
    assertEquals(List.of(DoubleSrtpResult.OK), readiness);
    assertEquals(heard("a", SessionEvent.EpochChanged.class).get(0), first.get());
    join("b");
    pass(1000);
    assertEquals(1, first.get().roster().size());
  }

  @Test
  void whoWaitsForTheFirstEpochIsToldWhyThereIsNone() {
    ConferenceSession a = join("a");
    CompletableFuture<SessionEvent.EpochChanged> first = a.firstEpoch().toCompletableFuture();
    a.close();
    assertFalse(first.isDone(), "on the event loop only");
    pass(0);
    ExecutionException e = assertThrows(ExecutionException.class, first::get);
    SessionEndedException ended = assertInstanceOf(SessionEndedException.class, e.getCause());
    assertEquals(Ended.Reason.LEFT, ended.reason());
  }

  @Test
  void nobodyElseCompletesTheFirstEpoch() {
    ConferenceSession a = join("a");
    a.firstEpoch().toCompletableFuture().cancel(true);
    assertFalse(a.firstEpoch().toCompletableFuture().isDone());
  }

  @Test
  void theCodeOfAnEpochIsMadeElsewhereAndToldOnTheEventLoop() {
    Deque<Runnable> work = new ArrayDeque<>();
    join("a", time.sessionOptions().withCodesMadeBy(work::add));
    join("b", time.sessionOptions().withCodesMadeBy(work::add));
    pass(1000);
    assertEquals(2, work.size(), "one of each");
    assertEquals(List.of(), heard("a", SessionEvent.CodeReady.class));
    while (!work.isEmpty()) {
      work.remove().run();
    }
    assertEquals(List.of(), heard("a", SessionEvent.CodeReady.class), "not on the executor");
    pass(0);
    SessionEvent.CodeReady at = heard("a", SessionEvent.CodeReady.class).get(0);
    SessionEvent.CodeReady of = heard("b", SessionEvent.CodeReady.class).get(0);
    assertEquals(epoch("a"), at.moment().epoch());
    assertEquals(at.code().digits(), of.code().digits());
    assertEquals(of("a").epochCode().digits(), at.code().digits());
    assertTrue(work.isEmpty());
  }

  @Test
  void twoMembersHaveACodeOfTheirOwn() {
    join("a");
    join("b");
    join("c");
    pass(1000);
    Member b = member("a", "b");
    Member a = member("b", "a");
    assertEquals(of("a").pairCode(b).digits(), of("b").pairCode(a).digits());
    assertNotEquals(of("a").pairCode(b).digits(), of("a").pairCode(member("a", "c")).digits());
  }

  private Member member(String at, String name) {
    Roster roster = of(at).roster();
    assertNotNull(roster);
    Member member = roster.occupant(name);
    assertNotNull(member);
    return member;
  }

  private DoubleSrtpResult send(String by) {
    return of(by).protect(carry(rtp(1)));
  }

  @Test
  void tellsWhoInTheRoomDoesNotSpeakTheProtocol() {
    room.outsider("focus", true);
    room.outsider("early", true);
    join("a");
    pass(1000);
    room.outsider("late", true);
    room.outsider("early", false);
    pass(1000);
    List<SessionEvent> told =
        heard("a", SessionEvent.class).stream()
            .filter(
                event ->
                    event instanceof SessionEvent.OutsiderArrived
                        || event instanceof SessionEvent.OutsiderLeft)
            .toList();
    assertEquals(
        List.of(
            new SessionEvent.OutsiderArrived("early"),
            new SessionEvent.OutsiderArrived("late"),
            new SessionEvent.OutsiderLeft("early")),
        told);
    assertEquals(DoubleSrtpResult.OK, send("a"));
  }

  @Test
  void outsidersAreToldAnewWhenTheRoomIsEnteredAnew() {
    room.outsider("plain", true);
    join("a");
    pass(1000);
    room.disconnect("a");
    pass(1000);
    room.outsider("plain", false);
    room.outsider("other", true);
    room.reconnect("a", false);
    pass(5000);
    assertEquals(
        List.of(
            new SessionEvent.OutsiderArrived("plain"), new SessionEvent.OutsiderArrived("other")),
        heard("a", SessionEvent.OutsiderArrived.class));
    assertEquals(
        List.of(new SessionEvent.OutsiderLeft("plain")),
        heard("a", SessionEvent.OutsiderLeft.class));
  }

  @Test
  void inPrivateRoomNothingIsSentWhileAnOutsiderIsThere() {
    room.outsider("focus", true);
    joinPrivately("a");
    joinPrivately("b");
    pass(1000);
    assertEquals(DoubleSrtpResult.OK, send("a"));
    int before = heard("a", SessionEvent.SendingWaits.class).size();
    room.outsider("plain", true);
    pass(0);
    assertEquals(DoubleSrtpResult.SENDING_WAITS, send("a"));
    assertEquals(DoubleSrtpResult.SENDING_WAITS, send("b"));
    room.outsider("plain", false);
    pass(0);
    assertEquals(DoubleSrtpResult.OK, send("a"));
    List<SessionEvent.SendingWaits> waits = heard("a", SessionEvent.SendingWaits.class);
    assertEquals(
        List.of(
            new SessionEvent.SendingWaits(Set.of("plain")),
            new SessionEvent.SendingWaits(Set.of())),
        waits.subList(before, waits.size()));
  }

  @Test
  void tellsWhyNothingIsSent() {
    ConferenceSession a = joinPrivately("a");
    room.outsider("plain", true);
    assertEquals(DoubleSrtpResult.NO_KEY_YET, a.readiness());
    assertEquals(DoubleSrtpResult.NO_KEY_YET, send("a"));
    join("b");
    pass(1000);
    assertEquals(DoubleSrtpResult.SENDING_WAITS, a.readiness());
    assertEquals(DoubleSrtpResult.SENDING_WAITS, send("a"));
    assertFalse(a.canSend());
    room.outsider("plain", false);
    pass(0);
    assertEquals(DoubleSrtpResult.OK, a.readiness());
    assertTrue(a.canSend());
    room.disconnect("a");
    pass(61_000);
    assertEquals(DoubleSrtpResult.SENDING_STOPPED, a.readiness());
    assertEquals(DoubleSrtpResult.SENDING_STOPPED, send("a"));
    a.close();
    assertEquals(DoubleSrtpResult.KEYS_ERASED, a.readiness());
    assertEquals(DoubleSrtpResult.KEYS_ERASED, send("a"));
  }

  @Test
  void inPrivateRoomWhoLooksLikeSomebodyToleratedIsAnOutsider() {
    room.outsider("focus", true);
    joinPrivately("a");
    pass(1000);
    for (String nickname : List.of("focus\u200b", "fo\u00adcus", "focus ", "x".repeat(1000))) {
      room.outsider(nickname, true);
      pass(0);
      assertEquals(DoubleSrtpResult.SENDING_WAITS, send("a"));
      room.outsider(nickname, false);
      pass(0);
      assertEquals(DoubleSrtpResult.OK, send("a"));
    }
  }

  @Test
  void privateRoomStaysSilentWhenItIsEnteredAnewBesideTheSameOutsider() {
    joinPrivately("a");
    room.outsider("plain", true);
    pass(1000);
    List<SessionEvent> before = heard("a", SessionEvent.class);
    room.disconnect("a");
    room.reconnect("a", false);
    pass(5000);
    List<SessionEvent> after = heard("a", SessionEvent.class);
    assertTrue(after.size() > before.size());
    for (SessionEvent event : after.subList(before.size(), after.size())) {
      assertFalse(event instanceof SessionEvent.OutsiderLeft, event.toString());
      assertFalse(event instanceof SessionEvent.SendingWaits, event.toString());
    }
    assertEquals(DoubleSrtpResult.SENDING_WAITS, send("a"));
  }

  @Test
  void inPrivateRoomNothingIsSentUntilNewcomersAreMembers() {
    joinPrivately("a");
    pass(1000);
    joinPrivately("b");
    pass(1);
    assertEquals(
        List.of(new SessionEvent.SendingWaits(Set.of("b"))),
        heard("a", SessionEvent.SendingWaits.class));
    assertEquals(DoubleSrtpResult.SENDING_WAITS, send("a"));
    assertEquals(DoubleSrtpResult.NO_KEY_YET, send("b"));
    pass(1000);
    byte[] onItsWay = sent("a", rtp(17));
    assertEquals(DoubleSrtpResult.OK, receive(of("b"), onItsWay));
    assertEquals(DoubleSrtpResult.OK, send("b"));
  }

  @Test
  void privateRoomStaysSilentForWhomIsNotLetIn() {
    CredentialValidator strict =
        credential -> {
          if (credential.name().equals("mallory")) {
            throw new RefusedException(Reason.CREDENTIAL, "not known");
          }
        };
    SessionOptions options = time.sessionOptions().withPrivateRoom(true);
    join("a", "a", Party.identity("a"), strict, options);
    join("b", "b", Party.identity("b"), strict, options);
    pass(1000);
    join("mallory");
    pass(10_000);
    assertEquals(DoubleSrtpResult.SENDING_WAITS, send("a"));
    of("mallory").close();
    pass(1000);
    assertEquals(DoubleSrtpResult.OK, send("a"));
    assertEquals(DoubleSrtpResult.OK, receive(of("b"), sent("a", rtp(3))));
  }

  @Test
  void privateRoomIsNotSilentWhileAllComeBackAfterTheServerRestarted() {
    List<String> names = List.of("a", "b", "c");
    names.forEach(this::joinPrivately);
    pass(2000);
    room.restart();
    pass(1000);
    for (String name : names) {
      room.reconnect(name, false);
      pass(100);
      assertEquals(DoubleSrtpResult.OK, send("a"), "when " + name + " is back");
    }
    pass(5000);
    assertEquals(DoubleSrtpResult.OK, receive(of("b"), sent("a", rtp(3))));
  }

  @Test
  void backlogIsBoundedByOctets() throws RoomException {
    join("a");
    pass(1000);
    RoomChannel flooder = room.channel("flooder");
    flooder.enter(event -> {});
    for (int round = 0; round < 3; round++) {
      flood(flooder, 100);
      pass(0);
      assertEquals(List.of(), heard("a", Ended.class), "what is read in time");
    }
    flood(flooder, 150);
    pass(0);
    assertEquals(
        List.of(new Ended(Ended.Reason.OVERRUN, "the room sent more than could be read")),
        heard("a", Ended.class));
  }

  /** Has messages of the greatest length wait for the event loop. */
  private void flood(RoomChannel flooder, int messages) throws RoomException {
    byte[] octets = new byte[RoomChannel.MAX_MESSAGE_BYTES];
    for (int i = 0; i < messages; i++) {
      flooder.broadcast("x", octets);
      room.runUntilIdle();
    }
  }

  /** A session on a connection that does not end before the test says so. */
  private static final class EndlessConnection implements AutoCloseable {
    final ScriptedConnection connection = ScriptedConnection.create();
    final LoopThread loop = new LoopThread("keys");
    final CountDownLatch ended = new CountDownLatch(1);
    final ConferenceSession session;

    EndlessConnection() throws RoomException {
      connection.blockEnding();
      session =
          ConferenceSession.join(
              connection.room("a"),
              Party.identity("a"),
              credential -> {},
              SessionOptions.DEFAULT,
              loop,
              (session, event) -> {
                if (event instanceof Ended) {
                  ended.countDown();
                }
              });
    }

    @Override
    public void close() {
      connection.letEnd();
      session.close();
      loop.close();
    }
  }

  @Test
  void closingDoesNotWaitForTheConnectionToEnd() throws Exception {
    try (EndlessConnection endless = new EndlessConnection()) {
      endless.session.close();
      endless.ended.await();
      endless.connection.awaitEnding();
      assertFalse(endless.connection.hasEnded());
    }
  }

  @Test
  void eventLoopDoesNotWaitForTheConnectionToEnd() throws Exception {
    try (EndlessConnection endless = new EndlessConnection()) {
      endless.connection.kicks("a");
      endless.ended.await();
      endless.connection.awaitEnding();
      assertFalse(endless.connection.hasEnded());
    }
  }
}
