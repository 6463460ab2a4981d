/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.video;

/**
 * Added, with a field, to the bridge's video packets: what header extensions say of the packet's
 * frame, as {@link Frame} packs it.
 */
public interface FrameState {
  /** What is said, {@link Frame#UNMARKED} for nothing. */
  int perc4jFrame();

  /** Replaces it. */
  void perc4jFrame(int frame);
}
