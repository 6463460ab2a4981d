/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.bouncycastle.mls.KeyScheduleEpoch;
import org.bouncycastle.mls.crypto.Secret;
import org.jspecify.annotations.Nullable;

/** What Bouncy Castle's secrets were derived from, as far as they still know. */
final class SecretChain {
  private SecretChain() {}

  private static Secret @Nullable [] parents(Secret secret) throws ReflectiveOperationException {
    return (Secret[]) Forgery.field(Secret.class, secret, "parents");
  }

  /** Returns the length of the longest way from a secret to one without parents. */
  static int depth(Secret secret) throws ReflectiveOperationException {
    int depth = 0;
    Secret[] parents = parents(secret);
    if (parents != null) {
      for (Secret parent : parents) {
        depth = Math.max(depth, 1 + depth(parent));
      }
    }
    return depth;
  }

  /** Returns all secrets that can be reached from those of an epoch, those included. */
  static Set<Secret> reachable(KeyScheduleEpoch schedule) throws ReflectiveOperationException {
    Set<Secret> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Secret> open = new ArrayList<>(ofEpoch(schedule));
    while (!open.isEmpty()) {
      Secret secret = open.remove(open.size() - 1);
      if (seen.add(secret)) {
        Secret[] parents = parents(secret);
        if (parents != null) {
          open.addAll(Arrays.asList(parents));
        }
      }
    }
    return seen;
  }

  static List<Secret> ofEpoch(KeyScheduleEpoch schedule) {
    return List.of(
        schedule.joinerSecret,
        schedule.initSecret,
        schedule.senderDataSecret,
        schedule.exporterSecret,
        schedule.confirmationKey,
        schedule.membershipKey,
        schedule.resumptionPSK,
        schedule.epochAuthenticator,
        schedule.encryptionSecret,
        schedule.externalSecret);
  }
}
