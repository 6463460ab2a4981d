/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.video;

import java.util.Map;
import org.json.simple.JSONObject;
import org.perc4j.jvb.bridge.BridgeAlternative;
import org.perc4j.jvb.bridge.BridgeOverride;
import org.perc4j.jvb.metrics.BridgeCounters;

/** For bridges before 2026-06, which describe projections with json-simple. */
@BridgeAlternative("projections of double video")
final class JsonSimpleProjectionContext extends DoubleProjectionContext {
  JsonSimpleProjectionContext(
      long targetSsrc, BridgeCounters counters, SourceProjection projection) {
    super(targetSsrc, counters, projection);
  }

  /** Overrides the method of the interface, which the stub leaves out. */
  @BridgeOverride
  public JSONObject getDebugState() {
    return new JSONObject(
        Map.of("class", DoubleProjectionContext.class.getSimpleName(), "forwarding", describe()));
  }
}
