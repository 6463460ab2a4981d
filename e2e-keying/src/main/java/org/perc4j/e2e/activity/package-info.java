/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What an endpoint lets the bridge know of who speaks. The bridge needs to find the speaker; levels
 * and packet sizes as they are would tell it rhythm, words and laughter too.
 *
 * <p>A sender keeps one {@link org.perc4j.e2e.activity.ActivityShaper} and one {@link
 * org.perc4j.e2e.activity.OpusSizeShaper} for each audio stream, and gives both each packet once,
 * before it is protected:
 *
 * <pre>{@code
 * ActivityShaper activity = new ActivityShaper(ActivityMode.DEFAULT, new SecureRandom());
 * OpusSizeShaper sizes = new OpusSizeShaper();
 *
 * void send(byte[] buffer, int payload, int length, Recording recording) {
 *   int level =
 *       activity.shape(
 *           recording.millis(), recording.levelMinusDbov(), recording.voice(), othersSpeak());
 *   AudioLevelCodec.write(level, octet, 0);
 *   writer.add(AUDIO_LEVEL_ID, octet, 0, AudioLevelCodec.encodedLength());
 *   length = sizes.shape(buffer, payload, length, buffer.length);
 *   // then protect the packet
 * }
 * }</pre>
 *
 * <p>{@code othersSpeak()} is what the endpoint hears: whether there is voice in audio of others
 * that it has decrypted.
 */
@NullMarked
@CheckReturnValue
package org.perc4j.e2e.activity;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
