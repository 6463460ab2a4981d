/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.srtp;

import org.perc4j.e2e.srtp.CryptexPolicy;
import org.perc4j.e2e.srtp.DoubleSrtpReceiver;
import org.perc4j.e2e.srtp.DoubleSrtpResult;
import org.perc4j.e2e.srtp.DoubleSrtpSender;
import org.perc4j.e2e.srtp.InnerReceiver;
import org.perc4j.e2e.srtp.InnerSender;
import org.perc4j.e2e.srtp.MediaPacket;
import org.perc4j.e2e.srtp.OuterReceiver;
import org.perc4j.e2e.srtp.OuterSender;
import org.perc4j.e2e.srtp.SrtpMasterKey;
import org.perc4j.header.srtp.DoubleSrtpProfile;

/** By perc4j. */
final class PercLayers implements BothLayers {
  private final MediaPacket carrier = new MediaPacket();
  private final DoubleSrtpSender sender;
  private final DoubleSrtpReceiver receiver;

  PercLayers(int keyBits) {
    DoubleSrtpProfile profile = profile(keyBits);
    SrtpMasterKey inner = SrtpMasterKey.copyOfKeyThenSalt(TestPackets.keyThenSalt(keyBits, false));
    SrtpMasterKey outer = SrtpMasterKey.copyOfKeyThenSalt(TestPackets.keyThenSalt(keyBits, true));
    sender =
        new DoubleSrtpSender(
            new InnerSender(profile, inner), new OuterSender(profile, outer, CryptexPolicy.OFF));
    receiver =
        new DoubleSrtpReceiver(
            new OuterReceiver(profile, outer, CryptexPolicy.OFF),
            new InnerReceiver(profile, inner));
  }

  static DoubleSrtpProfile profile(int keyBits) {
    return keyBits == 128
        ? DoubleSrtpProfile.DOUBLE_AEAD_AES_128_GCM_AEAD_AES_128_GCM
        : DoubleSrtpProfile.DOUBLE_AEAD_AES_256_GCM_AEAD_AES_256_GCM;
  }

  @Override
  public int protect(byte[] packet, int length) {
    return length(sender.protect(carrier.wrap(packet, 0, length)));
  }

  @Override
  public int unprotect(byte[] packet, int length) {
    return length(receiver.unprotect(carrier.wrap(packet, 0, length)));
  }

  private int length(DoubleSrtpResult result) {
    if (result != DoubleSrtpResult.OK) {
      throw new IllegalStateException(result.toString());
    }
    return carrier.length();
  }
}
