/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.signalling;

import java.util.List;

/**
 * What one side of a transport tells the other.
 *
 * @param ufrag ICE user name fragment
 * @param password of ICE; not secret from whoever sees the signalling
 * @param fingerprint of the certificate by SHA-256, in upper case with colons (RFC 8122)
 * @param candidates of UDP, component 1
 */
public record TransportDescription(
    String ufrag,
    String password,
    String fingerprint,
    DtlsSetup setup,
    List<Candidate> candidates) {

  /** Copies the list. */
  public TransportDescription {
    candidates = List.copyOf(candidates);
  }

  /**
   * A candidate (RFC 8445).
   *
   * @param address an IP address, not a name
   */
  public record Candidate(String foundation, long priority, String address, int port) {}
}
