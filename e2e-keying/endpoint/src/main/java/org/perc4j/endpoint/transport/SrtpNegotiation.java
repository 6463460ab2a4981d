/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.transport;

import java.io.IOException;
import java.util.Hashtable;
import java.util.List;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.ExporterLabel;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.UseSRTPData;
import org.jspecify.annotations.Nullable;

/**
 * What client and server have in common: the profiles that are offered or accepted, the one that
 * was chosen, the peer's fingerprint, the keying material. Of one handshake; not thread-safe.
 */
class SrtpNegotiation {
  private final List<SrtpProfile> profiles;
  private final String peerFingerprint;
  private @Nullable SrtpProfile chosen;
  private byte @Nullable [] keyingMaterial;

  SrtpNegotiation(List<SrtpProfile> profiles, String peerFingerprint) {
    this.profiles = profiles;
    this.peerFingerprint = peerFingerprint;
  }

  @SuppressWarnings({
    "rawtypes",
    "unchecked",
    "JdkObsolete"
  }) // Bouncy Castle's tables of extensions have no types
  Hashtable offer(@Nullable Hashtable extensions) throws IOException {
    Hashtable result = extensions == null ? new Hashtable() : extensions;
    TlsSRTPUtils.addUseSRTPExtension(
        result,
        new UseSRTPData(
            profiles.stream().mapToInt(SrtpProfile::id).toArray(), TlsUtils.EMPTY_BYTES));
    return result;
  }

  @SuppressWarnings({"rawtypes", "unchecked", "JdkObsolete"}) // as above
  Hashtable answer(@Nullable Hashtable extensions) throws IOException {
    Hashtable result = extensions == null ? new Hashtable() : extensions;
    TlsSRTPUtils.addUseSRTPExtension(
        result, new UseSRTPData(new int[] {chosen().id()}, TlsUtils.EMPTY_BYTES));
    return result;
  }

  @SuppressWarnings("rawtypes") // as above
  void onAnswer(@Nullable Hashtable extensions) throws IOException {
    UseSRTPData data = TlsSRTPUtils.getUseSRTPExtension(extensions);
    if (data != null && data.getProtectionProfiles().length == 1) {
      for (SrtpProfile profile : profiles) {
        if (profile.id() == data.getProtectionProfiles()[0]) {
          chosen = profile;
          return;
        }
      }
    }
    throw new TlsFatalAlert(AlertDescription.illegal_parameter, "no SRTP profile that was offered");
  }

  @SuppressWarnings("rawtypes") // as above
  void onOffer(@Nullable Hashtable extensions) throws IOException {
    UseSRTPData data = TlsSRTPUtils.getUseSRTPExtension(extensions);
    if (data != null) {
      for (SrtpProfile profile : profiles) {
        for (int offered : data.getProtectionProfiles()) {
          if (profile.id() == offered) {
            chosen = profile;
            return;
          }
        }
      }
    }
    throw new TlsFatalAlert(AlertDescription.handshake_failure, "no SRTP profile in common");
  }

  void verify(@Nullable Certificate certificate) throws IOException {
    if (certificate == null || certificate.isEmpty()) {
      throw new TlsFatalAlert(AlertDescription.certificate_required, "no certificate");
    }
    if (!DtlsIdentity.fingerprint(certificate.getCertificateAt(0).getEncoded())
        .equals(peerFingerprint)) {
      throw new TlsFatalAlert(
          AlertDescription.bad_certificate, "certificate without the signalled fingerprint");
    }
  }

  void onComplete(TlsContext context) {
    keyingMaterial =
        context.exportKeyingMaterial(ExporterLabel.dtls_srtp, null, chosen().exporterLengthBytes());
  }

  SrtpProfile chosen() {
    if (chosen == null) {
      throw new IllegalStateException("no profile chosen");
    }
    return chosen;
  }

  /** The exporter's octets, not a copy: the one who takes them zeroes them. */
  byte[] takeKeyingMaterial() {
    byte[] result = keyingMaterial;
    if (result == null) {
      throw new IllegalStateException("the handshake is not complete");
    }
    keyingMaterial = null;
    return result;
  }
}
