/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.transport.SrtpProfile;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.harness.Await;
import org.perc4j.it.harness.OctetSearch;
import org.perc4j.it.harness.Skips;
import org.perc4j.it.harness.WireCapture;
import org.perc4j.it.jingle.JicofoRoom;
import org.perc4j.it.jingle.JitsiBackend;
import org.perc4j.it.media.Clips;
import org.perc4j.it.transport.BridgeKnowledge;

/**
 * All that goes over the network while members of a group come and go in a room of Jitsi Meet, as
 * it is there and without the hop-by-hop layer, held against all that they say and show. A plain
 * client in the same room is found in the clear, which shows that the search can find something.
 */
@RequiresJitsi
@ExtendWith(WireTest.RequiresTcpdump.class)
class WireTest {
  private static final int PACKETS = 120;
  private static final int HEADER_BYTES = 20;

  /** Skips tests where tcpdump is not installed. */
  static final class RequiresTcpdump implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      try {
        return WireCapture.isInstalled()
            ? ConditionEvaluationResult.enabled("tcpdump is installed")
            : Skips.because("tcpdump is not installed", "No network traffic was inspected.");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  @Test
  void showsNothingInTheClearOfMembersEver() throws Exception {
    Path folder = Files.createDirectories(Checks.folder("jitsi-wire"));
    BridgeKnowledge knowledge = new BridgeKnowledge();
    OctetSearch search = new OctetSearch();
    int packets;
    List<byte[]> datagrams;
    try (WireCapture wire = WireCapture.start(folder.resolve("wire.pcap"));
        JitsiBackend backend = JitsiBackend.start(folder, JvbExtension.pluginJar(), "")) {
      backend.startBridge("jvb1");
      backend.jicofo().awaitBridges(1);
      try (Conference conference = backend.open("wire")) {
        Endpoint one = conference.join(Checks.talker("jitsi-wire", 1).keyTap(knowledge));
        one.startSending();
        Endpoint two = conference.join(Checks.talker("jitsi-wire", 3).keyTap(knowledge));
        two.startSending();
        Checks.talkAmong(PACKETS, one, two);
        // Pictures 1 and 3 begin with the same octets.
        Endpoint plain =
            conference.join(
                Checks.talker("jitsi-wire", 2)
                    .profiles(SrtpProfile.AEAD_AES_128_GCM)
                    .keyTap(knowledge));
        plain.startSending();
        Endpoint late =
            conference.join(
                Checks.listener("jitsi-wire", 4)
                    .speech(Clips.speech(1))
                    .picture(Clips.picture(1))
                    .keyTap(knowledge));
        late.startSending();
        Checks.talkAmong(PACKETS, one, two, late);
        ((JicofoRoom) conference.room()).reenter(one.id());
        Await.until("Jicofo invites it", Checks.PATIENCE, () -> one.moves() > 0);
        Checks.talkAmong(PACKETS, one, two, late);
        addSent(search, late);
        conference.leave(late);
        Checks.talkAmong(PACKETS, one, two);
        conference.endpoints().forEach(Endpoint::stopSending);
        conference.endpoints().forEach(endpoint -> addSent(search, endpoint));
        for (byte[] packet : two.innerProtected(MediaKind.VIDEO)) {
          search.addRuns("ciphertext", packet, HEADER_BYTES);
        }
        packets = sentPackets(two);
      }
      datagrams = wire.payloads();
    }
    List<byte[]> opened = knowledge.openHopByHop(datagrams);
    assertTrue(opened.size() > packets, opened.size() + " of " + datagrams.size());
    Path seen = folder.resolve("seen");
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(seen))) {
      for (byte[] datagram : datagrams) {
        out.write(datagram);
      }
      for (byte[] packet : opened) {
        out.write(packet);
      }
    }
    assertEquals(
        Set.of("ciphertext", "AUDIO of e0000002", "VIDEO of e0000002"), search.findIn(seen));
  }

  private static void addSent(OctetSearch search, Endpoint endpoint) {
    for (MediaKind kind : MediaKind.values()) {
      for (byte[] payload : Objects.requireNonNull(endpoint.sent(kind)).payloads().values()) {
        search.addRuns(kind + " of " + endpoint.id(), payload, 0);
      }
    }
  }

  private static int sentPackets(Endpoint endpoint) {
    int count = 0;
    for (MediaKind kind : MediaKind.values()) {
      count += Objects.requireNonNull(endpoint.sent(kind)).size();
    }
    return count;
  }
}
