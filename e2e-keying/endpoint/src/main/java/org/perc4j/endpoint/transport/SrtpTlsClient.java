/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.transport;

import java.io.IOException;
import java.util.Hashtable;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.HashAlgorithm;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/** The endpoint as DTLS 1.2 client. */
final class SrtpTlsClient extends DefaultTlsClient {
  private final BcTlsCrypto bcCrypto;
  private final DtlsIdentity identity;
  private final SrtpNegotiation negotiation;
  private final int timeoutMillis;

  SrtpTlsClient(
      BcTlsCrypto crypto, DtlsIdentity identity, SrtpNegotiation negotiation, int timeoutMillis) {
    super(crypto);
    this.bcCrypto = crypto;
    this.identity = identity;
    this.negotiation = negotiation;
    this.timeoutMillis = timeoutMillis;
  }

  @Override
  protected ProtocolVersion[] getSupportedVersions() {
    return ProtocolVersion.DTLSv12.only();
  }

  @Override
  protected int[] getSupportedCipherSuites() {
    return new int[] {CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256};
  }

  @Override
  public int getHandshakeTimeoutMillis() {
    return timeoutMillis;
  }

  @Override
  @SuppressWarnings("rawtypes") // Bouncy Castle's signature
  public Hashtable getClientExtensions() throws IOException {
    return negotiation.offer(super.getClientExtensions());
  }

  @Override
  @SuppressWarnings("rawtypes") // as above
  public void processServerExtensions(Hashtable extensions) throws IOException {
    super.processServerExtensions(extensions);
    negotiation.onAnswer(extensions);
  }

  @Override
  public TlsAuthentication getAuthentication() {
    return new TlsAuthentication() {
      @Override
      public void notifyServerCertificate(TlsServerCertificate certificate) throws IOException {
        negotiation.verify(certificate.getCertificate());
      }

      @Override
      public TlsCredentials getClientCredentials(CertificateRequest request) {
        return new BcDefaultTlsCredentialedSigner(
            new TlsCryptoParameters(context),
            bcCrypto,
            identity.privateKey(),
            identity.certificate(),
            new SignatureAndHashAlgorithm(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));
      }
    };
  }

  @Override
  public void notifyHandshakeComplete() throws IOException {
    super.notifyHandshakeComplete();
    negotiation.onComplete(context);
  }
}
