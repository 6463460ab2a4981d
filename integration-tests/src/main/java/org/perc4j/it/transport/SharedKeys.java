/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.transport;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.srtp.DoubleSrtpProfile;
import org.perc4j.e2e.srtp.SrtpMasterKey;

/** Random keys, dealt out by the test harness instead of a group key agreement. */
public final class SharedKeys implements KeyDirectory {
  private record Holder(String endpoint, DoubleSrtpProfile profile) {}

  private final SecureRandom random = new SecureRandom();
  private final Map<Holder, byte[]> keys = new ConcurrentHashMap<>();

  @Override
  public @Nullable SrtpMasterKey innerKey(String endpoint, DoubleSrtpProfile profile) {
    return SrtpMasterKey.copyOfKeyThenSalt(
        keys.computeIfAbsent(new Holder(endpoint, profile), unused -> newKey(profile)));
  }

  private byte[] newKey(DoubleSrtpProfile profile) {
    byte[] key = new byte[profile.keyLengthBytes() + DoubleSrtpProfile.SALT_LENGTH_BYTES];
    random.nextBytes(key);
    return key;
  }

  /** Hands out all keys in the clear, each followed by its salt, for a test that looks for them. */
  public List<byte[]> copyAllForSearch() {
    List<byte[]> all = new ArrayList<>();
    keys.values().forEach(key -> all.add(key.clone()));
    return all;
  }
}
