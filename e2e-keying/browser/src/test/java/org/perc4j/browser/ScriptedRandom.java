/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.browser;

import java.security.Provider;
import java.security.SecureRandom;
import java.security.SecureRandomSpi;
import java.security.Security;
import org.bouncycastle.crypto.CryptoServicesRegistrar;

/**
 * Randomness that is none, for all of the process until it is closed: the same that {@code page.js}
 * gives a browser.
 */
final class ScriptedRandom implements AutoCloseable {
  private static int state = 1;

  private final Provider provider = new Scripted();

  ScriptedRandom() {
    int unused = Security.insertProviderAt(provider, 1);
    CryptoServicesRegistrar.setSecureRandom(new SecureRandom());
  }

  /** Begins anew, in one of many ways. */
  void seed(int seed) {
    state = seed * 0x9e3779b1 | 1;
  }

  private static byte next() {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (byte) state;
  }

  @Override
  public void close() {
    Security.removeProvider(provider.getName());
    CryptoServicesRegistrar.setSecureRandom(new SecureRandom());
  }

  private static final class Scripted extends Provider {
    private static final long serialVersionUID = 1;

    Scripted() {
      super("Scripted", "1", "randomness of a test");
      putService(
          new Service(this, "SecureRandom", "Scripted", Octets.class.getName(), null, null) {
            @Override
            public Object newInstance(Object parameter) {
              return new Octets();
            }
          });
    }
  }

  private static final class Octets extends SecureRandomSpi {
    private static final long serialVersionUID = 1;

    @Override
    protected void engineSetSeed(byte[] seed) {}

    @Override
    protected void engineNextBytes(byte[] octets) {
      for (int i = 0; i < octets.length; i++) {
        octets[i] = next();
      }
    }

    @Override
    protected byte[] engineGenerateSeed(int length) {
      return new byte[length];
    }
  }
}
