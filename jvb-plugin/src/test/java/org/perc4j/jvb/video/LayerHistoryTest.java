/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.video;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.perc4j.jvb.packet.DecodeTargets;

class LayerHistoryTest {
  private final LayerHistory history = new LayerHistory();

  @Test
  void hasNothingAtFirst() {
    assertEquals(LayerHistory.NOTHING, history.layersAt(0, null));
  }

  @Test
  void knowsWhatWasForwardedWhen() {
    history.note(-5, 3, null);
    history.note(10, 4, null);
    history.note(20, LayerHistory.NOTHING, null);
    assertEquals(LayerHistory.NOTHING, history.layersAt(-6, null));
    assertEquals(3, history.layersAt(-5, null));
    assertEquals(3, history.layersAt(9, null));
    assertEquals(4, history.layersAt(10, null));
    assertEquals(LayerHistory.NOTHING, history.layersAt(20, null));
  }

  @Test
  void knowsNothingOfOtherStructures() {
    DecodeTargets one = new DecodeTargets(DescribedLayersTest.l3t3());
    DecodeTargets other = new DecodeTargets(DescribedLayersTest.l3t3Key());
    history.note(1, 3, one);
    assertEquals(3, history.layersAt(2, one));
    assertEquals(LayerHistory.NOTHING, history.layersAt(2, other));
    assertEquals(LayerHistory.NOTHING, history.layersAt(2, null));
  }

  @Test
  void remembersTheLatestChangesOnly() {
    for (int i = 0; i < 100; i++) {
      history.note(i, i, null);
      history.note(i, i, null);
    }
    assertEquals(84, history.layersAt(84, null));
    assertEquals(LayerHistory.NOTHING, history.layersAt(83, null));
    assertEquals(99, history.layersAt(1000, null));
  }
}
