/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.crypto.generators.SCrypt;
import org.bouncycastle.util.Arrays;
import org.bouncycastle.util.encoders.Hex;

/**
 * A short code that two people read to each other, to know that nobody is between them.
 *
 * <p>The code of an <b>epoch</b> is the same for all members, and for nobody else: who compares it
 * knows to be in one group with the speaker, whoever else is in it. It changes with every join and
 * leave. The code of a <b>pair</b> depends on the names and identity keys of two people only: once
 * compared it holds as long as those keys do.
 *
 * <pre>
 *   secret = scrypt(input, label, N = 32768, r = 8, p = 1, 64 octets)            RFC 7914
 *
 *   octets  0..47   six numbers of 8 octets, each modulo 100000: 30 digits
 *   octets 48..     6 bits each, from the highest: one of 64 emoji
 *
 *            label                         input                                       emoji
 *   epoch    "perc4j epoch code 1"         the epoch authenticator (RFC 9420 s. 8.7)    8
 *   pair     "perc4j pair code 1"          for both, the lower octets first:           16
 *                                          length of the name (2), name, SHA-256 of
 *                                          the key's SubjectPublicKeyInfo (32)
 * </pre>
 *
 * <p>A number of 64 bits modulo 100000 prefers some digits by one part in 10<sup>14</sup>.
 *
 * <h2>Strength</h2>
 *
 * <p>Somebody in between, who is a member of two groups or shows each of two people a key of its
 * own, wins if both sides' codes are equal by luck. As there is no commitment before, luck can be
 * helped by computing: such a person tries fresh keys or commits on both sides until a code of one
 * side is among those of the other, which takes about 2<sup>n/2</sup> attempts on each side for a
 * code of n bits. Each attempt costs one scrypt, which is why it is there: some 60 ms and 32 MiB on
 * one core.
 *
 * <table>
 *   <caption>What it takes to be in between</caption>
 *   <tr><th>code</th><th>bits</th><th>scrypt calls</th><th>when</th></tr>
 *   <tr><td>30 digits</td><td>99.7</td><td>2<sup>51</sup></td><td></td></tr>
 *   <tr><td>pair, 16 emoji</td><td>96</td><td>2<sup>49</sup></td>
 *       <td>in advance, as identity keys last</td></tr>
 *   <tr><td>epoch, 8 emoji</td><td>48</td><td>2<sup>25</sup></td>
 *       <td>while neither group changes its epoch</td></tr>
 * </table>
 *
 * <p>2<sup>25</sup> calls take one core some three weeks, and a hundred graphics cards minutes: the
 * emoji of an epoch are against those who have not prepared that. Where it matters, compare digits.
 * Without luck being computed, one attempt succeeds with a probability of 2<sup>-n</sup>.
 *
 * <p>Making a code takes as long as one scrypt; keep it off threads that must not wait. Immutable.
 */
public final class VerificationCode {
  private static final String EPOCH_LABEL = "perc4j epoch code 1";
  private static final String PAIR_LABEL = "perc4j pair code 1";
  private static final int EPOCH_EMOJI = 8;
  private static final int PAIR_EMOJI = 16;

  private static final int SCRYPT_N = 1 << 15;
  private static final int SCRYPT_R = 8;
  private static final int SCRYPT_P = 1;
  private static final int OUTPUT_LENGTH_BYTES = 64;

  private static final int DIGIT_GROUPS = 6;
  private static final int GROUP_MODULUS = 100_000;
  private static final int EMOJI_OFFSET = DIGIT_GROUPS * Long.BYTES;
  private static final int EMOJI_BITS = 6;

  private static final int HASH_LENGTH_BYTES = 32;
  private static final int NAME_PREFIX_LENGTH_BYTES = 2;
  private static final int MAX_AUTHENTICATOR_LENGTH_BYTES = 64;

  private final String digits;
  private final List<Integer> emoji;

  private VerificationCode(byte[] input, String label, int emojiCount) {
    byte[] output =
        SCrypt.generate(
            input,
            label.getBytes(StandardCharsets.US_ASCII),
            SCRYPT_N,
            SCRYPT_R,
            SCRYPT_P,
            OUTPUT_LENGTH_BYTES);
    ByteBuffer numbers = ByteBuffer.wrap(output);
    List<String> groups = new ArrayList<>();
    for (int i = 0; i < DIGIT_GROUPS; i++) {
      long group = Long.remainderUnsigned(numbers.getLong(), GROUP_MODULUS);
      groups.add(Long.toString(GROUP_MODULUS + group).substring(1));
    }
    digits = String.join(" ", groups);
    List<Integer> indices = new ArrayList<>();
    for (int i = 0; i < emojiCount; i++) {
      int index = 0;
      for (int bit = i * EMOJI_BITS; bit < (i + 1) * EMOJI_BITS; bit++) {
        int octet = output[EMOJI_OFFSET + bit / Byte.SIZE];
        index = (index << 1) | ((octet >> (Byte.SIZE - 1 - bit % Byte.SIZE)) & 1);
      }
      indices.add(index);
    }
    emoji = List.copyOf(indices);
    Arrays.fill(output, (byte) 0);
  }

  /**
   * The code of an epoch, with 8 emoji.
   *
   * @param epochAuthenticator 1 to 64 octets; not kept
   * @throws IllegalArgumentException if it has another length
   */
  public static VerificationCode ofEpoch(byte[] epochAuthenticator) {
    if (epochAuthenticator.length == 0
        || epochAuthenticator.length > MAX_AUTHENTICATOR_LENGTH_BYTES) {
      throw new IllegalArgumentException(
          "epoch authenticator of " + epochAuthenticator.length + " octets");
    }
    return new VerificationCode(epochAuthenticator, EPOCH_LABEL, EPOCH_EMOJI);
  }

  /** The code of two members, with 16 emoji; the same in either order. */
  public static VerificationCode ofPair(LeafCredential a, LeafCredential b) {
    return ofPair(encode(a.name(), a.fingerprint()), encode(b.name(), b.fingerprint()));
  }

  /** The code of oneself and a member, with 16 emoji; it is the same that the member sees. */
  public static VerificationCode ofPair(EndpointIdentity own, LeafCredential other) {
    return ofPair(encode(own.name(), own.fingerprint()), encode(other.name(), other.fingerprint()));
  }

  /** The code of two identities, with 16 emoji; the same in either order. */
  public static VerificationCode ofPair(EndpointIdentity a, EndpointIdentity b) {
    return ofPair(encode(a.name(), a.fingerprint()), encode(b.name(), b.fingerprint()));
  }

  private static VerificationCode ofPair(byte[] a, byte[] b) {
    boolean inOrder = Arrays.compareUnsigned(a, b) <= 0;
    byte[] input =
        ByteBuffer.allocate(a.length + b.length).put(inOrder ? a : b).put(inOrder ? b : a).array();
    return new VerificationCode(input, PAIR_LABEL, PAIR_EMOJI);
  }

  private static byte[] encode(String name, String fingerprint) {
    byte[] octets = CredentialText.NAME.encode(name);
    return ByteBuffer.allocate(NAME_PREFIX_LENGTH_BYTES + octets.length + HASH_LENGTH_BYTES)
        .putShort((short) octets.length)
        .put(octets)
        .put(Hex.decodeStrict(fingerprint))
        .array();
  }

  /** Returns 30 decimal digits, with a space between every five. */
  public String digits() {
    return digits;
  }

  /** Returns the emoji: 8 for an epoch, 16 for a pair. */
  public List<String> emoji() {
    return emoji.stream().map(VerificationEmoji::symbol).toList();
  }

  /** Returns an English word for each emoji. */
  public List<String> words() {
    return emoji.stream().map(VerificationEmoji::word).toList();
  }

  @Override
  public String toString() {
    return "VerificationCode[" + digits + "]";
  }
}
