/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.bridge;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jitsi.srtp.SrtpContextFactory;
import org.jitsi.srtp.SrtpCryptoContext;
import org.jitsi.srtp.SrtpErrorStatus;
import org.jitsi.srtp.crypto.Aes;
import org.jitsi.utils.logging2.LoggerImpl;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.perc4j.bench.srtp.JitsiSrtp;
import org.perc4j.bench.srtp.StoredPackets;
import org.perc4j.bench.srtp.TestPackets;
import org.perc4j.header.srtp.DoubleSrtpProfile;
import org.perc4j.it.embedded.ForwardedPacket;
import org.perc4j.jvb.metrics.BridgeCounters;
import org.perc4j.jvb.packet.OriginalHeaders;
import org.perc4j.jvb.srtp.OuterContextFactory;

/**
 * What a bridge does with a double packet between socket and queues, hop by hop: the context that
 * perc4j puts in the place of jitsi-srtp's, beside that itself with the same packets. Both encrypt
 * by jitsi-srtp with OpenSSL; the difference is the original header block, and a longer memory of
 * what was sent.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 600, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch", "-XX:-BackgroundCompilation"})
public class OuterContextBenchmark {
  private static final int KEY_BITS = 128;

  /** Which context. */
  public enum Context {
    /** perc4j's. */
    OUTER,
    /** jitsi-srtp's. */
    PLAIN
  }

  /** What is measured. */
  @State(Scope.Benchmark)
  public static class Case {
    /** By which context. */
    @Param public Context context = Context.OUTER;

    /** Octets of payload before any encryption: video, audio. */
    @Param({"1200", "160"})
    public int payloadLength;

    private final BridgeCounters counters = new BridgeCounters();
    private final LoggerImpl logger = new LoggerImpl(OuterContextBenchmark.class.getName());

    /** Header, inner ciphertext and inner tag. */
    int innerLength() {
      return TestPackets.HEADER_LENGTH + payloadLength + DoubleSrtpProfile.TAG_LENGTH_BYTES;
    }

    SrtpCryptoContext start(boolean sender) throws GeneralSecurityException {
      return start(context, sender);
    }

    SrtpCryptoContext start(Context which, boolean sender) throws GeneralSecurityException {
      Aes.setFactoryClassName("OpenSSL");
      SrtpContextFactory factory =
          which == Context.OUTER
              ? outer(sender)
              : JitsiSrtp.contexts(sender, TestPackets.keyThenSalt(KEY_BITS, true));
      return Objects.requireNonNull(factory.deriveContext(TestPackets.SSRC, 0));
    }

    private SrtpContextFactory outer(boolean sender) {
      DoubleSrtpProfile profile = DoubleSrtpProfile.DOUBLE_AEAD_AES_128_GCM_AEAD_AES_128_GCM;
      byte[] key = TestPackets.keyThenSalt(KEY_BITS, true);
      byte[] exported = new byte[profile.exporterLengthBytes()];
      int keyLength = profile.keyLengthBytes();
      int saltLength = DoubleSrtpProfile.SALT_LENGTH_BYTES;
      for (int half = 1; half < 4; half += 2) {
        System.arraycopy(key, 0, exported, half * keyLength, keyLength);
        System.arraycopy(key, keyLength, exported, 4 * keyLength + half * saltLength, saltLength);
      }
      OuterContextFactory.Pair pair =
          OuterContextFactory.fromExporter(
              profile, exported, false, false, false, counters, logger);
      return sender ? pair.sending() : pair.receiving();
    }
  }

  /** One packet, over and over, whose payload type and sequence number the bridge has changed. */
  @State(Scope.Benchmark)
  public static class Sending {
    private static final int PAYLOAD_TYPE = 100;
    private static final int SKIPPED = 7;

    private final byte[] buffer = new byte[TestPackets.BUFFER_LENGTH];
    private final ForwardedPacket packet = new ForwardedPacket();
    private SrtpCryptoContext context;
    private int length;
    private int sequenceNumber;

    /** A fresh context. */
    @Setup(Level.Trial)
    public void setUp(Case measured) throws GeneralSecurityException {
      context = measured.start(true);
      length = measured.innerLength();
      TestPackets.write(buffer, 0, measured.payloadLength);
    }

    ForwardedPacket next() {
      sequenceNumber++;
      TestPackets.setSequenceNumber(buffer, sequenceNumber);
      packet.wrap(buffer, length);
      packet.perc4jOriginalHeader(
          OriginalHeaders.received(0, false, PAYLOAD_TYPE, sequenceNumber + SKIPPED & 0xffff));
      return packet;
    }
  }

  /** Packets that were protected before. */
  @State(Scope.Benchmark)
  public static class Receiving {
    private final ForwardedPacket packet = new ForwardedPacket();
    private StoredPackets<SrtpCryptoContext> arriving;

    /** Protects all packets, which end with an empty original header block. */
    @Setup(Level.Trial)
    public void protect(Case measured) throws GeneralSecurityException {
      SrtpCryptoContext sender = measured.start(Context.PLAIN, true);
      arriving =
          new StoredPackets<>(
              (buffer, sequenceNumber) -> {
                TestPackets.write(buffer, sequenceNumber, measured.payloadLength);
                Arrays.fill(buffer, measured.innerLength(), buffer.length, (byte) 0);
                packet.wrap(buffer, measured.innerLength() + 1);
                require(sender.transformPacket(packet));
                return packet.getLength();
              },
              () -> measured.start(false));
      arriving.makeContexts();
    }

    /** The next batch arrives; JMH does not time it. */
    @Setup(Level.Invocation)
    public void arrive() throws GeneralSecurityException {
      arriving.nextBatch();
    }
  }

  /** Puts the outer layer on. */
  @Benchmark
  @OperationsPerInvocation(TestPackets.BATCH)
  public int protect(Sending state) throws GeneralSecurityException {
    int sum = 0;
    for (int i = 0; i < TestPackets.BATCH; i++) {
      ForwardedPacket packet = state.next();
      require(state.context.transformPacket(packet));
      sum += packet.getLength();
    }
    return sum;
  }

  /** Takes the outer layer off. */
  @Benchmark
  @OperationsPerInvocation(TestPackets.BATCH)
  public int unprotect(Receiving state) throws GeneralSecurityException {
    int sum = 0;
    SrtpCryptoContext context = state.arriving.context();
    int length = state.arriving.length();
    for (byte[] buffer : state.arriving.batch()) {
      state.packet.wrap(buffer, length);
      require(context.reverseTransformPacket(state.packet, false));
      sum += state.packet.getLength();
    }
    return sum;
  }

  private static void require(SrtpErrorStatus status) {
    if (status != SrtpErrorStatus.OK) {
      throw new IllegalStateException(status.toString());
    }
  }
}
