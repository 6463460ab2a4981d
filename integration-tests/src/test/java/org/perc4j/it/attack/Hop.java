/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.attack;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.srtp.CryptexPolicy;
import org.perc4j.e2e.srtp.DoubleSrtpResult;
import org.perc4j.e2e.srtp.MediaPacket;
import org.perc4j.endpoint.rtp.Rtcp;
import org.perc4j.endpoint.signalling.DtlsSetup;
import org.perc4j.endpoint.signalling.TransportDescription;
import org.perc4j.endpoint.transport.EndToEnd;
import org.perc4j.endpoint.transport.OctetBuffer;
import org.perc4j.endpoint.transport.PacketProtection;
import org.perc4j.endpoint.transport.SecureTransport;
import org.perc4j.endpoint.transport.SrtpProfile;
import org.perc4j.header.MalformedPacketException;
import org.perc4j.header.ohb.OhbCodec;
import org.perc4j.header.rtp.RtpPacketView;
import org.perc4j.it.harness.Await;
import org.perc4j.it.transport.KeyTap;

/**
 * An attacker's end of a transport: an endpoint's own parts with no inner layer, so that whatever
 * it sends is good for the hop. Packets are as between the layers. Thread-safe.
 */
final class Hop implements Closeable {
  private static final int ROOM_BYTES = 64;

  /** Its numbers are not those that came, from the first packet on. */
  private static final int NUMBERS_AHEAD = 777;

  /** Takes packets without their outer layer. */
  interface Receiver {
    void received(byte[] between);
  }

  /** What an attacker has instead of keys. */
  private static final EndToEnd NO_KEYS =
      new EndToEnd() {
        @Override
        public DoubleSrtpResult protect(MediaPacket packet) {
          return DoubleSrtpResult.NO_KEY_YET;
        }

        @Override
        public DoubleSrtpResult unprotect(MediaPacket packet, String sender) {
          return DoubleSrtpResult.NO_KEY_YET;
        }
      };

  private final String name;
  private final SecureTransport transport;
  private final KeyTap tap;
  private final Map<Integer, Integer> nextNumbers = new HashMap<>();
  private @Nullable PacketProtection protection;
  private @Nullable IOException refusal;

  /**
   * Gathers candidates.
   *
   * @param controlling of ICE, as a bridge is
   * @param tap learns what the handshake yields
   */
  Hop(String name, boolean controlling, DtlsSetup setup, KeyTap tap, Receiver receiver)
      throws IOException, InterruptedException {
    this.name = name;
    this.tap = tap;
    this.transport =
        new SecureTransport(
            name,
            controlling,
            setup,
            List.of(SrtpProfile.DOUBLE_AEAD_AES_128_GCM, SrtpProfile.DOUBLE_AEAD_AES_256_GCM),
            datagram -> {
              byte[] between = open(datagram);
              if (between != null) {
                receiver.received(between);
              }
            });
  }

  TransportDescription description() {
    return transport.description();
  }

  /** Connects on a thread of its own. */
  void connect(TransportDescription remote) {
    Thread connector =
        new Thread(
            () -> {
              try {
                transport.connect(remote, Await.PATIENCE);
                connected();
              } catch (IOException e) {
                refused(e);
                transport.close();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            name + "-connector");
    connector.setDaemon(true);
    connector.start();
  }

  private synchronized void connected() {
    protection = KeyTap.takeProtection(transport, NO_KEYS, CryptexPolicy.OFF, tap);
  }

  private synchronized void refused(IOException why) {
    refusal = why;
  }

  /** Returns why there is no connection, or null. */
  synchronized @Nullable IOException refusal() {
    return refusal;
  }

  private synchronized byte @Nullable [] open(byte[] datagram) {
    if (protection == null
        || datagram.length < RtpPacketView.FIXED_HEADER_LENGTH
        || Rtcp.isRtcp(datagram)) {
      return null;
    }
    MediaPacket packet = new MediaPacket().wrap(datagram, 0, datagram.length);
    return protection.unprotectOuter(packet) == DoubleSrtpResult.OK
        ? Arrays.copyOf(datagram, packet.length())
        : null;
  }

  /** Sends a packet under the hop's next number for its SSRC, as a bridge may. */
  void forward(byte[] between) {
    send(numbered(between));
  }

  /** Sends padding in place of a packet, under the hop's next number for its SSRC. */
  synchronized void pad(byte[] between) {
    byte[] padding = numbered(between);
    padding[padding.length - 1] = (byte) OhbCodec.NO_INNER_LAYER;
    send(padding);
  }

  /** Gives a packet the hop's next number for its SSRC; the block then tells of the original. */
  synchronized byte[] numbered(byte[] between) {
    try {
      RtpPacketView view = new RtpPacketView();
      byte[] copy = between.clone();
      view.wrap(copy, 0, copy.length);
      int before = view.sequenceNumber();
      int ohb = OhbCodec.parse(copy, view.payloadOffset(), view.payloadLength());
      int body = copy.length - OhbCodec.encodedLength(ohb);
      int number = nextNumber(view.ssrc(), before);
      view.setSequenceNumber(number);
      int changed =
          OhbCodec.afterChange(
              ohb,
              view.marker(),
              view.marker(),
              view.payloadType(),
              view.payloadType(),
              before,
              number);
      byte[] result = Arrays.copyOf(copy, body + OhbCodec.encodedLength(changed));
      int unused = OhbCodec.write(changed, result, body);
      return result;
    } catch (MalformedPacketException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private int nextNumber(int ssrc, int original) {
    int number = nextNumbers.getOrDefault(ssrc, (original + NUMBERS_AHEAD) & 0xFFFF);
    nextNumbers.put(ssrc, (number + 1) & 0xFFFF);
    return number;
  }

  /** Puts the outer layer on, and sends. */
  void send(byte[] between) {
    sendDatagram(underHopKey(between));
  }

  /** Puts the outer layer on. */
  synchronized byte[] underHopKey(byte[] between) {
    byte[] octets = Arrays.copyOf(between, between.length + ROOM_BYTES);
    MediaPacket packet = new MediaPacket().wrap(octets, 0, between.length);
    DoubleSrtpResult result = protection().protectOuter(packet);
    if (result != DoubleSrtpResult.OK) {
      throw new IllegalStateException(name + " cannot send: " + result);
    }
    return Arrays.copyOf(octets, packet.length());
  }

  /** Protects and sends RTCP, or what is to look like it. */
  synchronized void sendControl(byte[] compound) {
    OctetBuffer packet = new OctetBuffer(compound, 0, compound.length, ROOM_BYTES);
    if (!protection().protectRtcp(packet)) {
      throw new IllegalStateException(name + " cannot send RTCP");
    }
    sendDatagram(Arrays.copyOf(packet.getBuffer(), packet.getLength()));
  }

  /** Sends octets as they are. */
  void sendDatagram(byte[] datagram) {
    try {
      transport.send(datagram, 0, datagram.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private PacketProtection protection() {
    if (protection == null) {
      throw new IllegalStateException(name + " is not connected");
    }
    return protection;
  }

  synchronized boolean isConnected() {
    return protection != null;
  }

  @Override
  public void close() {
    transport.close();
  }
}
