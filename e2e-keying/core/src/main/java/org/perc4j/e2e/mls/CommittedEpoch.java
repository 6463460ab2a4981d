/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.mls;

import org.jspecify.annotations.Nullable;

/**
 * An epoch that an own commit leads to.
 *
 * @param commit the message for all
 * @param welcome the message for those who join by it, or null if nobody does
 */
@SuppressWarnings("ArrayRecordComponent") // not compared
record CommittedEpoch(byte[] commit, byte @Nullable [] welcome, Epoch next) {}
