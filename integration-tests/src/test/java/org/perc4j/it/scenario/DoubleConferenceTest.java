/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.perc4j.e2e.srtp.CryptexPolicy;
import org.perc4j.endpoint.signalling.DtlsSetup;
import org.perc4j.endpoint.transport.SrtpProfile;
import org.perc4j.it.bridge.Bridge;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.harness.Await;

/** Everyone hears and sees everyone, and the bridge nobody. */
@RequiresJvb
class DoubleConferenceTest {
  private static final int PACKETS = 120;

  @Test
  void carriesSpeechAndVideoOfThree(Bridge bridge) throws Exception {
    List<Endpoint> endpoints;
    try (Conference conference = new Conference(bridge, "double-three")) {
      Endpoint client = conference.join(Checks.talker("double-three", 1));
      Endpoint server = conference.join(Checks.talker("double-three", 2).setup(DtlsSetup.PASSIVE));
      Endpoint choosy =
          conference.join(
              Checks.talker("double-three", 3)
                  .profiles(SrtpProfile.DOUBLE_AEAD_AES_128_GCM, SrtpProfile.AEAD_AES_128_GCM));
      endpoints = List.of(client, server, choosy);
      for (Endpoint endpoint : endpoints) {
        assertEquals(SrtpProfile.DOUBLE_AEAD_AES_128_GCM, endpoint.profile());
      }
      Checks.start(conference);
      Checks.talk(conference, PACKETS);
      Checks.stop(conference);
      Checks.assertEverythingArrived(conference);
      Checks.assertNothingRefused(conference);
    }
    Checks.assertHealthy(bridge);
    Checks.assertDecodable(endpoints);
  }

  @Test
  void servesEndpointsThatOfferOnlyAes256(Bridge bridge) throws Exception {
    List<Endpoint> endpoints;
    try (Conference conference = new Conference(bridge, "double-256")) {
      endpoints =
          List.of(
              conference.join(
                  Checks.talker("double-256", 1).profiles(SrtpProfile.DOUBLE_AEAD_AES_256_GCM)),
              conference.join(
                  Checks.talker("double-256", 2)
                      .setup(DtlsSetup.PASSIVE)
                      .profiles(SrtpProfile.DOUBLE_AEAD_AES_256_GCM)));
      for (Endpoint endpoint : endpoints) {
        assertEquals(SrtpProfile.DOUBLE_AEAD_AES_256_GCM, endpoint.profile());
      }
      Checks.start(conference);
      Checks.talk(conference, PACKETS / 2);
      Checks.stop(conference);
      Checks.assertEverythingArrived(conference);
      Checks.assertNothingRefused(conference);
    }
    Checks.assertHealthy(bridge);
    Checks.assertDecodable(endpoints);
  }

  @Test
  void hidesHeaderExtensionsFromTheNetwork(Bridge bridge) throws Exception {
    List<Endpoint> endpoints;
    try (Conference conference = new Conference(bridge, "cryptex")) {
      endpoints =
          List.of(
              conference.join(Checks.talker("cryptex", 1).cryptex(CryptexPolicy.ALLOWED)),
              conference.join(Checks.talker("cryptex", 2).cryptex(CryptexPolicy.ALLOWED)));
      Checks.start(conference);
      // The bridge hides extensions from those who hid theirs.
      for (Endpoint endpoint : endpoints) {
        Await.until(
            "hidden header extensions", Checks.PATIENCE, () -> endpoint.hiddenHeaders() > PACKETS);
      }
      Checks.stop(conference);
      Checks.assertEverythingArrived(conference);
      Checks.assertNothingRefused(conference);
    }
    Checks.assertHealthy(bridge);
    Checks.assertDecodable(endpoints);
  }
}
