/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.protocol;

import java.util.ArrayList;
import java.util.List;

/** All timers of one occupant, so that none is left when it ends. Belongs to one event loop. */
final class Timers {
  private final EventLoop loop;
  private final List<OneTimer> all = new ArrayList<>();

  Timers(EventLoop loop) {
    this.loop = loop;
  }

  /** Makes another one, not set. */
  OneTimer one() {
    OneTimer timer = new OneTimer(loop);
    all.add(timer);
    return timer;
  }

  void stopAll() {
    all.forEach(OneTimer::stop);
  }
}
