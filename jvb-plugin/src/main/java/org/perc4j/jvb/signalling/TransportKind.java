/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.signalling;

/** What a transport's handshake led to. */
public enum TransportKind {
  /** SRTP as usual: the bridge reads media. */
  PLAIN,
  /** Double SRTP: the bridge reads no media. */
  DOUBLE
}
