/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.transport;

import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.perc4j.endpoint.relay.RelayException;
import org.perc4j.endpoint.relay.RelayService;
import org.perc4j.endpoint.relay.RelaySockets;
import org.perc4j.endpoint.relay.TurnAllocation;

/**
 * Asks STUN and TURN servers, all at the same time and in the background, for a bounded time.
 * Whatever goes wrong with one is one line in the log.
 */
final class CandidateGathering implements Closeable {
  private static final Logger LOGGER = Logger.getLogger(CandidateGathering.class.getName());

  private static final int MAX_RELAYS = 4;
  private static final int MAX_REFLEXIVE = 4;

  /** What servers have to answer in. */
  private static final Duration PATIENCE = Duration.ofMillis(2500);

  /** When all is over, answered or not. */
  private static final Duration END = Duration.ofSeconds(3);

  /** Takes what is found; on threads of the gathering. */
  interface Listener {
    /** There is an address at a relay. The receiver closes it. */
    void relayed(TurnAllocation allocation) throws IOException;

    /**
     * Asks a STUN server for the addresses that it sees.
     *
     * @return whether it answered in time
     */
    boolean reflexive(InetSocketAddress server, Duration patience) throws InterruptedException;
  }

  private final RelayAccess access;
  private final RelaySockets sockets;
  private final String name;
  private final Listener listener;
  private final ExecutorService threads;

  /** What is under way: closed if it takes too long. */
  private final Set<Closeable> opened = ConcurrentHashMap.newKeySet();

  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private volatile boolean over;

  /** Starts. */
  CandidateGathering(RelayAccess access, SocketScope network, String name, Listener listener) {
    this.access = access;
    this.sockets = sockets(network);
    this.name = name;
    this.listener = listener;
    this.threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, name + "-gathering");
              thread.setDaemon(true);
              return thread;
            });
    List<Question> questions = questions();
    if (questions.isEmpty()) {
      end();
    } else {
      threads.execute(() -> gather(questions));
    }
  }

  private static RelaySockets sockets(SocketScope network) {
    return new RelaySockets() {
      @Override
      public Socket newSocket() throws IOException, InterruptedException {
        return network.call(
            () -> {
              Socket socket = new Socket();
              // Else it would be made later, by whoever connects it.
              socket.bind(new InetSocketAddress(0));
              return socket;
            });
      }

      @Override
      public DatagramSocket newDatagramSocket() throws IOException, InterruptedException {
        return network.call(() -> new DatagramSocket());
      }
    };
  }

  /** What a server is asked; tells whether there was an answer. */
  private record Question(RelayService service, Callable<Boolean> task) {}

  private List<Question> questions() {
    List<Question> questions = new ArrayList<>();
    Set<String> asked = new HashSet<>();
    int relays = 0;
    int reflexive = 0;
    for (RelayService service : access.services()) {
      if (!asked.add(service.uri())) {
        continue;
      }
      if (service.kind().isRelay() && relays < MAX_RELAYS) {
        relays++;
        questions.add(new Question(service, () -> relay(service)));
      }
      // Also a relay tells addresses, without being asked for its services.
      boolean tells =
          service.transport() == RelayService.Transport.UDP && !service.kind().isSecure();
      if (tells && reflexive < MAX_REFLEXIVE && asked.add(service.host() + ":" + service.port())) {
        reflexive++;
        questions.add(new Question(service, () -> reflexive(service)));
      }
    }
    return questions;
  }

  private void gather(List<Question> questions) {
    try {
      List<Future<Boolean>> answers =
          threads.invokeAll(
              questions.stream().map(Question::task).toList(),
              END.toMillis(),
              TimeUnit.MILLISECONDS);
      for (int i = 0; i < answers.size(); i++) {
        if (answers.get(i).isCancelled()) {
          // Looking up a name is what nothing else bounds.
          notUsed(questions.get(i).service(), "it does not answer in time");
        }
      }
    } catch (InterruptedException | RejectedExecutionException e) {
      LOGGER.log(Level.FINEST, "closed meanwhile", e);
    } finally {
      end();
    }
  }

  private boolean relay(RelayService service) throws InterruptedException {
    List<Closeable> own = new ArrayList<>();
    try {
      TurnAllocation allocation =
          TurnAllocation.open(
              service,
              sockets,
              access.context(),
              name,
              closeable -> open(closeable, own),
              PATIENCE);
      opened.removeAll(own);
      if (over) {
        allocation.close();
        return false;
      }
      listener.relayed(allocation);
      return true;
    } catch (IOException e) {
      notUsed(service, e instanceof RelayException ? String.valueOf(e.getMessage()) : e.toString());
      return false;
    } finally {
      opened.removeAll(own);
    }
  }

  private void open(Closeable closeable, List<Closeable> own) {
    own.add(closeable);
    opened.add(closeable);
    if (over) {
      close(closeable);
    }
  }

  private boolean reflexive(RelayService service) throws InterruptedException {
    InetSocketAddress server = new InetSocketAddress(service.host(), service.port());
    if (server.isUnresolved()) {
      if (!service.kind().isRelay()) {
        notUsed(service, "there is no such host");
      }
      return false;
    }
    boolean answered = listener.reflexive(server, PATIENCE);
    // Of a relay, that is said when it is asked to relay.
    if (!answered && !service.kind().isRelay()) {
      notUsed(service, "it does not tell this side's address in time");
    }
    return answered;
  }

  private void notUsed(RelayService service, String why) {
    LOGGER.log(
        over ? Level.FINE : Level.WARNING,
        "{0}: {1} is not used: {2}",
        new Object[] {name, service.uri(), why});
  }

  /** Returns what is completed when nothing more will be found. */
  CompletableFuture<Void> ended() {
    return ended;
  }

  private void end() {
    over = true;
    opened.forEach(CandidateGathering::close);
    List<Runnable> unused = threads.shutdownNow();
    boolean unusedToo = ended.complete(null);
  }

  private static void close(Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException e) {
      LOGGER.log(Level.FINE, "it did not end well", e);
    }
  }

  /** Ends it. */
  @Override
  public void close() {
    end();
  }
}
