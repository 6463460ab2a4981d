/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook.metrics;

import java.util.List;
import java.util.Optional;
import org.perc4j.jvb.hook.Hook;
import org.perc4j.jvb.hook.HookModule;
import org.perc4j.jvb.hook.Plugin;

/** The plugin's counters among the bridge's metrics. The bridge has an API for it. */
public final class MetricsModule implements HookModule {
  @Override
  public Optional<String> lossWithout() {
    return Optional.of("the bridge's metrics do not have perc4j's counters");
  }

  @Override
  public List<Hook> hooks() {
    return List.of();
  }

  @Override
  public void start() {
    PublishedCounters.start(Plugin.counters());
  }
}
