/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.harness;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A link of limited rate between the {@link LabNetwork} and a network namespace of its own, where
 * an endpoint can be that reaches nothing but the lab's address. Both directions can be changed
 * while they are in use. Thread-safe.
 */
public final class LimitedLink implements Closeable {
  /** Of LabNetwork's addresses, the first that belongs to links. */
  private static final int FIRST_HOST = 129;

  /** As many as there can be at a time; ICE is told of them in application.conf. */
  private static final int LAST_HOST = 144;

  private static final String PREFIX = "limited";

  private final NetworkNamespace network;
  private final InetAddress address;
  private final List<TunDevice> devices;
  private final LinkDirection down;
  private final LinkDirection up;

  private LimitedLink(
      NetworkNamespace network,
      InetAddress address,
      List<TunDevice> devices,
      LinkDirection down,
      LinkDirection up) {
    this.network = network;
    this.address = address;
    this.devices = devices;
    this.down = down;
    this.up = up;
  }

  /** Tells whether links can be made here: devices, and the programs that set them up. */
  public static boolean isAvailable() throws InterruptedException {
    try {
      return TunDevice.isAvailable()
          && LabNetwork.isAvailable()
          && !ChildProcess.output(List.of("tc", "-V")).isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Makes a link, from a thread that is in the lab's network namespace.
   *
   * @param down towards the new namespace
   * @param up towards the lab
   * @param seed of loss and jitter
   */
  public static LimitedLink open(LinkConditions down, LinkConditions up, long seed)
      throws IOException, InterruptedException {
    SplittableRandom random = new SplittableRandom(seed);
    NetworkNamespace network = NetworkNamespace.create(PREFIX);
    List<TunDevice> devices = new ArrayList<>();
    List<LinkDirection> directions = new ArrayList<>();
    boolean opened = false;
    try {
      TunDevice near = TunDevice.create(PREFIX + "%d");
      devices.add(near);
      TunDevice far = network.call(() -> TunDevice.create(PREFIX + "%d"));
      devices.add(far);
      int host = FIRST_HOST + Integer.parseInt(near.name().substring(PREFIX.length()));
      if (host > LAST_HOST) {
        throw new IOException("too many links: " + near.name());
      }
      String lab = LabNetwork.ADDRESS;
      String own = lab.substring(0, lab.lastIndexOf('.') + 1) + host;
      // The near device has no address, or bridge and other endpoints would take it for theirs.
      NetworkNamespace.PRESENT.run(() -> setUp(near, own, lab));
      network.run(
          () -> {
            run("ip", "address", "add", own + "/32", "dev", far.name());
            setUp(far, lab, own);
          });
      directions.add(new LinkDirection(NetworkNamespace.PRESENT, near, far, down, random.split()));
      directions.add(new LinkDirection(network, far, near, up, random.split()));
      LimitedLink link =
          new LimitedLink(
              network, InetAddress.getByName(own), devices, directions.get(0), directions.get(1));
      opened = true;
      return link;
    } finally {
      if (!opened) {
        close(directions, devices, network);
      }
    }
  }

  /** Leads to an address, and lets nothing through but that: IPv6 would ask who else is there. */
  private static void setUp(TunDevice device, String destination, String source)
      throws IOException, InterruptedException {
    String name = device.name();
    run("ip", "link", "set", "dev", name, "addrgenmode", "none");
    run("ip", "link", "set", "dev", name, "txqueuelen", "" + LinkDirection.MAX_PACKETS, "up");
    run("ip", "route", "add", destination, "dev", name, "src", source);
  }

  private static void run(String... command) throws IOException, InterruptedException {
    ChildProcess.output(List.of(command));
  }

  /** Returns where the endpoint has to be. */
  public NetworkNamespace network() {
    return network;
  }

  /** Returns the endpoint's address. */
  public InetAddress address() {
    return address;
  }

  /** Returns the direction towards the endpoint. */
  public LinkDirection down() {
    return down;
  }

  /** Returns the direction from the endpoint to the lab. */
  public LinkDirection up() {
    return up;
  }

  /** Removes the link. */
  @Override
  public void close() {
    close(List.of(down, up), devices, network);
  }

  private static void close(
      List<LinkDirection> directions, List<TunDevice> devices, NetworkNamespace network) {
    directions.forEach(LinkDirection::close);
    devices.forEach(TunDevice::close);
    network.close();
  }
}
