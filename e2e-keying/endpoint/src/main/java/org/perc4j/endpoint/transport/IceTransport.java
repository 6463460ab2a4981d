/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.transport;

import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import org.ice4j.Transport;
import org.ice4j.TransportAddress;
import org.ice4j.ice.Agent;
import org.ice4j.ice.CandidatePair;
import org.ice4j.ice.CandidateType;
import org.ice4j.ice.CheckList;
import org.ice4j.ice.Component;
import org.ice4j.ice.IceMediaStream;
import org.ice4j.ice.IceProcessingState;
import org.ice4j.ice.KeepAliveStrategy;
import org.ice4j.ice.LocalCandidate;
import org.ice4j.ice.RemoteCandidate;
import org.ice4j.socket.DelegatingDatagramSocket;
import org.jitsi.utils.logging2.LoggerImpl;
import org.jspecify.annotations.Nullable;
import org.perc4j.endpoint.relay.TurnAllocation;
import org.perc4j.endpoint.signalling.TransportDescription;

/**
 * One ICE component over UDP (RFC 8445). Host candidates are there at once; server-reflexive and
 * relayed ones come later, also while pairs are checked already (RFC 8838), and are given back if
 * they are not needed.
 */
final class IceTransport implements Closeable {
  static final int MAX_DATAGRAM_BYTES = 1500;

  /**
   * A bridge that probes for bandwidth sends in bursts, and the system's default holds a hundred
   * packets; clients ask for more.
   */
  private static final int RECEIVE_BUFFER_BYTES = 1 << 20;

  /**
   * Whether ice4j asks Amazon's machines, by an address of theirs, under what address they are
   * known.
   */
  private static final String ASKS_AMAZON = "ice4j.harvest.mapping.aws.enabled";

  static {
    DelegatingDatagramSocket.setDefaultReceiveBufferSize(RECEIVE_BUFFER_BYTES);
    if (System.getProperty(ASKS_AMAZON) == null) {
      // For bridges: endpoints are told by the deployment's own servers.
      System.setProperty(ASKS_AMAZON, "false");
    }
  }

  /** Takes what arrives and is not ICE's own; on the thread that reads the socket. */
  interface Receiver {
    void received(byte[] buffer, int length);
  }

  private final Agent agent;
  private final IceMediaStream stream;
  private final Component component;
  private final Thread reader;
  private final CandidateGathering gathering;

  /** Guards which candidates and pairs there are. */
  private final Object candidates = new Object();

  private final List<RelayCandidate> relays = new ArrayList<>();
  private boolean checking;
  private volatile boolean closed;

  /**
   * Gathers candidates.
   *
   * @param network whose addresses are used
   * @param access servers for candidates that come later
   */
  IceTransport(
      SocketScope network, RelayAccess access, boolean controlling, Receiver receiver, String name)
      throws IOException, InterruptedException {
    agent = agent();
    agent.setControlling(controlling);
    stream = agent.createMediaStream("media");
    component =
        network.call(
            () -> agent.createComponent(stream, 0, 0, 0, KeepAliveStrategy.SELECTED_ONLY, true));
    reader = new Thread(() -> read(receiver), name + "-socket");
    reader.setDaemon(true);
    reader.start();
    gathering =
        new CandidateGathering(
            access,
            network,
            name,
            new CandidateGathering.Listener() {
              @Override
              public void relayed(TurnAllocation allocation) throws IOException {
                addRelay(allocation);
              }

              @Override
              public boolean reflexive(InetSocketAddress server, Duration patience)
                  throws InterruptedException {
                return ReflexiveAddresses.ask(component, server, patience);
              }
            });
  }

  /** Has ice4j read its classes and settings. */
  static void prepare() {
    agent().free();
  }

  private static Agent agent() {
    return new Agent(new LoggerImpl("ice4j", Level.WARNING));
  }

  private void read(Receiver receiver) {
    byte[] buffer = new byte[MAX_DATAGRAM_BYTES];
    DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
    while (!closed) {
      try {
        packet.setLength(buffer.length);
        component.getSocket().receive(packet);
        receiver.received(packet.getData(), packet.getLength());
      } catch (IOException e) {
        if (!closed) {
          throw new IllegalStateException("socket broke", e);
        }
      }
    }
  }

  private void addRelay(TurnAllocation allocation) throws IOException {
    synchronized (candidates) {
      if (closed || isSettled()) {
        allocation.close();
        return;
      }
      RelayCandidate relay = new RelayCandidate(allocation, component);
      relay.register();
      if (!component.addLocalCandidate(relay)) {
        relay.discard();
        return;
      }
      relays.add(relay);
      if (checking) {
        check(relay);
      }
    }
  }

  /** What ice4j does for remote candidates that come later only. */
  private void check(LocalCandidate late) {
    CheckList checks = stream.getCheckList();
    synchronized (checks) {
      for (RemoteCandidate remote : component.getRemoteCandidates()) {
        if (late.canReach(remote)) {
          checks.add(new CandidatePair(late, remote));
        }
      }
    }
  }

  String ufrag() {
    return agent.getLocalUfrag();
  }

  String password() {
    return agent.getLocalPassword();
  }

  /** Returns those that there are by now. */
  List<TransportDescription.Candidate> candidates() {
    List<TransportDescription.Candidate> told = new ArrayList<>();
    for (LocalCandidate candidate : component.getLocalCandidates()) {
      TransportDescription.Candidate.Type type = type(candidate);
      if (candidate.getTransport() == Transport.UDP && type != null) {
        TransportAddress related = candidate.getRelatedAddress();
        told.add(
            new TransportDescription.Candidate(
                candidate.getFoundation(),
                candidate.getPriority(),
                candidate.getTransportAddress().getHostAddress(),
                candidate.getTransportAddress().getPort(),
                type,
                related == null
                    ? null
                    : new TransportDescription.Candidate.Related(
                        related.getHostAddress(), related.getPort())));
      }
    }
    return told;
  }

  /** What the other side is told of, or null if it found it by itself. */
  private static TransportDescription.Candidate.@Nullable Type type(LocalCandidate candidate) {
    return switch (candidate.getType()) {
      case HOST_CANDIDATE -> TransportDescription.Candidate.Type.HOST;
      case SERVER_REFLEXIVE_CANDIDATE -> TransportDescription.Candidate.Type.SERVER_REFLEXIVE;
      case RELAYED_CANDIDATE -> TransportDescription.Candidate.Type.RELAYED;
      default -> null;
    };
  }

  /** Returns what is completed when all candidates are there. */
  CompletableFuture<Void> gathered() {
    return gathering.ended();
  }

  /** Whether what is sent goes by a relay of this side's. */
  boolean isRelayed() {
    CandidatePair selected = component.getSelectedPair();
    return selected != null && isRelay(selected.getLocalCandidate());
  }

  private static boolean isRelay(LocalCandidate candidate) {
    LocalCandidate base = candidate.getBase();
    return candidate instanceof RelayCandidate || base instanceof RelayCandidate;
  }

  /**
   * Looks for a pair of addresses that leads to the other side.
   *
   * @param timeout by the clock
   */
  void connect(TransportDescription remote, Duration timeout)
      throws IceFailedException, InterruptedException {
    CountDownLatch settled = new CountDownLatch(1);
    agent.addStateChangeListener(
        event -> {
          if (isSettled()) {
            settled.countDown();
          }
        });
    stream.setRemoteUfrag(remote.ufrag());
    stream.setRemotePassword(remote.password());
    synchronized (candidates) {
      for (TransportDescription.Candidate candidate : remote.candidates()) {
        component.addRemoteCandidate(
            new RemoteCandidate(
                new TransportAddress(candidate.address(), candidate.port(), Transport.UDP),
                component,
                CandidateType.HOST_CANDIDATE,
                candidate.foundation(),
                candidate.priority(),
                null));
      }
      agent.startConnectivityEstablishment();
      checking = true;
    }
    boolean unused = isSettled() || settled.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
    if (!agent.getState().isEstablished()) {
      throw new IceFailedException(
          "ICE: "
              + agent.getState()
              + " after at most "
              + timeout.toMillis()
              + " ms, "
              + stream.getCheckList());
    }
    discardUnused();
  }

  /** Relays that are not used cost their servers something. */
  private void discardUnused() {
    gathering.close();
    synchronized (candidates) {
      CandidatePair selected = component.getSelectedPair();
      for (RelayCandidate relay : relays) {
        if (selected != null
            && !relay.equals(selected.getLocalCandidate())
            && !relay.equals(selected.getLocalCandidate().getBase())) {
          relay.discard();
        }
      }
    }
  }

  private boolean isSettled() {
    IceProcessingState state = agent.getState();
    return state.isEstablished() || state == IceProcessingState.FAILED;
  }

  void send(byte[] buffer, int offset, int length) throws IOException {
    component.send(buffer, offset, length);
  }

  @Override
  public void close() {
    gathering.close();
    synchronized (candidates) {
      closed = true;
    }
    agent.free();
    reader.interrupt();
  }
}
