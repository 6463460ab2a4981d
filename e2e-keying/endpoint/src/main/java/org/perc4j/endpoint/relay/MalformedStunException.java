/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.relay;

/** Octets of a server that are not the STUN message they should be. Has no stack trace. */
public final class MalformedStunException extends Exception {
  private static final long serialVersionUID = 1;

  MalformedStunException(String what) {
    super(what, null, false, false);
  }
}
