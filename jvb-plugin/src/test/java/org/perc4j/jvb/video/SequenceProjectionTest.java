/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.video;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SequenceProjectionTest {
  private final SequenceProjection projection = new SequenceProjection();

  private int forward(int sequenceNumber) {
    assertTrue(projection.accept(sequenceNumber));
    return projection.map(sequenceNumber);
  }

  @Test
  void leavesTheNumbersOfAStreamAloneUntilItIsWithheld() {
    assertEquals(65534, forward(65534));
    assertEquals(65535, forward(65535));
    assertEquals(0, forward(0));
    assertEquals(1, forward(1));
  }

  @Test
  void leavesTheGapThatLossMade() {
    assertEquals(10, forward(10));
    assertEquals(13, forward(13));
    assertEquals(11, forward(11));
  }

  @Test
  void closesTheGapOfASuspension() {
    assertEquals(10, forward(10));
    for (int i = 11; i < 500; i++) {
      projection.withhold(i);
    }
    assertEquals(11, forward(500));
    assertEquals(12, forward(501));
    assertEquals(14, forward(503));
    assertEquals(13, forward(502));
  }

  @Test
  void closesGapsAcrossWraps() {
    assertEquals(60000, forward(60000));
    for (int i = 60001; i < 60000 + 3 * 65536; i++) {
      projection.withhold(i & 0xffff);
    }
    assertEquals(60001, forward(60000));
    assertEquals(60002, forward(60001));
  }

  @Test
  void refusesPacketsFromBeforeAResumption() {
    assertEquals(10, forward(10));
    projection.withhold(11);
    projection.withhold(12);
    assertFalse(projection.accept(12));
    assertFalse(projection.accept(9));
    assertEquals(11, forward(13));
    assertFalse(projection.accept(12));
  }

  @Test
  void mapsPacketsAcceptedBeforeAResumptionAsBefore() {
    assertEquals(10, forward(10));
    for (int i = 11; i <= 20; i++) {
      projection.withhold(i);
    }
    assertEquals(11, forward(21));
    assertEquals(10, projection.map(10));
  }

  @Test
  void acceptsEverythingAgainLongAfterAResumption() {
    assertEquals(10, forward(10));
    projection.withhold(11);
    int sent = 11;
    for (int i = 12; i < 12 + 4 * 65536; i++) {
      assertEquals(sent++ & 0xffff, forward(i & 0xffff));
    }
  }

  @Test
  void staysSuspendedUntilAPacketIsAccepted() {
    assertTrue(projection.suspended());
    assertEquals(10, forward(10));
    assertFalse(projection.suspended());
    projection.withhold(11);
    assertTrue(projection.suspended());
  }
}
