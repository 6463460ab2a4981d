/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.call;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;
import org.perc4j.client.options.Authorities;
import org.perc4j.endpoint.call.CallEvent;
import org.perc4j.endpoint.call.CallListener;
import org.perc4j.endpoint.call.IncomingPicture;
import org.perc4j.endpoint.call.JitsiRoom;
import org.perc4j.endpoint.call.JoinOptions;
import org.perc4j.endpoint.rtp.SoundBuffer;
import org.perc4j.endpoint.signalling.ReceiverConstraints;
import org.perc4j.endpoint.signalling.Source;
import org.perc4j.endpoint.web.WebClient;
import org.perc4j.it.harness.Await;
import org.perc4j.it.harness.ProcessGauge;

/**
 * An application that joins a room, takes what comes of everybody, and throws it away. It says on
 * its output what that cost.
 */
final class RecorderProcess implements CallListener {
  /** Octets of the largest payload that the library's senders make. */
  private static final int PAYLOAD_BYTES = 1100;

  private static final long ENOUGH_BPS = 500_000_000;
  private static final int MOST_HEIGHT = 2160;
  private static final Duration SOUND_DELAY = Duration.ofSeconds(1);
  private static final int ALLOCATION_SECONDS = 30;
  private static final int PLACES = 24;
  private static final String OWN = "org.perc4j.";

  private final Set<String> sources = ConcurrentHashMap.newKeySet();
  private final AtomicLong packets = new AtomicLong();
  private final AtomicLong octets = new AtomicLong();

  /** What one of the threads that the JVM knows of had so far, by who it is. */
  private record Share(double cpuSeconds, double bytes) {
    Share plus(Share other) {
      return new Share(cpuSeconds + other.cpuSeconds, bytes + other.bytes);
    }

    Share minus(Share other) {
      return new Share(cpuSeconds - other.cpuSeconds, bytes - other.bytes);
    }
  }

  private RecorderProcess() {}

  /**
   * Runs it until its input ends. Each line of that is a window in seconds; {@code who} asks for
   * the places that allocate.
   *
   * @param arguments the room's URL, a file with the authority's certificate, a folder
   */
  public static void main(String[] arguments) throws Exception {
    RecorderProcess recorder = new RecorderProcess();
    JoinOptions options =
        Trust.believing(
                "recorder", WebClient.create().trusting(Authorities.of(Path.of(arguments[1]))))
            .withSoundDelay(SOUND_DELAY, SOUND_DELAY);
    try (JitsiRoom room = JitsiRoom.join(URI.create(arguments[0]), options, recorder)) {
      room.constrain(
          ReceiverConstraints.EVERYTHING
              .withMaxHeight(MOST_HEIGHT)
              .withAssumedBandwidthBps(ENOUGH_BPS));
      System.out.println("joined");
      String line = readLine();
      while (!line.isEmpty()) {
        String[] words = line.split(" ", -1);
        switch (words[0]) {
          case "sources" -> System.out.println("sources " + recorder.sources.size());
          case "window" -> recorder.measure(Integer.parseInt(words[1]));
          case "who" -> recorder.tellWhoAllocates(Path.of(arguments[2]));
          default -> throw new IllegalArgumentException(line);
        }
        line = readLine();
      }
    }
    System.exit(0);
  }

  private static String readLine() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = System.in.read(); next >= 0 && next != '\n'; next = System.in.read()) {
      line.append((char) next);
    }
    return line.toString();
  }

  @Override
  public void event(CallEvent event) {
    if (event instanceof CallEvent.Failed failed) {
      System.out.println("failed " + failed.cause());
    }
  }

  @Override
  public void picture(Source source, IncomingPicture picture, long senderNanos) {
    boolean unused = sources.add(source.name());
    for (byte[] frame : picture.layerFrames()) {
      long unusedCount = packets.addAndGet((frame.length + PAYLOAD_BYTES - 1) / PAYLOAD_BYTES);
      long unusedOctets = octets.addAndGet(frame.length);
    }
  }

  @Override
  public void sound(Source source, SoundBuffer.Piece piece, long senderNanos) {
    boolean unused = sources.add(source.name());
    byte[] payload = piece.payload();
    if (payload != null) {
      long unusedCount = packets.incrementAndGet();
      long unusedOctets = octets.addAndGet(payload.length);
    }
  }

  // ---------------------------------------------------------------- measuring

  private void measure(int seconds) throws Exception {
    ProcessGauge gauge = new ProcessGauge(ProcessHandle.current().pid());
    Map<String, Share> before = shares();
    double cpu = gauge.cpuSeconds();
    long packetsBefore = packets.get();
    long octetsBefore = octets.get();
    long start = System.nanoTime();
    Await.pass(Duration.ofSeconds(seconds));
    double passed = (System.nanoTime() - start) / 1e9;
    long came = packets.get() - packetsBefore;
    double cores = (gauge.cpuSeconds() - cpu) / passed;
    Map<String, Share> after = shares();
    StringBuilder line = new StringBuilder();
    double ofThreads = 0;
    double bytes = 0;
    for (Map.Entry<String, Share> each : after.entrySet()) {
      Share more = each.getValue().minus(before.getOrDefault(each.getKey(), new Share(0, 0)));
      ofThreads += more.cpuSeconds();
      bytes += more.bytes();
      line.append(
          String.format(
              Locale.ROOT,
              " %s=%.4f,%.1f",
              each.getKey(),
              more.cpuSeconds() / passed,
              more.bytes() / came));
    }
    System.out.printf(
        Locale.ROOT,
        "measured packets=%.1f kbit=%.0f cores=%.4f bytes=%.1f jvm=%.4f,0%s%n",
        came / passed,
        (octets.get() - octetsBefore) * 8 / passed / 1e3,
        cores,
        bytes / came,
        Math.max(0, cores - ofThreads / passed),
        line);
  }

  /** Threads that ended meanwhile are not in it; the threads of the JVM are in the rest. */
  private static Map<String, Share> shares() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long[] ids = threads.getAllThreadIds();
    ThreadInfo[] infos = threads.getThreadInfo(ids);
    long[] bytes = threads.getThreadAllocatedBytes(ids);
    long[] nanos = threads.getThreadCpuTime(ids);
    Map<String, Share> shares = new TreeMap<>();
    for (int i = 0; i < ids.length; i++) {
      if (infos[i] != null && nanos[i] >= 0) {
        shares.merge(
            part(infos[i].getThreadName()), new Share(nanos[i] / 1e9, bytes[i]), Share::plus);
      }
    }
    return shares;
  }

  private static String part(String thread) {
    for (String part : new String[] {"media", "socket", "group", "events"}) {
      if (thread.endsWith("-" + part)) {
        return part;
      }
    }
    return thread.equals("main") ? "main" : "other";
  }

  // ---------------------------------------------------------------- who allocates

  /** By samples of the JVM, each of which stands for so many octets. */
  private void tellWhoAllocates(Path folder) throws Exception {
    Path file = folder.resolve("allocations.jfr");
    long before = packets.get();
    try (Recording recording = new Recording()) {
      recording.enable("jdk.ObjectAllocationSample").with("throttle", "2000/s").withStackTrace();
      recording.start();
      Await.pass(Duration.ofSeconds(ALLOCATION_SECONDS));
      recording.stop();
      recording.dump(file);
    }
    double came = packets.get() - before;
    Map<String, Double> places = new TreeMap<>();
    double all = 0;
    Set<Long> begun = new HashSet<>();
    for (RecordedEvent event : inOrder(file)) {
      // The first one of a thread stands for all that it had allocated before.
      if (!begun.add(event.getThread().getId()) && event.getStackTrace() != null) {
        double weight = event.getLong("weight");
        all += weight;
        places.merge(place(event), weight, Double::sum);
      }
    }
    Files.delete(file);
    double each = all;
    System.out.printf(Locale.ROOT, "allocates %.0f%n", all / came);
    places.entrySet().stream()
        .sorted((one, other) -> Double.compare(other.getValue(), one.getValue()))
        .limit(PLACES)
        .forEach(
            entry ->
                System.out.printf(
                    Locale.ROOT,
                    "place %.1f | %.1f %% | %s%n",
                    entry.getValue() / came,
                    100 * entry.getValue() / each,
                    entry.getKey()));
    System.out.println("told");
  }

  private static List<RecordedEvent> inOrder(Path file) throws IOException {
    List<RecordedEvent> events = new ArrayList<>(RecordingFile.readAllEvents(file));
    events.sort(Comparator.comparing(RecordedEvent::getStartTime));
    return events;
  }

  /** The method of ours nearest to the allocation, on whose behalf, and what is allocated. */
  private static String place(RecordedEvent event) {
    RecordedClass type = event.getValue("objectClass");
    @Nullable RecordedFrame own =
        event.getStackTrace().getFrames().stream()
            .filter(frame -> frame.getMethod().getType().getName().startsWith(OWN))
            .findFirst()
            .orElse(null);
    String where =
        own == null
            ? "none of ours, " + event.getThread().getJavaName()
            : own.getMethod().getType().getName().substring(OWN.length())
                + "."
                + own.getMethod().getName();
    RecordedFrame top = event.getStackTrace().getFrames().get(0);
    boolean itself = top.getMethod().getType().getName().startsWith(OWN);
    return where
        + " | "
        + type.getName()
        + " | "
        + (itself ? "itself" : top.getMethod().getType().getName());
  }
}
