/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.endpoint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.perc4j.e2e.activity.ActivityShaper;
import org.perc4j.e2e.activity.OpusSizeShaper;
import org.perc4j.endpoint.rtp.HeaderExtension;
import org.perc4j.endpoint.rtp.StreamSender;
import org.perc4j.endpoint.signalling.PayloadTypes;
import org.perc4j.header.audiolevel.AudioLevelCodec;
import org.perc4j.it.media.SpeechClip;

/**
 * Plays speech; tells the bridge no more of it than it has to. On the endpoint's media thread only.
 */
final class SpeechSender {
  private static final int MAX_PAYLOAD_BYTES = 1100;

  private final AccountedSender sender;
  private final ActivityShaper activity;
  private final OpusSizeShaper sizes;
  private final byte[] payload = new byte[MAX_PAYLOAD_BYTES];
  private final Set<Integer> levels = ConcurrentHashMap.newKeySet();
  private final Set<Integer> lengths = ConcurrentHashMap.newKeySet();
  private final List<SentSpeech> account = new ArrayList<>();
  private final boolean keepsAll;
  private long position;

  /**
   * Speech.
   *
   * @param keepsAll whether there is to be an account of each packet
   */
  SpeechSender(
      AccountedSender sender, ActivityShaper activity, OpusSizeShaper sizes, boolean keepsAll) {
    this.sender = sender;
    this.activity = activity;
    this.sizes = sizes;
    this.keepsAll = keepsAll;
  }

  StreamSender stream() {
    return sender.stream();
  }

  /** Returns which RFC 6464 octets were sent; from any thread. */
  Set<Integer> levels() {
    return Set.copyOf(levels);
  }

  /** Returns which lengths of payloads were sent, in octets; from any thread. */
  Set<Integer> lengths() {
    return Set.copyOf(lengths);
  }

  /** Returns the account of each packet, oldest first, if there is one; from any thread. */
  List<SentSpeech> account() {
    synchronized (account) {
      return List.copyOf(account);
    }
  }

  /**
   * Makes the next packet; behind it there are {@link StreamSender#ROOM_BYTES}.
   *
   * @param othersSpeak whether somebody else is being heard
   */
  byte[] next(SpeechClip clip, long nowNanos, boolean othersSpeak) {
    byte[] level = new byte[AudioLevelCodec.encodedLength()];
    AudioLevelCodec.write(
        activity.shape(
            TimeUnit.NANOSECONDS.toMillis(nowNanos),
            clip.levelMinusDbov(position),
            clip.voice(position),
            othersSpeak),
        level,
        0);
    levels.add(level[0] & 0xFF);
    byte[] speech = clip.packet(position);
    System.arraycopy(speech, 0, payload, 0, speech.length);
    int length = sizes.shape(payload, 0, speech.length, payload.length);
    lengths.add(length);
    if (keepsAll) {
      synchronized (account) {
        account.add(
            new SentSpeech(
                nowNanos, clip.levelMinusDbov(position), level[0] & 0xFF, speech.length, length));
      }
    }
    byte[] packet =
        sender.next(
            Arrays.copyOf(payload, length),
            position == 0,
            new HeaderExtension(PayloadTypes.AUDIO_LEVEL_EXTENSION, level));
    sender.stream().advance(SpeechClip.SAMPLES_PER_PACKET);
    position++;
    return packet;
  }
}
