/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.session;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.perc4j.e2e.mls.Member;
import org.perc4j.e2e.mls.MlsGroup;

/**
 * Reads out of a session what it hands to nobody, for tests that look for it where it must not be:
 * the inner master keys of an epoch, derived anew (RFC 9420 sections 8 and 8.5). The session must
 * be at rest.
 */
public final class InnerKeys {
  private InnerKeys() {}

  /**
   * Returns the key and salt of each member in the session's epoch, by nickname.
   *
   * @param keyLengthBytes 16 or 32
   */
  public static Map<String, byte[]> keyThenSalt(ConferenceSession session, int keyLengthBytes) {
    byte[] secret = exporterSecret(session);
    Map<String, byte[]> keys = new TreeMap<>();
    for (Member member : Objects.requireNonNull(session.roster()).members()) {
      keys.put(member.occupant(), expand(secret, member.leaf(), keyLengthBytes + 12));
    }
    Arrays.fill(secret, (byte) 0);
    return keys;
  }

  /** Returns what all keys for media of the session's epoch are derived from. */
  public static byte[] exporterSecret(ConferenceSession session) {
    MlsGroup group = session.group();
    if (group == null) {
      throw new IllegalStateException("no epoch");
    }
    return group.exporterSecret(ConferenceSession.EXPORTER_LABEL);
  }

  private static byte[] expand(byte[] secret, int leaf, int lengthBytes) {
    try {
      byte[] label = "MLS 1.0 exported".getBytes(StandardCharsets.US_ASCII);
      byte[] context =
          MessageDigest.getInstance("SHA-256").digest(ByteBuffer.allocate(4).putInt(leaf).array());
      ByteBuffer info = ByteBuffer.allocate(2 + 1 + label.length + 1 + context.length);
      info.putShort((short) lengthBytes).put((byte) label.length).put(label);
      info.put((byte) context.length).put(context);
      byte[] output = new byte[0];
      byte[] block = new byte[0];
      for (byte counter = 1; output.length < lengthBytes; counter++) {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        mac.update(block);
        mac.update(info.array());
        mac.update(counter);
        block = mac.doFinal();
        int before = output.length;
        output = Arrays.copyOf(output, before + block.length);
        System.arraycopy(block, 0, output, before, block.length);
      }
      return Arrays.copyOf(output, lengthBytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
