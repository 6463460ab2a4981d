/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.transport;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.Closeable;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.jspecify.annotations.Nullable;
import org.perc4j.e2e.srtp.CryptexPolicy;
import org.perc4j.endpoint.signalling.DtlsSetup;
import org.perc4j.endpoint.signalling.TransportDescription;

/**
 * A transport from gathering candidates to protected packets: ICE, then DTLS, then the keys for
 * SRTP. Media that arrive before the keys are dropped.
 */
public class SecureTransport implements Closeable {
  private static final int MIN_DTLS_OCTET = 20;
  private static final int MAX_DTLS_OCTET = 63;
  private static final int MIN_RTP_OCTET = 128;
  private static final int MAX_RTP_OCTET = 191;
  private static final int RECEIVE_WAIT_MILLIS = 500;

  /** Takes protected RTP and RTCP packets; on the thread that reads the socket. */
  public interface Receiver {
    /** The octets are the receiver's own. */
    void received(byte[] packet);
  }

  @GuardedBy("SecureTransport.class")
  private static boolean prepared;

  private final BcTlsCrypto crypto = new BcTlsCrypto(new SecureRandom());
  private final DtlsIdentity identity;
  private final DtlsSetup setup;
  private final List<SrtpProfile> profiles;
  private final SocketScope network;
  private volatile RelayAccess relays;
  private final String name;
  private final boolean controlling;
  private final Receiver receiver;

  /** The last one sends; by those before it may still come what was on its way. */
  private final List<IceTransport> ices = new CopyOnWriteArrayList<>();

  private volatile IceTransport ice;
  private final QueuedDatagrams datagrams;
  private final AtomicLong octetsSent = new AtomicLong();
  private final AtomicLong octetsReceived = new AtomicLong();
  private volatile boolean established;
  private volatile boolean closed;
  private boolean isClient;
  private @Nullable SrtpProfile profile;
  private byte @Nullable [] keyingMaterial;
  private @Nullable Thread dtlsReader;

  /**
   * Gathers candidates.
   *
   * @param name of threads
   * @param controlling of ICE, as the bridge is
   * @param setup {@code ACTIVE} to be the DTLS client, {@code PASSIVE} to be the server, {@code
   *     ACTPASS} to leave the choice to the other side
   * @param profiles to be offered or accepted, best first
   * @param receiver of packets once keys are there
   */
  public SecureTransport(
      String name,
      boolean controlling,
      DtlsSetup setup,
      List<SrtpProfile> profiles,
      Receiver receiver)
      throws IOException, InterruptedException {
    this(SocketScope.PRESENT, name, controlling, setup, profiles, receiver);
  }

  /**
   * Gathers candidates in a network namespace.
   *
   * @see #SecureTransport(String, boolean, DtlsSetup, List, Receiver)
   */
  public SecureTransport(
      SocketScope network,
      String name,
      boolean controlling,
      DtlsSetup setup,
      List<SrtpProfile> profiles,
      Receiver receiver)
      throws IOException, InterruptedException {
    this(network, RelayAccess.none(), name, controlling, setup, profiles, receiver);
  }

  /**
   * Gathers host candidates in a network namespace, and begins to ask STUN and TURN servers for
   * others. Those are used as soon as they are there, whether the other side was told of them or
   * not.
   *
   * @param relays that it may use; what it keeps of them ends with it
   * @see #gathered
   * @see #SecureTransport(String, boolean, DtlsSetup, List, Receiver)
   */
  public SecureTransport(
      SocketScope network,
      RelayAccess relays,
      String name,
      boolean controlling,
      DtlsSetup setup,
      List<SrtpProfile> profiles,
      Receiver receiver)
      throws IOException, InterruptedException {
    this.network = network;
    this.relays = relays;
    this.name = name;
    this.setup = setup;
    this.profiles = List.copyOf(profiles);
    prepare();
    this.identity = DtlsIdentity.create(crypto);
    this.controlling = controlling;
    this.receiver = receiver;
    this.ice = gather();
    this.datagrams = new QueuedDatagrams((buffer, at, length) -> ice.send(buffer, at, length));
  }

  /**
   * Has libraries read the classes and settings that the first transport of a process needs, which
   * takes them a quarter of a second. Whoever makes that transport meanwhile waits.
   */
  public static void prepare() throws IOException {
    // Two threads that begin with ice4j's classes at once could wait for each other for ever.
    synchronized (SecureTransport.class) {
      if (!prepared) {
        IceTransport.prepare();
        Object unused = DtlsIdentity.create(new BcTlsCrypto());
        prepared = true;
      }
    }
  }

  private IceTransport gather() throws IOException, InterruptedException {
    IceTransport gathered = new IceTransport(network, relays, controlling, this::demultiplex, name);
    ices.add(gathered);
    return gathered;
  }

  private void demultiplex(byte[] buffer, int length) {
    int first = length == 0 ? 0 : buffer[0] & 0xFF;
    if (first >= MIN_DTLS_OCTET && first <= MAX_DTLS_OCTET) {
      datagrams.offer(buffer, length);
    } else if (first >= MIN_RTP_OCTET && first <= MAX_RTP_OCTET && established) {
      octetsReceived.addAndGet(length);
      byte[] packet = new byte[length];
      System.arraycopy(buffer, 0, packet, 0, length);
      receiver.received(packet);
    }
  }

  /** Returns what to tell the bridge, with the candidates that there are by now. */
  public final TransportDescription description() {
    return description(ice);
  }

  /**
   * Returns what is completed with what to tell the bridge when all candidates are there, at most 3
   * s after gathering began. Bridges that can be reached at all can do without: they hear of the
   * others when they are used.
   */
  public final CompletableFuture<TransportDescription> gathered() {
    IceTransport side = ice;
    return side.gathered().thenApply(unused -> description(side));
  }

  /** Whether what this side sends goes by one of its relays. */
  public final boolean isRelayed() {
    return ice.isRelayed();
  }

  private TransportDescription description(IceTransport side) {
    return new TransportDescription(
        side.ufrag(), side.password(), identity.fingerprint(), setup, side.candidates());
  }

  /** How the bridge is told of this side of an ICE restart. */
  public interface IceAnswer {
    /** Tells it. */
    void tell(TransportDescription own) throws IOException, InterruptedException;
  }

  /**
   * Goes on by other addresses (RFC 8445, section 9), with the same DTLS connection and keys. What
   * was on its way by the former ones still comes.
   *
   * @param remote the bridge's new side
   * @param timeout of ICE, by the clock
   * @throws IOException if the new addresses can not be used; the former ones still are
   */
  public final void restartIce(TransportDescription remote, IceAnswer answer, Duration timeout)
      throws IOException, InterruptedException {
    IceTransport next = gather();
    answer.tell(description(next));
    next.connect(remote, timeout);
    ice = next;
  }

  /**
   * Connects, after the bridge was told of this side.
   *
   * @param timeout of ICE, and again of DTLS, by the clock
   * @throws IceFailedException if ICE found no way
   * @throws IOException if DTLS failed, or the peer's certificate is another than signalled
   */
  public final void connect(TransportDescription remote, Duration timeout)
      throws IOException, InterruptedException {
    isClient =
        setup == DtlsSetup.ACTIVE
            || (setup == DtlsSetup.ACTPASS && remote.setup() == DtlsSetup.PASSIVE);
    ice.connect(remote, timeout);
    SrtpNegotiation negotiation = negotiation(profiles, remote.fingerprint());
    int timeoutMillis = (int) timeout.toMillis();
    DTLSTransport dtls =
        isClient
            ? new DTLSClientProtocol()
                .connect(new SrtpTlsClient(crypto, identity, negotiation, timeoutMillis), datagrams)
            : new DTLSServerProtocol()
                .accept(new SrtpTlsServer(crypto, identity, negotiation, timeoutMillis), datagrams);
    profile = negotiation.chosen();
    keyingMaterial = negotiation.takeKeyingMaterial();
    // Somebody has to read on: a peer that missed our last flight sends its own again.
    Thread reader = new Thread(() -> drain(dtls), name + "-dtls");
    reader.setDaemon(true);
    reader.start();
    dtlsReader = reader;
  }

  /** What is said about SRTP in the handshake; tests have something else said. */
  SrtpNegotiation negotiation(List<SrtpProfile> acceptable, String peerFingerprint) {
    return new SrtpNegotiation(acceptable, peerFingerprint);
  }

  private void drain(DTLSTransport dtls) {
    byte[] buffer = new byte[IceTransport.MAX_DATAGRAM_BYTES];
    try {
      while (!closed) {
        int unused = dtls.receive(buffer, 0, buffer.length, RECEIVE_WAIT_MILLIS);
      }
    } catch (IOException e) {
      // Closed, by this side or by the other: there is nothing more to read.
      closed = true;
    }
  }

  /** Tells whether this side was the DTLS client. */
  public final boolean isClient() {
    return isClient;
  }

  /** Returns the profile that was negotiated. */
  public final SrtpProfile profile() {
    if (profile == null) {
      throw new IllegalStateException("not connected");
    }
    return profile;
  }

  /**
   * Makes the contexts for the negotiated profile, once, and lets packets come.
   *
   * @param endToEnd the inner layer if the profile is a double one; null if none can be negotiated
   */
  public final PacketProtection takeProtection(@Nullable EndToEnd endToEnd, CryptexPolicy cryptex) {
    PacketProtection protection =
        PacketProtection.of(profile(), takeKeyingMaterial(), isClient, endToEnd, cryptex);
    letPacketsCome();
    return protection;
  }

  /** Hands out what the DTLS exporter yielded, once; whoever takes it zeroes it. */
  public final byte[] takeKeyingMaterial() {
    byte[] material = keyingMaterial;
    if (material == null) {
      throw new IllegalStateException("not connected, or taken before");
    }
    keyingMaterial = null;
    return material;
  }

  /** From now on there are contexts for what arrives. */
  public final void letPacketsCome() {
    established = true;
  }

  /** Sends a protected packet. */
  public final void send(byte[] buffer, int offset, int length) throws IOException {
    octetsSent.addAndGet(length);
    ice.send(buffer, offset, length);
  }

  /** Returns how many octets of SRTP and SRTCP were sent, without the headers of UDP. */
  public final long octetsSent() {
    return octetsSent.get();
  }

  /** Returns how many octets of SRTP and SRTCP came, without the headers of UDP. */
  public final long octetsReceived() {
    return octetsReceived.get();
  }

  @Override
  public final void close() {
    closed = true;
    // With user names and passwords, which nobody needs any more.
    relays = RelayAccess.none();
    datagrams.close();
    ices.forEach(IceTransport::close);
    Thread reader = dtlsReader;
    if (reader != null) {
      reader.interrupt();
    }
  }
}
