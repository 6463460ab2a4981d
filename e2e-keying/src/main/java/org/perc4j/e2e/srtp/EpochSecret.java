/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.ShortBufferException;
import javax.security.auth.Destroyable;
import org.perc4j.header.srtp.DoubleSrtpProfile;

/**
 * What all inner keys of one epoch are derived from: MLS's exporter (RFC 9420 section 8.5) under
 * one label, for cipher suites with SHA-256.
 *
 * <pre>
 *   MLS-Exporter(Label, Context, Length) =
 *       ExpandWithLabel(DeriveSecret(exporter_secret, Label), "exported", Hash(Context), Length)
 *
 *   Label    "perc4j double-srtp 1"
 *   Context  the sender's leaf index, 4 octets in network byte order
 *   Length   28 or 44: master key (16 or 32), then master salt (12)
 *
 *   ExpandWithLabel(Secret, Label, Context, Length) =                                  section 8
 *       HKDF-Expand(Secret, Length (2) | 16 (1) | "MLS 1.0 exported" | 32 (1) | SHA-256(Context))
 * </pre>
 *
 * <p>This takes the inner {@code DeriveSecret}, so that the group hands over what yields the keys
 * of this label and nothing else. Not thread-safe.
 */
final class EpochSecret implements Destroyable {
  /** Length of the secret, in octets. */
  static final int LENGTH_BYTES = 32;

  private static final byte[] LABEL = "MLS 1.0 exported".getBytes(StandardCharsets.US_ASCII);
  private static final int HASH_LENGTH_BYTES = 32;
  private static final int CONTEXT_OFFSET = Short.BYTES + 1 + LABEL.length + 1;

  private final byte[] octets;
  private final int keyLength;
  private final int outputLength;
  private boolean destroyed;

  /**
   * The secret of an epoch.
   *
   * @param octets {@code DeriveSecret(exporter_secret, "perc4j double-srtp 1")}, 32 octets; copied
   * @throws IllegalArgumentException if it has another length
   */
  EpochSecret(DoubleSrtpProfile profile, byte[] octets) {
    if (octets.length != LENGTH_BYTES) {
      throw new IllegalArgumentException("epoch secret of " + octets.length + " octets");
    }
    this.octets = octets.clone();
    this.keyLength = profile.keyLengthBytes();
    this.outputLength = keyLength + DoubleSrtpProfile.SALT_LENGTH_BYTES;
  }

  /**
   * Derives the key of one sender, which the caller destroys.
   *
   * @param leaf its leaf index, unsigned
   */
  SrtpMasterKey senderKey(int leaf) {
    if (destroyed) {
      throw new IllegalStateException("epoch secret was destroyed");
    }
    byte[] output =
        new byte[(outputLength + HASH_LENGTH_BYTES - 1) / HASH_LENGTH_BYTES * HASH_LENGTH_BYTES];
    SessionKey key = new SessionKey("HmacSHA256", octets.clone());
    try {
      expand(key, info(leaf), output);
      return SrtpMasterKey.copyOfRanges(
          output, 0, keyLength, output, keyLength, SrtpMasterKey.SALT_LENGTH_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JCE provider has no HMAC or SHA-256", e);
    } finally {
      key.destroy();
      Arrays.fill(output, (byte) 0);
    }
  }

  /** HKDF-Expand (RFC 5869 section 2.3) to whole blocks. */
  private static void expand(SessionKey key, byte[] info, byte[] output)
      throws InvalidKeyException, GeneralSecurityException, ShortBufferException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(key);
    for (int offset = 0; offset < output.length; offset += HASH_LENGTH_BYTES) {
      if (offset > 0) {
        mac.update(output, offset - HASH_LENGTH_BYTES, HASH_LENGTH_BYTES);
      }
      mac.update(info);
      mac.update((byte) (offset / HASH_LENGTH_BYTES + 1));
      mac.doFinal(output, offset);
    }
  }

  private byte[] info(int leaf) throws GeneralSecurityException {
    byte[] context = {(byte) (leaf >> 24), (byte) (leaf >> 16), (byte) (leaf >> 8), (byte) leaf};
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(context);
    byte[] info = new byte[CONTEXT_OFFSET + HASH_LENGTH_BYTES];
    info[1] = (byte) outputLength;
    info[2] = (byte) LABEL.length;
    System.arraycopy(LABEL, 0, info, Short.BYTES + 1, LABEL.length);
    info[CONTEXT_OFFSET - 1] = HASH_LENGTH_BYTES;
    System.arraycopy(hash, 0, info, CONTEXT_OFFSET, HASH_LENGTH_BYTES);
    return info;
  }

  /** Whether it is the same secret; takes as long if it is not. */
  boolean sameAs(EpochSecret other) {
    return MessageDigest.isEqual(octets, other.octets);
  }

  /** Zeroes the secret; may be called more than once. */
  @Override
  public void destroy() {
    Arrays.fill(octets, (byte) 0);
    destroyed = true;
  }

  @Override
  public boolean isDestroyed() {
    return destroyed;
  }

  /** Says nothing about the secret. */
  @Override
  public String toString() {
    return "EpochSecret[redacted]";
  }
}
