/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key of a name in a {@link TrustStore}: one of its devices. Immutable.
 *
 * @param name as in {@link LeafCredential#name}
 * @param fingerprint as in {@link LeafCredential#fingerprint}
 * @param since when it came first, to the second; {@link Instant#EPOCH} if not known
 * @param accepted whether somebody said that it is the name's, other than by meeting it
 * @param verified when codes were compared, to the second; or null
 */
public record KnownKey(
    String name, String fingerprint, Instant since, boolean accepted, @Nullable Instant verified) {}
