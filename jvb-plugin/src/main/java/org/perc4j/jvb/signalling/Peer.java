/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.signalling;

/** With whom a DTLS handshake is made. */
public enum Peer {
  /** Nobody that may become double. */
  OTHER,
  /** An endpoint: all of its media is double, or none is. */
  ENDPOINT,
  /** Another bridge: the link carries the media of double and plain endpoints alike. */
  BRIDGE
}
