/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.jingle;

import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jivesoftware.smack.AbstractXMPPConnection;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.XMPPException;
import org.jivesoftware.smack.provider.ProviderManager;
import org.perc4j.endpoint.relay.RelayService;

/**
 * Asks an XMPP domain which STUN and TURN servers there are for its users (External Service
 * Discovery, XEP-0215). Thread-safe.
 */
public final class ExternalServices {
  private static final Logger LOGGER = Logger.getLogger(ExternalServices.class.getName());

  static {
    ProviderManager.addIQProvider(
        ExternalServicesIq.ELEMENT,
        ExternalServicesIq.NAMESPACE,
        new ExternalServicesIq.Provider());
  }

  private ExternalServices() {}

  /**
   * Asks the domain that a connection is to, and waits for the answer.
   *
   * @param patience how long at most
   * @return at most 16 services, with what is needed to use them; none if the domain tells of none,
   *     refuses, or does not answer
   */
  public static List<RelayService> ask(AbstractXMPPConnection connection, Duration patience)
      throws InterruptedException {
    ExternalServicesIq request = new ExternalServicesIq();
    request.setTo(connection.getXMPPServiceDomain());
    try {
      ExternalServicesIq answer =
          connection.createStanzaCollectorAndSend(request).nextResultOrThrow(patience.toMillis());
      for (String complaint : answer.complaints()) {
        LOGGER.log(
            Level.WARNING,
            "{0} tells of a service that cannot be used: {1}",
            new Object[] {connection.getXMPPServiceDomain(), complaint});
      }
      return answer.services();
    } catch (XMPPException.XMPPErrorException e) {
      // Most servers have no such module.
      LOGGER.log(Level.FINE, "no external services", e);
    } catch (SmackException | ClassCastException e) {
      LOGGER.log(
          Level.INFO,
          "{0} does not tell which services there are: {1}",
          new Object[] {connection.getXMPPServiceDomain(), e.getClass().getSimpleName()});
    }
    return List.of();
  }
}
