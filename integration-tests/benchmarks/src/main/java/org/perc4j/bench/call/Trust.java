/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.call;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.perc4j.e2e.mls.EndpointIdentity;
import org.perc4j.endpoint.call.JoinOptions;
import org.perc4j.endpoint.web.WebClient;

/** Whom those who take part in a benchmark trust. */
final class Trust {
  private Trust() {}

  /** Returns what trusts an authority, of which a file has the certificate. */
  static WebClient in(Path certificate) throws IOException {
    try (InputStream in = Files.newInputStream(certificate)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      store.setCertificateEntry(
          "lab", CertificateFactory.getInstance("X.509").generateCertificate(in));
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return WebClient.create().trusting((X509TrustManager) factory.getTrustManagers()[0]);
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  /** Returns options of somebody new, who believes everybody. */
  static JoinOptions believing(String name, WebClient web) {
    return JoinOptions.of(EndpointIdentity.generate(name, new SecureRandom()), credential -> {})
        .withWeb(web);
  }
}
