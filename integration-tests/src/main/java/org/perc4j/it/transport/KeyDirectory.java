/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.transport;

import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.srtp.DoubleSrtpProfile;
import org.perc4j.e2e.srtp.SrtpMasterKey;

/**
 * Where the members of a conference find each other's end-to-end keys. The bridge has no part in
 * it. Thread-safe.
 */
public interface KeyDirectory {
  /**
   * Returns the key under which an endpoint sends, or null if it has none.
   *
   * @param endpoint identifier of the sender
   * @param profile which tells the length of the key
   * @return a copy that the caller destroys
   */
  @Nullable SrtpMasterKey innerKey(String endpoint, DoubleSrtpProfile profile);
}
