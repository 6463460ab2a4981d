/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import javax.crypto.SecretKey;

/**
 * A symmetric key that can be zeroed, which {@code javax.crypto.spec.SecretKeySpec} can't as of
 * Java 17.
 */
final class SessionKey implements SecretKey {
  private static final long serialVersionUID = 1;

  private final String algorithm;
  private final transient byte[] octets;
  private transient boolean destroyed;

  /**
   * An AES key that takes the array over.
   *
   * @param octets 16 or 32 octets, owned by the key from here on
   */
  SessionKey(byte[] octets) {
    this("AES", octets);
  }

  /**
   * A key that takes the array over.
   *
   * @param algorithm what it is for, as JCA calls it
   * @param octets owned by the key from here on
   */
  SessionKey(String algorithm, byte[] octets) {
    this.algorithm = algorithm;
    this.octets = octets;
  }

  @Override
  public String getAlgorithm() {
    return algorithm;
  }

  @Override
  public String getFormat() {
    return "RAW";
  }

  /** A copy, which the JCE provider asks for whenever a cipher is initialised. */
  @Override
  public byte[] getEncoded() {
    if (destroyed) {
      throw new IllegalStateException("session key was destroyed");
    }
    return octets.clone();
  }

  @Override
  public void destroy() {
    Arrays.fill(octets, (byte) 0);
    destroyed = true;
  }

  @Override
  public boolean isDestroyed() {
    return destroyed;
  }

  private void writeObject(ObjectOutputStream out) throws NotSerializableException {
    throw new NotSerializableException("SessionKey");
  }

  @Override
  public String toString() {
    return "SessionKey[redacted]";
  }
}
