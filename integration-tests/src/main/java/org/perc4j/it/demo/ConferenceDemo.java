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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.srtp.DoubleSrtpProfile;
import org.perc4j.e2e.srtp.DoubleSrtpResult;
import org.perc4j.e2e.srtp.SrtpMasterKey;
import org.perc4j.it.bridge.Bridge;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.bridge.MediaKind;
import org.perc4j.it.embedded.EmbeddedBridge;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.Delivery;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.endpoint.EndpointOptions;
import org.perc4j.it.endpoint.ReceivedStream;
import org.perc4j.it.harness.Ffmpeg;
import org.perc4j.it.harness.LabNetwork;
import org.perc4j.it.media.Clips;
import org.perc4j.it.transport.BridgeKnowledge;

/**
 * Three endpoints hold a conference, with speech and moving pictures, on a bridge that can't
 * listen. What each of them received is recorded and compared octet by octet with what was sent;
 * then all keys that the bridge has are tried on what it forwarded.
 *
 * <p>Exit status 0 means that all of it was as it should be.
 */
public final class ConferenceDemo {
  private static final String[] NAMES = {"a11ce001", "b0b00002", "ca401003"};
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration DRAIN = Duration.ofSeconds(2);
  private static final int FIRST_PACKETS = 5;

  private final PrintStream out;
  private final Bridge bridge;
  private final Path folder;
  private final int seconds;
  private final BridgeKnowledge knowledge = new BridgeKnowledge();
  private boolean flawless = true;

  private ConferenceDemo(PrintStream out, Bridge bridge, Path folder, int seconds) {
    this.out = out;
    this.bridge = bridge;
    this.folder = folder;
    this.seconds = seconds;
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
          "No interface has the address " + LabNetwork.ADDRESS + ": start this by conference.sh.");
      System.exit(2);
    }
    Path folder = Path.of(System.getProperty("perc4j.output", "target")).resolve("conference");
    Files.createDirectories(folder);
    boolean flawless;
    try (Bridge bridge = bridge(folder)) {
      flawless =
          new ConferenceDemo(System.out, bridge, folder, Integer.getInteger("perc4j.seconds", 10))
              .run();
    }
    System.exit(flawless ? 0 : 1);
  }

  private static Bridge bridge(Path folder) throws IOException, InterruptedException {
    String wanted = System.getProperty("perc4j.bridge", "");
    if (wanted.equals("embedded") || (wanted.isEmpty() && JvbProcess.home() == null)) {
      return new EmbeddedBridge();
    }
    Path plugin = Path.of(System.getProperty("perc4j.plugin.jar", ""));
    if (!Files.isRegularFile(plugin)) {
      throw new IOException("no plugin at " + plugin + ": build jvb-plugin first");
    }
    return JvbProcess.startWithPlugin(folder.resolve("bridge"), plugin);
  }

  private boolean run()
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    out.printf("Bridge: %s%n", bridge.description());
    List<Endpoint> endpoints = new ArrayList<>();
    try (Conference conference = new Conference(bridge, "demo")) {
      for (int i = 0; i < NAMES.length; i++) {
        Endpoint endpoint =
            conference.join(
                new EndpointOptions(NAMES[i], folder)
                    .seed(i)
                    .speech(Clips.speech(i + 1))
                    .picture(Clips.picture(i + 1))
                    .keyTap(knowledge));
        endpoints.add(endpoint);
        out.printf("%s joined: %s%n", endpoint.id(), endpoint.profile());
      }
      conference.startSending();
      conference.awaitFlow(FIRST_PACKETS, PATIENCE);
      conference.mark();
      talk(conference);
      conference.stopSending(DRAIN);
      report(conference);
      reportOnBridge(conference);
    }
    reportRecordings(endpoints);
    out.println(flawless ? "All is well." : "Something went wrong, see above.");
    return flawless;
  }

  private void talk(Conference conference) throws InterruptedException {
    long start = System.nanoTime();
    for (int second = 1; second <= seconds; second++) {
      long wait = start + Duration.ofSeconds(second).toNanos() - System.nanoTime();
      Thread.sleep(Math.max(0, Duration.ofNanos(wait).toMillis()));
      StringBuilder line = new StringBuilder();
      for (Endpoint endpoint : conference.endpoints()) {
        int packets = endpoint.received().stream().mapToInt(ReceivedStream::size).sum();
        line.append(String.format(Locale.ROOT, "  %s got %5d", endpoint.id(), packets));
      }
      @Nullable String speaker = conference.room().dominantSpeaker(NAMES[0]);
      out.printf(
          Locale.ROOT, "%2d s%s  speaker %s%n", second, line, speaker == null ? "?" : speaker);
    }
  }

  private void report(Conference conference) {
    out.printf(
        "%n%-10s%-10s%-7s%9s%9s%9s%9s%9s%n",
        "from", "to", "what", "sent", "arrived", "missing", "altered", "repaired");
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
      out.printf("%s refused %d packets%n", endpoint.id(), refused);
      require(refused == 0);
    }
  }

  private void reportOnBridge(Conference conference)
      throws InterruptedException, ExecutionException, TimeoutException {
    int packets = 0;
    int byBridge = 0;
    int bySender = 0;
    for (Endpoint endpoint : conference.endpoints()) {
      DoubleSrtpProfile profile = DoubleSrtpProfile.fromId(endpoint.profile().id());
      for (MediaKind kind : MediaKind.values()) {
        List<byte[]> seen = endpoint.innerProtected(kind);
        packets += seen.size();
        byBridge += knowledge.decryptable(seen);
        for (byte[] packet : seen) {
          SrtpMasterKey key =
              Objects.requireNonNull(conference.keys().innerKey(endpoint.id(), profile));
          bySender += BridgeKnowledge.decrypts(profile, key, packet) ? 1 : 0;
        }
      }
    }
    out.printf(
        "%nThe bridge has %d keys. Of the last %d packets that it forwarded they decrypt %d; the senders' own decrypt"
            + " %d.%n%n",
        knowledge.keys().size(), packets, byBridge, bySender);
    require(packets > 0 && byBridge == 0 && bySender == packets);
  }

  private void reportRecordings(List<Endpoint> endpoints) throws IOException, InterruptedException {
    boolean ffmpeg = Ffmpeg.isInstalled();
    for (Endpoint endpoint : endpoints) {
      for (ReceivedStream stream : endpoint.received()) {
        String complaints = ffmpeg ? Ffmpeg.decode(stream.recording()) : "";
        out.printf(
            "%s  %d octets  %s%n",
            stream.recording(),
            Files.size(stream.recording()),
            ffmpeg ? (complaints.isEmpty() ? "decodes" : complaints) : "not decoded: no ffmpeg");
        require(complaints.isEmpty());
      }
    }
  }

  private void require(boolean condition) {
    flawless &= condition;
  }
}
