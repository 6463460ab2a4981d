/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.transport.SrtpProfile;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.endpoint.SentStream;
import org.perc4j.it.harness.Await;

/** Those who encrypt end to end and those who don't, on one bridge. */
@RequiresJvb
class MixedRoomTest {
  private static final int PACKETS = 100;

  @Test
  void keepsDoubleAndPlainApart(JvbProcess jvb) throws Exception {
    List<Endpoint> endpoints;
    try (Conference conference = new Conference(jvb, "mixed")) {
      Endpoint one = conference.join(Checks.talker("mixed", 1));
      Endpoint two = conference.join(Checks.talker("mixed", 2));
      Endpoint plain =
          conference.join(Checks.talker("mixed", 3).profiles(SrtpProfile.AEAD_AES_128_GCM));
      endpoints = List.of(one, two);
      conference.startSending();
      Await.until(
          "media between the double endpoints",
          Checks.PATIENCE,
          () ->
              endpoints.stream()
                  .allMatch(
                      receiver ->
                          endpoints.stream()
                              .filter(sender -> sender != receiver)
                              .allMatch(
                                  sender ->
                                      receiver.receivedPackets(sender.id(), MediaKind.AUDIO)
                                              > PACKETS
                                          && receiver.receivedPackets(sender.id(), MediaKind.VIDEO)
                                              > PACKETS)));
      SentStream heardByNobody = Objects.requireNonNull(plain.sent(MediaKind.AUDIO));
      assertTrue(heardByNobody.size() > PACKETS, plain.toString());
      conference.endpoints().forEach(Endpoint::stopSending);
      Checks.assertNothingRefused(conference);
      assertEquals(List.of(), List.copyOf(plain.received()), "double media at the plain endpoint");
      for (Endpoint endpoint : endpoints) {
        assertEquals(2, endpoint.received().size(), "plain media at " + endpoint);
      }
      JsonNode counters = Checks.counters(jvb);
      assertTrue(counters.path("perc_kept_apart").asLong() > 0, counters.toString());
      Checks.assertHealthy(jvb);
    }
    Checks.assertDecodable(endpoints);
  }

  @Test
  void leavesPlainConferencesAlone(JvbProcess jvb) throws Exception {
    PlainConference.run(jvb, "plugin-plain");
  }
}
