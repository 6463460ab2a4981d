/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import com.google.errorprone.annotations.Keep;
import java.util.Collection;
import net.bytebuddy.asm.Advice;

/** Tells to which layers a double packet counts. */
final class LayerIdsAdvice {
  private LayerIdsAdvice() {}

  @Keep
  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(
      @Advice.This Object packet, @Advice.Return(readOnly = false) Collection<Integer> layerIds) {
    layerIds = BridgeHooks.layerIds(packet, layerIds);
  }
}
