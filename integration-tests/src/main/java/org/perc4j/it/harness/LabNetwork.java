/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The network namespace that endpoints and bridge meet in. ICE does not use loopback interfaces, so
 * that an address of its own is needed; it is one of those reserved for documentation (RFC 5737),
 * and nothing is ever sent to another.
 */
public final class LabNetwork {
  /** The address of all endpoints and of the bridge; they differ by port. */
  public static final String ADDRESS = "192.0.2.2";

  private static final Set<Integer> GIVEN_PORTS = ConcurrentHashMap.newKeySet();

  private LabNetwork() {}

  /** Tells whether this process runs where the address exists. */
  public static boolean isAvailable() {
    try {
      return NetworkInterface.getByInetAddress(address()) != null;
    } catch (IOException e) {
      return false;
    }
  }

  /** Returns the address. */
  public static InetAddress address() {
    try {
      return Inet4Address.getByName(ADDRESS);
    } catch (IOException e) {
      throw new UncheckedIOException("a literal address needs no look-up", e);
    }
  }

  /** Returns a UDP port of the address that was free a moment ago, and each only once. */
  public static int freeUdpPort() throws IOException {
    return notGiven(
        () -> {
          try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(address(), 0))) {
            return socket.getLocalPort();
          }
        });
  }

  /**
   * Returns a TCP port of the loopback interface that was free a moment ago, and each only once.
   */
  public static int freeTcpPort() throws IOException {
    return notGiven(
        () -> {
          try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
          }
        });
  }

  @FunctionalInterface
  private interface FreePort {
    int find() throws IOException;
  }

  private static int notGiven(FreePort free) throws IOException {
    int port;
    do {
      port = free.find();
    } while (!GIVEN_PORTS.add(port));
    return port;
  }
}
