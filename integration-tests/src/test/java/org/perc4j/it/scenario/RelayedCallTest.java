/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.perc4j.endpoint.transport.RelayAccess;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.endpoint.EndpointOptions;
import org.perc4j.it.harness.Await;
import org.perc4j.it.harness.LabNetwork;
import org.perc4j.it.harness.LimitedLink;
import org.perc4j.it.harness.LinkConditions;
import org.perc4j.it.media.Clips;
import org.perc4j.it.transport.TestAuthority;
import org.perc4j.it.xmpp.RequiresTurnServer;
import org.perc4j.it.xmpp.TurnServer;

/** Somebody whose network lets nothing out but TCP takes part, by TURN over TLS. */
@RequiresJvb
@RequiresTurnServer
class RelayedCallTest {
  private static final LinkConditions LINK = LinkConditions.ofRate(10_000_000);
  private static final int PACKETS = 100;

  @Test
  void reachesTheBridgeWithoutUdp(JvbProcess jvb, @TempDir Path output) throws Exception {
    TestAuthority authority = TestAuthority.create(Clock.systemUTC());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {authority.trust()}, null);
    try (TurnServer turn = TurnServer.start(authority.issue(LabNetwork.ADDRESS, Duration.ZERO));
        LimitedLink link = LimitedLink.open(LINK, LINK, 1);
        Conference conference = new Conference(jvb, "relayed")) {
      link.up().blockUdp();
      link.down().blockUdp();
      Endpoint free =
          conference.join(new EndpointOptions("a0000001", output).seed(1).speech(Clips.speech(1)));
      Endpoint confined =
          conference.join(
              new EndpointOptions("a0000002", output)
                  .seed(2)
                  .speech(Clips.speech(2))
                  .network(link.network())
                  .relays(new RelayAccess(List.of(turn.turnsAtTheLab()), context)));
      assertFalse(free.isRelayed());
      assertTrue(confined.isRelayed());
      conference.startSending();
      conference.awaitFlow(PACKETS, Await.PATIENCE);
    }
    Checks.assertHealthy(jvb);
  }
}
