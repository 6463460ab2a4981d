/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link TrustStore} knows of the holder of a credential: of its name, and of the key that
 * it comes with. Immutable.
 *
 * @param standing how far to believe it
 * @param firstMet when this key of the name came first; if it {@link Standing#CHANGED}, when the
 *     name did. Null if the name was never met; {@link Instant#EPOCH} if that was before the file
 *     kept times. To the second
 * @param verified when people compared codes for this key; if it {@link Standing#CHANGED}, when
 *     they last did for another key of the name. Null if never. To the second
 */
public record Acquaintance(
    Standing standing, @Nullable Instant firstMet, @Nullable Instant verified) {

  /** For how long somebody counts as met for the first time. */
  public static final Duration NEW_FOR = Duration.ofDays(1);

  /** How far to believe that the key is the name's. */
  public enum Standing {
    /**
     * The name was never met, or came with this key first and less than {@link #NEW_FOR} ago. It is
     * the key's word only: people should compare codes.
     */
    FIRST_MET,
    /** The name came with this key before, or somebody has accepted the key. */
    KNOWN,
    /** People have compared codes for this key. */
    VERIFIED,
    /** The name is known, but not with this key: a new device, or somebody else. */
    CHANGED
  }

  /** Whether the key is another than those of somebody of whom one was {@code VERIFIED}. */
  public boolean isChangeOfVerified() {
    return standing == Standing.CHANGED && verified != null;
  }
}
