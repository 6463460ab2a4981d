/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.transport;

import java.io.IOException;
import java.util.Hashtable;
import java.util.Vector;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.ClientCertificateType;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.HashAlgorithm;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/** The endpoint as DTLS 1.2 server. */
final class SrtpTlsServer extends DefaultTlsServer {
  private static final SignatureAndHashAlgorithm ECDSA_SHA256 =
      new SignatureAndHashAlgorithm(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa);

  private final BcTlsCrypto bcCrypto;
  private final DtlsIdentity identity;
  private final SrtpNegotiation negotiation;
  private final int timeoutMillis;

  SrtpTlsServer(
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
  public void processClientExtensions(Hashtable extensions) throws IOException {
    super.processClientExtensions(extensions);
    negotiation.onOffer(extensions);
  }

  @Override
  @SuppressWarnings("rawtypes") // as above
  public Hashtable getServerExtensions() throws IOException {
    return negotiation.answer(super.getServerExtensions());
  }

  @Override
  @SuppressWarnings("JdkObsolete") // as above
  public CertificateRequest getCertificateRequest() {
    Vector<SignatureAndHashAlgorithm> algorithms = new Vector<>();
    algorithms.add(ECDSA_SHA256);
    return new CertificateRequest(new short[] {ClientCertificateType.ecdsa_sign}, algorithms, null);
  }

  @Override
  public void notifyClientCertificate(Certificate certificate) throws IOException {
    negotiation.verify(certificate);
  }

  @Override
  protected TlsCredentialedSigner getECDSASignerCredentials() {
    return new BcDefaultTlsCredentialedSigner(
        new TlsCryptoParameters(context),
        bcCrypto,
        identity.privateKey(),
        identity.certificate(),
        ECDSA_SHA256);
  }

  @Override
  public void notifyHandshakeComplete() throws IOException {
    super.notifyHandshakeComplete();
    negotiation.onComplete(context);
  }
}
