/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.transport;

import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramPacket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import org.ice4j.Transport;
import org.ice4j.TransportAddress;
import org.ice4j.ice.Agent;
import org.ice4j.ice.CandidateType;
import org.ice4j.ice.Component;
import org.ice4j.ice.IceMediaStream;
import org.ice4j.ice.IceProcessingState;
import org.ice4j.ice.KeepAliveStrategy;
import org.ice4j.ice.LocalCandidate;
import org.ice4j.ice.RemoteCandidate;
import org.ice4j.socket.DelegatingDatagramSocket;
import org.jitsi.utils.logging2.LoggerImpl;
import org.perc4j.endpoint.signalling.TransportDescription;

/** One ICE component over UDP (RFC 8445), with host candidates only. */
final class IceTransport implements Closeable {
  static final int MAX_DATAGRAM_BYTES = 1500;

  /**
   * A bridge that probes for bandwidth sends in bursts, and the system's default holds a hundred
   * packets; clients ask for more.
   */
  private static final int RECEIVE_BUFFER_BYTES = 1 << 20;

  static {
    DelegatingDatagramSocket.setDefaultReceiveBufferSize(RECEIVE_BUFFER_BYTES);
  }

  /** Takes what arrives and is not ICE's own; on the thread that reads the socket. */
  interface Receiver {
    void received(byte[] buffer, int length);
  }

  private final Agent agent;
  private final IceMediaStream stream;
  private final Component component;
  private final Thread reader;
  private volatile boolean closed;

  /**
   * Gathers candidates.
   *
   * @param network whose addresses are used
   */
  IceTransport(SocketScope network, boolean controlling, Receiver receiver, String name)
      throws IOException, InterruptedException {
    agent = new Agent(new LoggerImpl("ice4j", Level.WARNING));
    agent.setControlling(controlling);
    stream = agent.createMediaStream("media");
    component =
        network.call(
            () -> agent.createComponent(stream, 0, 0, 0, KeepAliveStrategy.SELECTED_ONLY, true));
    reader = new Thread(() -> read(receiver), name + "-socket");
    reader.setDaemon(true);
    reader.start();
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

  String ufrag() {
    return agent.getLocalUfrag();
  }

  String password() {
    return agent.getLocalPassword();
  }

  List<TransportDescription.Candidate> candidates() {
    List<TransportDescription.Candidate> candidates = new ArrayList<>();
    for (LocalCandidate candidate : component.getLocalCandidates()) {
      if (candidate.getTransport() == Transport.UDP
          && candidate.getType() == CandidateType.HOST_CANDIDATE) {
        candidates.add(
            new TransportDescription.Candidate(
                candidate.getFoundation(),
                candidate.getPriority(),
                candidate.getTransportAddress().getHostAddress(),
                candidate.getTransportAddress().getPort()));
      }
    }
    return candidates;
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
    closed = true;
    agent.free();
    reader.interrupt();
  }
}
