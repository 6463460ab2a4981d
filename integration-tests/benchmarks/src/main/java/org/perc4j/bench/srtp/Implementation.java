/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.srtp;

import java.lang.reflect.InvocationTargetException;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Security;

/** Who protects. */
public enum Implementation {
  /** perc4j as it is. */
  PERC4J("perc4j") {
    @Override
    BothLayers start(int keyBits) {
      return new PercLayers(keyBits);
    }
  },
  /** Bare calls of the JDK's ciphers. */
  JDK_CIPHERS("JDK ciphers") {
    @Override
    BothLayers start(int keyBits) throws GeneralSecurityException {
      return new BareCiphers(keyBits);
    }
  },
  /** jitsi-srtp with OpenSSL through JNI, which is what it takes by itself on Linux. */
  JITSI_OPENSSL("jitsi-srtp, OpenSSL") {
    @Override
    BothLayers start(int keyBits) throws GeneralSecurityException {
      return new JitsiLayers("OpenSSL", keyBits);
    }
  },
  /** jitsi-srtp with the JDK's ciphers. */
  JITSI_JDK("jitsi-srtp, JDK") {
    @Override
    BothLayers start(int keyBits) throws GeneralSecurityException {
      return new JitsiLayers("SunJCE", keyBits);
    }
  },
  /** perc4j where Amazon's provider, native code, is the first one that the JDK asks. */
  CORRETTO("perc4j, Corretto's provider") {
    @Override
    BothLayers start(int keyBits) throws GeneralSecurityException {
      if (Security.getProvider(CORRETTO_NAME) == null) {
        int unused = Security.insertProviderAt(corretto(), 1);
      }
      return new PercLayers(keyBits);
    }
  };

  private static final String CORRETTO_NAME = "AmazonCorrettoCryptoProvider";

  private final String title;

  Implementation(String title) {
    this.title = title;
  }

  /** As it is called in tables. */
  String title() {
    return title;
  }

  /** Fresh contexts. */
  abstract BothLayers start(int keyBits) throws GeneralSecurityException;

  /** Its jar is there at run time only, and its native code not on every machine. */
  private static Provider corretto() {
    try {
      return Class.forName("com.amazon.corretto.crypto.provider." + CORRETTO_NAME)
          .asSubclass(Provider.class)
          .getConstructor()
          .newInstance();
    } catch (ClassNotFoundException
        | NoSuchMethodException
        | InstantiationException
        | IllegalAccessException
        | InvocationTargetException e) {
      throw new IllegalStateException("Corretto's provider does not load", e);
    }
  }
}
