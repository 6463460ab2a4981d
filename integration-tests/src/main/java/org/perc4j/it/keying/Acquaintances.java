/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.keying;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.perc4j.e2e.mls.CredentialValidator;
import org.perc4j.e2e.mls.EndpointIdentity;
import org.perc4j.e2e.mls.LeafCredential;
import org.perc4j.e2e.mls.RefusedException;

/** Accepts those that were introduced, by name and key; one name may have several. Thread-safe. */
public final class Acquaintances implements CredentialValidator {
  private final Map<String, Set<String>> fingerprints = new ConcurrentHashMap<>();

  /** Accepts somebody from now on. */
  public void introduce(EndpointIdentity identity) {
    boolean unused =
        fingerprints
            .computeIfAbsent(identity.name(), name -> ConcurrentHashMap.newKeySet())
            .add(identity.fingerprint());
  }

  @Override
  public void check(LeafCredential credential) throws RefusedException {
    if (!fingerprints
        .getOrDefault(credential.name(), Set.of())
        .contains(credential.fingerprint())) {
      throw new RefusedException(
          RefusedException.Reason.CREDENTIAL, credential.name() + " was not introduced");
    }
  }
}
