/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.client.media;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SizesTest {
  @Test
  void hasOneToThreeSizes() {
    assertEquals(1, Sizes.format(180).encodings());
    assertEquals(2, Sizes.format(360).encodings());
    assertEquals(3, Sizes.format(720).encodings());
    assertEquals(1, Sizes.format(0).encodings());
  }

  @Test
  void givesWhatThereIsNoRoomForItsLeast() {
    assertArrayEquals(new int[] {200_000, 260_000}, Sizes.share(Sizes.upTo(360), 200_000));
  }

  @Test
  void sharesInProportionWhatIsMore() {
    int[] shares = Sizes.share(Sizes.upTo(360), 525_000);
    assertArrayEquals(new int[] {135_000, 390_000}, shares);
  }

  @Test
  void givesTheSmallestItsLeastWhateverThereIs() {
    assertEquals(90_000, Sizes.share(Sizes.upTo(180), 0)[0]);
  }

  @Test
  void givesNobodyMoreThanLooksBetter() {
    for (int share : Sizes.share(Sizes.upTo(720), 1_000_000_000)) {
      assertTrue(share <= 2_200_000);
    }
  }
}
