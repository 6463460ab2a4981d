/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.it.bridge.Bridge;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.Delivery;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.endpoint.EndpointOptions;
import org.perc4j.it.endpoint.Impairment;

/**
 * Packets get lost, overtake each other and come twice, on the way to the bridge and on the way
 * from it.
 */
@RequiresJvb
class LossyNetworkTest {
  private static final int PACKETS = 200;
  private static final double LOSS = 0.05;
  private static final double REORDERING = 0.05;
  private static final double DUPLICATION = 0.03;

  @Test
  void repairsVideo(Bridge bridge) throws Exception {
    List<Endpoint> endpoints;
    try (Conference conference = new Conference(bridge, "lossy")) {
      Endpoint one = conference.join(lossy(1));
      Endpoint two = conference.join(lossy(2));
      endpoints = List.of(one, two);
      Checks.start(conference);
      // The embedded bridge does not forward the rest of a first key frame whose start it missed.
      Checks.talk(conference, PACKETS / 2);
      conference.mark();
      Checks.talk(conference, PACKETS);
      Checks.stop(conference);
      assertDelivered(conference, one, two);
      assertDelivered(conference, two, one);
      Checks.assertAuthentic(conference);
      for (Endpoint endpoint : endpoints) {
        assertTrue(endpoint.repairsSent() > 0, endpoint.toString());
        assertTrue(endpoint.repairsReceived() > 0, endpoint.toString());
      }
    }
    Checks.assertHealthy(bridge);
    Checks.assertDecodable(endpoints);
  }

  private static EndpointOptions lossy(int number) throws Exception {
    return Checks.talker("lossy", number)
        .impairment(
            new Impairment(10L + number, LOSS, REORDERING, DUPLICATION),
            new Impairment(20L + number, LOSS, REORDERING, DUPLICATION));
  }

  private static void assertDelivered(Conference conference, Endpoint sender, Endpoint receiver) {
    Delivery video = conference.delivery(sender, MediaKind.VIDEO, receiver);
    String state = video + "\n" + sender + "\n" + receiver;
    assertEquals(0, video.foreign(), state);
    assertEquals(0, video.missing(), state);
    Delivery audio = conference.delivery(sender, MediaKind.AUDIO, receiver);
    assertEquals(0, audio.foreign(), audio.toString());
    // Nobody repairs speech: it is lost on both ways.
    assertTrue(audio.arrived() > audio.sent() * 0.8, audio.toString());
    assertTrue(audio.missing() > 0, audio.toString());
  }
}
