/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsTimeoutException;
import org.junit.jupiter.api.Test;
import org.perc4j.endpoint.signalling.DtlsSetup;
import org.perc4j.endpoint.transport.SrtpProfile;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.Endpoint;

/** The bridge as it was installed: what the endpoints are worth without perc4j. */
@RequiresJvb(plugin = false)
class StockBridgeTest {
  @Test
  void forwardsPlainMedia(JvbProcess jvb) throws Exception {
    PlainConference.run(jvb, "stock-plain");
  }

  @Test
  void refusesEndpointThatOffersDoubleOnly(JvbProcess jvb) throws Exception {
    try (Conference conference = new Conference(jvb, "stock-double")) {
      // As DTLS server the bridge finds no profile and falls silent; as client it is refused by the
      // endpoint.
      assertThrows(TlsTimeoutException.class, () -> join(conference, 1, DtlsSetup.ACTIVE));
      jvb.awaitLogLines("No common SRTP protection profile", 1);
      TlsFatalAlert alert =
          assertThrows(TlsFatalAlert.class, () -> join(conference, 2, DtlsSetup.PASSIVE));
      assertEquals(AlertDescription.handshake_failure, alert.getAlertDescription());
      assertEquals(List.of(), conference.endpoints());
    }
  }

  private static void join(Conference conference, int number, DtlsSetup setup)
      throws IOException, InterruptedException {
    Endpoint unused =
        conference.join(
            Checks.talker("stock-double", number)
                .setup(setup)
                .profiles(SrtpProfile.DOUBLE_AEAD_AES_128_GCM, SrtpProfile.DOUBLE_AEAD_AES_256_GCM)
                .timeout(Duration.ofSeconds(4)));
  }
}
