/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.transport;

import java.util.Arrays;
import org.jitsi.srtp.SrtpErrorStatus;
import org.perc4j.e2e.srtp.DoubleSrtpResult;
import org.perc4j.e2e.srtp.MediaPacket;

/** SRTP as everyone knows it: the bridge sees the media. */
final class PlainProtection implements PacketProtection {
  private static final int RTP_HEADER_BYTES = 12;

  private final SingleLayer layer;

  /** Takes over the exporter's octets: keys of client and server, then salts (RFC 5764). */
  PlainProtection(SrtpProfile profile, byte[] keyingMaterial, boolean isClient) {
    byte[] client = keyThenSalt(profile, keyingMaterial, 0);
    byte[] server = keyThenSalt(profile, keyingMaterial, 1);
    Arrays.fill(keyingMaterial, (byte) 0);
    layer =
        isClient
            ? SingleLayer.of(profile, client, server)
            : SingleLayer.of(profile, server, client);
  }

  private static byte[] keyThenSalt(SrtpProfile profile, byte[] material, int writer) {
    int keyLength = profile.keyLengthBytes();
    int saltLength = profile.saltLengthBytes();
    byte[] result = new byte[keyLength + saltLength];
    System.arraycopy(material, writer * keyLength, result, 0, keyLength);
    System.arraycopy(material, 2 * keyLength + writer * saltLength, result, keyLength, saltLength);
    return result;
  }

  @Override
  public DoubleSrtpResult protectInner(MediaPacket packet) {
    return DoubleSrtpResult.OK;
  }

  @Override
  public DoubleSrtpResult protectOuter(MediaPacket packet) {
    OctetBuffer copy = new OctetBuffer(packet.buffer(), packet.offset(), packet.length(), 32);
    if (layer.protectRtp(copy) != SrtpErrorStatus.OK) {
      return DoubleSrtpResult.OUTER_INDEX_REUSED;
    }
    return copyBack(copy, packet);
  }

  @Override
  public DoubleSrtpResult unprotectOuter(MediaPacket packet) {
    if (packet.length() < RTP_HEADER_BYTES) {
      return DoubleSrtpResult.MALFORMED;
    }
    OctetBuffer copy = new OctetBuffer(packet.buffer(), packet.offset(), packet.length(), 0);
    return switch (layer.unprotectRtp(copy)) {
      case OK -> copyBack(copy, packet);
      case REPLAY_FAIL -> DoubleSrtpResult.OUTER_REPLAYED;
      case REPLAY_OLD -> DoubleSrtpResult.OUTER_TOO_OLD;
      case INVALID_PACKET -> DoubleSrtpResult.MALFORMED;
      case AUTH_FAIL, FAIL -> DoubleSrtpResult.OUTER_AUTHENTICATION_FAILED;
    };
  }

  private static DoubleSrtpResult copyBack(OctetBuffer copy, MediaPacket packet) {
    if (copy.getLength() > packet.buffer().length - packet.offset()) {
      return DoubleSrtpResult.NO_ROOM;
    }
    System.arraycopy(
        copy.getBuffer(), copy.getOffset(), packet.buffer(), packet.offset(), copy.getLength());
    MediaPacket unused = packet.wrap(packet.buffer(), packet.offset(), copy.getLength());
    return DoubleSrtpResult.OK;
  }

  @Override
  public DoubleSrtpResult unprotectInner(MediaPacket packet, String sender) {
    return DoubleSrtpResult.OK;
  }

  @Override
  public boolean protectRtcp(OctetBuffer packet) {
    return layer.protectRtcp(packet);
  }

  @Override
  public boolean unprotectRtcp(OctetBuffer packet) {
    return layer.unprotectRtcp(packet);
  }
}
