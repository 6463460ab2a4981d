/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.video;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Makes projections, and puts those to rest whose sources are silent or gone: the bridge keeps them
 * all for as long as their receivers stay, and tells nobody of sources that end. Whenever one is
 * made, some of the others are looked at, so that they grow no faster than they are cleared up.
 * Thread-safe.
 */
public final class ProjectionKeeper {
  private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** How many others are looked at when one is made. */
  private static final int LOOKS = 16;

  private final LongSupplier nanoClock;

  @GuardedBy("this")
  private final List<WeakReference<SourceProjection>> made = new ArrayList<>();

  @GuardedBy("this")
  private int next;

  /**
   * Keeps nothing yet.
   *
   * @param nanoClock the time, as {@link System#nanoTime}
   */
  public ProjectionKeeper(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /** Makes a projection, whose monitor is to be held by who uses it. */
  public synchronized SourceProjection make() {
    lookAround();
    SourceProjection projection = new SourceProjection(nanoClock);
    made.add(new WeakReference<>(projection));
    return projection;
  }

  @GuardedBy("this")
  private void lookAround() {
    for (int looks = Math.min(LOOKS, made.size()); looks > 0 && !made.isEmpty(); looks--) {
      if (next >= made.size()) {
        next = 0;
      }
      SourceProjection one = made.get(next).get();
      if (one == null) {
        // Its place is taken by the last one.
        WeakReference<SourceProjection> last = made.remove(made.size() - 1);
        if (next < made.size()) {
          made.set(next, last);
        }
      } else {
        synchronized (one) {
          one.restIfUnused(QUIET_NANOS);
        }
        next++;
      }
    }
  }

  /** Returns how many projections there are, with those that nobody has any more. */
  synchronized int size() {
    return made.size();
  }
}
