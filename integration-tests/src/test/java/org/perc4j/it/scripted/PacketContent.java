/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scripted;

import java.util.LinkedHashMap;
import java.util.Map;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.signalling.PayloadTypes;
import org.perc4j.header.audiolevel.AudioLevelCodec;

/** What a test wants in a packet; the endpoint adds SSRC, number and time. Not thread-safe. */
public final class PacketContent {
  final MediaKind kind;
  final byte[] payload;
  final Map<Integer, byte[]> extensions = new LinkedHashMap<>();
  int payloadType;
  boolean marker;
  int paddingBytes;
  int voice;
  int skippedBefore;

  private PacketContent(MediaKind kind, int payloadType, byte[] payload) {
    this.kind = kind;
    this.payloadType = payloadType;
    this.payload = payload.clone();
  }

  /**
   * A packet of 20 ms of speech.
   *
   * @param levelMinusDbov 0 to 127
   */
  public static PacketContent audio(byte[] payload, int levelMinusDbov) {
    byte[] level = new byte[AudioLevelCodec.encodedLength()];
    AudioLevelCodec.write(AudioLevelCodec.of(levelMinusDbov < 50, levelMinusDbov), level, 0);
    return new PacketContent(MediaKind.AUDIO, PayloadTypes.OPUS, payload)
        .extension(PayloadTypes.AUDIO_LEVEL_EXTENSION, level);
  }

  /** A packet of a frame. */
  public static PacketContent video(byte[] payload, boolean lastOfFrame, byte... frameMarking) {
    PacketContent content =
        new PacketContent(MediaKind.VIDEO, PayloadTypes.VP8, payload)
            .extension(PayloadTypes.FRAME_MARKING_EXTENSION, frameMarking);
    content.marker = lastOfFrame;
    return content;
  }

  /** Says that it is something else. */
  public PacketContent payloadType(int other) {
    payloadType = other;
    return this;
  }

  /** Pads the payload (RFC 3550 section 5.1); 0 for no padding and no P bit. */
  public PacketContent padding(int octets) {
    paddingBytes = octets;
    return this;
  }

  /** Says which of the endpoint's audio sources it is of, from 0. */
  public PacketContent voice(int number) {
    voice = number;
    return this;
  }

  /** Leaves out numbers of audio packets before it, and the time of their sound. */
  public PacketContent skippingBefore(int numbers) {
    skippedBefore = numbers;
    return this;
  }

  /** Adds a header extension element. */
  public PacketContent extension(int id, byte... data) {
    extensions.put(id, data.clone());
    return this;
  }
}
