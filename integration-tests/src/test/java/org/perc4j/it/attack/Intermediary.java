/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.attack;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.perc4j.endpoint.signalling.CongestionFeedback;
import org.perc4j.endpoint.signalling.DtlsSetup;
import org.perc4j.endpoint.signalling.ReceiverConstraints;
import org.perc4j.endpoint.signalling.Source;
import org.perc4j.endpoint.signalling.TransportDescription;
import org.perc4j.it.bridge.Bridge;
import org.perc4j.it.bridge.Room;
import org.perc4j.it.transport.BridgeKnowledge;

/**
 * Somebody between a bridge and one of its endpoints, the victim, with a DTLS handshake on either
 * side. Whether those two are told its fingerprint instead of each other's, the test decides.
 * Thread-safe.
 */
final class Intermediary implements Bridge {
  private final Bridge bridge;
  private final String victim;
  private final boolean swapsFingerprints;
  private final BridgeKnowledge knowledge = new BridgeKnowledge();
  private final List<byte[]> seen = new ArrayList<>();
  private volatile UnaryOperator<byte[]> course = UnaryOperator.identity();

  Intermediary(Bridge bridge, String victim, boolean swapsFingerprints) {
    this.bridge = bridge;
    this.victim = victim;
    this.swapsFingerprints = swapsFingerprints;
  }

  @Override
  public String description() {
    return bridge.description() + " with somebody in between";
  }

  @Override
  public Room createRoom(String name) {
    return new Between(bridge.createRoom(name));
  }

  @Override
  public void close() throws IOException {
    bridge.close();
  }

  /** Returns what both handshakes yielded. */
  BridgeKnowledge knowledge() {
    return knowledge;
  }

  /** Returns what went through, as it came, without the outer layer. */
  List<byte[]> seen() {
    synchronized (seen) {
      return List.copyOf(seen);
    }
  }

  /** Changes packets on their way, either way. */
  void take(UnaryOperator<byte[]> course) {
    this.course = course;
  }

  private void pass(byte[] between, @Nullable Hop to) {
    synchronized (seen) {
      seen.add(between.clone());
    }
    if (to != null && to.isConnected()) {
      to.send(course.apply(between));
    }
  }

  private final class Between implements Room {
    private final Room room;
    private @Nullable TransportDescription ofBridge;
    private volatile @Nullable Hop towardsVictim;
    private volatile @Nullable Hop towardsBridge;

    Between(Room room) {
      this.room = room;
    }

    @Override
    public TransportDescription addEndpoint(String endpoint, CongestionFeedback wanted)
        throws IOException, InterruptedException {
      TransportDescription described = room.addEndpoint(endpoint, wanted);
      if (!endpoint.equals(victim)) {
        return described;
      }
      ofBridge = described;
      Hop left =
          new Hop(
              "to-victim",
              true,
              DtlsSetup.ACTPASS,
              knowledge,
              between -> pass(between, towardsBridge));
      towardsVictim = left;
      towardsBridge =
          new Hop(
              "to-bridge",
              false,
              DtlsSetup.ACTIVE,
              knowledge,
              between -> pass(between, towardsVictim));
      return inPlaceOf(described, left);
    }

    @Override
    public CongestionFeedback feedback(String endpoint) {
      return room.feedback(endpoint);
    }

    private TransportDescription inPlaceOf(TransportDescription described, Hop hop) {
      TransportDescription own = hop.description();
      return new TransportDescription(
          own.ufrag(),
          own.password(),
          swapsFingerprints ? own.fingerprint() : described.fingerprint(),
          own.setup(),
          own.candidates());
    }

    @Override
    public void setTransport(String endpoint, TransportDescription described, List<Source> sources)
        throws IOException, InterruptedException {
      Hop left = towardsVictim;
      Hop right = towardsBridge;
      TransportDescription remote = ofBridge;
      if (!endpoint.equals(victim) || left == null || right == null || remote == null) {
        room.setTransport(endpoint, described, sources);
        return;
      }
      room.setTransport(endpoint, inPlaceOf(described, right), sources);
      right.connect(remote);
      left.connect(described);
    }

    @Override
    public void setConstraints(String endpoint, ReceiverConstraints constraints)
        throws IOException, InterruptedException {
      room.setConstraints(endpoint, constraints);
    }

    @Override
    public @Nullable String dominantSpeaker(String endpoint) {
      return room.dominantSpeaker(endpoint);
    }

    @Override
    public List<String> messages(String endpoint) {
      return room.messages(endpoint);
    }

    @Override
    public void removeEndpoint(String endpoint) throws IOException, InterruptedException {
      room.removeEndpoint(endpoint);
    }

    @Override
    public void close() throws IOException {
      for (Hop hop : new Hop[] {towardsVictim, towardsBridge}) {
        if (hop != null) {
          hop.close();
        }
      }
      room.close();
    }
  }
}
