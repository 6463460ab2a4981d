/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.xmpp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.SocketFactory;
import org.jivesoftware.smack.ConnectionConfiguration.SecurityMode;
import org.jivesoftware.smack.ReconnectionManager;
import org.jivesoftware.smack.filter.AndFilter;
import org.jivesoftware.smack.filter.FromMatchesFilter;
import org.jivesoftware.smack.filter.StanzaTypeFilter;
import org.jivesoftware.smack.packet.ExtensionElement;
import org.jivesoftware.smack.packet.Presence;
import org.jivesoftware.smack.packet.StandardExtensionElement;
import org.jivesoftware.smack.roster.Roster;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.jxmpp.jid.impl.JidCreate;
import org.jxmpp.jid.parts.Resourcepart;
import org.perc4j.e2e.room.RoomChannel;
import org.perc4j.e2e.room.RoomElement;
import org.perc4j.e2e.room.RoomException;
import org.perc4j.e2e.xmpp.XmppRoom;
import org.perc4j.e2e.xmpp.XmppServer;
import org.perc4j.e2e.xmpp.element.MlsElement;
import org.perc4j.it.harness.Await;
import org.perc4j.it.harness.ServedTime;

@RequiresProsody
class XmppRoomTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final AtomicInteger ROOMS = new AtomicInteger();

  private static ProsodyServer shared;

  private final String room = ProsodyServer.room("room" + ROOMS.incrementAndGet());
  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeAll
  static void startServer() throws Exception {
    shared = ProsodyServer.start(new ProsodyServer.Options(30, null, false));
  }

  @AfterAll
  static void stopServer() {
    shared.close();
  }

  @AfterEach
  void leave() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  @CanIgnoreReturnValue
  private RoomChannel enter(ProsodyServer server, String occupant, Observer observer)
      throws RoomException {
    RoomChannel channel = server.guests().room(room, occupant);
    open.add(channel::leave);
    channel.enter(observer);
    return channel;
  }

  private Focus focus(ProsodyServer server) throws Exception {
    Focus focus = Focus.enter(server, room);
    open.add(focus);
    return focus;
  }

  private static byte[] octets(int length, int seed) {
    byte[] octets = new byte[length];
    new Random(seed).nextBytes(octets);
    return octets;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void tellsElderAndNewcomerOfEachOther() throws Exception {
    Observer alice = new Observer();
    Observer bob = new Observer();
    RoomChannel first = enter(shared, "alice", alice);
    RoomChannel second = enter(shared, "bob", bob);
    alice.await("bob arrived");
    second.leave();
    alice.await("bob departed");
    first.leave();
    alice.await("ended: left");
    bob.await("ended: left");
    assertEquals(
        List.of("entered after []", "bob arrived", "bob departed", "ended: left"), alice.seen());
    assertEquals(List.of("entered after [alice]", "ended: left"), bob.seen());
  }

  @Test
  void orderIsTheSameForAll() throws Exception {
    int occupants = 10;
    int messages = 50;
    List<Observer> observers = new ArrayList<>();
    List<RoomChannel> channels = new ArrayList<>();
    for (int i = 0; i < occupants; i++) {
      observers.add(new Observer());
      channels.add(enter(shared, "o" + i, observers.get(i)));
    }
    Observer witness = new Observer();
    enter(shared, "witness", witness);
    for (Observer observer : observers) {
      observer.await("witness arrived");
    }
    ExecutorService threads = Executors.newCachedThreadPool();
    CountDownLatch start = new CountDownLatch(1);
    List<Future<?>> senders = new ArrayList<>();
    for (RoomChannel channel : channels) {
      senders.add(
          threads.submit(
              () -> {
                start.await();
                for (int i = 0; i < messages; i++) {
                  channel.broadcast("test", ascii(channel.occupant() + " " + i));
                  if (i % 10 == 0) {
                    channel.publish(ascii(channel.occupant() + " shows " + i));
                  }
                }
                return null;
              }));
    }
    // Others come and go in the midst of it.
    senders.add(
        threads.submit(
            () -> {
              start.await();
              for (int i = 0; i < 5; i++) {
                enter(shared, "guest" + i, new Observer()).leave();
              }
              return null;
            }));
    start.countDown();
    for (Future<?> sender : senders) {
      sender.get();
    }
    threads.shutdown();
    channels.get(0).broadcast("end", new byte[0]);
    witness.await("o0: to all end");
    witness.await("guest4 departed");
    List<String> expected = fromStart(witness.seen());
    assertEquals(
        occupants * messages + 1,
        witness.seenStarting("o").stream().filter(words -> words.contains(": to all")).count());
    for (int i = 0; i < occupants; i++) {
      observers.get(i).await("o0: to all end");
      observers.get(i).await("guest4 departed");
      String own = "o" + i + " published";
      assertEquals(
          expected.stream().filter(words -> !words.startsWith(own)).toList(),
          fromStart(observers.get(i).seen()));
    }
  }

  private static List<String> fromStart(List<String> words) {
    int start = words.indexOf("witness arrived");
    start = start < 0 ? 0 : start;
    return words.subList(start + 1, words.size());
  }

  @Test
  void largeMessageArrivesWholeAmidOthers() throws Exception {
    Observer alice = new Observer();
    Observer bob = new Observer();
    RoomChannel first = enter(shared, "alice", alice);
    RoomChannel second = enter(shared, "bob", bob);
    byte[] large = octets(400 * 1024, 1);
    byte[] largest = octets(RoomChannel.MAX_MESSAGE_BYTES, 2);
    first.broadcast("large", large);
    for (int i = 0; i < 20; i++) {
      second.broadcast("small", new byte[] {(byte) i});
    }
    second.broadcast("large", largest);
    first.sendTo("bob", "private", large);
    bob.await("alice: to all large " + Observer.summary(large));
    bob.await("alice: to one private " + Observer.summary(large));
    alice.await("alice: to all large " + Observer.summary(large));
    alice.await("bob: to all large " + Observer.summary(largest));
    alice.await(20, "bob: to all small");
    assertEquals(List.of(), alice.seenStarting("alice: to one"));
  }

  @Test
  void ofThoseWhoEnterAtOnceExactlyOneIsTheFirst() throws Exception {
    int occupants = 10;
    ExecutorService threads = Executors.newCachedThreadPool();
    List<Observer> observers = new ArrayList<>();
    List<RoomChannel> channels = new ArrayList<>();
    List<Future<?>> entries = new ArrayList<>();
    for (int i = 0; i < occupants; i++) {
      Observer observer = new Observer();
      RoomChannel channel = shared.guests().room(room, "o" + i);
      open.add(channel::leave);
      observers.add(observer);
      channels.add(channel);
      entries.add(
          threads.submit(
              () -> {
                channel.enter(observer);
                // heard by all who are there, even by one who has just made the room
                channel.broadcast("hello", new byte[0]);
                return null;
              }));
    }
    for (Future<?> entry : entries) {
      entry.get();
    }
    threads.shutdown();
    int first = 0;
    for (Observer observer : observers) {
      if (!observer.seenStarting("entered after []").isEmpty()) {
        first++;
        for (RoomChannel channel : channels) {
          observer.await(channel.occupant() + ": to all hello");
        }
      }
    }
    assertEquals(1, first);
  }

  @Test
  void newcomerSeesWhatIsPublished() throws Exception {
    Observer alice = new Observer();
    Observer bob = new Observer();
    RoomChannel first = enter(shared, "alice", alice);
    byte[] most = octets(first.maxPublishedBytes(), 3);
    first.publish(octets(10, 4));
    first.publish(most);
    // Nothing tells oneself that it is published; a broadcast comes after it.
    first.broadcast("mark", new byte[0]);
    alice.await("alice: to all mark");
    enter(shared, "bob", bob);
    bob.await("alice published");
    assertEquals(
        List.of("entered after [alice]", "alice published " + Observer.summary(most)), bob.seen());
    first.publish(new byte[0]);
    bob.await("alice published " + Observer.summary(new byte[0]));
    assertThrows(RoomException.class, () -> first.publish(new byte[most.length + 1]));
  }

  @Test
  void elementsOfTheApplicationAreShownBesideTheMark() throws Exception {
    XmppRoom alice = shared.guests().room(room, "alice");
    open.add(alice::leave);
    alice.show(List.of(word("early")));
    XmppRoom bob = shared.guests().room(room, "bob");
    open.add(bob::leave);
    List<Presence> seen = new CopyOnWriteArrayList<>();
    bob.connection()
        .addSyncStanzaListener(
            stanza -> seen.add((Presence) stanza),
            new AndFilter(
                StanzaTypeFilter.PRESENCE,
                FromMatchesFilter.createFull(JidCreate.from(room + "/alice"))));
    bob.enter(new Observer());
    alice.enter(new Observer());
    Await.until("early", PATIENCE, () -> shows(seen, "early", ""));
    assertEquals(XmppRoom.STATUS, seen.get(0).getStatus());
    alice.publish(ascii("x"));
    Await.until("published", PATIENCE, () -> shows(seen, "early", "x"));
    alice.show(List.of(word("late")));
    Await.until("late", PATIENCE, () -> shows(seen, "late", "x"));
    alice.show(List.of());
    Await.until("nothing", PATIENCE, () -> shows(seen, null, "x"));
    ExtensionElement mark = new MlsElement(new RoomElement.Mark(new byte[0]));
    assertThrows(IllegalArgumentException.class, () -> alice.show(List.of(mark)));
    ExtensionElement tooLong = word("x".repeat(XmppRoom.MAX_SHOWN_BYTES));
    assertThrows(RoomException.class, () -> alice.show(List.of(tooLong)));
  }

  private static ExtensionElement word(String word) {
    return StandardExtensionElement.builder("word", "urn:example:words").setText(word).build();
  }

  private static boolean shows(List<Presence> seen, @Nullable String word, String published) {
    if (seen.isEmpty()) {
      return false;
    }
    Presence last = seen.get(seen.size() - 1);
    StandardExtensionElement shown =
        (StandardExtensionElement) last.getExtensionElement("word", "urn:example:words");
    return Objects.equals(word, shown == null ? null : shown.getText())
        && last.getExtension(MlsElement.QNAME) instanceof MlsElement element
        && element.form() instanceof RoomElement.Mark mark
        && Arrays.equals(ascii(published), mark.octets());
  }

  @Test
  void historyIsIgnored() throws Exception {
    Focus focus = Focus.enter(shared, room, new MlsElement(new RoomElement.Mark(new byte[0])));
    open.add(focus);
    focus.say(new MlsElement(new RoomElement.Part("old", "1", 0, 1, new byte[1])));
    focus.settle();
    Observer alice = new Observer();
    RoomChannel channel = enter(shared, "alice", alice);
    focus.say(
        new MlsElement(new RoomElement.Part("late", "2", 0, 1, new byte[1])),
        delay().addAttribute("from", room + "/somebody").build());
    focus.say(
        new MlsElement(new RoomElement.Part("late", "3", 0, 1, new byte[1])), delay().build());
    focus.say(new MlsElement(new RoomElement.Part("live", "4", 0, 1, new byte[1])));
    alice.await("focus: to all live");
    channel.leave();
    alice.await("ended: left");
    assertEquals(
        List.of(
            "entered after [focus]",
            "focus: to all live " + Observer.summary(new byte[1]),
            "ended: left"),
        alice.seen());
  }

  private static StandardExtensionElement.Builder delay() {
    return StandardExtensionElement.builder("delay", "urn:xmpp:delay")
        .addAttribute("stamp", "1970-01-01T00:00:00Z");
  }

  @Test
  void malformedIsReportedAndHarmless() throws Exception {
    Focus focus = focus(shared);
    Observer alice = new Observer();
    RoomChannel channel = enter(shared, "alice", alice);
    focus.say(new MlsElement(new RoomElement.Part("unmarked", "1", 0, 1, new byte[1])));
    focus.show(new MlsElement(new RoomElement.Mark(new byte[0])));
    focus.say(
        StandardExtensionElement.builder(RoomElement.ELEMENT, RoomElement.NAMESPACE)
            .addAttribute("kind", "Commit")
            .setText("!")
            .build());
    focus.say(new MlsElement(new RoomElement.Part("x", "1", 1, 2, new byte[1])));
    // Smack fails at it, and would disconnect.
    focus.whisper("alice", StandardExtensionElement.builder("delay", "urn:xmpp:delay").build());
    focus.say(
        new MlsElement(new RoomElement.Part("x", "2", 0, 1, new byte[1])),
        new MlsElement(new RoomElement.Part("x", "3", 0, 1, new byte[1])));
    focus.show(
        StandardExtensionElement.builder(RoomElement.ELEMENT, RoomElement.NAMESPACE)
            .setText("?")
            .build());
    focus.show(new MlsElement(new RoomElement.Mark(new byte[2])));
    focus.show();
    channel.broadcast("still", new byte[0]);
    alice.await("alice: to all still");
    alice.await(2, "focus departed");
    assertEquals(
        List.of(
            "entered after [] beside [focus]",
            "focus is not outside",
            "focus arrived",
            "focus malformed: not canonical Base64",
            "focus malformed: a message without its start",
            "focus malformed: several elements in a message",
            "focus malformed: not canonical Base64",
            "focus departed",
            "focus is outside",
            "focus is not outside",
            "focus arrived",
            "focus published " + Observer.summary(new byte[2]),
            "focus departed",
            "focus is outside"),
        alice.seen().stream().filter(words -> !words.startsWith("alice")).toList());
  }

  @Test
  void kickEndsIt() throws Exception {
    Focus focus = focus(shared);
    Observer alice = new Observer();
    Observer bob = new Observer();
    RoomChannel first = enter(shared, "alice", alice);
    enter(shared, "bob", bob);
    focus.kick("alice");
    bob.await("alice departed");
    alice.await("ended: kicked from the room");
    assertThrows(RoomException.class, () -> first.broadcast("test", new byte[0]));
  }

  @Test
  void takenNicknameIsRefused() throws Exception {
    enter(shared, "alice", new Observer());
    RoomException refusal =
        assertThrows(RoomException.class, () -> enter(shared, "alice", new Observer()));
    assertEquals("the nickname is taken", refusal.getMessage());
  }

  @Test
  void unreachableServerIsAnException() throws Exception {
    RoomChannel channel =
        XmppServer.at("127.0.0.1", 1, ProsodyServer.DOMAIN)
            .dangerouslyWithoutTls()
            .room(room, "alice");
    assertThrows(RoomException.class, () -> channel.enter(new Observer()));
  }

  @Test
  void tlsIsRequired() throws Exception {
    RoomChannel channel =
        XmppServer.at("127.0.0.1", shared.port(), ProsodyServer.DOMAIN).room(room, "alice");
    assertThrows(RoomException.class, () -> channel.enter(new Observer()));
  }

  @Test
  void newLockedRoomIsUnlocked() throws Exception {
    try (ProsodyServer server = ProsodyServer.start(new ProsodyServer.Options(5, null, true))) {
      enter(server, "alice", new Observer());
      Observer bob = new Observer();
      enter(server, "bob", bob);
      bob.await("entered after [alice]");
      leave();
      open.clear();
    }
  }

  /** Remembers the socket, to cut it. */
  private static final class Cuttable extends SocketFactory {
    private volatile Socket latest = new Socket();

    @Override
    public Socket createSocket() {
      latest = new Socket();
      return latest;
    }

    @Override
    public Socket createSocket(String host, int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
      throw new UnsupportedOperationException();
    }

    void cut() throws IOException {
      latest.setSoLinger(true, 0);
      latest.close();
    }
  }

  private XmppRoom cuttable(Cuttable sockets, String occupant, boolean reconnects)
      throws Exception {
    XMPPTCPConnection connection =
        new XMPPTCPConnection(
            XMPPTCPConnectionConfiguration.builder()
                .setHost("127.0.0.1")
                .setPort(shared.port())
                .setXmppDomain(ProsodyServer.ACCOUNTS)
                .setUsernameAndPassword(occupant, "any")
                .setSecurityMode(SecurityMode.disabled)
                .setSendPresence(false)
                .setSocketFactory(sockets)
                .build());
    Roster.getInstanceFor(connection).setRosterLoadedAtLogin(false);
    XmppRoom channel =
        new XmppRoom(
            connection,
            JidCreate.entityBareFrom(room),
            Resourcepart.from(occupant),
            XmppRoom.DEFAULT_STANZA_BYTES);
    ReconnectionManager.getInstanceFor(connection).setFixedDelay(1);
    if (reconnects) {
      ReconnectionManager.getInstanceFor(connection).enableAutomaticReconnection();
    }
    open.add(
        () -> {
          channel.leave();
          connection.disconnect();
        });
    return channel;
  }

  @Test
  void nothingIsMissedWhenTheStreamIsResumed() throws Exception {
    Cuttable sockets = new Cuttable();
    Observer alice = new Observer();
    Observer bob = new Observer();
    RoomChannel first = cuttable(sockets, "alice", true);
    first.enter(alice);
    RoomChannel second = enter(shared, "bob", bob);
    alice.await("bob arrived");
    for (int round = 0; round < 3; round++) {
      sockets.cut();
      for (int i = 0; i < 30; i++) {
        second.broadcast("test", new byte[] {(byte) round, (byte) i});
      }
      second.publish(new byte[] {(byte) round});
      enter(shared, "guest" + round, new Observer()).leave();
      alice.await(round + 1, "resumed");
      first.broadcast("own", octets(100_000, round));
      alice.await("guest" + round + " departed");
      bob.await("guest" + round + " departed");
      bob.await(round + 1, "alice: to all own");
      alice.await(round + 1, "alice: to all own");
    }
    assertEquals(3, alice.seenStarting("disconnected").size());
    assertEquals(List.of(), bob.seenStarting("alice departed"));
    assertEquals(List.of(), bob.seenStarting("alice malformed"));
    List<String> told = alice.seen().stream().filter(XmppRoomTest::isCommon).toList();
    assertEquals(bob.seen().stream().filter(XmppRoomTest::isCommon).toList(), told);
    assertEquals(90, alice.seenStarting("bob: to all").size());
  }

  private static boolean isCommon(String words) {
    return words.contains(": to all") || words.startsWith("guest");
  }

  @Test
  void lostConnectionWithoutReconnectionEndsIt() throws Exception {
    Cuttable sockets = new Cuttable();
    Observer alice = new Observer();
    RoomChannel channel = cuttable(sockets, "alice", false);
    channel.enter(alice);
    sockets.cut();
    alice.await("ended: the connection was lost");
  }

  @Test
  void silentConnectionIsNoticed() throws Exception {
    try (ProsodyServer server = ProsodyServer.start(new ProsodyServer.Options(30, null, false))) {
      Observer alice = new Observer();
      Observer bob = new Observer();
      XmppServer pinged = server.account("alice").withPingInterval(Duration.ofSeconds(1));
      RoomChannel first = pinged.room(room, "alice");
      open.add(first::leave);
      first.enter(alice);
      enter(server, "bob", bob);
      alice.await("bob arrived");
      server.freeze();
      alice.await("disconnected");
      server.goOn();
      alice.await("resumed");
      first.broadcast("again", new byte[0]);
      bob.await("alice: to all again");
      // an idle connection is not a silent one
      long start = System.nanoTime();
      Await.until(
          "some pings", Duration.ofSeconds(10), () -> System.nanoTime() - start > 4_000_000_000L);
      assertEquals(1, alice.seenStarting("disconnected").size(), () -> alice.seen().toString());
      leave();
      open.clear();
    }
  }

  @Test
  void ownGhostGivesWay() throws Exception {
    // longer than until the connection is made again: the nickname is still taken then
    try (ProsodyServer server = ProsodyServer.start(new ProsodyServer.Options(6, null, false));
        TcpRelay relay = new TcpRelay(server)) {
      Observer alice = new Observer();
      Observer bob = new Observer();
      RoomChannel first = relay.guests().room(room, "alice");
      open.add(first::leave);
      first.enter(alice);
      enter(server, "bob", bob);
      alice.await("bob arrived");
      relay.cut();
      alice.await("disconnected");
      alice.await("entered after [bob]");
      first.broadcast("again", new byte[0]);
      bob.await("alice: to all again");
      assertEquals(
          List.of("alice departed", "alice arrived"),
          bob.seen().stream().filter(words -> words.matches("alice (departed|arrived)")).toList());
      leave();
      open.clear();
    }
  }

  @Test
  void roomIsOfUseAfterAConnectionWasLostInMidStanza() throws Exception {
    try (TcpRelay relay = new TcpRelay(shared)) {
      Observer alice = new Observer();
      Observer bob = new Observer();
      RoomChannel first =
          relay.guests().withPingInterval(Duration.ofSeconds(2)).room(room, "alice");
      open.add(first::leave);
      first.enter(alice);
      enter(shared, "bob", bob);
      alice.await("bob arrived");
      List<String> sent = new ArrayList<>();
      for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 8; i++) {
          byte[] message = octets(90_000, 8 * round + i);
          sent.add("alice: to all own " + Observer.summary(message));
          first.broadcast("own", message);
        }
        relay.cut();
        int losses = round + 1;
        alice.await(losses, "disconnected");
        String mark = "mark" + "abc".charAt(round);
        Await.until(
            "alice is heard", Duration.ofSeconds(30), () -> isEchoed(first, mark, alice, bob));
      }
      // nothing comes twice, in another order, or in part
      List<String> received = bob.seenStarting("alice: to all own");
      assertEquals(sent.stream().filter(received::contains).toList(), received);
      assertEquals(List.of(), bob.seenStarting("alice malformed"));
    }
  }

  private static boolean isEchoed(RoomChannel channel, String mark, Observer alice, Observer bob) {
    String words = "alice: to all " + mark;
    try {
      channel.broadcast(mark, new byte[0]);
      return Await.holdsWithin(
          Duration.ofSeconds(1),
          () -> !alice.seenStarting(words).isEmpty() && !bob.seenStarting(words).isEmpty());
    } catch (RoomException e) {
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void roomIsEnteredAnewAfterTheServerRestarted() throws Exception {
    try (ProsodyServer server = ProsodyServer.start()) {
      Observer alice = new Observer();
      Observer bob = new Observer();
      RoomChannel first = enter(server, "alice", alice);
      first.publish(new byte[] {1});
      RoomChannel second = enter(server, "bob", bob);
      bob.await("alice published");
      server.restart();
      alice.await(2, "entered after");
      bob.await(2, "entered after");
      second.broadcast("again", new byte[] {2});
      bob.await("bob: to all again");
      first.broadcast("again", new byte[] {3});
      bob.await("alice: to all again");
      assertEquals(1, bob.seenStarting("disconnected").size());
      assertEquals(1, bob.seenStarting("alice published").size());
      leave();
      open.clear();
    }
  }

  @Test
  void roomIsEnteredAnewWhenTheApplicationAsks() throws Exception {
    Observer alice = new Observer();
    Observer bob = new Observer();
    RoomChannel first = enter(shared, "alice", alice);
    first.publish(new byte[] {1});
    XmppRoom second = shared.guests().room(room, "bob");
    open.add(second::leave);
    second.enter(bob);
    second.publish(new byte[] {2});
    alice.await("bob published");
    bob.await("alice published");
    second.reenter();
    bob.await(2, "entered after");
    second.broadcast("again", new byte[0]);
    alice.await("bob: to all again");
    assertEquals(
        List.of("bob arrived", "bob published 1 octets #21", "bob departed", "bob arrived"),
        alice.seen().stream()
            .filter(words -> words.startsWith("bob") && !words.startsWith("bob:"))
            .toList());
    bob.await("bob: to all again");
    assertEquals(
        List.of(
            "entered after [alice]",
            "alice published 1 octets #20",
            "disconnected",
            "entered after [alice]",
            "alice published 1 octets #20",
            "bob: to all again 0 octets #1"),
        bob.seen());
  }

  @Test
  void rateLimitDelaysButLosesNothing() throws Exception {
    try (ProsodyServer server =
        ProsodyServer.start(new ProsodyServer.Options(5, "10kb/s", false))) {
      Observer alice = new Observer();
      Observer bob = new Observer();
      RoomChannel first = enter(server, "alice", alice);
      enter(server, "bob", bob);
      byte[] message = octets(60_000, 5);
      long startNanos = ServedTime.nanos();
      first.broadcast("large", message);
      first.broadcast("small", new byte[1]);
      long sentNanos = ServedTime.nanos();
      assertTrue(sentNanos - startNanos < 1_000_000_000L, "the sender had to wait");
      bob.await("alice: to all small");
      assertEquals(
          List.of("alice: to all large " + Observer.summary(message)),
          bob.seenStarting("alice: to all large"));
      leave();
      open.clear();
    }
  }
}
