/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.signalling;

import java.util.List;
import org.jspecify.annotations.Nullable;

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
   * @param type how the address was found
   * @param related the address behind it, for diagnosis (RFC 8839, section 5.1); null for a host's
   */
  public record Candidate(
      String foundation,
      long priority,
      String address,
      int port,
      Type type,
      @Nullable Related related) {
    /** How an address was found. */
    public enum Type {
      /** It is an interface's. */
      HOST,
      /** A server saw it. */
      SERVER_REFLEXIVE,
      /** It is a relay's. */
      RELAYED
    }

    /**
     * An address behind another one: the host's behind a server-reflexive one, the one that the
     * relay sees behind a relayed one.
     */
    public record Related(String address, int port) {}

    /** A host's, or one of which nothing else is known. */
    public Candidate(String foundation, long priority, String address, int port) {
      this(foundation, priority, address, port, Type.HOST, null);
    }
  }
}
