/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.relay;

import java.net.Inet4Address;
import java.net.InetAddress;

/** Which addresses a relay is asked to send to: none of the network that the relay is in. */
public final class PeerAddresses {
  private static final int SHARED_FIRST = 100;
  private static final int SHARED_SECOND = 64;
  private static final int SHARED_MASK = 0xC0;
  private static final int RESERVED_FIRST = 240;
  private static final int UNIQUE_LOCAL_MASK = 0xFE;
  private static final int UNIQUE_LOCAL = 0xFC;

  private PeerAddresses() {}

  /**
   * Whether an address is one of the public Internet, as far as its octets tell: no private,
   * shared, link-local, loopback, multicast or reserved one.
   */
  public static boolean isPublic(InetAddress address) {
    if (!isUnicast(address) || address.isLinkLocalAddress() || address.isSiteLocalAddress()) {
      return false;
    }
    byte[] octets = address.getAddress();
    int first = octets[0] & 0xFF;
    if (address instanceof Inet4Address) {
      boolean shared = first == SHARED_FIRST && (octets[1] & SHARED_MASK) == SHARED_SECOND;
      return !shared && first != 0 && first < RESERVED_FIRST;
    }
    return (first & UNIQUE_LOCAL_MASK) != UNIQUE_LOCAL;
  }

  /** Whether it is the address of one machine, other than the machine that speaks of it. */
  static boolean isUnicast(InetAddress address) {
    return !address.isAnyLocalAddress()
        && !address.isLoopbackAddress()
        && !address.isMulticastAddress();
  }
}
