/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.video;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.perc4j.jvb.packet.ActiveTargets;
import org.perc4j.jvb.packet.Frame;

class ProjectionKeeperTest {
  private long nowNanos = 1;
  private final ProjectionKeeper keeper = new ProjectionKeeper(() -> nowNanos);

  private SourceProjection used() {
    SourceProjection projection = keeper.make();
    boolean unused = projection.accept(7, 0, 1, 0, Frame.UNMARKED, null, ActiveTargets.NONE, 0);
    return projection;
  }

  private static long resting(List<SourceProjection> projections) {
    return projections.stream().filter(SourceProjection::rests).count();
  }

  @Test
  void putsToRestWhatIsSilentWhileOthersAreMade() {
    List<SourceProjection> all = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      all.add(used());
    }
    nowNanos += Duration.ofMinutes(2).toNanos();
    assertEquals(0, resting(all), "a look is needed to see that nothing came since the last");
    List<SourceProjection> more = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      more.add(used());
      nowNanos += Duration.ofSeconds(10).toNanos();
    }
    assertEquals(100, resting(all));
    assertTrue(resting(more) < 20, "those made last are in use");
  }

  @Test
  void leavesAloneWhatIsUsed() {
    SourceProjection live = used();
    for (int i = 0; i < 50; i++) {
      SourceProjection unused = used();
      nowNanos += Duration.ofMinutes(1).toNanos();
      boolean forwarded = live.accept(7, 0, 2 + i, 0, Frame.UNMARKED, null, ActiveTargets.NONE, 0);
      assertTrue(forwarded);
      assertFalse(live.rests());
    }
  }

  @Test
  void keepsNoneThatNobodyHas() throws InterruptedException {
    SourceProjection held = used();
    for (int i = 0; i < 500; i++) {
      SourceProjection unused = used();
    }
    // Whatever the collector does meanwhile, those in between go sooner or later.
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (keeper.size() > 300 && System.nanoTime() - end < 0) {
      System.gc();
      for (int i = 0; i < 10; i++) {
        SourceProjection unused = used();
      }
    }
    assertTrue(keeper.size() <= 300, keeper.size() + " are left");
    assertTrue(held.knows(7));
  }
}
