/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.protocol;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.mls.GroupAnswer;
import org.perc4j.e2e.mls.GroupMark;
import org.perc4j.e2e.mls.MlsGroup;

/**
 * Answers to occupants who ask which group this one is in. A GroupInfo is made once in an epoch; an
 * answer costs a signature, and not more than so many are given, as they are long. Not thread-safe.
 */
final class Answers {
  static final int MAX_PER_OCCUPANT = 5;
  static final int MAX_BY_STRANGERS = 30;
  static final Duration WINDOW = Duration.ofSeconds(30);

  private final RateLimit each;
  private final RateLimit strangers;
  private @Nullable GroupMark mark;
  private byte[] groupInfo = new byte[0];

  Answers(LongSupplier nanoTime) {
    this.each = new RateLimit(nanoTime, MAX_PER_OCCUPANT, WINDOW);
    this.strangers = new RateLimit(nanoTime, MAX_BY_STRANGERS, WINDOW);
  }

  /** Returns the answer to a question, or null if there were too many, or it is no question. */
  byte @Nullable [] answer(MlsGroup group, String asker, byte[] nonce) {
    if (nonce.length != GroupAnswer.NONCE_BYTES
        || !each.allows(asker)
        || (group.roster().occupant(asker) == null && !strangers.allows(""))) {
      return null;
    }
    GroupMark now = group.mark();
    if (mark == null || !mark.isSame(now)) {
      groupInfo = group.groupInfo();
      mark = now;
    }
    return group.answer(groupInfo, asker, nonce);
  }
}
