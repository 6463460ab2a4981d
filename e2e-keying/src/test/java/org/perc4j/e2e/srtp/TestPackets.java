/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.perc4j.header.srtp.DoubleSrtpProfile;

/** Packets, keys and contexts that the tests of this package share. */
final class TestPackets {
  static final DoubleSrtpProfile PROFILE =
      DoubleSrtpProfile.DOUBLE_AEAD_AES_128_GCM_AEAD_AES_128_GCM;

  /** A one-byte extension with an audio level, then padding. */
  static final byte[] ONE_BYTE_EXTENSION = hex("bede0001 10420000");

  static final byte[] TWO_BYTE_EXTENSION = hex("10000002 0103aabb cc000000");

  private TestPackets() {}

  static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits.replaceAll("\\s", ""));
  }

  /** Somebody with one device, who is the occupant of the same name. */
  static LeafHolder holder(String name) {
    return holder(name, "device");
  }

  /**
   * Somebody.
   *
   * @param device tells the devices of one name apart
   */
  static LeafHolder holder(String name, String device) {
    String occupant = device.equals("device") ? name : name + "-" + device;
    return new LeafHolder(name, occupant, identity(name, device));
  }

  static String identity(String name, String device) {
    return name + "'s " + device;
  }

  /** Members with one device each. */
  static Map<Integer, LeafHolder> holders(Map<Integer, String> names) {
    Map<Integer, LeafHolder> holders = new HashMap<>();
    names.forEach((leaf, name) -> holders.put(leaf, holder(name)));
    return holders;
  }

  static SrtpMasterKey key(int seed) {
    return key(PROFILE, seed);
  }

  static SrtpMasterKey key(DoubleSrtpProfile profile, int seed) {
    byte[] octets = new byte[profile.keyLengthBytes() + SrtpMasterKey.SALT_LENGTH_BYTES];
    for (int i = 0; i < octets.length; i++) {
      octets[i] = (byte) (seed + 7 * i);
    }
    return SrtpMasterKey.copyOfKeyThenSalt(octets);
  }

  /** A packet without CSRCs and extension, whose payload depends on its sequence number. */
  static byte[] rtp(int ssrc, int sequenceNumber) {
    return rtp(ssrc, sequenceNumber, 0, new byte[0], 20);
  }

  /**
   * A packet.
   *
   * @param extension with its header, or empty
   */
  static byte[] rtp(
      int ssrc, int sequenceNumber, int csrcCount, byte[] extension, int payloadLength) {
    int headerLength = 12 + 4 * csrcCount;
    byte[] packet = new byte[headerLength + extension.length + payloadLength];
    packet[0] = (byte) (0x80 | (extension.length > 0 ? 0x10 : 0) | csrcCount);
    packet[1] = 96;
    packet[2] = (byte) (sequenceNumber >> 8);
    packet[3] = (byte) sequenceNumber;
    packet[4] = 0x12;
    packet[7] = (byte) sequenceNumber;
    for (int i = 0; i < 4; i++) {
      packet[8 + i] = (byte) (ssrc >> (24 - 8 * i));
    }
    for (int i = 12; i < headerLength; i++) {
      packet[i] = (byte) (0xC0 + i);
    }
    System.arraycopy(extension, 0, packet, headerLength, extension.length);
    for (int i = headerLength + extension.length; i < packet.length; i++) {
      packet[i] = (byte) (i * 31 + sequenceNumber);
    }
    if (payloadLength > 0) {
      // not what says that there is no inner layer
      packet[packet.length - 1] &= 0x7F;
    }
    return packet;
  }

  /** A carrier with a copy of the octets, with room before and behind them. */
  static MediaPacket carrier(byte[] octets) {
    byte[] buffer = new byte[octets.length + 100];
    System.arraycopy(octets, 0, buffer, 7, octets.length);
    return new MediaPacket().wrap(buffer, 7, octets.length);
  }

  static byte[] octets(MediaPacket packet) {
    return Arrays.copyOfRange(packet.buffer(), packet.offset(), packet.offset() + packet.length());
  }

  @CanIgnoreReturnValue
  static byte[] protect(InnerSender sender, byte[] rtp) {
    MediaPacket packet = carrier(rtp);
    assertEquals(DoubleSrtpResult.OK, sender.protect(packet));
    return octets(packet);
  }

  @CanIgnoreReturnValue
  static byte[] protect(OuterSender sender, byte[] rtp) {
    MediaPacket packet = carrier(rtp);
    assertEquals(DoubleSrtpResult.OK, sender.protect(packet));
    return octets(packet);
  }

  /** Protects one packet under a rollover counter, with a context of its own. */
  static byte[] protectInner(int keySeed, int roc, byte[] rtp) {
    return protect(new InnerSender(PROFILE, key(keySeed), 1, roc), rtp);
  }

  static byte[] flip(byte[] octets, int at, int mask) {
    byte[] copy = octets.clone();
    copy[at] ^= (byte) mask;
    return copy;
  }
}
