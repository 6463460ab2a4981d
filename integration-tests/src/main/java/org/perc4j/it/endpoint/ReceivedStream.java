/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.endpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.rtp.LossTracker;
import org.perc4j.endpoint.rtp.ReorderBuffer;
import org.perc4j.endpoint.signalling.Source;

/** What an endpoint received from one source: the account and the recording. Thread-safe. */
public final class ReceivedStream {
  private static final long UNKNOWN = -1;
  private static final byte[] NOTHING = new byte[0];

  /**
   * A packet that came through all layers, for the first time.
   *
   * @param nanos when, by {@link System#nanoTime}
   * @param encoding index in its source
   * @param bridgeSequenceNumber under which it came
   * @param sequenceNumber that its sender gave it; the bridge's, if that could not be told
   * @param timestamp RTP time, 32 bits
   * @param payload not copied; empty if the bridge or the sender had nothing to say
   */
  @SuppressWarnings("ArrayRecordComponent") // not compared
  public record Arrival(
      long nanos,
      int ssrc,
      int encoding,
      int bridgeSequenceNumber,
      int sequenceNumber,
      long timestamp,
      boolean marker,
      byte[] payload) {
    long key() {
      return SentStream.key(encoding, timestamp, sequenceNumber);
    }
  }

  private final Source source;
  private final String receiver;
  private final Path directory;
  private final String name;
  private final int capacity;
  private final @Nullable ArrivalListener listener;
  private final List<Set<Integer>> paddingNumbers = new ArrayList<>();
  private final Map<Long, byte[]> payloads = new LinkedHashMap<>();
  private int size;
  private final List<Arrival> arrivals = new ArrayList<>();
  private @Nullable Recording recording;
  private long lastPacketNanos;
  private long longestGapNanos;
  private long duplicates;
  private long repaired;
  private long unrepaired;
  private boolean closed;

  ReceivedStream(Source source, EndpointOptions receiver) throws IOException {
    this.source = source;
    this.receiver = receiver.id;
    directory = receiver.recordings;
    name = receiver.id + "-from-" + source.owner();
    capacity = receiver.accounts();
    listener = receiver.listener;
    Files.createDirectories(directory);
    source.encodings().forEach(encoding -> paddingNumbers.add(new HashSet<>()));
  }

  /** One came in a repair packet. */
  synchronized void onRepair() {
    repaired++;
  }

  /** So many will not be asked for any more. */
  synchronized void onGivenUp(int packets) {
    unrepaired += packets;
  }

  /**
   * The bridge sent padding under a number of its own that otherwise media have.
   *
   * @param encoding index in the source
   */
  synchronized void onPadding(int encoding, int sequenceNumber) {
    boolean unused = paddingNumbers.get(encoding).add(sequenceNumber);
  }

  /**
   * A packet came through all layers.
   *
   * @param arrival with the header that its sender gave it
   * @param codec null for audio
   */
  synchronized void accept(Arrival arrival, @Nullable VideoCodec codec) throws IOException {
    byte[] kept = listener == null ? arrival.payload() : NOTHING;
    if (payloads.putIfAbsent(arrival.key(), kept) != null) {
      duplicates++;
      return;
    }
    size++;
    if (payloads.size() > capacity) {
      Iterator<byte[]> oldest = payloads.values().iterator();
      oldest.next();
      oldest.remove();
    }
    if (listener == null) {
      arrivals.add(arrival);
    } else {
      listener.arrived(receiver, source, arrival);
    }
    long nowNanos = arrival.nanos();
    if (lastPacketNanos != 0) {
      longestGapNanos = Math.max(longestGapNanos, nowNanos - lastPacketNanos);
    }
    lastPacketNanos = nowNanos;
    if (!closed && listener == null && recording == null) {
      recording =
          codec == null
              ? new AudioRecording(directory.resolve(name + ".ogg"))
              : new VideoRecording(directory, name, codec);
    }
  }

  /** The next packet of an encoding, in the bridge's order. */
  synchronized void record(int ssrc, ReorderBuffer.Packet packet) throws IOException {
    if (!closed && recording != null) {
      recording.write(ssrc, packet);
    }
  }

  /** Tells whether the recording waits for a key frame. */
  synchronized boolean needsKeyFrame() {
    return recording != null && recording.needsKeyFrame();
  }

  /** Returns the source as it was announced. */
  public Source source() {
    return source;
  }

  /** Returns the payloads by what tells packets apart, in the order in which they came. */
  public synchronized Map<Long, byte[]> payloads() {
    return new LinkedHashMap<>(payloads);
  }

  /** Returns what came, in the order in which it did. */
  public synchronized List<Arrival> arrivals() {
    return List.copyOf(arrivals);
  }

  /** Returns the last of what came, so many at most, in the order in which they did. */
  public synchronized List<Arrival> latestArrivals(int most) {
    return List.copyOf(arrivals.subList(Math.max(0, arrivals.size() - most), arrivals.size()));
  }

  /**
   * Returns the numbers that the bridge left out, or that were lost behind it, between the first
   * and the last that came of an encoding; unwrapped, so that each occurs once.
   *
   * @param encoding index in the source
   */
  public synchronized List<Long> missingNumbers(int encoding) {
    TreeSet<Long> came = new TreeSet<>();
    long reference = UNKNOWN;
    for (Arrival arrival : arrivals) {
      if (arrival.encoding() == encoding) {
        int number = arrival.bridgeSequenceNumber();
        long unwrapped =
            reference == UNKNOWN ? 0x10000L + number : LossTracker.unwrap(reference, number);
        came.add(unwrapped);
        reference = Math.max(reference, unwrapped);
      }
    }
    List<Long> missing = new ArrayList<>();
    for (long number = came.isEmpty() ? 0 : came.first(); number < reference; number++) {
      if (!came.contains(number)
          && !paddingNumbers.get(encoding).contains((int) (number & 0xFFFF))) {
        missing.add(number);
      }
    }
    return missing;
  }

  /**
   * Returns the sequence numbers that the sender gave the packets, in the order in which they came.
   */
  public synchronized List<Integer> sequenceNumbers() {
    return payloads.keySet().stream().map(SentStream::sequenceNumber).toList();
  }

  /** Returns how many different packets came. */
  public synchronized int size() {
    return size;
  }

  /** Returns how many packets came through all layers once more. */
  public synchronized long duplicates() {
    return duplicates;
  }

  /** Returns the longest time without a packet since this was asked last, and begins anew. */
  public synchronized Duration takeLongestGap() {
    long gap = longestGapNanos;
    if (lastPacketNanos != 0) {
      gap = Math.max(gap, System.nanoTime() - lastPacketNanos);
    }
    longestGapNanos = 0;
    return Duration.ofNanos(gap);
  }

  /** Returns how many of the bridge's packets nobody repaired, though they were asked for. */
  public synchronized long unrepaired() {
    return unrepaired;
  }

  /** Returns how many packets came in repair packets. */
  public synchronized long repaired() {
    return repaired;
  }

  /** Returns the pictures that are in the recording; none for audio. */
  public synchronized List<byte[]> frames() {
    return recording instanceof VideoRecording video ? video.frames() : List.of();
  }

  /** Returns the codec of the recording, or null if it is not video. */
  public synchronized @Nullable VideoCodec codec() {
    return recording instanceof VideoRecording video ? video.codec() : null;
  }

  /**
   * Returns the file of the recording, complete only after the endpoint was closed.
   *
   * @throws IllegalStateException if nothing came through all layers
   */
  public synchronized Path recording() {
    if (recording == null) {
      throw new IllegalStateException("nothing to record of " + source.name());
    }
    return recording.file();
  }

  synchronized void close() throws IOException {
    if (!closed) {
      closed = true;
      if (recording != null) {
        recording.close();
      }
    }
  }

  @Override
  public synchronized String toString() {
    return source.name()
        + ": "
        + size
        + " packets, "
        + repaired
        + " repaired, "
        + duplicates
        + " duplicates";
  }
}
