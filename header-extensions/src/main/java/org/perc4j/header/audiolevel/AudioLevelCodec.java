/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.header.audiolevel;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.Objects;
import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.MalformedPacketException.Reason;

/**
 * The client-to-mixer audio level of RFC 6464 section 3: how loud the audio of this packet is.
 *
 * <pre>{@code
 *  0
 *  0 1 2 3 4 5 6 7
 * +-+-+-+-+-+-+-+-+
 * |V|    level    |
 * +-+-+-+-+-+-+-+-+
 * }</pre>
 *
 * <ul>
 *   <li>{@code level} is in -dBov, decibels below the loudest that the system can express: 0 is the
 *       loudest, 127 is digital silence or anything softer.
 *   <li>{@code V} is set if the sender believes the packet to contain voice. It says nothing unless
 *       the extension was negotiated with {@code vad=on}, which is the default.
 * </ul>
 *
 * <p>A level is an {@code int} from 0 to 255: the octet as drawn. This class reads and writes the
 * <em>data</em> of an extension element, one octet in both forms of RFC 8285, so that the length
 * field says 0 with a one-byte header and 1 with a two-byte header (figures 1 and 2). Nothing else
 * is a level: the RFC speaks of the single byte of the extension and leaves no room for more.
 *
 * <p>Stateless, allocates nothing.
 */
public final class AudioLevelCodec {

  /** What this extension is called in signalling. */
  public static final String URI = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";

  /** The level of the loudest signal, in -dBov. */
  public static final int LOUDEST_MINUS_DBOV = 0;

  /** The level of digital silence, in -dBov. */
  public static final int SILENCE_MINUS_DBOV = 127;

  private static final int LENGTH = 1;
  private static final int VOICE_ACTIVITY = 0x80;
  private static final int LEVEL_MASK = 0x7F;

  private AudioLevelCodec() {}

  /**
   * Reads the data of an extension element. Nothing is written.
   *
   * @param buffer holds the data
   * @param offset index of the first octet of the data
   * @param length octets of the data
   * @return a level, 0 to 255, for {@link #voiceActivity} and {@link #levelMinusDbov}
   * @throws MalformedPacketException with {@link Reason#AUDIO_LEVEL_EMPTY} or {@link
   *     Reason#AUDIO_LEVEL_TOO_LONG} unless there is exactly one octet
   * @throws IndexOutOfBoundsException if the region is not inside the array, the caller's bug
   */
  public static int parse(byte[] buffer, int offset, int length) throws MalformedPacketException {
    Objects.checkFromIndexSize(offset, length, buffer.length);
    if (length < LENGTH) {
      throw MalformedPacketException.of(Reason.AUDIO_LEVEL_EMPTY);
    }
    if (length > LENGTH) {
      throw MalformedPacketException.of(Reason.AUDIO_LEVEL_TOO_LONG);
    }
    return buffer[offset] & 0xFF;
  }

  /**
   * Writes the data of an extension element.
   *
   * @param audioLevel 0 to 255, as {@link #of} returns it
   * @param buffer where to write; one octet is overwritten
   * @param offset index of that octet
   * @return octets written, always 1
   * @throws IllegalArgumentException if the level is out of its range; nothing is written
   * @throws IndexOutOfBoundsException if the offset is not inside the array
   */
  @CanIgnoreReturnValue
  public static int write(int audioLevel, byte[] buffer, int offset) {
    requireAudioLevel(audioLevel);
    buffer[Objects.checkIndex(offset, buffer.length)] = (byte) audioLevel;
    return LENGTH;
  }

  /** Returns the octets of the data of an extension element, always 1. */
  public static int encodedLength() {
    return LENGTH;
  }

  /**
   * Composes a level.
   *
   * @param voiceActivity the V bit
   * @param levelMinusDbov 0 to 127
   * @return 0 to 255
   * @throws IllegalArgumentException if the level is out of its range
   */
  public static int of(boolean voiceActivity, int levelMinusDbov) {
    if (levelMinusDbov < LOUDEST_MINUS_DBOV || levelMinusDbov > SILENCE_MINUS_DBOV) {
      throw new IllegalArgumentException("level of " + levelMinusDbov + " -dBov");
    }
    return voiceActivity ? VOICE_ACTIVITY | levelMinusDbov : levelMinusDbov;
  }

  /**
   * Returns whether the sender believes that there is voice.
   *
   * @param audioLevel 0 to 255
   * @throws IllegalArgumentException if the argument is out of its range
   */
  public static boolean voiceActivity(int audioLevel) {
    requireAudioLevel(audioLevel);
    return (audioLevel & VOICE_ACTIVITY) != 0;
  }

  /**
   * Returns how loud it is, 0 (loudest) to 127 (silence).
   *
   * @param audioLevel 0 to 255
   * @throws IllegalArgumentException if the argument is out of its range
   */
  public static int levelMinusDbov(int audioLevel) {
    requireAudioLevel(audioLevel);
    return audioLevel & LEVEL_MASK;
  }

  private static void requireAudioLevel(int audioLevel) {
    if ((audioLevel & ~(VOICE_ACTIVITY | LEVEL_MASK)) != 0) {
      throw new IllegalArgumentException("audio level " + audioLevel);
    }
  }
}
