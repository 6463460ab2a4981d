/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.signalling;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.perc4j.header.srtp.DoubleSrtpProfile;

class ProfileOfferTest {
  private static final List<Integer> STOCK = List.of(7, 1);
  private final ProfileOffer offer = new ProfileOffer(List.of(DoubleSrtpProfile.values()), false);

  @Test
  void putsDoubleFirstInHandshakesWithEndpoints() {
    offer.begin(Peer.ENDPOINT);

    assertEquals(List.of(9, 10, 7, 1), offer.profiles(STOCK));
  }

  @Test
  void putsDoubleFirstInHandshakesWithBridges() {
    offer.begin(Peer.BRIDGE);

    assertEquals(List.of(9, 10, 7, 1), offer.profiles(STOCK));
    assertEquals(Peer.BRIDGE, offer.peer());
  }

  @Test
  void keepsTheStockListInOtherHandshakes() {
    offer.begin(Peer.OTHER);

    assertEquals(STOCK, offer.profiles(STOCK));
  }

  @Test
  void letsBridgesBeStockEvenIfPlainEndpointsAreRefused() {
    ProfileOffer strict = new ProfileOffer(List.of(DoubleSrtpProfile.values()), true);
    strict.begin(Peer.BRIDGE);

    assertEquals(List.of(9, 10, 7, 1), strict.profiles(STOCK));
  }

  @Test
  void keepsTheStockListOutsideOfHandshakes() {
    assertEquals(STOCK, offer.profiles(STOCK));
    offer.begin(Peer.ENDPOINT);
    offer.end();
    assertEquals(STOCK, offer.profiles(STOCK));
  }

  @Test
  void countsAHandshakeForItsOwnThreadOnly() {
    offer.begin(Peer.ENDPOINT);

    assertEquals(STOCK, CompletableFuture.supplyAsync(() -> offer.profiles(STOCK)).join());
  }

  @Test
  void keepsTheStockListOnceWithdrawn() {
    offer.begin(Peer.ENDPOINT);
    offer.withdraw();

    assertEquals(STOCK, offer.profiles(STOCK));
    assertEquals(List.of(), offer.profiles());
  }

  @Test
  void leavesTheStockListOutIfPlainEndpointsAreRefused() {
    ProfileOffer strict = new ProfileOffer(List.of(DoubleSrtpProfile.values()), true);
    strict.begin(Peer.ENDPOINT);

    assertEquals(List.of(9, 10), strict.profiles(STOCK));
  }
}
