/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.perc4j.e2e.session.InnerKeys;
import org.perc4j.e2e.srtp.SrtpMasterKey;
import org.perc4j.endpoint.media.MediaKind;
import org.perc4j.endpoint.signalling.CongestionFeedback;
import org.perc4j.endpoint.signalling.DtlsSetup;
import org.perc4j.endpoint.signalling.ReceiverConstraints;
import org.perc4j.endpoint.signalling.Source;
import org.perc4j.endpoint.signalling.TransportDescription;
import org.perc4j.endpoint.transport.AnsweringTransport;
import org.perc4j.endpoint.transport.SecureTransport;
import org.perc4j.endpoint.transport.SrtpProfile;
import org.perc4j.header.srtp.DoubleSrtpProfile;
import org.perc4j.it.bridge.Bridge;
import org.perc4j.it.bridge.Room;
import org.perc4j.it.endpoint.Conference;
import org.perc4j.it.endpoint.Endpoint;
import org.perc4j.it.endpoint.EndpointOptions;
import org.perc4j.it.harness.Await;
import org.perc4j.it.media.Clips;
import org.perc4j.it.scripted.Wire;
import org.perc4j.it.transport.BridgeKnowledge;

/** A bridge that wants less than double SRTP from endpoints that offer nothing else. */
@EnabledIf(
    value = "org.perc4j.it.harness.LabNetwork#isAvailable",
    disabledReason = "no network namespace to meet in")
class DowngradeTest {
  private static final Path FOLDER =
      Path.of(System.getProperty("perc4j.output", "target"), "attack");
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration REFUSAL = Duration.ofSeconds(3);
  private static final String ID = "d0390000";

  /** A bridge with one transport that counts what comes. */
  private static final class OneTransport implements Bridge, Room {
    final AtomicInteger packets = new AtomicInteger();
    private final SecureTransport transport;
    private volatile @Nullable Exception failure;

    OneTransport(TransportFactory factory) throws IOException, InterruptedException {
      transport = factory.make(packet -> packets.incrementAndGet());
      transport.letPacketsCome();
    }

    @Override
    public String description() {
      return "one transport";
    }

    @Override
    public Room createRoom(String name) {
      return this;
    }

    @Override
    public TransportDescription addEndpoint(String endpoint, CongestionFeedback wanted) {
      return transport.description();
    }

    @Override
    public void setTransport(String endpoint, TransportDescription remote, List<Source> sources) {
      Thread connector =
          new Thread(
              () -> {
                try {
                  transport.connect(remote, REFUSAL);
                } catch (IOException | InterruptedException e) {
                  failure = e;
                }
              },
              "connector");
      connector.setDaemon(true);
      connector.start();
    }

    @Override
    public void setConstraints(String endpoint, ReceiverConstraints constraints) {
      // Nobody else is there.
    }

    @Override
    public @Nullable String dominantSpeaker(String endpoint) {
      return null;
    }

    @Override
    public List<String> messages(String endpoint) {
      return List.of();
    }

    @Override
    public void removeEndpoint(String endpoint) {
      // It goes with the room.
    }

    @Override
    public void close() {
      transport.close();
    }
  }

  private interface TransportFactory {
    SecureTransport make(SecureTransport.Receiver receiver)
        throws IOException, InterruptedException;
  }

  private static EndpointOptions talker(String id, int number) {
    try {
      return new EndpointOptions(id, FOLDER).seed(number).speech(Clips.speech(number));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<int[]> answers() {
    return Stream.of(
        new int[0],
        new int[] {SrtpProfile.AES128_CM_HMAC_SHA1_80.id()},
        new int[] {SrtpProfile.AEAD_AES_128_GCM.id()},
        new int[] {SrtpProfile.AEAD_AES_256_GCM.id()},
        // double as well, but not what was offered
        new int[] {SrtpProfile.DOUBLE_AEAD_AES_256_GCM.id()},
        // no protection at all (RFC 5764 section 4.1.2), and nothing that anybody knows
        new int[] {0x0005},
        new int[] {0x1234},
        // what was offered, and something else
        new int[] {SrtpProfile.DOUBLE_AEAD_AES_128_GCM.id(), SrtpProfile.AEAD_AES_128_GCM.id()});
  }

  @ParameterizedTest
  @MethodSource("answers")
  void noHandshakeIsCompletedWithAnythingElseChosen(int[] answer) throws Exception {
    assertNothingLeaves(
        receiver -> new AnsweringTransport("answering", answer, receiver),
        talker(ID, 1).timeout(REFUSAL));
  }

  @Test
  void noHandshakeIsCompletedWithAnythingElseOffered() throws Exception {
    assertNothingLeaves(
        receiver ->
            new SecureTransport(
                "offering",
                true,
                DtlsSetup.ACTIVE,
                List.of(SrtpProfile.AEAD_AES_256_GCM, SrtpProfile.AES128_CM_HMAC_SHA1_80),
                receiver),
        talker(ID, 1).setup(DtlsSetup.PASSIVE).timeout(REFUSAL));
  }

  private static void assertNothingLeaves(TransportFactory factory, EndpointOptions options)
      throws Exception {
    OneTransport bridge = new OneTransport(factory);
    try (Conference conference = new Conference(bridge, "downgraded")) {
      assertThrows(
          IOException.class,
          () -> {
            Endpoint unused = conference.join(options);
          });
      assertEquals(List.of(), conference.endpoints());
    }
    assertEquals(0, bridge.packets.get());
  }

  /** The same transport is good for something, if it answers as it should. */
  @Test
  void theHandshakeIsCompletedWithWhatWasOffered() throws Exception {
    int[] answer = {SrtpProfile.DOUBLE_AEAD_AES_128_GCM.id()};
    OneTransport bridge =
        new OneTransport(receiver -> new AnsweringTransport("answering", answer, receiver));
    try (Conference conference = new Conference(bridge, "not-downgraded")) {
      Endpoint endpoint = conference.join(talker(ID, 1));
      assertEquals(SrtpProfile.DOUBLE_AEAD_AES_128_GCM, endpoint.profile());
      conference.startSending();
      Await.until("packets", SOON, () -> bridge.packets.get() > 0);
    }
    assertNull(bridge.failure);
  }

  /** A bridge may choose the shorter keys of its hop. Those of the conference are not its. */
  @Test
  void theInnerKeysStayAsLongAsTheGroupsAre() throws Exception {
    HostileBridge bridge = new HostileBridge();
    try (Conference conference = new Conference(bridge, "shorter")) {
      for (int i = 1; i <= 2; i++) {
        Endpoint endpoint =
            conference.join(
                talker("d039000" + i, i)
                    .profiles(
                        SrtpProfile.DOUBLE_AEAD_AES_256_GCM, SrtpProfile.DOUBLE_AEAD_AES_128_GCM));
        assertEquals(SrtpProfile.DOUBLE_AEAD_AES_128_GCM, endpoint.profile());
      }
      conference.startSending();
      conference.awaitFlow(10, SOON);
      Endpoint sender = conference.endpoints().get(0);
      Endpoint receiver = conference.endpoints().get(1);
      int ssrc = bridge.source(sender.id(), MediaKind.AUDIO).ssrc();
      byte[] packet = bridge.withhold(ssrc, receiver.id(), 1).get(0);
      assertEquals(ssrc, Wire.ssrc(packet));
      byte[] key =
          Objects.requireNonNull(
              InnerKeys.keyThenSalt(conference.gathering().attendee(receiver.id()).session(), 32)
                  .get(sender.id()));
      assertTrue(
          BridgeKnowledge.decrypts(
              DoubleSrtpProfile.DOUBLE_AEAD_AES_256_GCM_AEAD_AES_256_GCM,
              SrtpMasterKey.copyOfKeyThenSalt(key),
              packet));
      assertFalse(bridge.recorded().isEmpty());
      assertEquals(0, bridge.knowledge().decryptable(bridge.recorded()));
    }
  }
}
