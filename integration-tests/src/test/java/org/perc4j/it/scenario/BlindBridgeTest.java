/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.perc4j.e2e.session.InnerKeys;
import org.perc4j.e2e.srtp.SrtpMasterKey;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.transport.SrtpProfile;
import org.perc4j.header.srtp.DoubleSrtpProfile;
import org.perc4j.it.bridge.JvbProcess;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.endpoint.SentStream;
import org.perc4j.it.harness.HeapDump;
import org.perc4j.it.harness.OctetSearch;
import org.perc4j.it.transport.BridgeKnowledge;
import org.perc4j.it.transport.SessionKeys;

/**
 * Looks for speech, pictures and end-to-end keys in all of the memory of a bridge that forwards
 * them, in vain. That the same search finds what the bridge does have shows that it can find
 * something. The bridge is one of its own, since other scenarios show the same pictures in the
 * clear.
 */
@RequiresJvb(instance = "blind")
class BlindBridgeTest {
  private static final int PACKETS = 150;
  private static final int HEADER_BYTES = 20;
  private static final int MANY = 1000;

  @Test
  void hasNeitherKeysNorMediaInMemory(JvbProcess jvb) throws Exception {
    BridgeKnowledge knowledge = new BridgeKnowledge();
    try (Conference conference = new Conference(jvb, "blind")) {
      for (int i = 1; i <= 3; i++) {
        Endpoint unused = conference.join(Checks.talker("blind", i).keyTap(knowledge));
      }
      Checks.start(conference);
      Checks.talk(conference, PACKETS);

      Path dump = dump();
      HeapDump.take(jvb.pid(), dump, true);
      OctetSearch search = new OctetSearch();
      int runs = 0;
      for (byte[] keyThenSalt : innerKeys(conference).values()) {
        addKey(
            search,
            "secret: inner",
            Arrays.copyOf(keyThenSalt, 16),
            Arrays.copyOfRange(keyThenSalt, 16, keyThenSalt.length));
      }
      for (Endpoint endpoint : conference.endpoints()) {
        for (MediaKind kind : MediaKind.values()) {
          SentStream sent = endpoint.sent(kind);
          assertNotNull(sent);
          for (byte[] payload : sent.payloads().values()) {
            runs += search.addRuns("secret: " + kind + " of " + endpoint.id(), payload, 0);
          }
          for (byte[] packet : endpoint.innerProtected(kind)) {
            search.addRuns(
                "known: ciphertext of " + kind + " of " + endpoint.id(), packet, HEADER_BYTES);
          }
        }
      }
      for (BridgeKnowledge.Key key : knowledge.keys()) {
        if (!key.isInner()) {
          addKey(search, "known: outer", key.masterKey(), key.masterSalt());
        }
      }
      assertTrue(runs > MANY, runs + " runs of plaintext");

      Set<String> found = search.findIn(dump);
      assertEquals(List.of(), found.stream().filter(name -> name.startsWith("secret")).toList());
      assertTrue(found.stream().anyMatch(name -> name.startsWith("known: outer")), found::toString);
      for (Endpoint endpoint : conference.endpoints()) {
        assertTrue(
            found.contains("known: ciphertext of VIDEO of " + endpoint.id()), found::toString);
      }

      assertOnlyMembersDecrypt(conference, knowledge);

      // The halves of the exporter's octets that are named inner are of no use to anyone, and are
      // not kept.
      HeapDump.take(jvb.pid(), dump, false);
      OctetSearch exporter = new OctetSearch();
      for (BridgeKnowledge.Key key : knowledge.keys()) {
        if (key.isInner()) {
          addKey(exporter, "exported inner", key.masterKey(), key.masterSalt());
        }
      }
      assertEquals(Set.of(), exporter.findIn(dump));
      Checks.assertNothingRefused(conference);
    }
    assertFindsPlainMedia(jvb);
    assertTrue(Files.deleteIfExists(dump()));
  }

  /** What the search would say if the bridge could listen. */
  private static void assertFindsPlainMedia(JvbProcess jvb) throws Exception {
    try (Conference conference = new Conference(jvb, "not-blind")) {
      for (int i = 1; i <= 2; i++) {
        Endpoint unused =
            conference.join(Checks.talker("not-blind", i).profiles(SrtpProfile.AEAD_AES_128_GCM));
      }
      Checks.start(conference);
      Checks.talk(conference, PACKETS / 3);
      HeapDump.take(jvb.pid(), dump(), true);
      OctetSearch search = new OctetSearch();
      Set<String> pictures = new TreeSet<>();
      for (Endpoint endpoint : conference.endpoints()) {
        for (MediaKind kind : MediaKind.values()) {
          SentStream sent = endpoint.sent(kind);
          assertNotNull(sent);
          String name = kind + " of " + endpoint.id();
          if (kind == MediaKind.VIDEO) {
            pictures.add(name);
          }
          for (byte[] payload : sent.payloads().values()) {
            search.addRuns(name, payload, 0);
          }
        }
      }
      // Speech is encrypted again in place and does not stay; pictures are kept for retransmission.
      Set<String> found = search.findIn(dump());
      assertTrue(found.containsAll(pictures), found::toString);
    }
  }

  private static Path dump() {
    return Checks.folder("blind").resolve("bridge.hprof");
  }

  private static void assertOnlyMembersDecrypt(Conference conference, BridgeKnowledge knowledge)
      throws Exception {
    for (Endpoint endpoint : conference.endpoints()) {
      List<byte[]> packets = endpoint.innerProtected(MediaKind.VIDEO);
      assertFalse(packets.isEmpty());
      assertEquals(0, knowledge.decryptable(packets));
      byte[] key = innerKeys(conference).get(endpoint.id());
      assertNotNull(key);
      assertTrue(
          BridgeKnowledge.decrypts(
              DoubleSrtpProfile.fromId(endpoint.profile().id()),
              SrtpMasterKey.copyOfKeyThenSalt(key),
              packets.get(packets.size() - 1)));
    }
  }

  private static Map<String, byte[]> innerKeys(Conference conference) {
    return InnerKeys.keyThenSalt(
        conference.gathering().attendees().get(0).session(),
        DoubleSrtpProfile.DOUBLE_AEAD_AES_128_GCM_AEAD_AES_128_GCM.keyLengthBytes());
  }

  private static void addKey(OctetSearch search, String name, byte[] key, byte[] salt) {
    search.add(name + " master key", key);
    search.add(name + " master salt", salt);
    search.add(name + " session key", SessionKeys.derive(key, salt, SessionKeys.RTP_ENCRYPTION));
    search.add(
        name + " session key for RTCP", SessionKeys.derive(key, salt, SessionKeys.RTCP_ENCRYPTION));
  }
}
