/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.harness;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * All UDP datagrams between programs on this machine, as tcpdump sees them in this network
 * namespace. Not thread-safe.
 */
public final class WireCapture implements AutoCloseable {
  private static final int MAGIC = 0xA1B2C3D4;
  private static final int ETHERNET = 1;
  private static final int FILE_HEADER_BYTES = 24;
  private static final int RECORD_HEADER_BYTES = 16;
  private static final int ETHERNET_HEADER_BYTES = 14;
  private static final int UDP_HEADER_BYTES = 8;

  private final Path file;
  private final ChildProcess tcpdump;

  private WireCapture(Path file, ChildProcess tcpdump) {
    this.file = file;
    this.tcpdump = tcpdump;
  }

  /** Tells whether tcpdump is installed. */
  public static boolean isInstalled() throws InterruptedException {
    try {
      return !ChildProcess.output(List.of("tcpdump", "--version")).isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Begins; all that is sent from now on is in it.
   *
   * @param file to write, in an existing folder; what tcpdump says is beside it
   */
  public static WireCapture start(Path file) throws IOException, InterruptedException {
    Path log = log(file);
    boolean unused = Files.deleteIfExists(log);
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                "tcpdump", "-Z", "root", "-i", "lo", "-B", "65536", "-w", file.toString(), "udp"));
    return new WireCapture(
        file, ChildProcess.start("tcpdump", builder, log, () -> says(log, "listening on lo,")));
  }

  private static Path log(Path file) {
    return file.resolveSibling(file.getFileName() + ".log");
  }

  private static boolean says(Path log, String words) {
    try {
      return Files.readString(log).contains(words);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it. */
  @Override
  public void close() {
    tcpdump.close();
  }

  /**
   * Ends it, and returns what the datagrams carried.
   *
   * @throws IOException also if something is missing
   */
  public List<byte[]> payloads() throws IOException {
    close();
    if (!says(log(file), "\n0 packets dropped by kernel")) {
      throw new IOException("not all was captured: " + Files.readString(log(file)));
    }
    ByteBuffer octets = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.nativeOrder());
    if (octets.limit() < FILE_HEADER_BYTES
        || octets.getInt(0) != MAGIC
        || octets.getInt(FILE_HEADER_BYTES - 4) != ETHERNET) {
      throw new IOException("not a file as was expected: " + file);
    }
    List<byte[]> payloads = new ArrayList<>();
    int at = FILE_HEADER_BYTES;
    while (at < octets.limit()) {
      if (octets.limit() - at < RECORD_HEADER_BYTES) {
        throw new EOFException(file.toString());
      }
      int length = octets.getInt(at + 8);
      at += RECORD_HEADER_BYTES;
      if (length != octets.getInt(at - 4) || length > octets.limit() - at) {
        throw new EOFException(file.toString());
      }
      // IPv4, as nothing else is spoken here; its header says how long it is.
      int udp = at + ETHERNET_HEADER_BYTES + 4 * (octets.get(at + ETHERNET_HEADER_BYTES) & 0x0F);
      payloads.add(Arrays.copyOfRange(octets.array(), udp + UDP_HEADER_BYTES, at + length));
      at += length;
    }
    return payloads;
  }
}
