/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.transport;

import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.srtp.CryptexPolicy;
import org.perc4j.endpoint.transport.EndToEnd;
import org.perc4j.endpoint.transport.PacketProtection;
import org.perc4j.endpoint.transport.SecureTransport;
import org.perc4j.endpoint.transport.SrtpProfile;

/**
 * Learns what the DTLS exporter yielded, that is, all that the bridge knows as well. For tests
 * only.
 */
public interface KeyTap {
  /** The octets are the tap's own. */
  void keyingMaterial(SrtpProfile profile, byte[] exported);

  /** Makes a transport's contexts and lets packets come, and has a tap, if any, learn the keys. */
  static PacketProtection takeProtection(
      SecureTransport transport,
      @Nullable EndToEnd endToEnd,
      CryptexPolicy cryptex,
      @Nullable KeyTap tap) {
    if (tap == null) {
      return transport.takeProtection(endToEnd, cryptex);
    }
    byte[] material = transport.takeKeyingMaterial();
    tap.keyingMaterial(transport.profile(), material.clone());
    PacketProtection protection =
        PacketProtection.of(transport.profile(), material, transport.isClient(), endToEnd, cryptex);
    transport.letPacketsCome();
    return protection;
  }
}
