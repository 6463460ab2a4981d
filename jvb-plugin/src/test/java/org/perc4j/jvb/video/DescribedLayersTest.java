/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.video;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.perc4j.header.dependency.DependencyStructure;
import org.perc4j.header.dependency.FrameDependencies;
import org.perc4j.jvb.packet.ActiveTargets;
import org.perc4j.jvb.packet.DecodeTargets;
import org.perc4j.jvb.packet.LayerFrame;
import org.perc4j.jvb.video.KeyFrameRequests.Need;

class DescribedLayersTest {
  private static final int[] NONE = {};

  private final DescribedLayers layers = new DescribedLayers();

  /**
   * Three spatial and three temporal layers, each spatial layer predicted from the one below: the
   * mode L3T3 of the AV1 RTP specification. Nine decode targets, S0T0 first, S2T2 last; pictures in
   * the order T0 T2 T1 T2.
   */
  static DependencyStructure l3t3() {
    return DependencyStructure.of(
        0,
        List.of(
            template(0, 0, "SSSSSSSSS"),
            template(0, 0, "SSSRRRRRR", 12),
            template(0, 1, "-SS-RR-RR", 6),
            template(0, 2, "--D--R--R", 3),
            template(1, 0, "---SSSSSS", 1),
            template(1, 0, "---SSSRRR", 12, 1),
            template(1, 1, "----SS-RR", 6, 1),
            template(1, 2, "-----D--R", 3, 1),
            template(2, 0, "------SSS", 1),
            template(2, 0, "------SSS", 12, 1),
            template(2, 1, "-------SS", 6, 1),
            template(2, 2, "--------D", 3, 1)),
        NONE);
  }

  /** The same, but predicted from the layer below in key pictures only: L3T3_KEY. */
  static DependencyStructure l3t3Key() {
    return DependencyStructure.of(
        0,
        List.of(
            template(0, 0, "SSSSSSSSS"),
            template(0, 0, "SSS------", 12),
            template(0, 1, "-SS------", 6),
            template(0, 2, "--D------", 3),
            template(1, 0, "---SSSSSS", 1),
            template(1, 0, "---SSS---", 12),
            template(1, 1, "----SS---", 6),
            template(1, 2, "-----D---", 3),
            template(2, 0, "------SSS", 1),
            template(2, 0, "------SSS", 12),
            template(2, 1, "-------SS", 6),
            template(2, 2, "--------D", 3)),
        NONE);
  }

  /** Two resolutions in one stream that do not depend on each other: S2T1. */
  static DependencyStructure s2t1() {
    return DependencyStructure.of(
        0,
        List.of(
            template(0, 0, "S-"), template(0, 0, "S-", 2),
            template(1, 0, "-S"), template(1, 0, "-S", 2)),
        NONE);
  }

  private static FrameDependencies template(
      int spatialId, int temporalId, String indications, int... frameDiffs) {
    int[] dtis = indications.chars().map("-DSR"::indexOf).toArray();
    return FrameDependencies.of(spatialId, temporalId, dtis, frameDiffs, NONE);
  }

  private static LayerFrame frame(DecodeTargets targets, int template) {
    return targets.frame(targets.structure().template(template));
  }

  @Test
  void startsAtTheTargetOrBelowIt() {
    DecodeTargets svc = new DecodeTargets(l3t3());
    assertTrue(layers.start(frame(svc, 0), 7, 7, 4));
    assertEquals("DT4/S1T1", layers.toString());
    assertEquals(Need.NONE, layers.need(4));
    assertEquals(Need.NOW, layers.need(8));
  }

  @Test
  void takesATargetThatIsGoneForTheLastOne() {
    DecodeTargets svc = new DecodeTargets(l3t3());
    assertTrue(layers.start(frame(svc, 0), 7, 7, 63));
    assertEquals("DT8/S2T2", layers.toString());
  }

  @Test
  void doesNotStartAboveItsTarget() {
    DecodeTargets simulcast = new DecodeTargets(s2t1());
    assertFalse(layers.start(frame(simulcast, 2), 7, 7, 0));
    assertTrue(layers.start(frame(simulcast, 0), 7, 7, 1));
    assertEquals("DT0/S0T0", layers.toString());
    assertTrue(layers.accept(frame(simulcast, 2), 8, 8, 1));
    assertEquals("DT1/S1T0", layers.toString());
    assertFalse(layers.accept(frame(simulcast, 1), 9, 9, 1));
    assertTrue(layers.accept(frame(simulcast, 3), 10, 10, 1));
  }

  @Test
  void staysWithWhatItHasWhenAnotherIndependentFrameComes() {
    DecodeTargets simulcast = new DecodeTargets(s2t1());
    assertTrue(layers.start(frame(simulcast, 2), 7, 7, 1));
    assertFalse(layers.accept(frame(simulcast, 0), 8, 8, 1));
    assertTrue(layers.accept(frame(simulcast, 2), 9, 9, 1));
    assertEquals("DT1/S1T0", layers.toString());
  }

  @Test
  void goesToALowerTargetOnTheWayToOneThatNeedsASwitch() {
    DecodeTargets svc = new DecodeTargets(l3t3());
    assertTrue(layers.start(frame(svc, 0), 100, 100, 6));
    assertEquals("DT6/S2T0", layers.toString());
    // to S1T2: less space at once, more time at a switch
    assertFalse(layers.accept(frame(svc, 9), 114, 114, 5));
    assertEquals("DT3/S1T0", layers.toString());
    assertEquals(Need.IF_IT_LASTS, layers.need(5));
  }

  @Test
  void switchesOnlyIfAllFramesReferredToWereForwarded() {
    DecodeTargets svc = new DecodeTargets(l3t3());
    assertTrue(layers.start(frame(svc, 0), 100, 100, 0));
    assertFalse(layers.accept(frame(svc, 4), 101, 101, 0));
    assertFalse(layers.accept(frame(svc, 8), 102, 102, 0));
    // S1T0 of the next picture calls itself a switch, but refers to 101, which was dropped
    assertTrue(layers.accept(frame(svc, 1), 112, 112, 5));
    assertFalse(layers.accept(frame(svc, 5), 113, 113, 5));
    assertEquals("DT0/S0T0", layers.toString());
  }

  @Test
  void refusesFramesOfAnotherStructureUntilOneStartsIt() {
    DecodeTargets svc = new DecodeTargets(l3t3());
    DecodeTargets key = new DecodeTargets(l3t3Key());
    assertTrue(layers.start(frame(svc, 0), 100, 100, 8));
    assertFalse(layers.accept(frame(key, 9), 103, 103, 8));
    assertTrue(layers.accept(frame(svc, 1), 112, 112, 8));
    assertTrue(layers.accept(frame(key, 0), 113, 113, 8));
    assertFalse(layers.accept(frame(svc, 1), 124, 124, 8));
    assertEquals(DescribedLayers.NO_TARGET, layers.targetAt(frame(svc, 1), 124));
    assertEquals(8, layers.targetAt(frame(key, 9), 124));
    assertEquals(8, layers.targetAt(frame(svc, 1), 112));
  }

  /** In {@link #l3t3} the targets of S0 are 0 to 2, those of S1 3 to 5, those of S2 6 to 8. */
  @Test
  void tellsWhichTargetsAreActiveWhenThatChanges() {
    DecodeTargets svc = new DecodeTargets(l3t3());
    long all = ActiveTargets.sent(0x1ff, false);
    assertTrue(layers.start(frame(svc, 0), 100, 100, 8));
    assertFalse(layers.changesActive(ActiveTargets.sent(0x1ff, true)), "the structure says it");
    assertTrue(layers.accept(frame(svc, 1), 112, 112, 8));
    assertFalse(layers.changesActive(all));
    // to S1T1: S0T0, S0T1, S1T0, S1T1
    assertTrue(layers.accept(frame(svc, 1), 124, 124, 4));
    assertTrue(layers.changesActive(all));
    assertFalse(layers.changesActive(all));
    // a key frame, whose structure says that all are active
    assertTrue(layers.start(frame(svc, 0), 136, 136, 4));
    assertTrue(layers.changesActive(ActiveTargets.sent(0x1ff, true)));
    assertFalse(layers.changesActive(all));
  }

  @Test
  void tellsWhenItsSenderLeavesTargetsOutOrHasThemAgain() {
    DecodeTargets svc = new DecodeTargets(l3t3());
    assertTrue(layers.start(frame(svc, 0), 100, 100, 5));
    assertTrue(layers.changesActive(ActiveTargets.sent(0x1ff, true)));
    // in a frame that was dropped, the sender had left out S1
    assertTrue(layers.accept(frame(svc, 1), 112, 112, 5));
    assertTrue(layers.changesActive(ActiveTargets.sent(0x007, false)));
    assertFalse(layers.changesActive(ActiveTargets.sent(0x007, false)));
    assertFalse(layers.changesActive(ActiveTargets.sent(0x1c0, false)), "none in common");
    assertTrue(layers.changesActive(ActiveTargets.sent(0x03f, false)));
  }

  @Test
  void tellsOnceWhenItDoesNotKnowWhatWasTold() {
    DecodeTargets svc = new DecodeTargets(l3t3());
    assertTrue(layers.start(frame(svc, 0), 100, 100, 8));
    assertTrue(layers.changesActive(ActiveTargets.sent(0x1ff, false)));
    layers.rest();
    assertTrue(layers.start(frame(svc, 0), 200, 200, 8));
    assertTrue(layers.changesActive(ActiveTargets.sent(0x1ff, false)));
    assertFalse(layers.changesActive(ActiveTargets.sent(0x1ff, false)));
  }

  @Test
  void knowsTheHighestLayerOfAPicture() {
    DecodeTargets svc = new DecodeTargets(l3t3());
    assertFalse(layers.isTop(frame(svc, 0)));
    assertTrue(layers.start(frame(svc, 0), 100, 100, 5));
    assertFalse(layers.isTop(frame(svc, 0)));
    assertTrue(layers.isTop(frame(svc, 4)));
    assertFalse(layers.isTop(frame(svc, 8)));
  }

  @Test
  void sharesOneFrameAmongPacketsThatSayTheSame() {
    DecodeTargets svc = new DecodeTargets(l3t3());
    LayerFrame frame = frame(svc, 5);
    assertTrue(frame == frame(svc, 5));
    assertEquals(List.of(3, 4, 5, 6, 7, 8), frame.decodeTargets());
  }
}
