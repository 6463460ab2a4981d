/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.keying;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.perc4j.e2e.session.ConferenceSession;
import org.perc4j.e2e.session.InnerKeys;
import org.perc4j.e2e.session.SessionOptions;
import org.perc4j.e2e.srtp.DoubleSrtpResult;
import org.perc4j.e2e.srtp.EpochKeyring;
import org.perc4j.e2e.srtp.MediaPacket;
import org.perc4j.e2e.xmpp.InProcessRoom;
import org.perc4j.it.harness.Await;
import org.perc4j.it.harness.HeapDump;
import org.perc4j.it.harness.OctetSearch;
import org.perc4j.it.harness.ServedTime;

/** When an epoch has passed, no member has its secrets in memory any more. */
class ErasedEpochsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration RETENTION = Duration.ofMillis(300);
  private static final int KEY_BYTES = 16;

  private final Map<String, byte[]> complements = new LinkedHashMap<>();
  private int sequenceNumber;

  @Test
  void secretsOfPastEpochsAreInNoMembersMemory() throws Exception {
    Path dump = Path.of(System.getProperty("perc4j.output", "target"), "members.hprof");
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try (Gathering gathering =
        new Gathering(
            SessionOptions.DEFAULT.withKeyTiming(
                new EpochKeyring.Timing(Duration.ofMillis(50), RETENTION)))) {
      InProcessRoom room = new InProcessRoom("erased@conference.meet.example", executor);
      for (String name : List.of("a", "b", "c")) {
        gathering.join(room.channel(name));
        gathering.awaitTogether(PATIENCE);
      }
      gathering.awaitNewestKeys(PATIENCE);
      talk(gathering);
      remember("epoch of three", gathering);
      gathering.join(room.channel("d"));
      gathering.awaitTogether(PATIENCE);
      gathering.awaitNewestKeys(PATIENCE);
      talk(gathering);
      remember("epoch of four", gathering);
      gathering.leave("d");
      gathering.awaitTogether(PATIENCE);
      talk(gathering);
      long changedAt = ServedTime.nanos();
      Await.until(
          "the time for which old keys are kept",
          PATIENCE,
          () -> ServedTime.nanos() - changedAt > 3 * RETENTION.toNanos());

      HeapDump.take(ProcessHandle.current().pid(), dump, false);

      OctetSearch search = new OctetSearch();
      complements.forEach((name, complement) -> search.add(name, not(complement)));
      search.add(
          "known: secret of this epoch",
          InnerKeys.exporterSecret(gathering.attendee("a").session()));
      assertEquals(Set.of("known: secret of this epoch"), search.findIn(dump));
    } finally {
      executor.shutdown();
    }
    assertTrue(Files.deleteIfExists(dump));
  }

  /** Everybody hears everybody, so that all keys have been in use. */
  private void talk(Gathering gathering) {
    for (Attendee sender : gathering.attendees()) {
      byte[] rtp = new byte[100];
      ByteBuffer.wrap(rtp)
          .put((byte) 0x80)
          .put((byte) 111)
          .putShort((short) ++sequenceNumber)
          .putInt(960 * sequenceNumber)
          .putInt(sender.occupant().hashCode());
      MediaPacket packet = new MediaPacket().wrap(Arrays.copyOf(rtp, 200), 0, rtp.length);
      assertEquals(DoubleSrtpResult.OK, sender.session().protect(packet));
      byte[] sent = Arrays.copyOf(packet.buffer(), packet.length());
      for (Attendee receiver : gathering.attendees()) {
        if (receiver != sender) {
          ConferenceSession session = receiver.session();
          session.ssrcOwner(sender.occupant().hashCode(), sender.occupant());
          assertEquals(
              DoubleSrtpResult.OK,
              session.unprotect(new MediaPacket().wrap(sent.clone(), 0, sent.length)));
        }
      }
    }
  }

  /** Keeps what will be looked for in a form that will not be found. */
  private void remember(String epoch, Gathering gathering) {
    for (Attendee attendee : gathering.attendees()) {
      byte[] secret = InnerKeys.exporterSecret(attendee.session());
      complements.put("exporter secret, " + epoch, not(secret));
      Arrays.fill(secret, (byte) 0);
      InnerKeys.keyThenSalt(attendee.session(), KEY_BYTES)
          .forEach(
              (sender, key) -> {
                complements.put(
                    "key of " + sender + ", " + epoch, not(Arrays.copyOf(key, KEY_BYTES)));
                Arrays.fill(key, (byte) 0);
              });
    }
  }

  private static byte[] not(byte[] octets) {
    byte[] result = new byte[octets.length];
    for (int i = 0; i < octets.length; i++) {
      result[i] = (byte) ~octets[i];
    }
    return result;
  }
}
