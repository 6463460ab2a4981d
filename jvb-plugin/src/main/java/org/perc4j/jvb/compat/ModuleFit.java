/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.compat;

import java.util.List;
import org.perc4j.jvb.hook.HookModule;
import org.perc4j.jvb.hook.HookPoint;

/**
 * How a hook module fits the bridge at hand.
 *
 * @param module the module
 * @param points the methods that it hooks in this bridge
 * @param mismatches what is not as it expects, a sentence each; none if it fits
 */
public record ModuleFit(HookModule module, List<HookPoint> points, List<String> mismatches) {
  /** Whether it can be installed. */
  public boolean fits() {
    return mismatches.isEmpty();
  }
}
