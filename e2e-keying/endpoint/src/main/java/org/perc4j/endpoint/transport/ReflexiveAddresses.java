/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.ice4j.ResponseCollector;
import org.ice4j.StunResponseEvent;
import org.ice4j.StunTimeoutEvent;
import org.ice4j.Transport;
import org.ice4j.TransportAddress;
import org.ice4j.attribute.Attribute;
import org.ice4j.attribute.XorMappedAddressAttribute;
import org.ice4j.ice.CandidateExtendedType;
import org.ice4j.ice.Component;
import org.ice4j.ice.HostCandidate;
import org.ice4j.ice.LocalCandidate;
import org.ice4j.ice.ServerReflexiveCandidate;
import org.ice4j.message.MessageFactory;
import org.ice4j.stack.StunStack;
import org.ice4j.stack.TransactionID;

/**
 * Asks a STUN server which addresses it sees, from the sockets of the host candidates (RFC 8445,
 * section 5.1.1.2). ice4j has a harvester for this; but that one waits as long as it takes, and
 * changes by system properties how often the checks of all agents are repeated.
 */
final class ReflexiveAddresses {
  private static final Logger LOGGER = Logger.getLogger(ReflexiveAddresses.class.getName());

  private ReflexiveAddresses() {}

  /**
   * Asks, waits, and adds to a component the candidates that were found, if they are new ones.
   *
   * @return whether the server answered
   */
  static boolean ask(Component component, InetSocketAddress server, Duration patience)
      throws InterruptedException {
    TransportAddress address =
        new TransportAddress(server.getAddress(), server.getPort(), Transport.UDP);
    StunStack stack = component.getParentStream().getParentAgent().getStunStack();
    List<HostCandidate> hosts = new ArrayList<>();
    for (LocalCandidate candidate : component.getLocalCandidates()) {
      if (candidate instanceof HostCandidate host
          && host.getTransport() == Transport.UDP
          && host.getTransportAddress().canReach(address)) {
        hosts.add(host);
      }
    }
    CountDownLatch answers = new CountDownLatch(hosts.size());
    AtomicBoolean answered = new AtomicBoolean();
    List<TransactionID> transactions = new ArrayList<>();
    for (HostCandidate host : hosts) {
      ResponseCollector collector =
          new ResponseCollector() {
            @Override
            public void processResponse(StunResponseEvent event) {
              if (add(component, host, address, event)) {
                answered.set(true);
              }
              answers.countDown();
            }

            @Override
            public void processTimeout(StunTimeoutEvent event) {
              answers.countDown();
            }
          };
      try {
        transactions.add(
            stack.sendRequest(
                MessageFactory.createBindingRequest(),
                address,
                host.getTransportAddress(),
                collector));
      } catch (IOException | IllegalArgumentException e) {
        // The system has no way from there to the server, or the transport was closed.
        LOGGER.log(Level.FINE, "not asked from " + host.getTransportAddress(), e);
        answers.countDown();
      }
    }
    boolean unused = answers.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    transactions.forEach(stack::cancelTransaction);
    return answered.get();
  }

  private static boolean add(
      Component component, HostCandidate host, TransportAddress server, StunResponseEvent event) {
    if (event.getResponse().isSuccessResponse()
        && event.getResponse().getAttribute(Attribute.XOR_MAPPED_ADDRESS)
            instanceof XorMappedAddressAttribute mapped) {
      TransportAddress seen = mapped.getAddress(event.getResponse().getTransactionID());
      if (seen.getPort() != 0 && !seen.getAddress().isAnyLocalAddress()) {
        boolean unused =
            component.addLocalCandidate(
                new ServerReflexiveCandidate(
                    seen, host, server, CandidateExtendedType.STUN_SERVER_REFLEXIVE_CANDIDATE));
        return true;
      }
    }
    return false;
  }
}
