/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.VerificationCode;
import org.perc4j.e2e.srtp.CryptexPolicy;
import org.perc4j.e2e.srtp.DoubleSrtpResult;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.it.bridge.Bridge;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.embedded.EmbeddedBridge;
import org.perc4j.it.endpoint.Capture;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.Delivery;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.endpoint.EndpointOptions;
import org.perc4j.it.endpoint.ReceivedStream;
import org.perc4j.it.harness.Ffmpeg;
import org.perc4j.it.harness.LabNetwork;
import org.perc4j.it.keying.Attendee;
import org.perc4j.it.keying.DeafChannel;
import org.perc4j.it.media.Clips;
import org.perc4j.it.report.Chronicle;
import org.perc4j.it.transport.BridgeKnowledge;
import org.perc4j.it.xmpp.ProsodyServer;

/**
 * Three endpoints hold a conference, with speech and moving pictures, on a bridge that can't
 * listen, under keys that they agree on as a group over an XMPP room. In the middle Frank joins and
 * Erin leaves; neither can read what was sent while they were no members. What each endpoint
 * received is recorded and compared octet by octet with what was sent; then all keys of the bridge
 * are tried on what it forwarded. A report shows all of it in pictures. Where a whole deployment of
 * Jitsi Meet is installed, {@link MeetingByUrl} follows.
 *
 * <p>Exit status 0 means that every check passed.
 */
public final class ConferenceDemo {
  private static final String ROOM = "demo";
  private static final String[] NAMES = {"Alice", "Bob", "Carol"};

  /** A member without media, from beginning to end. */
  private static final String MEMBER = "Dave";

  private static final String LEAVER = "Erin";
  private static final String LATECOMER = "Frank";
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration DRAIN = Duration.ofSeconds(2);
  private static final int FIRST_PACKETS = 5;

  private final PrintStream out;
  private final Bridge bridge;
  private final @Nullable ProsodyServer server;
  private final Path folder;
  private final int seconds;
  private final Chronicle chronicle;
  private boolean flawless = true;

  private ConferenceDemo(
      PrintStream out, Bridge bridge, @Nullable ProsodyServer server, Path folder, int seconds) {
    this.out = out;
    this.bridge = bridge;
    this.server = server;
    this.folder = folder;
    this.seconds = seconds;
    this.chronicle = new Chronicle(folder.resolve("report.html"), ROOM, bridge.description());
  }

  /**
   * Runs the demo.
   *
   * @param arguments none; the system properties {@code perc4j.seconds}, {@code perc4j.output},
   *     {@code perc4j.plugin.jar}, {@code perc4j.bridge} ({@code jvb} or {@code embedded}) and
   *     {@code jvb.home} change what it does
   */
  public static void main(String[] arguments) throws Exception {
    if (!LabNetwork.isAvailable()) {
      System.err.println(
          "No interface has the address " + LabNetwork.ADDRESS + ": run conference.sh instead.");
      System.exit(2);
    }
    Path folder = Path.of(System.getProperty("perc4j.output", "target")).resolve("conference");
    Files.createDirectories(folder);
    boolean flawless;
    try (Bridge bridge = bridge(folder);
        ProsodyServer server = ProsodyServer.isInstalled() ? ProsodyServer.start() : null) {
      flawless =
          new ConferenceDemo(
                  System.out, bridge, server, folder, Integer.getInteger("perc4j.seconds", 10))
              .run();
    }
    flawless &= meetByUrl(System.out, folder.resolve("by-url"));
    System.out.printf("%n%s%n", flawless ? "All checks passed." : "Some checks failed, see above.");
    System.exit(flawless ? 0 : 1);
  }

  private static boolean meetByUrl(PrintStream out, Path folder) throws Exception {
    String missing = wantsEmbedded() ? "the embedded bridge was asked for" : MeetingByUrl.missing();
    if (missing != null) {
      out.printf("Left out, as %s: a meeting by URL, with the client and the library.%n", missing);
      return true;
    }
    out.printf("A meeting by URL, with the client and the library%n%n");
    return MeetingByUrl.hold(out, folder);
  }

  private static boolean wantsEmbedded() {
    return System.getProperty("perc4j.bridge", "").equals("embedded");
  }

  private static Bridge bridge(Path folder) throws IOException, InterruptedException {
    boolean isJvbWanted = System.getProperty("perc4j.bridge", "").equals("jvb");
    if (wantsEmbedded() || (!isJvbWanted && JvbProcess.home() == null)) {
      return new EmbeddedBridge();
    }
    return JvbProcess.startWithPlugin(folder.resolve("bridge"), JvbProcess.pluginJar());
  }

  private boolean run()
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    out.printf("Bridge: %s%n", bridge.description());
    out.printf(
        "Room:   %s%n",
        server == null
            ? "in this process (Prosody is not installed)"
            : "on Prosody, an XMPP server on the loopback interface");
    List<Endpoint> endpoints = new ArrayList<>();
    try (Conference conference = Conference.open(bridge, ROOM, server)) {
      conference.addListener(chronicle);
      for (int i = 0; i < NAMES.length; i++) {
        Endpoint endpoint =
            conference.join(
                new EndpointOptions(NAMES[i], folder)
                    .seed(i)
                    .cryptex(
                        bridge instanceof JvbProcess ? CryptexPolicy.ALLOWED : CryptexPolicy.OFF)
                    .speech(Clips.speech(i + 1))
                    .picture(Clips.picture(i + 1)));
        endpoints.add(endpoint);
        out.printf("%s joined with %s%n", endpoint.id(), endpoint.profile());
        reportGroup(conference);
      }
      Attendee listener = conference.joinSilently(conference.messages(MEMBER));
      DeafChannel way = new DeafChannel(conference.messages(LEAVER));
      Attendee leaver = conference.joinSilently(way);
      reportGroup(conference);
      reportCode(conference);
      conference.startSending();
      conference.awaitFlow(FIRST_PACKETS, PATIENCE);
      conference.mark();
      talk(conference, 1, seconds / 2);
      Capture before = Capture.of(endpoints);
      int beforeByMember = before.openedBy(listener.session());
      Attendee latecomer = conference.joinSilently(conference.messages(LATECOMER));
      reportGroup(conference);
      reportCapture("before Frank joined", before, latecomer, beforeByMember);
      way.leaveUnnoticed();
      Attendee unused = conference.gathering().forget(LEAVER);
      conference.gathering().awaitTogether(PATIENCE);
      reportGroup(conference);
      reportCode(conference);
      Capture until = Capture.of(endpoints);
      talk(conference, seconds / 2 + 1, seconds);
      Capture after = Capture.of(endpoints).since(until);
      int afterByMember = after.openedBy(listener.session());
      reportCapture("after Erin left", after, leaver, afterByMember);
      leaver.close();
      conference.stopSending(DRAIN);
      report(conference);
      reportOnBridge(conference);
    }
    reportRecordings(endpoints);
    out.printf("%nReport: %s%n%n", chronicle.file());
    return flawless;
  }

  /** Prints the epoch and its members. */
  private void reportGroup(Conference conference) {
    Attendee any = conference.gathering().attendees().get(0);
    Attendee.Epoch epoch = Objects.requireNonNull(any.epoch());
    out.printf("  %s: %s%n", epoch.moment(), any.members());
  }

  /** Prints the code, which has to be the same at all members. */
  private void reportCode(Conference conference) {
    Set<String> codes = new TreeSet<>();
    String words = "";
    for (Attendee member : conference.gathering().attendees()) {
      VerificationCode code = member.session().epochCode();
      codes.add(code.digits());
      words = String.join(" ", code.emoji()) + "  " + String.join(" ", code.words());
    }
    out.printf(
        "  The code of all %d members: %s  %s%n",
        conference.gathering().attendees().size(), String.join(" OR ", codes), words);
    require(codes.size() == 1);
  }

  /**
   * Has somebody who was no member decrypt captured packets.
   *
   * @param byMember how many a member decrypted while the keys were live, which are erased soon
   */
  private void reportCapture(String when, Capture capture, Attendee outsider, int byMember) {
    int byOutsider = capture.openedBy(outsider.session());
    out.printf(
        "  Of %d packets sent %s, %s can decrypt %d; %s, a member, can decrypt %d.%n",
        capture.size(), when, outsider.occupant(), byOutsider, MEMBER, byMember);
    require(capture.size() > 0 && byOutsider == 0 && byMember == capture.size());
  }

  private void talk(Conference conference, int from, int to) throws InterruptedException {
    long start = System.nanoTime();
    for (int second = from; second <= to; second++) {
      long wait = start + Duration.ofSeconds(second - from + 1).toNanos() - System.nanoTime();
      Thread.sleep(Math.max(0, Duration.ofNanos(wait).toMillis()));
      StringBuilder line = new StringBuilder();
      for (Endpoint endpoint : conference.endpoints()) {
        int packets = endpoint.received().stream().mapToInt(ReceivedStream::size).sum();
        line.append(String.format(Locale.ROOT, "  %s received %5d", endpoint.id(), packets));
      }
      @Nullable String speaker = conference.room().dominantSpeaker(NAMES[0]);
      out.printf(
          Locale.ROOT, "%2d s%s  speaker: %s%n", second, line, speaker == null ? "none" : speaker);
    }
  }

  private void report(Conference conference) {
    out.printf(
        "%n%-10s%-10s%-7s%9s%9s%9s%9s%9s%n",
        "from", "to", "media", "sent", "arrived", "missing", "altered", "repaired");
    for (Endpoint sender : conference.endpoints()) {
      for (Endpoint receiver : conference.endpoints()) {
        for (MediaKind kind : MediaKind.values()) {
          if (sender != receiver) {
            Delivery delivery = conference.delivery(sender, kind, receiver);
            ReceivedStream stream = receiver.received(sender.id(), kind);
            out.printf(
                Locale.ROOT,
                "%-10s%-10s%-7s%9d%9d%9d%9d%9d%n",
                sender.id(),
                receiver.id(),
                kind.token(),
                delivery.sent(),
                delivery.arrived(),
                delivery.missing(),
                delivery.foreign(),
                stream == null ? 0 : stream.repaired());
            require(delivery.arrived() > 0 && delivery.missing() == 0 && delivery.foreign() == 0);
          }
        }
      }
    }
    for (Endpoint endpoint : conference.endpoints()) {
      endpoint.requireNoFailure();
      long refused = 0;
      for (DoubleSrtpResult reason : DoubleSrtpResult.values()) {
        refused += endpoint.dropped(reason);
      }
      // What was late only was asked for, and came twice.
      long twice =
          Math.min(endpoint.dropped(DoubleSrtpResult.INNER_REPLAYED), endpoint.repairsReceived());
      refused -= twice;
      out.printf(
          "%s refused %d packets, apart from %d repairs of packets that came after all.%n",
          endpoint.id(), refused, twice);
      require(refused == 0);
    }
  }

  private void reportOnBridge(Conference conference)
      throws InterruptedException, ExecutionException, TimeoutException {
    BridgeKnowledge knowledge = chronicle.knowledge();
    Capture last = Capture.of(conference.endpoints());
    int byBridge = 0;
    for (Endpoint endpoint : conference.endpoints()) {
      for (MediaKind kind : MediaKind.values()) {
        byBridge += knowledge.decryptable(endpoint.innerProtected(kind));
      }
    }
    for (Endpoint endpoint : conference.endpoints()) {
      out.printf(
          "%nThe bridge saw %2$d different audio levels of %1$s, and packets of %3$s octets.",
          endpoint.id(), endpoint.audioLevelsSent().size(), endpoint.audioLengthsSent());
      require(endpoint.audioLevelsSent().size() <= 3);
    }
    out.printf(
        "%n%nThe bridge has %1$d keys. They decrypt %3$d of the last %2$d packets that it forwarded.%n%n",
        knowledge.keys().size(), last.size(), byBridge);
    require(last.size() > 0 && byBridge == 0);
  }

  private void reportRecordings(List<Endpoint> endpoints) throws IOException, InterruptedException {
    boolean ffmpeg = Ffmpeg.isInstalled();
    for (Endpoint endpoint : endpoints) {
      for (ReceivedStream stream : endpoint.received()) {
        String complaints = ffmpeg ? Ffmpeg.decode(stream.recording()) : "";
        out.printf(
            "%s  %d bytes  %s%n",
            stream.recording(),
            Files.size(stream.recording()),
            ffmpeg
                ? (complaints.isEmpty() ? "decoded" : complaints)
                : "not decoded: ffmpeg is not installed");
        require(complaints.isEmpty());
      }
    }
  }

  private void require(boolean condition) {
    flawless &= condition;
  }
}
