/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.perc4j.e2e.mls.EndpointIdentity;
import org.perc4j.endpoint.call.JitsiRoom;
import org.perc4j.endpoint.call.JoinOptions;
import org.perc4j.endpoint.call.VideoFormat;
import org.perc4j.endpoint.deployment.MeetingUrl;
import org.perc4j.endpoint.media.VideoCodec;
import org.perc4j.it.deployment.PlayingApplication;
import org.perc4j.it.deployment.WebDeployment;
import org.perc4j.it.harness.Await;
import org.perc4j.it.harness.LabNetwork;
import org.perc4j.it.harness.LimitedLink;
import org.perc4j.it.harness.LinkConditions;
import org.perc4j.it.media.Clips;
import org.perc4j.it.transport.TestAuthority;
import org.perc4j.it.xmpp.ProsodyServer;
import org.perc4j.it.xmpp.RequiresTurnServer;
import org.perc4j.it.xmpp.RequiresWebFront;
import org.perc4j.it.xmpp.TurnServer;

/**
 * Somebody whose network lets no UDP through finds a way to the bridge by the deployment's word.
 */
@RequiresJitsi
@RequiresWebFront
@RequiresTurnServer
class RelayedRoomTest {
  private static final LinkConditions LINK = LinkConditions.ofRate(10_000_000);
  private static final VideoFormat FORMAT =
      new VideoFormat(VideoCodec.VP8, List.of(new VideoFormat.Layer(320, 180, 200_000)), 1);

  private static JoinOptions options(String name, WebDeployment deployment) {
    return JoinOptions.of(EndpointIdentity.generate(name, new SecureRandom()), credential -> {})
        .withWeb(deployment.web())
        .withAudio()
        .withVideo(FORMAT);
  }

  @Test
  void hearsAndSeesThroughTheRelayThatTheServerTellsOf() throws Exception {
    TestAuthority authority = TestAuthority.create(Clock.systemUTC());
    try (TurnServer turn = TurnServer.start(authority.issue(LabNetwork.ADDRESS, Duration.ZERO));
        LimitedLink link = LimitedLink.open(LINK, LINK, 3);
        WebDeployment deployment =
            WebDeployment.start(
                "relayed-room",
                WebDeployment.Way.WEB_SOCKET,
                authority,
                ProsodyServer.Options.DEFAULT.withServices(services(turn)));
        PlayingApplication free = new PlayingApplication(1);
        PlayingApplication confined = new PlayingApplication(2)) {
      link.up().blockUdp();
      link.down().blockUdp();
      MeetingUrl url = MeetingUrl.parse(deployment.front().meeting("relayed"));
      JitsiRoom one = free.join(url, options("free", deployment));
      JitsiRoom other =
          confined.join(url, options("confined", deployment).withSockets(link.network()));
      free.play(Clips.speech(1));
      confined.play(Clips.speech(2));
      Await.until(
          "both hear and see each other: " + free.events + confined.events,
          Await.PATIENCE,
          () -> free.has(other) && confined.has(one));
      assertTrue(Files.readString(turn.log()).contains("usage"), "no allocation at " + turn.log());
    }
  }

  private static String services(TurnServer turn) {
    return """
        { type = "turns", host = "%s", port = %d, transport = "tcp", secret = "%s",
          ttl = 3600, algorithm = "turn" }
        """
        .formatted(LabNetwork.ADDRESS, turn.tlsPort(), TurnServer.SECRET);
  }
}
