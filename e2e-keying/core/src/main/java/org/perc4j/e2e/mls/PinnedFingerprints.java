/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Accepts the names, and for each the keys, that were configured. Immutable. */
public final class PinnedFingerprints implements CredentialValidator {
  static final Pattern FINGERPRINT = Pattern.compile("[0-9a-f]{64}");

  private final Map<String, Set<String>> fingerprints;

  /**
   * A list of who may take part.
   *
   * @param fingerprints for each name the fingerprints of its keys, as {@link
   *     EndpointIdentity#fingerprint} gives them; with or without certificates
   * @throws IllegalArgumentException if a name or a fingerprint can't be one
   */
  public PinnedFingerprints(Map<String, Set<String>> fingerprints) {
    Map<String, Set<String>> copy = new HashMap<>();
    fingerprints.forEach(
        (name, ofName) -> {
          var unused = CredentialText.NAME.encode(name);
          for (String fingerprint : ofName) {
            if (!FINGERPRINT.matcher(fingerprint).matches()) {
              throw new IllegalArgumentException(
                  "fingerprint of " + name + " that is not 64 lower-case hexadecimal digits");
            }
          }
          copy.put(name, Set.copyOf(ofName));
        });
    this.fingerprints = Map.copyOf(copy);
  }

  @Override
  public void check(LeafCredential credential) throws RefusedException {
    @Nullable Set<String> pinned = fingerprints.get(credential.name());
    if (pinned == null) {
      throw new RefusedException(
          RefusedException.Reason.CREDENTIAL, credential.name() + " is not on the list");
    }
    if (!pinned.contains(credential.fingerprint())) {
      throw new RefusedException(
          RefusedException.Reason.CREDENTIAL,
          credential.name()
              + " has the key "
              + credential.fingerprint()
              + ", not one of "
              + pinned);
    }
  }
}
