/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.perc4j.e2e.srtp.DoubleSrtpResult;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.signalling.AnnouncedSources;
import org.perc4j.endpoint.signalling.CongestionFeedback;
import org.perc4j.endpoint.signalling.Source;

/** Two engines, one line between them. */
class MediaEngineTest {
  private static final long PATIENCE_SECONDS = 60;
  private static final Source VIDEO = new Source("one", "one-v0", MediaKind.VIDEO, 0x21, 0x22);
  private static final Clock CLOCK =
      Clock.fixed(Instant.ofEpochSecond(1_700_000_000, 500_000_000), ZoneOffset.UTC);

  private final AtomicLong patience = new AtomicLong();
  private final AnnouncedSources sources = new AnnouncedSources();
  private final Side one = new Side("one", 0x21);
  private final Side other = new Side("other", 0x51);
  private final StreamSender stream =
      new StreamSender(new Source.Encoding(0x21, 0x22), 100, 96, 0xFFF0, 3000, List::of);

  private final class Side implements MediaEngine.Listener {
    final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    final BlockingQueue<ReorderBuffer.Packet> packets = new LinkedBlockingQueue<>();
    final AtomicReference<Line> line = new AtomicReference<>();
    final MediaEngine engine;
    volatile boolean needsKeyFrame;
    volatile boolean fails;

    Side(String id, int ssrc) {
      engine =
          new MediaEngine(
              id, true, sources, MediaSender.unpaced(), ssrc, patience::get, CLOCK, this);
    }

    /** Sends to the other side, apart from what is lost. */
    void connect(Side to, Line.@Nullable Outlet loss) {
      Line.Outlet delivery =
          (buffer, offset, length) -> {
            byte[] packet = Arrays.copyOfRange(buffer, offset, offset + length);
            to.engine.execute(() -> to.engine.receive(to.line(), packet, System.nanoTime()));
          };
      Line.Outlet media = loss == null ? delivery : loss;
      line.set(new Line(new LayeredProtection(), CongestionFeedback.NONE, media, delivery));
      engine.execute(() -> engine.setLine(line()));
    }

    Line line() {
      return Objects.requireNonNull(line.get());
    }

    @Override
    public void ordered(Source source, int encoding, ReorderBuffer.Packet packet)
        throws IOException {
      if (fails) {
        throw new IOException("on purpose");
      }
      packets.add(packet);
    }

    @Override
    public boolean needsKeyFrame(Source source) {
      return needsKeyFrame;
    }

    @Override
    public void gone(Source source) {
      told.add("gone " + source.name());
    }

    @Override
    public void keyFrameRequested(int ssrc) {
      told.add("key frame " + ssrc);
    }

    @Override
    public void reported(Rtcp.SenderReport report) {
      told.add("report " + report);
    }

    @Override
    public void silent() {
      told.add("silent");
    }

    @Override
    public void failed(Exception cause) {
      told.add("failed " + cause.getMessage());
    }

    /** Waits until something is told that begins like this. */
    String await(String beginning) throws InterruptedException {
      String next = told.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      while (next != null && !next.startsWith(beginning)) {
        next = told.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      }
      assertNotNull(next, beginning);
      return next;
    }
  }

  private void connect(Line.@Nullable Outlet loss) {
    sources.add(List.of(VIDEO));
    one.engine.addStream(stream);
    other.connect(one, null);
    one.connect(other, loss);
  }

  private void send(int... payload) {
    byte[] octets = new byte[payload.length];
    for (int i = 0; i < payload.length; i++) {
      octets[i] = (byte) payload[i];
    }
    one.engine.execute(
        () -> {
          DoubleSrtpResult unused =
              one.engine.send(stream, stream.next(octets, true, List.of()), false);
        });
  }

  @AfterEach
  void closes() throws IOException {
    one.engine.close();
    other.engine.close();
  }

  @Test
  void repairsWhatIsLostAndHandsItOutInOrder() throws Exception {
    AtomicInteger sent = new AtomicInteger();
    Line.Outlet lossy =
        (buffer, offset, length) -> {
          byte[] packet = Arrays.copyOfRange(buffer, offset, offset + length);
          boolean isRepair = (packet[1] & 0x7F) == 96;
          if (isRepair || sent.getAndIncrement() % 5 != 3) {
            other.engine.execute(
                () -> other.engine.receive(other.line(), packet, System.nanoTime()));
          }
        };
    connect(lossy);
    int count = 50;
    for (int i = 0; i < count; i++) {
      send(i, i);
    }
    // The last one of all was not lost, so that each gap shows.
    List<Integer> came = new ArrayList<>();
    long order = -1;
    for (int i = 0; i < count; i++) {
      ReorderBuffer.Packet packet = other.packets.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertNotNull(packet, came.toString());
      assertTrue(order < 0 || packet.order() == order + 1, came.toString());
      order = packet.order();
      came.add((int) packet.payload()[0]);
    }
    for (int i = 0; i < count; i++) {
      assertEquals(i, came.get(i));
    }
    assertTrue(one.engine.counters().repairs() >= count / 5);
    assertTrue(other.engine.received().repairs() >= count / 5);
    assertTrue(other.engine.counters().negativeAcknowledgements() >= count / 5);
  }

  @Test
  void asksForKeyFramesAsLongAsTheyAreNeeded() throws Exception {
    connect(null);
    other.needsKeyFrame = true;
    AtomicInteger more = new AtomicInteger();
    one.engine.every(
        TimeUnit.MILLISECONDS.toNanos(20),
        () -> {
          int value = more.incrementAndGet();
          DoubleSrtpResult unused =
              one.engine.send(
                  stream, stream.next(new byte[] {(byte) value}, true, List.of()), false);
        });
    assertEquals("key frame 33", one.await("key frame"));
    assertEquals("key frame 33", one.await("key frame"));
    assertTrue(one.engine.counters().keyFrameRequests() >= 2);
  }

  /** RFC 3550, section 4: seconds since 1900, and half of one. */
  @Test
  void reportsOnItsStreamsByTheWallClock() throws Exception {
    connect(null);
    send(1, 2, 3);
    send(4);
    String report = other.await("report");
    while (!report.contains("packets=2")) {
      report = other.await("report");
    }
    long ntp = (1_700_000_000L + 2_208_988_800L) << 32 | 0x8000_0000L;
    assertEquals("report " + new Rtcp.SenderReport(0x21, ntp, 3000, 2, 4), report);
  }

  @Test
  void knowsWhenASenderSampledWhatComes() throws Exception {
    connect(null);
    one.engine.every(
        TimeUnit.MILLISECONDS.toNanos(20),
        () -> {
          stream.advance(90 * 20);
          DoubleSrtpResult unused =
              one.engine.send(stream, stream.next(new byte[1], true, List.of()), false);
        });
    long nanos = MediaClock.UNKNOWN;
    while (nanos == MediaClock.UNKNOWN) {
      assertTrue(other.await("report").contains("ssrc=33"));
      nanos = other.engine.submit(() -> sampledNanos(3000)).get();
    }
    assertEquals(1_700_000_000, nanos / 1e9, PATIENCE_SECONDS);
    Source unknown = new Source("one", "one-v1", MediaKind.VIDEO, 0x61, 0x62);
    assertNull(other.engine.submit(() -> other.engine.clock(unknown, 0)).get());
  }

  private long sampledNanos(int timestamp) {
    MediaClock clock = other.engine.clock(VIDEO, 0);
    return clock == null ? MediaClock.UNKNOWN : clock.nanosSinceEpoch(timestamp);
  }

  @Test
  void tellsOfABridgeThatSaysNothingThoughSomethingIsSentToIt() throws Exception {
    sources.add(List.of(VIDEO));
    one.engine.addStream(stream);
    one.connect(other, (buffer, offset, length) -> {});
    one.engine.every(
        TimeUnit.MILLISECONDS.toNanos(10),
        () -> {
          long unusedTime = patience.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
          DoubleSrtpResult unused =
              one.engine.send(stream, stream.next(new byte[1], true, List.of()), false);
        });
    assertEquals("silent", one.await("silent"));
  }

  @Test
  void expectsNothingOfABridgeToWhichNothingIsSent() throws Exception {
    sources.add(List.of(VIDEO));
    one.connect(other, (buffer, offset, length) -> {});
    AtomicInteger rounds = new AtomicInteger();
    one.engine.every(
        TimeUnit.MILLISECONDS.toNanos(100),
        () -> {
          long unusedTime = patience.addAndGet(TimeUnit.SECONDS.toNanos(1));
          if (rounds.incrementAndGet() == 40) {
            one.told.add("waited");
          }
        });
    assertEquals("waited", one.told.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
  }

  @Test
  void goesOnWhenSomethingFails() throws Exception {
    connect(null);
    other.fails = true;
    send(1);
    assertEquals("failed on purpose", other.await("failed"));
    other.fails = false;
    send(2);
    ReorderBuffer.Packet packet = other.packets.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertNotNull(packet);
    assertEquals(2, packet.payload()[0]);
  }

  @Test
  void dropsWhatComesByAnotherLine() throws Exception {
    connect(null);
    Line former =
        new Line(
            new LayeredProtection(),
            CongestionFeedback.NONE,
            (buffer, offset, length) -> {},
            (buffer, offset, length) -> {});
    byte[] packet =
        ByteBuffer.allocate(13).putInt(0x80640001).putInt(0).putInt(0x21).put((byte) 9).array();
    other.engine.execute(() -> other.engine.receive(former, packet.clone(), 0));
    other.engine.execute(() -> other.told.add("done"));
    assertEquals("done", other.await("done"));
    other.engine.close();
    assertNull(other.packets.poll());
  }

  @Test
  void handsOutTheRestAndForgetsWhoIsGone() throws Exception {
    connect(null);
    send(7);
    other.engine.execute(() -> {});
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!other.engine.submit(() -> other.engine.knows(0x21)).get()) {
      assertTrue(System.nanoTime() < deadline);
    }
    sources.remove("one");
    assertEquals("gone one-v0", other.await("gone"));
    ReorderBuffer.Packet packet = other.packets.poll();
    assertNotNull(packet);
    assertEquals(7, packet.payload()[0]);
  }
}
