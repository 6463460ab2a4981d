/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.keying;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.perc4j.bench.Machine;
import org.perc4j.bench.Samples;
import org.perc4j.e2e.room.RoomChannel;
import org.perc4j.e2e.room.RoomEvent;
import org.perc4j.e2e.session.SessionOptions;
import org.perc4j.e2e.xmpp.InProcessRoom;
import org.perc4j.e2e.xmpp.XmppServer;
import org.perc4j.it.harness.Await;
import org.perc4j.it.harness.TimedOutException;
import org.perc4j.it.keying.Attendee;
import org.perc4j.it.keying.Gathering;
import org.perc4j.it.xmpp.ProsodyServer;
import org.perc4j.it.xmpp.TcpRelay;

/**
 * How long it takes until all members send under a new epoch, and what that costs on the wire: on
 * Prosody, all sessions in this process; and what it costs one member. Prints Markdown; stops by
 * itself.
 */
public final class KeyingBenchmark {
  /** Of the conferences on Prosody that are joined and left. */
  private static final List<Integer> SIZES = sizes("perc4j.sizes", "10,50,100");

  private static final int ROUNDS = Integer.getInteger("perc4j.rounds", 20);

  /** Sizes of the groups whose members are measured one by one. */
  private static final List<Integer> MEMBERS = sizes("perc4j.members", "100,500");

  private static final int METERED_ROUNDS = 3;
  private static final int BURSTS = 3;
  private static final int BURST = 100;
  private static final int CROWD = 500;
  private static final int LIMITED = 200;

  /** More in one process would not get an answer from the room in time. */
  private static final int LIMITED_AT_ONCE = 20;

  /** How much a client may send: as Debian configures Prosody, and as we advise. */
  private static final List<String> RATES = List.of("10kb/s", "512kb/s");

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Duration LONG_LIMIT = Duration.ofMinutes(4);

  /** Longer than it takes until a mark is shown. */
  private static final Duration SETTLE = Duration.ofMillis(1500);

  /** What a member sends to each other one: encapsulated key, 28 octets of key and salt, tag. */
  private static final int PAIRWISE_OCTETS = 32 + 28 + 16;

  private static final SessionOptions OPTIONS = SessionOptions.DEFAULT.withoutCodes();
  private static final Set<String> WITHOUT_SERVER = Set.of("crowd", "member", "people");
  private static final PrintStream OUT = System.out;

  private KeyingBenchmark() {}

  private static List<Integer> sizes(String property, String byDefault) {
    return Arrays.stream(System.getProperty(property, byDefault).split(","))
        .map(Integer::valueOf)
        .toList();
  }

  /**
   * Runs all of it, or parts.
   *
   * @param arguments some of {@code times octets bursts limits crowd member people}; none for all
   *     of them
   */
  public static void main(String[] arguments) throws Exception {
    Machine.describe(OUT);
    List<String> parts =
        arguments.length > 0
            ? List.of(arguments)
            : List.of("times", "octets", "bursts", "limits", "crowd", "member", "people");
    for (String part : parts) {
      if (!WITHOUT_SERVER.contains(part) && !ProsodyServer.isInstalled()) {
        OUT.println(part + ": Prosody is not installed");
        continue;
      }
      switch (part) {
        case "times" -> times();
        case "octets" -> octets();
        case "bursts" -> bursts();
        case "limits" -> limits();
        case "crowd" -> crowd();
        case "people" -> StoreBenchmark.measure();
        case "member" -> MemberBenchmark.measure(MEMBERS);
        default -> throw new IllegalArgumentException(part);
      }
    }
    OUT.println("\nLoad afterwards: " + Files.readString(Path.of("/proc/loadavg")).strip());
    System.exit(0);
  }

  // ---------------------------------------------------------------- times

  private static void times() throws Exception {
    OUT.println("| | members | rounds | p50 | p95 | most |\n|---|---|---|---|---|---|");
    for (int size : SIZES) {
      try (ProsodyServer server = ProsodyServer.start();
          Meeting meeting = new Meeting(server.guests(), size - 1)) {
        List<Double> joins = new ArrayList<>();
        List<Double> leaves = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
          joins.add(meeting.join());
          meeting.settle();
          leaves.add(meeting.leave());
          meeting.settle();
        }
        print("join", size, joins);
        print("leave", size, leaves);
      }
    }
    OUT.println();
  }

  private static void print(String what, int size, List<Double> millis) {
    OUT.printf(
        Locale.ROOT,
        "| %s | %d | %d | %.0f ms | %.0f ms | %.0f ms |%n",
        what,
        size,
        millis.size(),
        Samples.quantile(millis, 0.5),
        Samples.quantile(millis, 0.95),
        Samples.quantile(millis, 1));
  }

  /** A conference with members that come and go. */
  private static final class Meeting implements AutoCloseable {
    private final String room = ProsodyServer.room("bench" + System.nanoTime());
    private final XmppServer server;
    private final Gathering gathering = new Gathering(OPTIONS);
    private final Random random = new Random(1);
    private int names;

    Meeting(XmppServer server, int size) throws Exception {
      this.server = server;
      List<RoomChannel> channels = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        channels.add(channel());
      }
      gathering.joinAtOnce(channels);
      gathering.awaitTogether(LIMIT);
      settle();
    }

    private RoomChannel channel() throws IOException {
      return server.room(room, "m" + names++);
    }

    /** Returns the time from the call until all send under the epoch with the newcomer. */
    double join() throws Exception {
      RoomChannel channel = channel();
      var identity = gathering.introduce(channel.occupant());
      long startNanos = System.nanoTime();
      Attendee newcomer = gathering.join(channel, identity);
      gathering.awaitTogether(LIMIT);
      long endNanos = since(newcomer);
      long delayNanos = OPTIONS.keyTiming().senderDelay().toNanos();
      for (Attendee attendee : gathering.attendees()) {
        if (attendee != newcomer) {
          endNanos = Math.max(endNanos, since(attendee) + delayNanos);
        }
      }
      return (endNanos - startNanos) / 1e6;
    }

    /** Returns the time from the call until all others send under the epoch without the leaver. */
    double leave() throws Exception {
      List<Attendee> all = gathering.attendees();
      Attendee leaver = gathering.forget(all.get(random.nextInt(all.size())).occupant());
      Thread leaving = new Thread(leaver::close, "leaver");
      long startNanos = System.nanoTime();
      leaving.start();
      gathering.awaitTogether(LIMIT);
      long endNanos = startNanos;
      for (Attendee attendee : gathering.attendees()) {
        endNanos = Math.max(endNanos, since(attendee));
      }
      leaving.join();
      return (endNanos - startNanos) / 1e6;
    }

    private static long since(Attendee attendee) {
      Attendee.Epoch epoch = attendee.epoch();
      if (epoch == null) {
        throw new IllegalStateException(attendee + " fell out");
      }
      return epoch.sinceNanos();
    }

    void settle() throws InterruptedException {
      long startNanos = System.nanoTime();
      boolean unused =
          Await.holdsWithin(LIMIT, () -> System.nanoTime() - startNanos > SETTLE.toNanos());
    }

    @Override
    public void close() {
      gathering.close();
    }
  }

  // ---------------------------------------------------------------- octets

  private static void octets() throws Exception {
    long pairwise = pairwiseOctets();
    OUT.printf("A pairwise message: %d octets, sent and received%n%n", pairwise);
    OUT.println(
        "| | members | messages | marks shown | all | pairwise | pairwise messages |\n"
            + "|---|---|---|---|---|---|---|");
    for (int size : SIZES) {
      StanzaMeter meter = new StanzaMeter();
      try (ProsodyServer server = ProsodyServer.start();
          TcpRelay relay = new TcpRelay(server, meter);
          Meeting meeting = new Meeting(relay.guests(), size - 1)) {
        long[] join = new long[2];
        long[] leave = new long[2];
        for (int round = 0; round < METERED_ROUNDS; round++) {
          meter.reset();
          double unusedJoin = meeting.join();
          meeting.settle();
          add(join, meter);
          double unusedLeave = meeting.leave();
          meeting.settle();
          add(leave, meter);
        }
        printOctets("join", size, join, 2L * (size - 1), pairwise);
        printOctets("leave", size, leave, (size - 1L) * (size - 2), pairwise);
      }
    }
    OUT.println();
  }

  private static void add(long[] sum, StanzaMeter meter) {
    sum[0] += meter.messageOctets();
    sum[1] += meter.markOctets();
    meter.reset();
  }

  private static void printOctets(
      String what, int size, long[] sum, long pairwiseMessages, long pairwise) {
    OUT.printf(
        Locale.ROOT,
        "| %s | %d | %.1f kB | %.1f kB | %.1f kB | %.1f kB | %d |%n",
        what,
        size,
        sum[0] / 1e3 / METERED_ROUNDS,
        sum[1] / 1e3 / METERED_ROUNDS,
        (sum[0] + sum[1]) / 1e3 / METERED_ROUNDS,
        pairwiseMessages * pairwise / 1e3,
        pairwiseMessages);
  }

  /** What one message from one member to one other costs, sent and received. */
  private static long pairwiseOctets() throws Exception {
    StanzaMeter meter = new StanzaMeter();
    try (ProsodyServer server = ProsodyServer.start();
        TcpRelay relay = new TcpRelay(server, meter)) {
      String room = ProsodyServer.room("pairwise");
      AtomicBoolean arrived = new AtomicBoolean();
      RoomChannel sender = relay.guests().room(room, "m10");
      RoomChannel receiver = relay.guests().room(room, "m11");
      sender.enter(event -> {});
      receiver.enter(event -> arrived.compareAndSet(false, event instanceof RoomEvent.Received));
      sender.sendTo("m11", "key", new byte[PAIRWISE_OCTETS]);
      Await.until("a message", LIMIT, arrived::get);
      sender.leave();
      receiver.leave();
      return meter.messageOctets();
    }
  }

  // ---------------------------------------------------------------- many at once

  private static void bursts() throws Exception {
    for (int burst = 0; burst < BURSTS; burst++) {
      try (ProsodyServer server = ProsodyServer.start();
          Gathering gathering = new Gathering(OPTIONS)) {
        String room = ProsodyServer.room("burst");
        burst(gathering, server, room, BURST, BURST);
      }
    }
  }

  /**
   * Has members join.
   *
   * @param atOnce how many of them enter the room at the same time
   */
  private static void burst(
      Gathering gathering, ProsodyServer server, String room, int members, int atOnce)
      throws Exception {
    List<RoomChannel> channels = new ArrayList<>();
    for (int i = 0; i < members; i++) {
      channels.add(server.guests().room(room, "m" + i));
    }
    long startNanos = System.nanoTime();
    for (int i = 0; i < members; i += atOnce) {
      gathering.joinAtOnce(channels.subList(i, Math.min(i + atOnce, members)));
    }
    double entered = (System.nanoTime() - startNanos) / 1e9;
    gathering.awaitTogether(LONG_LIMIT);
    double together = (System.nanoTime() - startNanos) / 1e9;
    OUT.printf(
        Locale.ROOT,
        "%d join, %d at once: all in the room after %.1f s, in one epoch after %.1f s%n",
        members,
        atOnce,
        entered,
        together);
  }

  /** A large room whose server limits what each client may send; once for each limit. */
  private static void limits() throws Exception {
    for (String rate : RATES) {
      OUT.printf("%nA client may send %s. ", rate);
      try (ProsodyServer server = ProsodyServer.start(new ProsodyServer.Options(5, rate, false));
          Gathering gathering = new Gathering(OPTIONS)) {
        String room = ProsodyServer.room("limited");
        try {
          burst(gathering, server, room, LIMITED, LIMITED_AT_ONCE);
        } catch (TimedOutException e) {
          printSizes(gathering);
          continue;
        }
        long leaveNanos = System.nanoTime();
        gathering.forget("m7").close();
        gathering.awaitTogether(LONG_LIMIT);
        double left = (System.nanoTime() - leaveNanos) / 1e9;
        RoomChannel channel = server.guests().room(room, "late");
        var identity = gathering.introduce(channel.occupant());
        long joinNanos = System.nanoTime();
        Attendee unused = gathering.join(channel, identity);
        gathering.awaitTogether(LONG_LIMIT);
        OUT.printf(
            Locale.ROOT,
            "A leave then takes %.2f s, a join %.2f s%n",
            left,
            (System.nanoTime() - joinNanos) / 1e9);
      }
    }
  }

  /** How many are in groups of which size, where they have not come together. */
  private static void printSizes(Gathering gathering) {
    Map<Integer, Integer> members = new TreeMap<>();
    for (Attendee attendee : gathering.attendees()) {
      int unused = members.merge(attendee.members().size(), 1, Integer::sum);
    }
    OUT.printf(
        "Not together after %d s; how many say that there are so many members: %s%n",
        LONG_LIMIT.toSeconds(),
        members.entrySet().stream()
            .map(entry -> entry.getValue() + " say " + entry.getKey())
            .collect(Collectors.joining(", ")));
  }

  private static void crowd() throws Exception {
    ExecutorService delivery = Executors.newSingleThreadExecutor();
    InProcessRoom room = new InProcessRoom("crowd@" + ProsodyServer.ROOMS, delivery);
    try (Gathering gathering = new Gathering(OPTIONS)) {
      List<RoomChannel> channels = new ArrayList<>();
      for (int i = 0; i < CROWD; i++) {
        channels.add(room.channel("m" + i));
      }
      long startNanos = System.nanoTime();
      gathering.joinAtOnce(channels);
      gathering.awaitTogether(LONG_LIMIT);
      double together = (System.nanoTime() - startNanos) / 1e9;
      Attendee leaver = gathering.forget("m7");
      long leaveNanos = System.nanoTime();
      leaver.close();
      gathering.awaitTogether(LIMIT);
      OUT.printf(
          Locale.ROOT,
          "%d in process: in one epoch after %.1f s; a leave then takes %.2f s%n",
          CROWD,
          together,
          (System.nanoTime() - leaveNanos) / 1e9);
    }
    delivery.shutdown();
  }
}
