/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.srtp;

import java.security.GeneralSecurityException;
import java.util.Locale;
import org.jitsi.srtp.SrtpErrorStatus;
import org.jitsi.srtp.crypto.Aes;
import org.perc4j.endpoint.transport.OctetBuffer;

/**
 * By jitsi-srtp, twice. There is no original header block, so that packets are an octet shorter.
 */
final class JitsiLayers implements BothLayers {
  private final OctetBuffer region = new OctetBuffer();
  private final JitsiSrtp innerSender;
  private final JitsiSrtp outerSender;
  private final JitsiSrtp outerReceiver;
  private final JitsiSrtp innerReceiver;

  /**
   * Fresh contexts.
   *
   * @param provider as jitsi-srtp calls them: {@code OpenSSL}, {@code SunJCE}
   */
  JitsiLayers(String provider, int keyBits) throws GeneralSecurityException {
    Aes.setFactoryClassName(provider);
    byte[] inner = TestPackets.keyThenSalt(keyBits, false);
    byte[] outer = TestPackets.keyThenSalt(keyBits, true);
    innerSender = JitsiSrtp.of(true, inner);
    outerSender = JitsiSrtp.of(true, outer);
    outerReceiver = JitsiSrtp.of(false, outer);
    innerReceiver = JitsiSrtp.of(false, inner);
    String chosen = Aes.createCipher("AES/GCM/NoPadding").getProvider().getName();
    if (!chosen.toLowerCase(Locale.ROOT).contains(provider.toLowerCase(Locale.ROOT))) {
      throw new IllegalStateException("jitsi-srtp took " + chosen + " for " + provider);
    }
  }

  @Override
  public int protect(byte[] packet, int length) throws GeneralSecurityException {
    region.wrap(packet, length);
    require(innerSender.protect(region));
    require(outerSender.protect(region));
    return region.getLength();
  }

  @Override
  public int unprotect(byte[] packet, int length) throws GeneralSecurityException {
    region.wrap(packet, length);
    require(outerReceiver.unprotect(region));
    require(innerReceiver.unprotect(region));
    return region.getLength();
  }

  private static void require(SrtpErrorStatus status) {
    if (status != SrtpErrorStatus.OK) {
      throw new IllegalStateException(status.toString());
    }
  }
}
