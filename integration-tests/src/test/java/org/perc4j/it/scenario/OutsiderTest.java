/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jivesoftware.smack.filter.MessageTypeFilter;
import org.jivesoftware.smack.packet.Message;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smackx.muc.MultiUserChatManager;
import org.junit.jupiter.api.Test;
import org.jxmpp.jid.impl.JidCreate;
import org.jxmpp.jid.parts.Resourcepart;
import org.perc4j.e2e.mls.EndpointIdentity;
import org.perc4j.endpoint.call.JoinOptions;
import org.perc4j.endpoint.deployment.MeetingUrl;
import org.perc4j.it.deployment.PlayingApplication;
import org.perc4j.it.deployment.WebDeployment;
import org.perc4j.it.harness.Await;
import org.perc4j.it.xmpp.ProsodyServer;
import org.perc4j.it.xmpp.RequiresWebFront;

/** People with another client in a room whose group is private. */
@RequiresJitsi
@RequiresWebFront
class OutsiderTest {
  /** What somebody is told in private. */
  private static Queue<String> enter(XMPPTCPConnection connection, String nickname)
      throws Exception {
    Queue<String> told = new ConcurrentLinkedQueue<>();
    connection.connect().login();
    connection.addAsyncStanzaListener(
        stanza -> told.add(String.valueOf(((Message) stanza).getBody())), MessageTypeFilter.CHAT);
    Object unused =
        MultiUserChatManager.getInstanceFor(connection)
            .getMultiUserChat(JidCreate.entityBareFrom(ProsodyServer.room("mixed")))
            .createOrJoin(Resourcepart.from(nickname));
    return told;
  }

  private static JoinOptions options(String name, WebDeployment deployment) {
    return JoinOptions.of(EndpointIdentity.generate(name, new SecureRandom()), credential -> {})
        .withWeb(deployment.web());
  }

  @Test
  void isToldOnceWhyNobodyIsHeard() throws Exception {
    try (WebDeployment deployment = WebDeployment.start("outsider", WebDeployment.Way.WEB_SOCKET);
        PlayingApplication alice = new PlayingApplication(1);
        PlayingApplication bob = new PlayingApplication(2)) {
      MeetingUrl url = MeetingUrl.parse(deployment.front().meeting("mixed"));
      Object unused = alice.join(url, options("alice", deployment));
      Object unusedToo = bob.join(url, options("bob", deployment));
      alice.awaitMembers("alice", "bob");
      bob.awaitMembers("alice", "bob");
      XMPPTCPConnection one = deployment.backend().prosody().newGuest();
      XMPPTCPConnection other = deployment.backend().prosody().newGuest();
      try {
        Queue<String> first = enter(one, "plain1");
        Await.pass(Duration.ofSeconds(3));
        Queue<String> second = enter(other, "plain2");
        Await.until("the second is told", Checks.PATIENCE, () -> !second.isEmpty());
        assertEquals(List.of(JoinOptions.NOTICE), List.copyOf(first));
        assertEquals(List.of(JoinOptions.NOTICE), List.copyOf(second));
      } finally {
        one.disconnect();
        other.disconnect();
      }
    }
  }
}
