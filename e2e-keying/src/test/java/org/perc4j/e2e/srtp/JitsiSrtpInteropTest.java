/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.srtp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.perc4j.e2e.srtp.TestPackets.carrier;
import static org.perc4j.e2e.srtp.TestPackets.octets;
import static org.perc4j.e2e.srtp.TestPackets.protect;
import static org.perc4j.e2e.srtp.TestPackets.rtp;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import org.jitsi.srtp.SrtpErrorStatus;
import org.jitsi.utils.ByteArrayBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.perc4j.header.srtp.DoubleSrtpProfile;

/** The outer layer against the library that the bridge uses, across a wrap of the sequence. */
class JitsiSrtpInteropTest {
  private static final int SSRC = 0xCAFEBABE;
  private static final int FIRST = 65_500;
  private static final int COUNT = 100;

  @ParameterizedTest
  @CsvSource({"0x0009, false", "0x0009, true", "0x000A, false", "0x000A, true"})
  void jitsiReadsWhatWeWrite(String profileId, boolean cryptex) throws GeneralSecurityException {
    DoubleSrtpProfile profile = DoubleSrtpProfile.fromId(Integer.decode(profileId));
    byte[] key = keyThenSalt(profile);
    JitsiSrtp jitsi = JitsiSrtp.of(false, key, SSRC, cryptex, true);
    OuterSender sender =
        new OuterSender(
            profile,
            SrtpMasterKey.copyOfKeyThenSalt(key),
            cryptex ? CryptexPolicy.REQUIRED : CryptexPolicy.OFF);

    for (int i = 0; i < COUNT; i++) {
      byte[] rtp = packet(i);
      Buffer packet = new Buffer(protect(sender, rtp));
      assertEquals(SrtpErrorStatus.OK, jitsi.unprotect(packet), "packet " + i);
      assertArrayEquals(asReceived(rtp, cryptex), packet.octets());
    }
  }

  @ParameterizedTest
  @CsvSource({"0x0009, false", "0x0009, true", "0x000A, false", "0x000A, true"})
  void weReadWhatJitsiWrites(String profileId, boolean cryptex) throws GeneralSecurityException {
    DoubleSrtpProfile profile = DoubleSrtpProfile.fromId(Integer.decode(profileId));
    byte[] key = keyThenSalt(profile);
    JitsiSrtp jitsi = JitsiSrtp.of(true, key, SSRC, cryptex, true);
    OuterReceiver receiver =
        new OuterReceiver(
            profile,
            SrtpMasterKey.copyOfKeyThenSalt(key),
            cryptex ? CryptexPolicy.REQUIRED : CryptexPolicy.OFF);

    for (int i = 0; i < COUNT; i++) {
      byte[] rtp = packet(i);
      Buffer packet = new Buffer(rtp);
      assertEquals(SrtpErrorStatus.OK, jitsi.protect(packet));
      MediaPacket received = carrier(packet.octets());
      assertEquals(DoubleSrtpResult.OK, receiver.unprotect(received), "packet " + i);
      assertArrayEquals(asReceived(rtp, cryptex), octets(received));
    }
  }

  /** All shapes of header in turn. */
  private static byte[] packet(int i) {
    byte[] extension =
        switch (i % 3) {
          case 0 -> new byte[0];
          case 1 -> TestPackets.ONE_BYTE_EXTENSION;
          default -> TestPackets.TWO_BYTE_EXTENSION;
        };
    return rtp(SSRC, (FIRST + i) & 0xFFFF, i / 3 % 4 * 5, extension, 10 * i);
  }

  /** With the empty extension that cryptex adds to packets with nothing but CSRCs. */
  private static byte[] asReceived(byte[] rtp, boolean cryptex) {
    int csrcCount = rtp[0] & 0xF;
    if (!cryptex || csrcCount == 0 || (rtp[0] & 0x10) != 0) {
      return rtp;
    }
    byte[] result = Arrays.copyOf(rtp, rtp.length + 4);
    int at = 12 + 4 * csrcCount;
    System.arraycopy(rtp, at, result, at + 4, rtp.length - at);
    result[0] |= 0x10;
    result[at] = (byte) 0xBE;
    result[at + 1] = (byte) 0xDE;
    result[at + 2] = 0;
    result[at + 3] = 0;
    return result;
  }

  private static byte[] keyThenSalt(DoubleSrtpProfile profile) {
    byte[] key = new byte[profile.keyLengthBytes() + SrtpMasterKey.SALT_LENGTH_BYTES];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) (i * 11);
    }
    return key;
  }

  /** A packet as jitsi-srtp takes it, with room on both sides. */
  private static final class Buffer implements ByteArrayBuffer {
    private final byte[] buffer;
    private int offset = 8;
    private int length;

    Buffer(byte[] octets) {
      buffer = new byte[octets.length + 100];
      System.arraycopy(octets, 0, buffer, offset, octets.length);
      length = octets.length;
    }

    byte[] octets() {
      return Arrays.copyOfRange(buffer, offset, offset + length);
    }

    @Override
    public byte[] getBuffer() {
      return buffer;
    }

    @Override
    public int getOffset() {
      return offset;
    }

    @Override
    public void setOffset(int offset) {
      this.offset = offset;
    }

    @Override
    public int getLength() {
      return length;
    }

    @Override
    public void setLength(int length) {
      this.length = length;
    }

    @Override
    public boolean isInvalid() {
      return false;
    }

    @Override
    public void readRegionToBuff(int off, int len, byte[] out) {
      System.arraycopy(buffer, offset + off, out, 0, len);
    }

    @Override
    public void grow(int howMuch) {
      if (offset + length + howMuch > buffer.length) {
        throw new IllegalStateException("no room for " + howMuch);
      }
    }

    @Override
    public void append(byte[] data, int len) {
      System.arraycopy(data, 0, buffer, offset + length, len);
      length += len;
    }

    @Override
    public void shrink(int len) {
      length -= len;
    }
  }
}
