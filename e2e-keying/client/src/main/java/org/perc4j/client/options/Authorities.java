/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.options;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import java.util.Collection;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Authorities that are trusted in place of Java's, as a company has its own. */
public final class Authorities {
  private Authorities() {}

  /**
   * Reads certificates.
   *
   * @param file in PEM
   * @throws UsageException if it has none
   */
  public static X509TrustManager of(Path file) throws UsageException {
    try (InputStream stream = Files.newInputStream(file)) {
      Collection<? extends Certificate> certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(stream);
      KeyStore roots = KeyStore.getInstance(KeyStore.getDefaultType());
      roots.load(null, null);
      for (Certificate certificate : certificates) {
        roots.setCertificateEntry("root " + roots.size(), certificate);
      }
      if (roots.size() == 0) {
        throw new UsageException(file + " has no certificates");
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(roots);
      return Arrays.stream(factory.getTrustManagers())
          .filter(X509TrustManager.class::isInstance)
          .map(X509TrustManager.class::cast)
          .findFirst()
          .orElseThrow();
    } catch (IOException | GeneralSecurityException e) {
      throw new UsageException(file + " cannot be read as certificates in PEM", e);
    }
  }
}
