/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.bench.srtp;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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
import org.perc4j.e2e.srtp.DoubleSrtpResult;
import org.perc4j.e2e.srtp.EpochKeyring;
import org.perc4j.e2e.srtp.InnerReceiver;
import org.perc4j.e2e.srtp.InnerSender;
import org.perc4j.e2e.srtp.LeafHolder;
import org.perc4j.e2e.srtp.MediaPacket;
import org.perc4j.e2e.srtp.SrtpMasterKey;
import org.perc4j.header.srtp.DoubleSrtpProfile;

/**
 * The inner layer on and off with a keyring of 500 members, beside bare contexts under fixed keys.
 * What the keyring adds is the difference.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 600, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class EpochKeyringBenchmark {
  private static final DoubleSrtpProfile PROFILE =
      DoubleSrtpProfile.DOUBLE_AEAD_AES_128_GCM_AEAD_AES_128_GCM;
  private static final int HEADER = 12;
  private static final int MEMBERS = 500;

  /** Octets of payload: video, audio. */
  @Param({"1200", "160"})
  public int payloadLength;

  private final byte[] buffer = new byte[2000];
  private final MediaPacket packet = new MediaPacket();
  private int sequenceNumber;
  private EpochKeyring sendingKeyring;
  private EpochKeyring receivingKeyring;
  private InnerSender sender;
  private InnerReceiver receiver;

  /** Fresh contexts, and two epochs. */
  @Setup(Level.Trial)
  public void setUp() {
    Map<Integer, LeafHolder> members = new HashMap<>();
    for (int leaf = 0; leaf < MEMBERS; leaf++) {
      String name = "member" + leaf;
      members.put(leaf, new LeafHolder(name, name, name));
    }
    sendingKeyring = new EpochKeyring(PROFILE);
    receivingKeyring = new EpochKeyring(PROFILE);
    for (int epoch = 0; epoch < 2; epoch++) {
      byte[] secret = new byte[32];
      secret[0] = (byte) epoch;
      sendingKeyring.install(secret, members, 1, true);
      receivingKeyring.install(secret, members, 0, true);
    }
    receivingKeyring.hint(0, "member1");
    SrtpMasterKey key = SrtpMasterKey.copyOfKeyThenSalt(new byte[28]);
    sender = new InnerSender(PROFILE, key);
    receiver = new InnerReceiver(PROFILE, key);
    buffer[0] = (byte) 0x80;
    buffer[1] = 96;
  }

  private MediaPacket nextPacket() {
    sequenceNumber++;
    buffer[2] = (byte) (sequenceNumber >> 8);
    buffer[3] = (byte) sequenceNumber;
    return packet.wrap(buffer, 0, HEADER + payloadLength);
  }

  /** On and off by keyrings. */
  @Benchmark
  public DoubleSrtpResult keyring() {
    require(sendingKeyring.protect(nextPacket()));
    return require(receivingKeyring.unprotect(packet));
  }

  /** On and off by contexts. */
  @Benchmark
  public DoubleSrtpResult contexts() {
    require(sender.protect(nextPacket()));
    return require(receiver.unprotect(packet));
  }

  @com.google.errorprone.annotations.CanIgnoreReturnValue
  private static DoubleSrtpResult require(DoubleSrtpResult result) {
    if (result != DoubleSrtpResult.OK) {
      throw new IllegalStateException(result.toString());
    }
    return result;
  }
}
