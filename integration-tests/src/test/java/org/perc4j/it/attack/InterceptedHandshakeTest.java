/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.perc4j.e2e.srtp.DoubleSrtpResult;
import org.perc4j.e2e.srtp.MediaPacket;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.signalling.DtlsSetup;
import org.perc4j.it.embedded.EmbeddedBridge;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.Delivery;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.endpoint.EndpointOptions;
import org.perc4j.it.harness.Await;
import org.perc4j.it.keying.Attendee;
import org.perc4j.it.media.Clips;
import org.perc4j.it.transport.BridgeKnowledge;

/** Somebody on the way from an endpoint to the bridge takes the other's place on either side. */
@EnabledIf(
    value = "org.perc4j.it.harness.LabNetwork#isAvailable",
    disabledReason = "no network namespace to meet in")
class InterceptedHandshakeTest {
  private static final Path FOLDER =
      Path.of(System.getProperty("perc4j.output", "target"), "attack");
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration REFUSAL = Duration.ofSeconds(3);
  private static final String VICTIM = "71c71000";
  private static final int ALTERED = 20;
  private static final int TAG_AND_BLOCK_BYTES = 17;

  private static EndpointOptions talker(String id, int number) throws IOException {
    return new EndpointOptions(id, FOLDER).seed(number).speech(Clips.speech(number)).impatient();
  }

  @Test
  void whoSwapsFingerprintsHoldsTheBridgesPlaceAndNoMore() throws Exception {
    Intermediary attacker = new Intermediary(new EmbeddedBridge(), VICTIM, true);
    try (Conference conference = new Conference(attacker, "swapped")) {
      Endpoint victim = conference.join(talker(VICTIM, 1));
      Endpoint peer = conference.join(talker("9ee70000", 2));
      Attendee member = conference.joinSilently(conference.messages("member"));
      conference.startSending();
      conference.awaitFlow(10, SOON);
      conference.mark();
      conference.awaitMarked(SOON);

      // One packet in three is changed, whichever way it goes, until there were enough. One in two
      // would be those of one way where both take turns.
      Counters atVictim = Counters.from(victim);
      Counters atPeer = Counters.from(peer);
      AtomicInteger packets = new AtomicInteger();
      attacker.take(
          between -> {
            int i = packets.getAndIncrement();
            if (i % 3 != 0 || i >= 3 * ALTERED) {
              return between;
            }
            byte[] altered = between.clone();
            altered[between.length - TAG_AND_BLOCK_BYTES - 1 - i % 16] ^= 1;
            return altered;
          });
      Await.until(
          "refusals",
          SOON,
          () -> atVictim.total() + atPeer.total() == ALTERED && packets.get() > 6 * ALTERED);
      attacker.take(between -> between);
      conference.awaitFlow(10, SOON);
      for (Counters counters : List.of(atVictim, atPeer)) {
        assertEquals(
            Set.of(DoubleSrtpResult.INNER_AUTHENTICATION_FAILED.name()), counters.moved().keySet());
      }
      Delivery there = conference.delivery(victim, MediaKind.AUDIO, peer);
      Delivery back = conference.delivery(peer, MediaKind.AUDIO, victim);
      assertEquals(ALTERED, there.missing() + back.missing(), there + " " + back);
      assertEquals(0, there.foreign() + back.foreign());

      // it has the keys of both hops, and what went through is closed to it, unlike to a member
      BridgeKnowledge knowledge = attacker.knowledge();
      assertEquals(2 * 4, knowledge.keys().size());
      List<byte[]> seen = attacker.seen();
      assertTrue(seen.size() > 4 * ALTERED);
      assertEquals(0, knowledge.decryptable(seen));
      byte[] last = seen.get(seen.size() - 1);
      assertEquals(
          DoubleSrtpResult.OK,
          member.session().unprotect(new MediaPacket().wrap(last.clone(), 0, last.length)));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"ACTIVE", "PASSIVE"})
  void withoutTheFingerprintThereIsNoHandshake(DtlsSetup setup) throws Exception {
    Intermediary attacker = new Intermediary(new EmbeddedBridge(), VICTIM, false);
    try (Conference conference = new Conference(attacker, "not-swapped")) {
      assertThrows(
          IOException.class,
          () -> {
            Endpoint unused = conference.join(talker(VICTIM, 1).setup(setup).timeout(REFUSAL));
          });
      assertEquals(List.of(), attacker.seen());
      // the others do not notice
      for (int i = 0; i < 2; i++) {
        Endpoint unused = conference.join(talker("9ee7000" + i, 1 + i));
      }
      conference.startSending();
      conference.awaitFlow(10, SOON);
    }
  }
}
