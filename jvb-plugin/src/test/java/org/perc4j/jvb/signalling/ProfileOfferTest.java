/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.signalling;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.perc4j.jvb.srtp.OuterProfile;

class ProfileOfferTest {
  private static final List<Integer> STOCK = List.of(7, 1);
  private final ProfileOffer offer = new ProfileOffer(List.of(OuterProfile.values()), false);

  @Test
  void putsDoubleFirstInHandshakesWithEndpoints() {
    offer.begin(true);

    assertEquals(List.of(9, 10, 7, 1), offer.profiles(STOCK));
  }

  @Test
  void keepsTheStockListInHandshakesWithBridges() {
    offer.begin(false);

    assertEquals(STOCK, offer.profiles(STOCK));
  }

  @Test
  void keepsTheStockListOutsideOfHandshakes() {
    assertEquals(STOCK, offer.profiles(STOCK));
    offer.begin(true);
    offer.end();
    assertEquals(STOCK, offer.profiles(STOCK));
  }

  @Test
  void countsAHandshakeForItsOwnThreadOnly() {
    offer.begin(true);

    assertEquals(STOCK, CompletableFuture.supplyAsync(() -> offer.profiles(STOCK)).join());
  }

  @Test
  void keepsTheStockListOnceWithdrawn() {
    offer.begin(true);
    offer.withdraw();

    assertEquals(STOCK, offer.profiles(STOCK));
    assertEquals(List.of(), offer.profiles());
  }

  @Test
  void leavesTheStockListOutIfPlainEndpointsAreRefused() {
    ProfileOffer strict = new ProfileOffer(List.of(OuterProfile.values()), true);
    strict.begin(true);

    assertEquals(List.of(9, 10), strict.profiles(STOCK));
  }
}
