/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.transport;

import java.security.NoSuchAlgorithmException;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.perc4j.endpoint.relay.RelayService;

/**
 * Which STUN and TURN servers a transport may use.
 *
 * @param services best first; of more than a few, not all are used
 * @param context checks the certificates of those with TLS; that they are for the host is checked
 *     all the same
 */
public record RelayAccess(List<RelayService> services, SSLContext context) {
  /** Copies the list. */
  public RelayAccess {
    services = List.copyOf(services);
  }

  /** None. */
  public static RelayAccess none() {
    try {
      return new RelayAccess(List.of(), SSLContext.getDefault());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("TLS is in every JDK", e);
    }
  }
}
