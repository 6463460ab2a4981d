/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scripted;

import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.perc4j.e2e.srtp.DoubleSrtpResult;
import org.perc4j.e2e.srtp.InnerReceiver;
import org.perc4j.e2e.srtp.InnerSender;
import org.perc4j.e2e.srtp.MediaPacket;
import org.perc4j.e2e.srtp.SrtpMasterKey;
import org.perc4j.endpoint.transport.EndToEnd;
import org.perc4j.header.srtp.DoubleSrtpProfile;

/** Random keys, dealt out by the test instead of a group, for scripts of single packets. */
final class FixedKeys {
  private final SecureRandom random = new SecureRandom();
  private final Map<String, byte[]> keys = new ConcurrentHashMap<>();

  EndToEnd endToEnd(String self, DoubleSrtpProfile profile) {
    InnerSender sending = new InnerSender(profile, key(self, profile));
    Map<String, InnerReceiver> receiving = new HashMap<>();
    return new EndToEnd() {
      @Override
      public DoubleSrtpResult protect(MediaPacket packet) {
        return sending.protect(packet);
      }

      @Override
      public DoubleSrtpResult unprotect(MediaPacket packet, String sender) {
        return receiving
            .computeIfAbsent(sender, name -> new InnerReceiver(profile, key(name, profile)))
            .unprotect(packet);
      }
    };
  }

  private SrtpMasterKey key(String endpoint, DoubleSrtpProfile profile) {
    return SrtpMasterKey.copyOfKeyThenSalt(
        keys.computeIfAbsent(endpoint + " " + profile, unused -> newKey(profile)));
  }

  private byte[] newKey(DoubleSrtpProfile profile) {
    byte[] key = new byte[profile.keyLengthBytes() + DoubleSrtpProfile.SALT_LENGTH_BYTES];
    random.nextBytes(key);
    return key;
  }
}
