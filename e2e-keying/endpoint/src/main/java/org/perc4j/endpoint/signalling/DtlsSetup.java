/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.signalling;

/** Who begins the DTLS handshake (RFC 4145 section 4, RFC 5763 section 5). */
public enum DtlsSetup {
  /** DTLS client. */
  ACTIVE("active"),
  /** DTLS server. */
  PASSIVE("passive"),
  /** Leaves the choice to the other side. */
  ACTPASS("actpass");

  private final String token;

  DtlsSetup(String token) {
    this.token = token;
  }

  /** What signalling calls it. */
  public String token() {
    return token;
  }
}
