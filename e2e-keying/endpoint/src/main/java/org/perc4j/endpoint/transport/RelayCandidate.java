/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.ice4j.Transport;
import org.ice4j.TransportAddress;
import org.ice4j.ice.Candidate;
import org.ice4j.ice.CandidateExtendedType;
import org.ice4j.ice.CandidateType;
import org.ice4j.ice.Component;
import org.ice4j.ice.LocalCandidate;
import org.ice4j.socket.IceSocketWrapper;
import org.ice4j.socket.IceUdpSocketWrapper;
import org.ice4j.socket.MultiplexingDatagramSocket;
import org.jspecify.annotations.Nullable;
import org.perc4j.endpoint.relay.PeerAddresses;
import org.perc4j.endpoint.relay.RelayedSocket;
import org.perc4j.endpoint.relay.TurnAllocation;

/** An address at a relay, by which ICE sends and receives as by a socket of its own. */
final class RelayCandidate extends LocalCandidate {
  private final IceSocketWrapper socket;
  private final TransportAddress mapped;

  /** Takes over an allocation. */
  RelayCandidate(TurnAllocation allocation, Component component) throws IOException {
    super(
        address(allocation.relayed()),
        component,
        CandidateType.RELAYED_CANDIDATE,
        CandidateExtendedType.TURN_RELAYED_CANDIDATE,
        null);
    InetSocketAddress seen = allocation.mapped();
    mapped = address(seen == null ? allocation.relayed() : seen);
    // of the server, whose name is not looked up again; only foundations depend on it
    setRelayServerAddress(getTransportAddress());
    setBase(this);
    socket = new IceUdpSocketWrapper(new MultiplexingDatagramSocket(new RelayedSocket(allocation)));
  }

  private static TransportAddress address(InetSocketAddress address) {
    return new TransportAddress(address.getAddress(), address.getPort(), Transport.UDP);
  }

  /** Returns the address that the relay sees. */
  TransportAddress mapped() {
    return mapped;
  }

  @Override
  public boolean canReach(Candidate<?> remote) {
    return super.canReach(remote)
        && PeerAddresses.isPublic(remote.getTransportAddress().getAddress());
  }

  @Override
  protected IceSocketWrapper getCandidateIceSocketWrapper() {
    return socket;
  }

  /** Registers it where ICE's own messages and all others are read. */
  void register() {
    getStunStack().addSocket(getStunSocket(null));
    getParentComponent().getComponentSocket().add(socket);
  }

  /** Gives the address back. */
  void discard() {
    free();
  }

  @Override
  public @Nullable TransportAddress getRelatedAddress() {
    return mapped;
  }
}
