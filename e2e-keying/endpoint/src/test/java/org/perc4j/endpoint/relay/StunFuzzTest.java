/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.relay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;

/** What a STUN or TURN server sends. */
class StunFuzzTest {
  private static final byte[] KEY = new byte[16];

  /** A message: what is read of it is refused, or within bounds. */
  @FuzzTest
  void message(byte[] octets) {
    byte[] before = octets.clone();
    StunMessage message;
    try {
      message = StunMessage.parse(octets, 0, octets.length);
    } catch (MalformedStunException e) {
      return;
    } finally {
      assertArrayEquals(before, octets);
    }
    assertTrue(octets.length <= StunMessage.MAX_BYTES);
    boolean unused = message.isAuthentic(KEY);
    requireAddress(message, StunAttribute.XOR_MAPPED_ADDRESS);
    requireAddress(message, StunAttribute.XOR_RELAYED_ADDRESS);
    requireAddress(message, StunAttribute.XOR_PEER_ADDRESS);
    try {
      long lifetime = message.number(StunAttribute.LIFETIME, 0);
      assertTrue(lifetime >= 0 && lifetime <= 0xFFFF_FFFFL);
    } catch (MalformedStunException e) {
      assertTrue(message.value(StunAttribute.LIFETIME) != null);
    }
    try {
      int code = message.errorCode();
      assertTrue(code >= 300 && code <= 699);
    } catch (MalformedStunException e) {
      assertEquals(e.getMessage(), String.valueOf(e.getMessage()).strip());
    }
    assertTrue(message.errorReason().chars().noneMatch(Character::isISOControl));
  }

  /** An address that is read, and written again, is in the same octets. */
  private static void requireAddress(StunMessage message, int type) {
    InetSocketAddress address;
    try {
      address = message.address(type);
    } catch (MalformedStunException e) {
      return;
    }
    byte[] value = message.value(type);
    if (address == null || value == null) {
      assertEquals(null, value);
      return;
    }
    boolean isMapped = value.length == 20 && address.getAddress().getAddress().length == 4;
    if (!isMapped) {
      byte[] written = new StunWriter(0, message.transaction()).addAddress(type, address).toBytes();
      value[0] = 0;
      byte[] again = new byte[value.length];
      System.arraycopy(written, 24, again, 0, again.length);
      assertArrayEquals(value, again);
    }
  }

  /** A stream: whatever comes, it is cut into messages within bounds, or ended. */
  @FuzzTest
  void stream(byte[] octets) throws IOException {
    byte[] buffer = new byte[RelayConnection.MAX_BYTES];
    int total = 0;
    try (StreamConnection connection = new StreamConnection(new PlayedSocket(octets), "fuzzed")) {
      while (true) {
        int length = connection.receive(buffer);
        assertTrue(length >= ChannelData.HEADER_BYTES && length <= buffer.length);
        total += StunMessage.padded(length);
        if (ChannelData.isChannelData(buffer, length)) {
          assertEquals(length - ChannelData.HEADER_BYTES, data(buffer, length).length);
        }
      }
    } catch (IOException e) {
      assertTrue(total <= StunMessage.padded(octets.length));
    }
  }

  private static byte[] data(byte[] buffer, int length) {
    try {
      return ChannelData.data(buffer, length);
    } catch (MalformedStunException e) {
      throw new AssertionError("the stream was cut elsewhere", e);
    }
  }

  /** Plays octets. */
  private static final class PlayedSocket extends Socket {
    private final InputStream input;

    PlayedSocket(byte[] octets) {
      input = new ByteArrayInputStream(octets);
    }

    @Override
    public InputStream getInputStream() {
      return input;
    }

    @Override
    public OutputStream getOutputStream() {
      return OutputStream.nullOutputStream();
    }
  }
}
