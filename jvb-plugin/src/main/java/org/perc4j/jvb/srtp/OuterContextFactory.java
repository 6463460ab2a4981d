/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.srtp;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import org.jitsi.srtp.SrtcpCryptoContext;
import org.jitsi.srtp.SrtpContextFactory;
import org.jitsi.srtp.SrtpCryptoContext;
import org.jitsi.srtp.SrtpPolicy;
import org.jitsi.utils.logging2.Logger;
import org.jspecify.annotations.Nullable;
import org.perc4j.header.srtp.DoubleSrtpProfile;
import org.perc4j.jvb.bridge.BridgeOverride;
import org.perc4j.jvb.metrics.BridgeCounters;

/**
 * Makes the outer contexts of one direction of a double transport, for SRTP and, under the same
 * keys, for SRTCP: RTCP is protected hop by hop only (RFC 8723 section 6).
 *
 * <p>Keeps a copy of the outer master key until it is closed, and beside it what was sent or
 * received under that, of {@link #MAX_STREAMS} SSRCs, or {@link #MAX_ENDPOINT_STREAMS} of those
 * that an endpoint sends. Each takes less than 400 octets, and less than 150 if no more than one
 * packet came. Packets of further SSRCs are refused and counted. Thread-safe.
 */
public final class OuterContextFactory extends SrtpContextFactory {
  /** For how many SSRCs something is kept under one key. */
  static final int MAX_STREAMS = 16_384;

  /**
   * The same for what comes from an endpoint. Fewer, as what one endpoint sends goes to all others:
   * no single one is to use up what they may be sent.
   */
  static final int MAX_ENDPOINT_STREAMS = MAX_STREAMS / 4;

  private final boolean sender;
  private final byte[] masterKey;
  private final byte[] masterSalt;
  private final SrtpPolicy policy;
  private final SrtpPolicy sendPolicy;
  private final SrtpPolicy srtcpPolicy;
  private final boolean mixed;
  private final BridgeCounters counters;
  private final StreamTable<SentIndices> sent = new StreamTable<>(MAX_STREAMS, SentIndices::new);
  private final StreamTable<ReceivedIndices> received;
  private boolean closed;

  private OuterContextFactory(
      boolean sender,
      byte[] masterKey,
      byte[] masterSalt,
      SrtpPolicy policy,
      SrtpPolicy sendPolicy,
      SrtpPolicy srtcpPolicy,
      boolean mixed,
      BridgeCounters counters,
      Logger logger) {
    super(sender, masterKey, masterSalt, policy, srtcpPolicy, logger);
    this.sender = sender;
    this.masterKey = masterKey.clone();
    this.masterSalt = masterSalt.clone();
    this.policy = policy;
    this.sendPolicy = sendPolicy;
    this.srtcpPolicy = srtcpPolicy;
    this.mixed = mixed;
    this.counters = counters;
    this.received =
        new StreamTable<>(mixed ? MAX_STREAMS : MAX_ENDPOINT_STREAMS, ReceivedIndices::new);
  }

  /** The factories of both directions of one transport. */
  public record Pair(OuterContextFactory sending, OuterContextFactory receiving) {}

  /**
   * Takes the outer halves out of what the DTLS exporter yielded and zeroes all of it. The inner
   * halves are not read: whoever terminates DTLS knows them, so they protect nothing.
   *
   * @param profile the profile that was negotiated
   * @param keyingMaterial {@link DoubleSrtpProfile#exporterLengthBytes()} octets: client key,
   *     server key, client salt, server salt, each inner half then outer half (RFC 5764 section
   *     4.2, RFC 8723 section 3); all zero afterwards
   * @param dtlsClient whether the bridge was the DTLS client
   * @param mixed whether the peer is another bridge, so that packets without inner layer go there,
   *     too, and say so
   * @param cryptex whether to encrypt header extensions (RFC 9335) from the first packet on;
   *     otherwise as soon as the peer has done so
   * @param counters where packets are counted
   * @param logger parent of the contexts' loggers
   * @throws IllegalArgumentException if the keying material has another length
   */
  public static Pair fromExporter(
      DoubleSrtpProfile profile,
      byte[] keyingMaterial,
      boolean dtlsClient,
      boolean mixed,
      boolean cryptex,
      BridgeCounters counters,
      Logger logger) {
    if (keyingMaterial.length != profile.exporterLengthBytes()) {
      throw new IllegalArgumentException(
          profile + " needs " + profile.exporterLengthBytes() + " octets of keying material");
    }
    SrtpPolicy sendPolicy = policy(profile);
    sendPolicy.setCryptexEnabled(cryptex);
    SrtpPolicy receivePolicy = policy(profile);
    SrtpPolicy srtcpPolicy = policy(profile);

    int keyLength = profile.doubleKeyLengthBytes();
    int saltLength = DoubleSrtpProfile.doubleSaltLengthBytes();
    byte[] clientKey = outerHalf(keyingMaterial, 0, keyLength);
    byte[] serverKey = outerHalf(keyingMaterial, keyLength, keyLength);
    byte[] clientSalt = outerHalf(keyingMaterial, 2 * keyLength, saltLength);
    byte[] serverSalt = outerHalf(keyingMaterial, 2 * keyLength + saltLength, saltLength);
    Arrays.fill(keyingMaterial, (byte) 0);
    try {
      return new Pair(
          new OuterContextFactory(
              true,
              dtlsClient ? clientKey : serverKey,
              dtlsClient ? clientSalt : serverSalt,
              sendPolicy,
              sendPolicy,
              srtcpPolicy,
              mixed,
              counters,
              logger),
          new OuterContextFactory(
              false,
              dtlsClient ? serverKey : clientKey,
              dtlsClient ? serverSalt : clientSalt,
              receivePolicy,
              sendPolicy,
              srtcpPolicy,
              mixed,
              counters,
              logger));
    } finally {
      Arrays.fill(clientKey, (byte) 0);
      Arrays.fill(serverKey, (byte) 0);
      Arrays.fill(clientSalt, (byte) 0);
      Arrays.fill(serverSalt, (byte) 0);
    }
  }

  private static SrtpPolicy policy(DoubleSrtpProfile profile) {
    return new SrtpPolicy(
        SrtpPolicy.AESGCM_ENCRYPTION,
        profile.keyLengthBytes(),
        SrtpPolicy.NULL_AUTHENTICATION,
        0,
        DoubleSrtpProfile.TAG_LENGTH_BYTES,
        DoubleSrtpProfile.SALT_LENGTH_BYTES);
  }

  private static byte[] outerHalf(byte[] keyingMaterial, int offset, int length) {
    return Arrays.copyOfRange(keyingMaterial, offset + length / 2, offset + length);
  }

  /** Whether packets of this context are double packets. */
  public static boolean isOuter(SrtpCryptoContext context) {
    return context instanceof OuterContext;
  }

  /** A new context, or null after {@link #close()}: the key is gone then, and zeros are no key. */
  @BridgeOverride
  @Override
  public synchronized @Nullable SrtpCryptoContext deriveContext(int ssrc, int roc)
      throws GeneralSecurityException {
    if (closed) {
      return null;
    }
    return sender
        ? new SendingContext(
            ssrc,
            roc,
            masterKey,
            masterSalt,
            sendPolicy,
            sent.findOrAdd(ssrc),
            mixed,
            counters,
            logger)
        : new ReceivingContext(
            ssrc,
            roc,
            masterKey,
            masterSalt,
            policy,
            sendPolicy,
            received,
            mixed,
            counters,
            logger);
  }

  /** A new control context, or null after {@link #close()}. */
  @BridgeOverride
  @Override
  public synchronized @Nullable SrtcpCryptoContext deriveControlContext(int ssrc)
      throws GeneralSecurityException {
    if (closed) {
      return null;
    }
    return sender
        ? new SendingControlContext(
            ssrc, masterKey, masterSalt, srtcpPolicy, sent.findOrAdd(ssrc), counters, logger)
        : new ReceivingControlContext(
            ssrc, masterKey, masterSalt, srtcpPolicy, received, counters, logger);
  }

  @BridgeOverride
  @Override
  public synchronized void close() {
    closed = true;
    super.close();
    Arrays.fill(masterKey, (byte) 0);
    Arrays.fill(masterSalt, (byte) 0);
  }
}
