/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.relay;

import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** Connects to relays: over UDP, over TCP, and over TLS with a certificate for the host. */
final class RelayConnector {
  private static final int MAX_CAUSES = 16;
  private static final int MAX_MESSAGE_CHARS = 200;

  private final RelaySockets sockets;
  private final SSLContext context;
  private final String name;

  /**
   * Remembers how.
   *
   * @param context checks certificates
   * @param name of threads
   */
  RelayConnector(RelaySockets sockets, SSLContext context, String name) {
    this.sockets = sockets;
    this.context = context;
    this.name = name;
  }

  /**
   * Connects.
   *
   * @param opened is told of what is to be closed if it takes too long
   * @param deadlineNanos of {@link System#nanoTime}
   */
  RelayConnection connect(RelayService service, Consumer<Closeable> opened, long deadlineNanos)
      throws RelayException, InterruptedException {
    try {
      if (service.transport() == RelayService.Transport.TCP) {
        return new StreamConnection(stream(service, opened, deadlineNanos), name);
      }
      if (service.kind().isSecure()) {
        throw new RelayException(
            RelayException.Reason.UNSUPPORTED, "DTLS to relays is not supported");
      }
      DatagramSocket socket = sockets.newDatagramSocket();
      opened.accept(socket);
      socket.connect(new InetSocketAddress(InetAddress.getByName(service.host()), service.port()));
      return new DatagramConnection(socket);
    } catch (RelayException e) {
      throw e;
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private Socket stream(RelayService service, Consumer<Closeable> opened, long deadlineNanos)
      throws IOException, InterruptedException {
    Socket socket = connected(service, opened, deadlineNanos);
    socket.setTcpNoDelay(true);
    if (!service.kind().isSecure()) {
      return socket;
    }
    SSLSocket secured =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(socket, service.host(), service.port(), /* autoClose= */ true);
    opened.accept(secured);
    SSLParameters parameters = secured.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secured.setSSLParameters(parameters);
    secured.setSoTimeout(remainingMillis(deadlineNanos));
    secured.startHandshake();
    secured.setSoTimeout(0);
    return secured;
  }

  private Socket connected(RelayService service, Consumer<Closeable> opened, long deadlineNanos)
      throws IOException, InterruptedException {
    IOException failure = new UnknownHostException(service.host());
    for (InetAddress address : InetAddress.getAllByName(service.host())) {
      Socket socket = sockets.newSocket();
      opened.accept(socket);
      try {
        socket.connect(
            new InetSocketAddress(address, service.port()), remainingMillis(deadlineNanos));
        return socket;
      } catch (IOException e) {
        socket.close();
        failure = e;
      }
    }
    throw failure;
  }

  private static int remainingMillis(long deadlineNanos) throws SocketTimeoutException {
    long millis = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
    if (millis <= 0) {
      throw new SocketTimeoutException();
    }
    return (int) Math.min(millis, Integer.MAX_VALUE);
  }

  private static RelayException failure(IOException e) {
    CertificateException certificate = causeOf(e, CertificateException.class);
    if (certificate != null) {
      return new RelayException(
          RelayException.Reason.CERTIFICATE,
          "its certificate is not accepted: " + line(certificate),
          e);
    }
    if (causeOf(e, SocketTimeoutException.class) != null) {
      return new RelayException(RelayException.Reason.TIMEOUT, "it does not answer in time", e);
    }
    if (e instanceof SSLException) {
      return new RelayException(RelayException.Reason.TLS_FAILED, "no TLS: " + line(e), e);
    }
    if (e instanceof UnknownHostException) {
      return new RelayException(RelayException.Reason.NO_SUCH_HOST, "there is no such host", e);
    }
    return new RelayException(
        RelayException.Reason.UNREACHABLE, "it is not reached: " + line(e), e);
  }

  private static <T extends Throwable> @Nullable T causeOf(Throwable failure, Class<T> type) {
    Throwable cause = failure;
    for (int i = 0; i < MAX_CAUSES && cause != null; i++) {
      if (type.isInstance(cause)) {
        return type.cast(cause);
      }
      cause = cause.getCause();
    }
    return null;
  }

  /** One line, whatever the server put there. */
  private static String line(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    return message
        .substring(0, Math.min(message.length(), MAX_MESSAGE_CHARS))
        .replaceAll("\\p{C}", "?");
  }
}
