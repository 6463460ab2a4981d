/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.harness;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A network interface whose cable ends in this process (Linux, Documentation/networking/tuntap):
 * what is routed to it can be received here, what is sent here comes in by it. It is gone when it
 * is closed. For one thread that receives and another one that sends.
 */
final class TunDevice implements Closeable {
  private static final Path CONTROL = Path.of("/dev/net/tun");
  private static final long TUNSETIFF = 0x400454CA;
  private static final int NAME_BYTES = 16;
  private static final int REQUEST_BYTES = 40;

  /** IFF_TUN and IFF_NO_PI: packets of IP, and nothing before them. */
  private static final int FLAGS = 0x1001;

  private static final int EVENTS_AT = 4;
  private static final int RETURNED_EVENTS_AT = 6;
  private static final int POLL_BYTES = 8;
  private static final int TIME_BYTES = 16;
  private static final long SECOND_NANOS = 1_000_000_000;

  private final int descriptor;
  private final String name;
  private final Memory poll = new Memory(POLL_BYTES);
  private final Memory timeout = new Memory(TIME_BYTES);

  private TunDevice(int descriptor, String name) {
    this.descriptor = descriptor;
    this.name = name;
    poll.setInt(0, descriptor);
    poll.setShort(EVENTS_AT, LinuxCalls.POLLIN);
  }

  /** Tells whether the system has such devices. */
  static boolean isAvailable() {
    return Files.isWritable(CONTROL);
  }

  /**
   * Makes one in the network namespace of the thread that calls. It is down, without addresses.
   *
   * @param pattern its name; the system puts the first number that is free in the place of {@code
   *     %d}
   */
  static TunDevice create(String pattern) throws IOException {
    try {
      int descriptor =
          LinuxCalls.open(CONTROL.toString(), LinuxCalls.O_RDWR | LinuxCalls.O_CLOEXEC);
      byte[] request = Arrays.copyOf(pattern.getBytes(StandardCharsets.US_ASCII), REQUEST_BYTES);
      // a short in the order of the machine, which is little-endian wherever this runs
      request[NAME_BYTES] = (byte) FLAGS;
      request[NAME_BYTES + 1] = (byte) (FLAGS >> 8);
      boolean made = false;
      try {
        LinuxCalls.ioctl(descriptor, TUNSETIFF, request);
        made = true;
      } finally {
        if (!made) {
          LinuxCalls.close(descriptor);
        }
      }
      String given = new String(request, 0, NAME_BYTES, StandardCharsets.US_ASCII);
      return new TunDevice(descriptor, given.substring(0, given.indexOf('\0')));
    } catch (LastErrorException e) {
      throw new IOException("no device " + pattern, e);
    }
  }

  String name() {
    return name;
  }

  /**
   * Waits for a packet.
   *
   * @return its length, 0 if none came in time
   */
  int receive(byte[] buffer, long timeoutNanos) throws IOException {
    try {
      timeout.setLong(0, timeoutNanos / SECOND_NANOS);
      timeout.setLong(Long.BYTES, timeoutNanos % SECOND_NANOS);
      if (LinuxCalls.ppoll(poll, 1, timeout, null) == 0) {
        return 0;
      }
      if (poll.getShort(RETURNED_EVENTS_AT) != LinuxCalls.POLLIN) {
        throw new IOException(name + " is gone");
      }
      return (int) LinuxCalls.read(descriptor, buffer, buffer.length);
    } catch (LastErrorException e) {
      throw new IOException(name, e);
    }
  }

  void send(byte[] packet) throws IOException {
    try {
      LinuxCalls.write(descriptor, packet, packet.length);
    } catch (LastErrorException e) {
      throw new IOException(name, e);
    }
  }

  /** Removes it; nobody may be waiting for a packet any more. */
  @Override
  public void close() {
    LinuxCalls.close(descriptor);
  }
}
