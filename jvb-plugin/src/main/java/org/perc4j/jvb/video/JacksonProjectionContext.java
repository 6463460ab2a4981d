/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.video;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.perc4j.jvb.bridge.BridgeAlternative;
import org.perc4j.jvb.bridge.BridgeOverride;
import org.perc4j.jvb.metrics.BridgeCounters;

/** For bridges since 2026-06, which describe projections with Jackson. */
@BridgeAlternative("projections of double video")
final class JacksonProjectionContext extends DoubleProjectionContext {
  JacksonProjectionContext(long targetSsrc, BridgeCounters counters, SourceProjection projection) {
    super(targetSsrc, counters, projection);
  }

  /** Overrides the method of the interface, which the stub leaves out. */
  @BridgeOverride
  public ObjectNode getDebugState() {
    ObjectNode state = JsonNodeFactory.instance.objectNode();
    state.put("class", DoubleProjectionContext.class.getSimpleName());
    state.put("forwarding", describe());
    return state;
  }
}
