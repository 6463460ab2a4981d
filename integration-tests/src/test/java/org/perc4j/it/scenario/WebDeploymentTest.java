/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpClient;
import java.time.Clock;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.perc4j.endpoint.deployment.JitsiDeployment;
import org.perc4j.endpoint.deployment.MeetingUrl;
import org.perc4j.endpoint.jingle.ConferenceRequest;
import org.perc4j.endpoint.jingle.HttpConferenceRequest;
import org.perc4j.endpoint.web.WebClient;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.harness.Await;
import org.perc4j.it.harness.LabNetwork;
import org.perc4j.it.jingle.JitsiBackend;
import org.perc4j.it.transport.TestAuthority;
import org.perc4j.it.xmpp.RequiresWebFront;
import org.perc4j.it.xmpp.WebFront;

/**
 * A deployment of which nothing can be reached but its web server: the room by its URL, XMPP, the
 * conference request and the bridge's channel all go through it, with TLS.
 */
@RequiresJitsi
@RequiresWebFront
class WebDeploymentTest {
  private static final int PACKETS = 100;

  /** How XMPP goes through the web server. */
  enum Way {
    WEB_SOCKET,
    BOSH
  }

  /** All parts, the web server in front. */
  private record Deployment(
      JitsiBackend backend, JvbProcess bridge, WebFront front, WebClient web, HttpClient http)
      implements AutoCloseable {
    static Deployment start(String folder, Way way) throws Exception {
      TestAuthority authority = TestAuthority.create(Clock.systemUTC());
      JitsiBackend backend =
          JitsiBackend.start(Checks.folder(folder), JvbExtension.pluginJar(), "");
      boolean started = false;
      try {
        int port = LabNetwork.freeTcpPort();
        JvbProcess bridge =
            backend.startBridge(
                "jvb1",
                """
                videobridge.websockets { tls = true, domains = ["%s:%d"] }
                """
                    .formatted(WebFront.HOST, port));
        backend.jicofo().awaitBridges(1);
        WebFront.Options options =
            WebFront.Options.DEFAULT.withBackend(bridge.publicPort(), backend.jicofo().httpPort());
        WebFront front =
            WebFront.start(
                backend.prosody(),
                authority,
                way == Way.BOSH ? options.withoutWebSocket() : options,
                port);
        started = true;
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {authority.trust()}, null);
        return new Deployment(
            backend,
            bridge,
            front,
            WebClient.create().trusting(authority.trust()),
            HttpClient.newBuilder().sslContext(context).build());
      } finally {
        if (!started) {
          backend.close();
        }
      }
    }

    JitsiDeployment find(String room) throws Exception {
      return JitsiDeployment.find(MeetingUrl.parse(front.meeting(room)), web);
    }

    @Override
    public void close() {
      front.close();
      backend.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void carriesAPrivateConferenceThroughTheWebServerAlone(Way way) throws Exception {
    try (Deployment deployment = Deployment.start("web-" + way, way)) {
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
    try (Deployment deployment = Deployment.start("web-request", Way.WEB_SOCKET)) {
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
