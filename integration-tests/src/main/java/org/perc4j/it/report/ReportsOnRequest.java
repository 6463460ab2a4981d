/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.report;

import java.nio.file.Path;
import org.perc4j.it.endpoint.ConferenceListener;

/** Has each conference leave a report with the name of its room in the folder that was named. */
public final class ReportsOnRequest implements ConferenceListener.Provider {
  /** For {@link java.util.ServiceLoader}. */
  public ReportsOnRequest() {}

  @Override
  public ConferenceListener listener(Path folder, String room, String bridge) {
    String name = room.replaceAll("[^A-Za-z0-9_-]", "_") + ".html";
    return new Chronicle(folder.resolve(name), room, bridge);
  }
}
