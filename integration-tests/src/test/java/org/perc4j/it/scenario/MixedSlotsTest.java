/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.signalling.ReceiverConstraints;
import org.perc4j.endpoint.transport.SrtpProfile;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.endpoint.EndpointOptions;
import org.perc4j.it.harness.Await;
import org.perc4j.it.media.Clips;

/**
 * Who is shown, and asked for video, where double and plain participants meet: a receiver's slots
 * are for those that it can be sent, whoever speaks.
 */
@RequiresJvb
class MixedSlotsTest {
  private static final int PACKETS = 50;
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void doubleReceiversShowDoubleSendersWhilePlainOnesSpeak(JvbProcess jvb) throws Exception {
    showsItsOwnKind(jvb, "slots-double", true);
  }

  @Test
  void plainReceiversShowPlainSendersWhileDoubleOnesSpeak(JvbProcess jvb) throws Exception {
    showsItsOwnKind(jvb, "slots-plain", false);
  }

  @Test
  void nobodyIsAskedForVideoThatOnlyTheOtherKindWants(JvbProcess jvb) throws Exception {
    String scenario = "slots-asked";
    try (Conference conference = new Conference(jvb, scenario)) {
      Endpoint seen = conference.join(kind(Checks.talker(scenario, 1), false));
      Endpoint alone = conference.join(kind(Checks.talker(scenario, 2), true));
      Endpoint viewer = conference.join(kind(Checks.listener(scenario, 3), false));
      for (Endpoint sender : List.of(seen, alone)) {
        conference.room().setConstraints(sender.id(), ReceiverConstraints.lastN(0));
      }
      conference.room().setConstraints(viewer.id(), ReceiverConstraints.EVERYTHING);
      Await.until(
          "all to be asked for video before the bridge has seen what they send",
          Checks.PATIENCE,
          () -> List.of(seen, alone).stream().allMatch(one -> askedHeight(conference, one) > 0));
      conference.startSending();
      Await.until(
          "nobody to ask for video of " + alone,
          Checks.PATIENCE,
          () -> askedHeight(conference, alone) == 0);
      Await.until(
          "video of " + seen + " at " + viewer,
          Checks.PATIENCE,
          () -> viewer.receivedPackets(seen.id(), MediaKind.VIDEO) > PACKETS);
      assertTrue(askedHeight(conference, seen) > 0, "asked for nothing of " + seen);
      assertEquals(0, viewer.receivedPackets(alone.id(), MediaKind.VIDEO));
      conference.endpoints().forEach(Endpoint::stopSending);
      Checks.assertNothingRefused(conference);
    }
    Checks.assertHealthy(jvb);
  }

  /** One receiver with one slot, a silent sender of its kind, and one that speaks of the other. */
  private static void showsItsOwnKind(JvbProcess jvb, String scenario, boolean isDouble)
      throws Exception {
    try (Conference conference = new Conference(jvb, scenario)) {
      Endpoint silent =
          conference.join(kind(Checks.talker(scenario, 1).speech(Clips.quiet()), isDouble));
      Endpoint speaking =
          conference.join(kind(Checks.talker(scenario, 2).speech(Clips.quiet()), !isDouble));
      Endpoint viewer = conference.join(kind(Checks.listener(scenario, 3), isDouble));
      for (Endpoint sender : List.of(silent, speaking)) {
        conference.room().setConstraints(sender.id(), ReceiverConstraints.lastN(0));
      }
      conference.room().setConstraints(viewer.id(), ReceiverConstraints.lastN(1));
      speaking.play(Clips.speech(2));
      conference.startSending();
      Await.until(
          speaking.id() + " to be the dominant speaker",
          Checks.PATIENCE,
          () -> speaking.id().equals(conference.room().dominantSpeaker(viewer.id())));
      int before = viewer.receivedPackets(silent.id(), MediaKind.VIDEO);
      Await.until(
          "video of " + silent + " at " + viewer,
          Checks.PATIENCE,
          () -> viewer.receivedPackets(silent.id(), MediaKind.VIDEO) > before + PACKETS);
      Await.until(
          "nobody to ask for video of " + speaking,
          Checks.PATIENCE,
          () -> askedHeight(conference, speaking) == 0);
      assertEquals(
          ReceiverConstraints.lastN(1).maxHeight() > 0,
          askedHeight(conference, silent) > 0,
          "asked for " + askedHeight(conference, silent) + " lines");
      assertEquals(0, viewer.receivedPackets(speaking.id(), MediaKind.VIDEO));
      conference.endpoints().forEach(Endpoint::stopSending);
      Checks.assertNothingRefused(conference);
    }
    Checks.assertHealthy(jvb);
  }

  private static EndpointOptions kind(EndpointOptions options, boolean isDouble) {
    return isDouble ? options : options.profiles(SrtpProfile.AEAD_AES_128_GCM);
  }

  /** How many lines the bridge last asked an endpoint for; 0 if it never did. */
  private static int askedHeight(Conference conference, Endpoint sender) {
    String name = sender.id() + "-v0";
    int height = 0;
    for (String message : conference.room().messages(sender.id())) {
      JsonNode json = parse(message);
      if (json.path("colibriClass").asText().equals("SenderSourceConstraints")
          && json.path("sourceName").asText().equals(name)) {
        height = json.path("maxHeight").asInt();
      }
    }
    return height;
  }

  private static JsonNode parse(String message) {
    try {
      return JSON.readTree(message);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(message, e);
    }
  }
}
