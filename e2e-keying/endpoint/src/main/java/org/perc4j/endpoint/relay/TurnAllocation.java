/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.relay;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * An address of a TURN server's that relays datagrams (RFC 8656), kept until it is closed. Each
 * peer that something is sent to gets a channel, which is the permission for it, too. Thread-safe.
 */
public final class TurnAllocation implements Closeable {
  private static final Logger LOGGER = Logger.getLogger(TurnAllocation.class.getName());

  /** As many candidates of the other side are taken. */
  private static final int MAX_PEERS = 64;

  /** What can not be taken so fast is lost, as it would be in a socket. */
  private static final int MAX_WAITING = 512;

  private static final int UDP_PROTOCOL = 17;
  private static final int PROTOCOL_SHIFT = 24;
  private static final int NUMBER_SHIFT = 16;
  private static final int MAX_CHALLENGES = 3;
  private static final int UNAUTHENTICATED = 401;
  private static final int STALE_NONCE = 438;

  /** RFC 8489, section 14.9 and 14.10. */
  private static final int MAX_CHALLENGE_BYTES = 763;

  private static final long FIRST_REPEAT_MILLIS = 250;
  private static final long LAST_REPEAT_MILLIS = 2000;
  private static final Duration REQUEST_PATIENCE = Duration.ofSeconds(10);
  private static final long DEFAULT_LIFETIME_SECONDS = 600;
  private static final long MIN_LIFETIME_SECONDS = 60;
  private static final long MAX_LIFETIME_SECONDS = 3600;

  /** Permissions end after 5 min, channels after 10 (sections 9 and 12). */
  private static final long REBIND_SECONDS = 200;

  private static final long RETRY_SECONDS = 10;

  private final RelayService service;
  private final RelayConnection connection;
  private final ScheduledExecutorService scheduler;
  private final SecureRandom random = new SecureRandom();
  private final Map<ByteBuffer, CompletableFuture<StunMessage>> pending = new ConcurrentHashMap<>();
  private final Map<InetSocketAddress, TurnPeer> peers = new ConcurrentHashMap<>();
  private final Map<Integer, TurnPeer> channels = new ConcurrentHashMap<>();
  private final BlockingQueue<RelayedDatagram> received = new ArrayBlockingQueue<>(MAX_WAITING);
  private final InetSocketAddress relayed;
  private final @Nullable InetSocketAddress mapped;
  private volatile @Nullable TurnCredential credential;
  private volatile boolean established;
  private volatile boolean closed;

  /**
   * Asks a server for an allocation, and waits for it.
   *
   * @param service that relays
   * @param context checks certificates
   * @param name of threads
   * @param opened is told of what can be closed to end this early
   * @param patience how long it may take; names are looked up as long as that takes
   * @throws RelayException if the server can not be used
   */
  public static TurnAllocation open(
      RelayService service,
      RelaySockets sockets,
      SSLContext context,
      String name,
      Consumer<Closeable> opened,
      Duration patience)
      throws RelayException, InterruptedException {
    long deadlineNanos = System.nanoTime() + patience.toNanos();
    RelayConnection connection =
        new RelayConnector(sockets, context, name).connect(service, opened, deadlineNanos);
    opened.accept(connection);
    return new TurnAllocation(service, connection, name, deadlineNanos);
  }

  TurnAllocation(RelayService service, RelayConnection connection, String name, long deadlineNanos)
      throws RelayException, InterruptedException {
    this.service = service;
    this.connection = connection;
    ScheduledThreadPoolExecutor threads =
        new ScheduledThreadPoolExecutor(
            2,
            task -> {
              Thread thread = new Thread(task, name + "-relay");
              thread.setDaemon(true);
              return thread;
            });
    threads.setRemoveOnCancelPolicy(true);
    this.scheduler = threads;
    Thread reader = new Thread(this::read, name + "-relay-in");
    reader.setDaemon(true);
    reader.start();
    try {
      StunMessage answer =
          request(
              StunMethod.ALLOCATE,
              writer ->
                  writer.add(StunAttribute.REQUESTED_TRANSPORT, UDP_PROTOCOL << PROTOCOL_SHIFT),
              deadlineNanos);
      InetSocketAddress address = answer.address(StunAttribute.XOR_RELAYED_ADDRESS);
      if (address == null || !PeerAddresses.isUnicast(address.getAddress())) {
        throw new MalformedStunException("no address to be reached by");
      }
      relayed = address;
      mapped = answer.address(StunAttribute.XOR_MAPPED_ADDRESS);
      keep(answer);
      established = true;
    } catch (MalformedStunException e) {
      throw malformed(e);
    } finally {
      if (!established) {
        close();
      }
    }
  }

  private static RelayException malformed(MalformedStunException e) {
    return new RelayException(
        RelayException.Reason.MALFORMED, "it does not keep to the protocol: " + e.getMessage(), e);
  }

  // ---------------------------------------------------------------- requests

  private StunMessage request(
      StunMethod method, Consumer<StunWriter> attributes, long deadlineNanos)
      throws RelayException, InterruptedException {
    for (int i = 0; i < MAX_CHALLENGES; i++) {
      TurnCredential used = credential;
      byte[] transaction = new byte[StunMessage.TRANSACTION_BYTES];
      random.nextBytes(transaction);
      byte[] request = write(method, transaction, attributes, used);
      StunMessage answer = exchange(transaction, request, deadlineNanos);
      try {
        if (answer.type() == (method.request() | StunMethod.SUCCESS)) {
          if (used != null && !used.verifies(answer)) {
            throw new MalformedStunException("an answer that is not authentic");
          }
          return answer;
        }
        if (answer.type() != (method.request() | StunMethod.ERROR)) {
          throw new MalformedStunException("an answer to something else");
        }
        int code = answer.errorCode();
        if (code == STALE_NONCE || (code == UNAUTHENTICATED && used == null)) {
          credential = challenged(answer, used);
        } else if (code == UNAUTHENTICATED) {
          throw new RelayException(
              RelayException.Reason.CREDENTIALS, "it does not accept user name and password");
        } else {
          throw new RelayException(
              RelayException.Reason.REFUSED, "it refuses: " + code + " " + answer.errorReason());
        }
      } catch (MalformedStunException e) {
        throw malformed(e);
      }
    }
    throw new RelayException(RelayException.Reason.REFUSED, "it asks for credentials for ever");
  }

  private static byte[] write(
      StunMethod method,
      byte[] transaction,
      Consumer<StunWriter> attributes,
      @Nullable TurnCredential used) {
    StunWriter writer = new StunWriter(method.request(), transaction);
    attributes.accept(writer);
    if (used != null) {
      used.sign(writer);
    }
    return writer.addFingerprint().toBytes();
  }

  /** What the server asks for (RFC 8489, section 9.2.5). */
  private TurnCredential challenged(StunMessage answer, @Nullable TurnCredential former)
      throws MalformedStunException, RelayException {
    byte[] nonce = answer.value(StunAttribute.NONCE);
    if (nonce == null || nonce.length == 0 || nonce.length > MAX_CHALLENGE_BYTES) {
      throw new MalformedStunException("no nonce, or a long one");
    }
    if (former != null) {
      return former.withNonce(nonce);
    }
    byte[] realm = answer.value(StunAttribute.REALM);
    if (realm == null || realm.length > MAX_CHALLENGE_BYTES) {
      throw new MalformedStunException("no realm, or a long one");
    }
    String username = service.username();
    String password = service.password();
    if (username == null || password == null) {
      throw new RelayException(
          RelayException.Reason.CREDENTIALS, "it asks for user name and password");
    }
    return TurnCredential.of(username, password, realm, nonce);
  }

  private StunMessage exchange(byte[] transaction, byte[] request, long deadlineNanos)
      throws RelayException, InterruptedException {
    ByteBuffer id = ByteBuffer.wrap(transaction);
    CompletableFuture<StunMessage> answer = new CompletableFuture<>();
    pending.put(id, answer);
    long repeatMillis = FIRST_REPEAT_MILLIS;
    try {
      while (true) {
        if (closed) {
          throw new IOException("the connection was closed");
        }
        connection.send(request);
        long remainingNanos = deadlineNanos - System.nanoTime();
        long waitNanos =
            connection.isReliable()
                ? remainingNanos
                : Math.min(remainingNanos, TimeUnit.MILLISECONDS.toNanos(repeatMillis));
        try {
          return answer.get(Math.max(0, waitNanos), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
          if (deadlineNanos - System.nanoTime() <= 0) {
            throw new RelayException(
                RelayException.Reason.TIMEOUT, "it does not answer in time", e);
          }
          repeatMillis = Math.min(2 * repeatMillis, LAST_REPEAT_MILLIS);
        }
      }
    } catch (RelayException e) {
      throw e;
    } catch (IOException e) {
      throw ended(e);
    } catch (ExecutionException e) {
      throw ended(e.getCause() == null ? e : e.getCause());
    } finally {
      boolean unused = pending.remove(id, answer);
    }
  }

  private static RelayException ended(Throwable cause) {
    return new RelayException(
        RelayException.Reason.UNREACHABLE,
        "the connection to it ended: " + cause.getMessage(),
        cause);
  }

  private static long patience() {
    return System.nanoTime() + REQUEST_PATIENCE.toNanos();
  }

  /** Sees to it that the allocation is prolonged in time. */
  private void keep(StunMessage answer) throws MalformedStunException {
    long told = answer.number(StunAttribute.LIFETIME, DEFAULT_LIFETIME_SECONDS);
    long lifetime = Math.max(MIN_LIFETIME_SECONDS, Math.min(told, MAX_LIFETIME_SECONDS));
    later(this::refresh, lifetime * 3 / 4);
  }

  private void later(Runnable task, long seconds) {
    try {
      Object unused = scheduler.schedule(task, seconds, TimeUnit.SECONDS);
    } catch (RejectedExecutionException e) {
      LOGGER.log(Level.FINEST, "closed meanwhile", e);
    }
  }

  private void refresh() {
    try {
      keep(request(StunMethod.REFRESH, writer -> {}, patience()));
    } catch (RelayException e) {
      lost(String.valueOf(e.getMessage()));
    } catch (MalformedStunException e) {
      lost(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // ---------------------------------------------------------------- peers

  /**
   * Sends a datagram to a peer. The first few wait until there is a channel; where none is allowed,
   * they are lost.
   *
   * @throws IOException if the connection ended, or if it is none of the peers that are sent to
   */
  void send(InetSocketAddress to, byte[] data, int offset, int length) throws IOException {
    TurnPeer peer = peers.get(to);
    if (peer == null) {
      peer = newPeer(to);
    }
    if (peer.takes(data, offset, length)) {
      connection.send(ChannelData.write(peer.number(), data, offset, length));
    }
  }

  private synchronized TurnPeer newPeer(InetSocketAddress to) throws IOException {
    if (closed) {
      throw new IOException("closed");
    }
    if (to.getAddress() == null || !PeerAddresses.isPublic(to.getAddress())) {
      throw new IOException("nothing is relayed to private addresses");
    }
    TurnPeer former = peers.get(to);
    if (former != null) {
      return former;
    }
    if (peers.size() == MAX_PEERS) {
      throw new IOException("too many peers");
    }
    TurnPeer peer = new TurnPeer(to, ChannelData.FIRST_NUMBER + peers.size());
    peers.put(to, peer);
    channels.put(peer.number(), peer);
    later(() -> bind(peer), 0);
    return peer;
  }

  private void bind(TurnPeer peer) {
    try {
      StunMessage unused =
          request(
              StunMethod.CHANNEL_BIND,
              writer ->
                  writer
                      .add(StunAttribute.CHANNEL_NUMBER, peer.number() << NUMBER_SHIFT)
                      .addAddress(StunAttribute.XOR_PEER_ADDRESS, peer.address()),
              patience());
      for (byte[] data : peer.bound()) {
        connection.send(ChannelData.write(peer.number(), data, 0, data.length));
      }
      later(() -> bind(peer), REBIND_SECONDS);
    } catch (RelayException e) {
      if (closed) {
        return;
      }
      LOGGER.log(
          Level.INFO,
          "{0} does not relay to {1}: {2}",
          new Object[] {service.uri(), peer.address(), e.getMessage()});
      if (peer.isBound() || e.reason() == RelayException.Reason.TIMEOUT) {
        later(() -> bind(peer), RETRY_SECONDS);
      } else {
        peer.refused();
      }
    } catch (IOException e) {
      lost(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // ---------------------------------------------------------------- receiving

  private void read() {
    byte[] buffer = new byte[RelayConnection.MAX_BYTES];
    try {
      while (!closed) {
        int length = connection.receive(buffer);
        try {
          received(buffer, length);
        } catch (MalformedStunException e) {
          LOGGER.log(Level.FINE, "{0}: {1}", new Object[] {service.uri(), e.getMessage()});
        }
      }
    } catch (IOException e) {
      lost(String.valueOf(e.getMessage()));
    }
  }

  private void received(byte[] buffer, int length) throws MalformedStunException {
    if (ChannelData.isChannelData(buffer, length)) {
      TurnPeer peer = channels.get(ChannelData.number(buffer));
      if (peer != null) {
        offer(new RelayedDatagram(peer.address(), ChannelData.data(buffer, length)));
      }
      return;
    }
    StunMessage message = StunMessage.parse(buffer, 0, length);
    if (message.type() == (StunMethod.DATA.request() | StunMethod.INDICATION)) {
      InetSocketAddress peer = message.address(StunAttribute.XOR_PEER_ADDRESS);
      byte[] data = message.value(StunAttribute.DATA);
      if (peer != null && data != null) {
        offer(new RelayedDatagram(peer, data));
      }
      return;
    }
    CompletableFuture<StunMessage> asked = pending.get(ByteBuffer.wrap(message.transaction()));
    if (asked != null) {
      boolean unused = asked.complete(message);
    }
  }

  private void offer(RelayedDatagram datagram) {
    boolean unused = received.offer(datagram);
  }

  /**
   * Waits for a datagram.
   *
   * @param timeoutMillis 0 for ever
   * @return null if none came in time
   * @throws IOException if it is closed, or the connection ended
   */
  @Nullable RelayedDatagram receive(long timeoutMillis) throws IOException, InterruptedException {
    RelayedDatagram next =
        timeoutMillis == 0 ? received.take() : received.poll(timeoutMillis, TimeUnit.MILLISECONDS);
    if (next != null && next.isEnd()) {
      end();
      throw new IOException("closed");
    }
    return next;
  }

  /** Whoever waits has to hear of it. */
  private void end() {
    while (!received.offer(RelayedDatagram.END)) {
      received.clear();
    }
  }

  private void lost(String why) {
    if (established && !closed) {
      LOGGER.log(Level.WARNING, "{0} relays no more: {1}", new Object[] {service.uri(), why});
    }
    close(why);
  }

  // ---------------------------------------------------------------- state

  /** Returns the address that peers send to. */
  public InetSocketAddress relayed() {
    return relayed;
  }

  /** Returns this side's address as the server sees it, or null if the server does not tell. */
  public @Nullable InetSocketAddress mapped() {
    return mapped;
  }

  /** Returns whose it is. */
  public RelayService service() {
    return service;
  }

  /** Whether it was closed, by this side or by the server. */
  public boolean isClosed() {
    return closed;
  }

  /** Gives the address back, without waiting, and forgets the key. */
  @Override
  public void close() {
    close("closed");
  }

  private void close(String why) {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    TurnCredential last = credential;
    credential = null;
    try {
      if (established && last != null) {
        byte[] transaction = new byte[StunMessage.TRANSACTION_BYTES];
        random.nextBytes(transaction);
        connection.send(
            write(
                StunMethod.REFRESH,
                transaction,
                writer -> writer.add(StunAttribute.LIFETIME, 0),
                last));
      }
    } catch (IOException e) {
      LOGGER.log(Level.FINE, "an allocation ends by its time", e);
    }
    connection.close();
    List<Runnable> unused = scheduler.shutdownNow();
    IOException ended = new IOException(why);
    pending.values().forEach(asked -> asked.completeExceptionally(ended));
    if (last != null) {
      last.clear();
    }
    end();
  }
}
