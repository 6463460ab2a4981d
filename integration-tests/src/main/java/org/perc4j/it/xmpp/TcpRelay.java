/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.xmpp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.perc4j.e2e.xmpp.XmppServer;

/**
 * Stands between clients and a server on the loopback interface, cuts connections, and lets
 * somebody see the octets. Thread-safe.
 */
public final class TcpRelay implements AutoCloseable {
  /** Is told what goes through. Called by one thread for each direction of each connection. */
  @FunctionalInterface
  public interface Tap {
    /** Sees octets, before they are passed on. */
    void octets(byte[] buffer, int length);
  }

  /** Makes a tap for one direction of a connection. */
  @FunctionalInterface
  public interface TapFactory {
    /** Returns the tap of a new connection's octets from or to the client. */
    Tap tap(boolean fromClient);
  }

  private static final Logger LOGGER = Logger.getLogger(TcpRelay.class.getName());

  private final ServerSocket listening;
  private final int serverPort;
  private final TapFactory taps;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  /** Starts to accept connections to a server. */
  public TcpRelay(ProsodyServer server) throws IOException {
    this(server, fromClient -> (buffer, length) -> {});
  }

  /** Starts to accept connections to a server, and shows what they carry. */
  public TcpRelay(ProsodyServer server, TapFactory taps) throws IOException {
    this.serverPort = server.port();
    this.taps = taps;
    this.listening = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    start("relay", this::accept);
  }

  private static void start(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Returns how guests connect through it. */
  public XmppServer guests() {
    return XmppServer.at("127.0.0.1", listening.getLocalPort(), ProsodyServer.DOMAIN)
        .dangerouslyWithoutTls();
  }

  /** Returns how a user connects through it, whose stream is resumed. */
  public XmppServer account(String user) {
    return XmppServer.at("127.0.0.1", listening.getLocalPort(), ProsodyServer.ACCOUNTS)
        .withAccount(user, "any")
        .withResumption()
        .dangerouslyWithoutTls();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        connect(listening.accept());
      } catch (IOException e) {
        LOGGER.log(Level.FINE, "no connection", e);
      }
    }
  }

  private void connect(Socket client) throws IOException {
    open.add(client);
    try {
      Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
      open.add(server);
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      start("relay to server", () -> carry(client, server, taps.tap(true)));
      start("relay to client", () -> carry(server, client, taps.tap(false)));
    } catch (IOException e) {
      // The client is not to wait for a server that is not there.
      close(client);
      throw e;
    }
  }

  private void carry(Socket from, Socket to, Tap tap) {
    byte[] buffer = new byte[64 * 1024];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        tap.octets(buffer, length);
        out.write(buffer, 0, length);
      }
    } catch (IOException e) {
      LOGGER.log(Level.FINE, "connection lost", e);
    } finally {
      close(from);
      close(to);
    }
  }

  private void close(Socket socket) {
    open.remove(socket);
    try {
      socket.close();
    } catch (IOException e) {
      LOGGER.log(Level.FINE, "closed", e);
    }
  }

  /** Cuts all connections without a word; clients may connect again. */
  public void cut() {
    for (Socket socket : new ArrayList<>(open)) {
      try {
        socket.setSoLinger(true, 0);
      } catch (IOException e) {
        LOGGER.log(Level.FINE, "closed before", e);
      }
      close(socket);
    }
  }

  /** Cuts all connections, and nobody can connect any more. */
  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException e) {
      LOGGER.log(Level.FINE, "closed", e);
    }
    cut();
  }
}
