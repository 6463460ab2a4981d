/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.endpoint;

/**
 * A packet of speech as it was, and what could be known of it without its keys.
 *
 * @param nanos when it was sent, by {@link System#nanoTime}
 * @param levelMinusDbov how loud it is, 0 to 127
 * @param toldLevel what the bridge was told of that, an RFC 6464 octet
 * @param encodedBytes length of the encoder's packet
 * @param sentBytes length of the payload
 */
public record SentSpeech(
    long nanos, int levelMinusDbov, int toldLevel, int encodedBytes, int sentBytes) {}
