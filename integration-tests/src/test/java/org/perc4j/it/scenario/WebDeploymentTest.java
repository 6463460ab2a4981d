/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.perc4j.endpoint.deployment.JitsiDeployment;
import org.perc4j.endpoint.jingle.ConferenceRequest;
import org.perc4j.endpoint.jingle.HttpConferenceRequest;
import org.perc4j.it.deployment.WebDeployment;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.harness.Await;
import org.perc4j.it.jingle.JitsiBackend;
import org.perc4j.it.xmpp.RequiresWebFront;

/**
 * A deployment of which nothing can be reached but its web server: the room by its URL, XMPP, the
 * conference request and the bridge's channel all go through it, with TLS.
 */
@RequiresJitsi
@RequiresWebFront
class WebDeploymentTest {
  private static final int PACKETS = 100;

  @ParameterizedTest
  @EnumSource
  void carriesAPrivateConferenceThroughTheWebServerAlone(WebDeployment.Way way) throws Exception {
    try (WebDeployment deployment = WebDeployment.start("web-" + way, way)) {
      JitsiDeployment found = deployment.find("Weekly%20Meeting");
      try (Conference conference = JitsiBackend.open(found, deployment.web(), deployment.http())) {
        for (int i = 1; i <= 3; i++) {
          Endpoint unused = conference.join(Checks.talker("web", i));
        }
        Checks.start(conference);
        Checks.talk(conference, PACKETS);
        Checks.stop(conference);
        for (Endpoint receiver : conference.endpoints()) {
          assertTrue(receiver.profile().isDouble(), receiver.toString());
        }
        Checks.assertNothingRefused(conference);
        Checks.assertAuthentic(conference);
      }
      Checks.assertHealthy(deployment.bridge());
    }
  }

  @Test
  void jicofoComesWhenItIsAskedOverHttpAndRefusesWhatIsNoRoom() throws Exception {
    try (WebDeployment deployment =
        WebDeployment.start("web-request", WebDeployment.Way.WEB_SOCKET)) {
      JitsiDeployment found = deployment.find("asked");
      HttpConferenceRequest request =
          new HttpConferenceRequest(
              deployment.web(),
              Objects.requireNonNull(found.conferenceRequest()),
              found.room(),
              null);
      Await.until(
          "Jicofo in the room",
          Checks.PATIENCE,
          () -> request.ask() == ConferenceRequest.Answer.READY);
      HttpConferenceRequest other =
          new HttpConferenceRequest(
              deployment.web(), Objects.requireNonNull(found.conferenceRequest()), "@", null);
      assertEquals(ConferenceRequest.Answer.REFUSED, other.ask());
      deployment.backend().jicofo().close();
      assertEquals(ConferenceRequest.Answer.AWAY, request.ask());
    }
  }
}
