/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.transport;

/**
 * Learns what the DTLS exporter yielded, that is, all that the bridge knows as well. For tests
 * only.
 */
public interface KeyTap {
  /** The octets are the tap's own. */
  void keyingMaterial(SrtpProfile profile, byte[] exported);
}
