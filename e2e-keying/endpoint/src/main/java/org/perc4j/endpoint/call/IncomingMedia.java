/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.call;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.endpoint.rtp.MediaClock;
import org.perc4j.endpoint.rtp.PictureReader;
import org.perc4j.endpoint.rtp.ReorderBuffer;
import org.perc4j.endpoint.rtp.SoundBuffer;
import org.perc4j.endpoint.signalling.PayloadTypes;
import org.perc4j.endpoint.signalling.Source;
import org.perc4j.header.rtp.RtpPacketView;

/** What becomes of the packets of others. On the thread of the media. */
final class IncomingMedia {
  /** Returns the time of a source's sender; null if nothing is known of it. */
  interface Clocks {
    @Nullable MediaClock clock(Source source, int encoding);
  }

  private record Sound(Source source, SoundBuffer buffer) {}

  private final CallListener listener;
  private final JoinOptions.SoundDelay delay;
  private final Clocks clocks;
  private final Map<Integer, Sound> sounds = new HashMap<>();
  private final Map<Integer, PictureReader> readers = new HashMap<>();

  /** The encoding whose packet is being read. */
  private int encoding;

  /**
   * Nothing came yet.
   *
   * @param delay how long sound waits
   */
  IncomingMedia(CallListener listener, JoinOptions.SoundDelay delay, Clocks clocks) {
    this.listener = listener;
    this.delay = delay;
    this.clocks = clocks;
  }

  /** A packet came, not in order. */
  void accepted(Source source, RtpPacketView packet, long nowNanos) {
    if (source.kind() == MediaKind.AUDIO) {
      sound(source, packet, nowNanos);
      return;
    }
    VideoCodec codec = PayloadTypes.codec(packet.payloadType());
    PictureReader reader = readers.get(source.ssrc());
    if (codec != null && (reader == null || reader.codec() != codec)) {
      readers.put(source.ssrc(), reader(source, codec));
    }
  }

  private void sound(Source source, RtpPacketView packet, long nowNanos) {
    if (packet.payloadType() != PayloadTypes.OPUS || packet.payloadLength() == 0) {
      return;
    }
    int begin = packet.payloadOffset();
    sounds
        .computeIfAbsent(
            source.ssrc(), unused -> new Sound(source, new SoundBuffer(delay.min(), delay.max())))
        .buffer()
        .add(
            packet.timestamp(),
            Arrays.copyOfRange(packet.buffer(), begin, begin + packet.payloadLength()),
            nowNanos);
  }

  private PictureReader reader(Source source, VideoCodec codec) {
    return new PictureReader(
        codec,
        PictureReader.Marker.OF_SENDER,
        (frames, isKey, timestamp) ->
            listener.picture(
                source,
                new IncomingPicture(codec, frames, isKey, timestamp),
                senderNanos(source, encoding, timestamp)));
  }

  private long senderNanos(Source source, int of, long timestamp) {
    MediaClock clock = clocks.clock(source, of);
    return clock == null ? MediaClock.UNKNOWN : clock.nanosSinceEpoch((int) timestamp);
  }

  /** The next packet of a stream of pictures, in order. */
  void ordered(Source source, int of, ReorderBuffer.Packet packet) throws IOException {
    PictureReader reader = readers.get(source.ssrc());
    if (reader != null) {
      encoding = of;
      reader.add(source.encodings().get(of).ssrc(), packet);
    }
  }

  /** Hands out the sound that is to be played by now. */
  void tick(long nowNanos) {
    for (Sound sound : sounds.values()) {
      for (SoundBuffer.Piece piece : sound.buffer().poll(nowNanos)) {
        listener.sound(sound.source(), piece, senderNanos(sound.source(), 0, piece.timestamp()));
      }
    }
  }

  /** Whether nothing can be shown of a source before a key frame comes. */
  boolean needsKeyFrame(Source source) {
    PictureReader reader = readers.get(source.ssrc());
    return reader != null && reader.needsKeyFrame();
  }

  /** Nothing of a source is to be handed out before its next key. */
  void skipToKeyFrame(Source source) {
    PictureReader reader = readers.get(source.ssrc());
    if (reader != null) {
      reader.skipToKeyFrame();
    }
  }

  /** A source is not announced any more. */
  void gone(Source source) {
    Object unused = sounds.remove(source.ssrc());
    Object unusedToo = readers.remove(source.ssrc());
  }
}
