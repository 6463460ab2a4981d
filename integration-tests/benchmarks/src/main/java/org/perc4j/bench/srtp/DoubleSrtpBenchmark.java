/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.srtp;

import java.security.GeneralSecurityException;
import java.util.concurrent.TimeUnit;
import org.jitsi.srtp.SrtpErrorStatus;
import org.jitsi.utils.ByteArrayBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.perc4j.e2e.srtp.CryptexPolicy;
import org.perc4j.e2e.srtp.DoubleSrtpProfile;
import org.perc4j.e2e.srtp.DoubleSrtpReceiver;
import org.perc4j.e2e.srtp.DoubleSrtpResult;
import org.perc4j.e2e.srtp.DoubleSrtpSender;
import org.perc4j.e2e.srtp.InnerReceiver;
import org.perc4j.e2e.srtp.InnerSender;
import org.perc4j.e2e.srtp.MediaPacket;
import org.perc4j.e2e.srtp.OuterReceiver;
import org.perc4j.e2e.srtp.OuterSender;
import org.perc4j.e2e.srtp.SrtpMasterKey;

/**
 * Both layers of one packet, beside two layers by jitsi-srtp. Unprotecting is measured together
 * with protecting, since a packet can be received once only: subtract.
 *
 * <p>jitsi-srtp picks its own cipher provider, which on Linux is OpenSSL through JNI if it loads;
 * with {@code -Dperc4j.bench.jitsi=SunJCE} it takes the JDK's.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class DoubleSrtpBenchmark {
  private static final DoubleSrtpProfile PROFILE =
      DoubleSrtpProfile.DOUBLE_AEAD_AES_128_GCM_AEAD_AES_128_GCM;
  private static final int SSRC = 0x01020304;
  private static final int HEADER = 12;

  /** Octets of payload: video, audio. */
  @Param({"1200", "160"})
  public int payloadLength;

  private final byte[] buffer = new byte[2000];
  private final MediaPacket packet = new MediaPacket();
  private final Region region = new Region(buffer);
  private int sequenceNumber;
  private DoubleSrtpSender sender;
  private DoubleSrtpReceiver receiver;
  private JitsiSrtp[] jitsi;

  /** Fresh contexts. */
  @Setup(Level.Trial)
  public void setUp() throws GeneralSecurityException {
    String provider = System.getProperty("perc4j.bench.jitsi", "");
    if (!provider.isEmpty()) {
      org.jitsi.srtp.crypto.Aes.setFactoryClassName(provider);
    }
    byte[] innerKey = new byte[28];
    byte[] outerKey = new byte[28];
    outerKey[0] = 1;
    SrtpMasterKey inner = SrtpMasterKey.copyOfKeyThenSalt(innerKey);
    SrtpMasterKey outer = SrtpMasterKey.copyOfKeyThenSalt(outerKey);
    sender =
        new DoubleSrtpSender(
            new InnerSender(PROFILE, inner), new OuterSender(PROFILE, outer, CryptexPolicy.OFF));
    receiver =
        new DoubleSrtpReceiver(
            new OuterReceiver(PROFILE, outer, CryptexPolicy.OFF),
            new InnerReceiver(PROFILE, inner));
    jitsi =
        new JitsiSrtp[] {
          JitsiSrtp.of(true, innerKey, SSRC, false, true),
          JitsiSrtp.of(true, outerKey, SSRC, false, true),
          JitsiSrtp.of(false, outerKey, SSRC, false, true),
          JitsiSrtp.of(false, innerKey, SSRC, false, true),
        };
    buffer[0] = (byte) 0x80;
    buffer[1] = 96;
    buffer[8] = (byte) (SSRC >> 24);
    buffer[9] = (byte) (SSRC >> 16);
    buffer[10] = (byte) (SSRC >> 8);
    buffer[11] = (byte) SSRC;
  }

  private void nextPacket() {
    sequenceNumber++;
    buffer[2] = (byte) (sequenceNumber >> 8);
    buffer[3] = (byte) sequenceNumber;
  }

  /** Two layers and the OHB on. */
  @Benchmark
  public DoubleSrtpResult protect() {
    nextPacket();
    return require(sender.protect(packet.wrap(buffer, 0, HEADER + payloadLength)));
  }

  /** Two layers and the OHB on, and off again. */
  @Benchmark
  public DoubleSrtpResult protectAndUnprotect() {
    nextPacket();
    require(sender.protect(packet.wrap(buffer, 0, HEADER + payloadLength)));
    return require(receiver.unprotect(packet));
  }

  /** Two layers on, by jitsi-srtp. */
  @Benchmark
  public SrtpErrorStatus jitsiProtect() throws GeneralSecurityException {
    nextPacket();
    region.setLength(HEADER + payloadLength);
    require(jitsi[0].protect(region));
    return require(jitsi[1].protect(region));
  }

  /** Two layers on and off, by jitsi-srtp. */
  @Benchmark
  public SrtpErrorStatus jitsiProtectAndUnprotect() throws GeneralSecurityException {
    nextPacket();
    region.setLength(HEADER + payloadLength);
    require(jitsi[0].protect(region));
    require(jitsi[1].protect(region));
    require(jitsi[2].unprotect(region));
    return require(jitsi[3].unprotect(region));
  }

  @com.google.errorprone.annotations.CanIgnoreReturnValue
  private static DoubleSrtpResult require(DoubleSrtpResult result) {
    if (result != DoubleSrtpResult.OK) {
      throw new IllegalStateException(result.toString());
    }
    return result;
  }

  @com.google.errorprone.annotations.CanIgnoreReturnValue
  private static SrtpErrorStatus require(SrtpErrorStatus result) {
    if (result != SrtpErrorStatus.OK) {
      throw new IllegalStateException(result.toString());
    }
    return result;
  }

  /** A packet at the start of an array. */
  private static final class Region implements ByteArrayBuffer {
    private final byte[] buffer;
    private int length;

    Region(byte[] buffer) {
      this.buffer = buffer;
    }

    @Override
    public byte[] getBuffer() {
      return buffer;
    }

    @Override
    public int getOffset() {
      return 0;
    }

    @Override
    public void setOffset(int offset) {
      throw new UnsupportedOperationException();
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
      System.arraycopy(buffer, off, out, 0, len);
    }

    @Override
    public void grow(int howMuch) {}

    @Override
    public void append(byte[] data, int len) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void shrink(int len) {
      length -= len;
    }
  }
}
