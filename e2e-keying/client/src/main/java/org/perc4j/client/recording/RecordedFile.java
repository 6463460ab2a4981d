/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.recording;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.perc4j.client.gstreamer.Feed;
import org.perc4j.client.gstreamer.GStreamer;
import org.perc4j.client.gstreamer.MediaException;
import org.perc4j.client.gstreamer.Pipeline;
import org.perc4j.client.media.Pictures;
import org.perc4j.endpoint.media.VideoCodec;

/**
 * A Matroska file with one track. Not thread-safe.
 *
 * <p>One track, as nothing is written to a file before each of its tracks has had something.
 */
final class RecordedFile {
  private static final Duration END = Duration.ofSeconds(5);
  private static final String SOUND = "audio/x-opus,channel-mapping-family=0,channels=2,rate=48000";
  private static final long SOUND_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final Pipeline pipeline;
  private final Feed feed;
  private final @Nullable VideoCodec codec;
  private final long beginNanos;
  private long lastNanos = -STEP_NANOS;
  private String caps = "";
  private boolean failed;

  /** The last picture: another encoding may begin with the same one. */
  private @Nullable Piece held;

  /** Of sound or pictures, made at some time since the source's first. */
  @SuppressWarnings("ArrayRecordComponent") // not compared
  private record Piece(byte[] octets, boolean isKey, long madeNanos) {}

  /**
   * Begins a file.
   *
   * @param codec of the pictures, or null for sound
   * @param beginNanos when its first was made, since the source's first
   */
  RecordedFile(GStreamer gstreamer, Path file, @Nullable VideoCodec codec, long beginNanos)
      throws MediaException {
    this.codec = codec;
    this.beginNanos = beginNanos;
    gstreamer.require("matroskamux", "filesink");
    // matroskamux wants the size, which only VP8 pictures tell without a parser. What is not said
    // to be sound it takes for pictures.
    String parser =
        codec == null
            ? " ! audio/x-opus"
            : switch (codec) {
              case VP8 -> "";
              case VP9 -> " ! vp9parse";
              case AV1 -> " ! av1parse";
              case H264 -> " ! h264parse";
            };
    pipeline =
        Pipeline.launch(
            gstreamer,
            "appsrc name=in format=time"
                + parser
                + " ! matroskamux writing-app=perc4j ! filesink name=out");
    feed = pipeline.feed("in");
    setCaps(codec == null ? SOUND : Pictures.caps(codec));
    pipeline.set("out", "location", file.toAbsolutePath().toString());
    pipeline.start();
  }

  private void setCaps(String now) throws MediaException {
    if (!now.equals(caps)) {
      caps = now;
      feed.setCaps(now);
    }
  }

  @Nullable VideoCodec codec() {
    return codec;
  }

  /**
   * Writes a packet or a picture. A key made at the same time as the picture before stands for
   * both: the bridge went over to another encoding.
   *
   * @param madeNanos when it was made, since the source's first; what is not later than the one
   *     before is a little later all the same, as files need that
   */
  void write(byte[] octets, boolean isKey, long madeNanos) throws MediaException {
    Piece next = new Piece(octets, isKey, madeNanos);
    if (codec == null) {
      push(next);
      return;
    }
    Piece before = held;
    held = next;
    if (before != null && !(isKey && before.madeNanos() == madeNanos)) {
      push(before);
    }
  }

  private void push(Piece piece) throws MediaException {
    if (codec == VideoCodec.VP8 && piece.isKey()) {
      setCaps(Vp8Size.of(piece.octets()).caps());
    }
    lastNanos = Math.max(lastNanos + STEP_NANOS, piece.madeNanos() - beginNanos);
    boolean unused = feed.push(piece.octets(), lastNanos, codec == null ? SOUND_NANOS : -1);
  }

  /** Returns what went wrong, a line for people, or null. */
  @Nullable String error() {
    String error = pipeline.error();
    failed |= error != null;
    return error;
  }

  /** Ends the file. What was written so far can be read without that. */
  void close() {
    Piece last = held;
    if (!failed && last != null) {
      held = null;
      try {
        push(last);
      } catch (MediaException e) {
        failed = true;
      }
    }
    if (!failed) {
      feed.end();
      boolean unused = pipeline.awaitEnd(END);
    }
    pipeline.close();
  }
}
