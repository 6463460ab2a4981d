/* SPDX-License-Identifier: Apache-2.0 */
package org.jitsi.nlj.util;

import kotlin.Unit;
import kotlin.jvm.functions.Function1;

/**
 * Signature only. Upstream: jitsi-media-transform/src/main/kotlin/org/jitsi/nlj/util/BufferPool.kt
 */
public final class BufferPool {
  public static final Companion Companion = new Companion();

  public static final class Companion {
    private Companion() {}

    public final Function1<byte[], Unit> getReturnBuffer() {
      throw new AssertionError("stub");
    }
  }
}
