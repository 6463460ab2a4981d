/* SPDX-License-Identifier: Apache-2.0 */
package org.jitsi.nlj.transform.node.incoming;

/**
 * Signature only; named as the compiler names the nested class, whose outer class is not needed.
 * Upstream:
 * jitsi-media-transform/src/main/kotlin/org/jitsi/nlj/transform/node/incoming/VideoParser.kt
 */
public final class VideoParser$Stats {
  public VideoParser$Stats() {
    throw new AssertionError("stub");
  }

  public final int getNumKeyframes() {
    throw new AssertionError("stub");
  }

  public final void setNumKeyframes(int value) {
    throw new AssertionError("stub");
  }

  public final int getNumLayeringChanges() {
    throw new AssertionError("stub");
  }

  public final void setNumLayeringChanges(int value) {
    throw new AssertionError("stub");
  }
}
