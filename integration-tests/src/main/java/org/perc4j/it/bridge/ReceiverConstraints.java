/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.bridge;

import java.util.List;

/**
 * What video a receiver wants.
 *
 * @param lastN from how many endpoints, -1 for all
 * @param maxHeight in pixels, 0 for no video
 * @param onStageSources names of sources that go first
 */
public record ReceiverConstraints(int lastN, int maxHeight, List<String> onStageSources) {
  /** Video from everyone. */
  public static final ReceiverConstraints EVERYTHING = lastN(-1);

  /** Copies the list. */
  public ReceiverConstraints {
    onStageSources = List.copyOf(onStageSources);
  }

  /** Video from so many endpoints, chosen by the bridge. */
  public static ReceiverConstraints lastN(int lastN) {
    return new ReceiverConstraints(lastN, 720, List.of());
  }
}
