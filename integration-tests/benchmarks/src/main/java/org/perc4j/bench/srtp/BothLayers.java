/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.srtp;

import java.security.GeneralSecurityException;

/** Both layers of packets at the start of an array, in place, under fresh contexts. */
interface BothLayers {
  /**
   * Puts both layers on.
   *
   * @return the length that the packet has then
   */
  int protect(byte[] packet, int length) throws GeneralSecurityException;

  /**
   * Takes both layers off.
   *
   * @return the length that the packet has then
   */
  int unprotect(byte[] packet, int length) throws GeneralSecurityException;
}
