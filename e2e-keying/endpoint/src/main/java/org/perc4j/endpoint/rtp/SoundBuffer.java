/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.rtp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.activity.OpusSpan;

/**
 * An adaptive jitter buffer: keeps a source's Opus packets until it is their turn, as long as the
 * network's jitter asks for and no longer ({@link DelayTarget}), and says what is to be played now.
 * It wants packets as they arrive, in any order; those that wait for others to be put in order are
 * late for it. Times are handed in, in nanoseconds of one clock, such as {@link System#nanoTime};
 * that of {@link #poll} is best how far the sound device has got. Not thread-safe.
 *
 * <pre>{@code
 * buffer.add(timestamp, payload, arrivalNanos);   // for each packet
 * for (SoundBuffer.Piece piece : buffer.poll(System.nanoTime())) {   // each 5 to 10 ms
 *   byte[] payload = piece.payload();
 *   play(payload == null ? decoder.conceal(piece.samples()) : decoder.decode(payload));
 * }
 * }</pre>
 *
 * <p>Where a packet is missing that is followed by others, the decoder is to conceal it. Where
 * nothing at all is there, the buffer has the decoder conceal for a while, and goes on where it was
 * when something comes: the delay has grown then. It grows as well, in the same way, when packets
 * come late. It shrinks in silence, that is, when the sender sends nothing or packets without
 * sound; else it drops a packet now and then. After {@link #MAX_CONCEALED_SAMPLES} in a row there
 * is nothing to play.
 *
 * <p>A packet costs O(log n) operations, and a constant number for the target.
 */
public final class SoundBuffer {
  /** More packets do not wait; the oldest ones are dropped. */
  public static final int MAX_PACKETS = 512;

  /** More octets do not wait; the oldest packets are dropped. */
  public static final int MAX_OCTETS = 512 << 10;

  /** What a decoder can make up before it sounds odd, 100 ms. */
  public static final int MAX_CONCEALED_SAMPLES = 4800;

  /** The least delay if the constructor is not told. */
  public static final Duration MIN_DELAY = Duration.ofMillis(20);

  /** The greatest delay if the constructor is not told. */
  public static final Duration MAX_DELAY = Duration.ofMillis(500);

  private static final Duration LONGEST_DELAY = Duration.ofSeconds(5);
  private static final long MILLI = 1_000_000;

  /** What is concealed at once where nobody knows for how long, 10 ms. */
  private static final int STEP_SAMPLES = 480;

  /** Decoders conceal multiples of 2.5 ms. */
  private static final int CONCEALABLE_SAMPLES = 120;

  /** A longer gap is a pause, 500 ms. */
  private static final int MAX_LOSS_SAMPLES = 24_000;

  /** Between two packets that are dropped while somebody speaks. */
  private static final long DROP_INTERVAL_NANOS = 500 * MILLI;

  private static final long HYSTERESIS_NANOS = 5 * MILLI;

  /** Who asks later than this asks anew. */
  private static final long MAX_SLEEP_NANOS = 200 * MILLI;

  private static final long SLACK_NANOS = 100 * MILLI;

  /** What transit varies by at most, above the greatest delay. */
  private static final long MAX_VARIATION_NANOS = 1500 * MILLI;

  private static final int MAX_DONE = 256;

  /** What is to be played: a packet, or what stands in for one. */
  public static final class Piece {
    private final int timestamp;
    private final int samples;
    private final byte @Nullable [] payload;
    private final long arrivalNanos;

    /**
     * A piece.
     *
     * @param timestamp RTP time
     * @param samples at 48 kHz
     * @param payload not copied; null for what the decoder is to conceal
     * @param arrivalNanos when it came, 0 if it did not
     */
    public Piece(int timestamp, int samples, byte @Nullable [] payload, long arrivalNanos) {
      this.timestamp = timestamp;
      this.samples = samples;
      this.payload = payload;
      this.arrivalNanos = arrivalNanos;
    }

    /** Returns the RTP time, 32 bits; of what is concealed, that of what was expected. */
    public long timestamp() {
      return Integer.toUnsignedLong(timestamp);
    }

    /** Returns how many samples it is, at 48 kHz; if nothing came, a multiple of 120. */
    public int samples() {
      return samples;
    }

    /** Returns the Opus packet, not a copy; null if the decoder is to conceal that nothing came. */
    public byte @Nullable [] payload() {
      return payload;
    }

    /** Returns when the packet came; 0 if nothing did. */
    public long arrivalNanos() {
      return arrivalNanos;
    }
  }

  /**
   * What became of packets so far.
   *
   * @param played handed out
   * @param lost not there when it was their turn, by how much sound is missing; pauses are none
   * @param late came after their turn, and are among the lost ones too
   * @param duplicates came once more
   * @param dropped were there, but were left out to catch up, or as too much waited
   * @param refused are no Opus packets, or their timestamps fit to nothing
   */
  public record Counters(
      long played, long lost, long late, long duplicates, long dropped, long refused) {}

  @SuppressWarnings("ArrayRecordComponent") // not compared
  private record Packet(
      int timestamp, int samples, boolean isSilent, byte[] payload, long arrivalNanos) {}

  private final long maxNanos;
  private final OpusSpan span = new OpusSpan();
  private final SoundTimeline timeline;
  private final DelayTarget target;

  /** By the place of their first sample. */
  private final TreeMap<Long, Packet> waiting = new TreeMap<>();

  /** The last of those that were handed out or dropped. */
  private final TreeSet<Long> done = new TreeSet<>();

  private @Nullable Packet stray;
  private int octets;

  /** Behind everything that came. */
  private long highestEnd;

  private boolean begun;
  private boolean playing;

  /** What was handed out reaches until here, in time. */
  private long endNanos;

  /** What is to be played next begins here. */
  private long position;

  private int nextTimestamp;
  private int lastSamples = 2 * STEP_SAMPLES;
  private boolean lastIsSilent;

  /** Concealed in a row. */
  private long concealed;

  /** Concealed since the last packet, while nobody knew what is missing. */
  private long filler;

  private long lastDropNanos;
  private long played;
  private long lost;
  private long late;
  private long duplicates;
  private long dropped;
  private long refused;

  /** A buffer for conversations. */
  public SoundBuffer() {
    this(MIN_DELAY, MAX_DELAY);
  }

  /**
   * A buffer.
   *
   * @param minDelay by which packets wait at least
   * @param maxDelay by which they wait at most, about; 5 s at most
   * @throws IllegalArgumentException if these are no bounds
   */
  public SoundBuffer(Duration minDelay, Duration maxDelay) {
    if (minDelay.isNegative()
        || maxDelay.compareTo(minDelay) < 0
        || maxDelay.compareTo(LONGEST_DELAY) > 0) {
      throw new IllegalArgumentException("a delay of " + minDelay + " to " + maxDelay);
    }
    maxNanos = maxDelay.toNanos();
    timeline = new SoundTimeline(maxNanos + MAX_VARIATION_NANOS);
    target = new DelayTarget(minDelay.toNanos(), maxNanos);
  }

  // ---------------------------------------------------------------- what comes

  /**
   * Takes a packet.
   *
   * @param timestamp RTP time, 32 bits
   * @param payload an Opus packet, not copied
   * @param arrivalNanos when it came
   */
  public void add(long timestamp, byte[] payload, long arrivalNanos) {
    int samples = span.read(payload, 0, payload.length);
    if (samples == OpusSpan.NONE) {
      refused++;
      return;
    }
    Packet packet = new Packet((int) timestamp, samples, span.isSilent(), payload, arrivalNanos);
    Packet before = stray;
    stray = null;
    long start = timeline.place(packet.timestamp(), arrivalNanos, highestEnd);
    if (start == SoundTimeline.STRAY) {
      stray = packet;
    } else if (timeline.jumped()) {
      target.restart();
      if (before != null) {
        insert(before, start + before.timestamp() - packet.timestamp());
        before = null;
      }
    }
    if (start != SoundTimeline.STRAY) {
      insert(packet, start);
    }
    if (before != null) {
      refused++;
    }
  }

  private void insert(Packet packet, long start) {
    if (waiting.containsKey(start) || done.contains(start)) {
      duplicates++;
      return;
    }
    long arrivalNanos = packet.arrivalNanos();
    long relative = target.add(arrivalNanos - SoundTimeline.nanos(start), arrivalNanos);
    if (begun && start < position) {
      late++;
      target.cameLate(relative, arrivalNanos);
      return;
    }
    waiting.put(start, packet);
    octets += packet.payload().length;
    highestEnd = Math.max(highestEnd, start + packet.samples());
    while (waiting.size() > MAX_PACKETS || octets > MAX_OCTETS) {
      drop();
    }
  }

  // ---------------------------------------------------------------- what is played

  /** Returns what is to be played behind what was handed out before; nothing is silence. */
  public List<Piece> poll(long nowNanos) {
    if (playing && nowNanos - endNanos > MAX_SLEEP_NANOS) {
      playing = false;
    }
    List<Piece> due = new ArrayList<>();
    boolean goesOn = true;
    while (goesOn) {
      Map.Entry<Long, Packet> head = waiting.firstEntry();
      if (head != null && begun && head.getKey() < position) {
        // It overlaps what was played.
        drop();
      } else {
        goesOn = playing ? goOn(head, nowNanos, due) : begin(head, nowNanos);
      }
    }
    return due;
  }

  /** Begins to play, at the start or after silence, if it is time. */
  private boolean begin(Map.@Nullable Entry<Long, Packet> head, long nowNanos) {
    if (head == null) {
      return false;
    }
    long delay = nowNanos - SoundTimeline.nanos(head.getKey()) - target.base();
    long wanted = target.nanos(nowNanos);
    if (delay < wanted) {
      return false;
    }
    if (delay > (begun ? maxNanos : wanted) + SLACK_NANOS) {
      drop();
      return true;
    }
    if (begun) {
      countLoss(head.getKey() - position);
    } else {
      lastDropNanos = nowNanos;
    }
    begun = true;
    playing = true;
    position = head.getKey();
    nextTimestamp = head.getValue().timestamp();
    endNanos = nowNanos;
    filler = 0;
    return true;
  }

  /** Goes on behind what was handed out last, if that has ended. */
  private boolean goOn(Map.@Nullable Entry<Long, Packet> head, long nowNanos, List<Piece> due) {
    if (nowNanos - endNanos < 0) {
      return false;
    }
    if (head == null) {
      if (lastIsSilent || concealed >= MAX_CONCEALED_SAMPLES) {
        playing = false;
        return false;
      }
      filler += STEP_SAMPLES;
      conceal(STEP_SAMPLES, due);
      return true;
    }
    Packet packet = head.getValue();
    long missing = head.getKey() - position;
    if (missing > 0 && (lastIsSilent || missing > MAX_LOSS_SAMPLES)) {
      // A pause: how long it is heard is free.
      playing = false;
      return true;
    }
    long rest = Math.max(0, missing - filler);
    long delay = endNanos - SoundTimeline.nanos(head.getKey() - rest) - target.base();
    long excess = delay - target.nanos(nowNanos);
    if (delay > maxNanos + SLACK_NANOS || isLeftOut(packet, excess, nowNanos)) {
      drop();
      return true;
    }
    if (excess <= -SoundTimeline.nanos(STEP_SAMPLES)) {
      if (packet.isSilent() || lastIsSilent || concealed >= MAX_CONCEALED_SAMPLES) {
        playing = false;
      } else {
        conceal(STEP_SAMPLES, due);
      }
      return true;
    }
    if (missing > 0) {
      countLoss(missing);
      conceal(rest, due);
      position = head.getKey();
      nextTimestamp = packet.timestamp();
      filler = 0;
      return true;
    }
    play(packet, due);
    return true;
  }

  private boolean isLeftOut(Packet packet, long excess, long nowNanos) {
    long length = SoundTimeline.nanos(packet.samples());
    if (packet.isSilent()) {
      return excess >= length;
    }
    boolean isLeftOut =
        excess >= length + HYSTERESIS_NANOS && nowNanos - lastDropNanos >= DROP_INTERVAL_NANOS;
    if (isLeftOut) {
      lastDropNanos = nowNanos;
    }
    return isLeftOut;
  }

  private void play(Packet packet, List<Piece> due) {
    due.add(
        new Piece(packet.timestamp(), packet.samples(), packet.payload(), packet.arrivalNanos()));
    remove();
    played++;
    endNanos += SoundTimeline.nanos(packet.samples());
    lastIsSilent = packet.isSilent();
    lastSamples = packet.samples();
    concealed = 0;
    filler = 0;
  }

  /** Lets so much time pass, with what a decoder makes up as far as that may be. */
  private void conceal(long samples, List<Piece> due) {
    int made = (int) Math.min(samples, MAX_CONCEALED_SAMPLES - concealed);
    made -= made % CONCEALABLE_SAMPLES;
    if (made > 0) {
      due.add(new Piece(nextTimestamp, made, null, 0));
      concealed += made;
    }
    endNanos += SoundTimeline.nanos(samples);
  }

  private void countLoss(long samples) {
    if (!lastIsSilent && samples <= MAX_LOSS_SAMPLES) {
      lost += (samples + lastSamples / 2) / lastSamples;
    }
  }

  private void drop() {
    remove();
    dropped++;
  }

  /** Removes the first packet; what is to be played next is behind it. */
  private void remove() {
    Map.Entry<Long, Packet> head = waiting.firstEntry();
    Packet packet = head.getValue();
    waiting.remove(head.getKey());
    octets -= packet.payload().length;
    done.add(head.getKey());
    if (done.size() > MAX_DONE) {
      done.pollFirst();
    }
    if (head.getKey() + packet.samples() > position) {
      position = head.getKey() + packet.samples();
      nextTimestamp = packet.timestamp() + packet.samples();
    }
  }

  // ---------------------------------------------------------------- the account

  /** Returns how long packets are to wait now, above the fastest one's way. */
  public Duration targetDelay(long nowNanos) {
    return Duration.ofNanos(target.nanos(nowNanos));
  }

  /** Returns what became of packets so far. */
  public Counters counters() {
    return new Counters(played, lost, late, duplicates, dropped, refused);
  }

  /** Returns how many packets wait. */
  public int size() {
    return waiting.size();
  }
}
