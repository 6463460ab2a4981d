/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.web;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * A server could not be reached, or a connection to it broke. The message is one line for people.
 */
public final class WebException extends IOException {
  /** What went wrong. */
  public enum Reason {
    /** The address is not {@code https}, {@code wss} or one that was allowed. */
    NOT_SECURE,
    /** The name has no address. */
    NO_SUCH_HOST,
    /** Nobody accepts connections there. */
    UNREACHABLE,
    /** No answer in time. */
    TIMEOUT,
    /** The certificate is of another host. */
    CERTIFICATE_FOR_ANOTHER_HOST,
    /** The certificate's time is over, or the clock of this machine is wrong. */
    CERTIFICATE_EXPIRED,
    /** The certificate's time has not come, or the clock of this machine is wrong. */
    CERTIFICATE_NOT_YET_VALID,
    /** The certificate leads to no authority that is trusted. */
    CERTIFICATE_UNTRUSTED,
    /** No TLS could be agreed on. */
    TLS_FAILED,
    /** The server answered with an HTTP status that says no. */
    REFUSED,
    /** What the server sent is not what the protocol has. */
    MALFORMED,
    /** What the server sent, or what it should be sent, is longer than this takes. */
    TOO_LARGE,
    /** The server ended it, or the way to it was cut. */
    CLOSED;

    /** Whether it is about who the server is, so that no other way to the same is to be tried. */
    boolean isAboutIdentity() {
      return switch (this) {
        case NOT_SECURE,
            CERTIFICATE_FOR_ANOTHER_HOST,
            CERTIFICATE_EXPIRED,
            CERTIFICATE_NOT_YET_VALID,
            CERTIFICATE_UNTRUSTED,
            TLS_FAILED ->
            true;
        default -> false;
      };
    }
  }

  private static final int MAX_CAUSES = 16;

  private final Reason reason;

  WebException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  WebException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  static WebException malformed(String what) {
    return new WebException(Reason.MALFORMED, what);
  }

  /** The server answered with an HTTP status other than what was asked for. */
  static WebException refused(String host, int status) {
    return new WebException(
        Reason.REFUSED, "%s refuses with HTTP status %d".formatted(host, status));
  }

  /**
   * Says what a failure of the network means.
   *
   * @param host name and port, for the message
   */
  static WebException of(String host, Throwable failure) {
    if (causeOf(failure, WebException.class) instanceof WebException known) {
      return known;
    }
    Reason reason = reason(failure);
    return new WebException(reason, words(host, reason, failure), failure);
  }

  private static Reason reason(Throwable failure) {
    if (has(failure, UnknownHostException.class)) {
      return Reason.NO_SUCH_HOST;
    }
    if (has(failure, SSLPeerUnverifiedException.class)) {
      return Reason.CERTIFICATE_FOR_ANOTHER_HOST;
    }
    if (has(failure, CertificateExpiredException.class)) {
      return Reason.CERTIFICATE_EXPIRED;
    }
    if (has(failure, CertificateNotYetValidException.class)) {
      return Reason.CERTIFICATE_NOT_YET_VALID;
    }
    if (has(failure, InterruptedIOException.class)) {
      return Reason.TIMEOUT;
    }
    if (has(failure, SSLException.class)) {
      return has(failure, GeneralSecurityException.class)
          ? Reason.CERTIFICATE_UNTRUSTED
          : Reason.TLS_FAILED;
    }
    if (has(failure, ConnectException.class) || has(failure, NoRouteToHostException.class)) {
      return Reason.UNREACHABLE;
    }
    return has(failure, ProtocolException.class) && !has(failure, EOFException.class)
        ? Reason.MALFORMED
        : Reason.CLOSED;
  }

  private static String words(String host, Reason reason, Throwable failure) {
    return switch (reason) {
      case NO_SUCH_HOST -> "there is no host " + host;
      case UNREACHABLE -> "nobody answers at " + host;
      case TIMEOUT -> host + " does not answer in time";
      case CERTIFICATE_FOR_ANOTHER_HOST -> "the certificate of " + host + " is for another host";
      case CERTIFICATE_EXPIRED ->
          "the certificate of " + host + " has expired, or this machine's clock is wrong";
      case CERTIFICATE_NOT_YET_VALID ->
          "the certificate of " + host + " is not valid yet, or this machine's clock is wrong";
      case CERTIFICATE_UNTRUSTED ->
          "the certificate of " + host + " is of an authority that is not trusted";
      case TLS_FAILED -> "no TLS with " + host + ": " + line(failure);
      case MALFORMED -> host + " does not keep to the protocol: " + line(failure);
      default -> "the connection to " + host + " was cut: " + line(failure);
    };
  }

  /** One line, whatever a library put there. */
  private static String line(Throwable failure) {
    String message = failure.getMessage();
    return message == null
        ? failure.getClass().getSimpleName()
        : printable(message.lines().findFirst().orElse(""));
  }

  /**
   * Makes of a text from elsewhere what can stand in a message: at most 200 characters, none of
   * which does anything to a terminal.
   */
  public static String printable(String text) {
    String head = text.length() > 200 ? text.substring(0, 200) + "..." : text;
    return head.replaceAll("\\p{C}", "?");
  }

  private static boolean has(Throwable failure, Class<? extends Throwable> type) {
    return causeOf(failure, type) != null;
  }

  private static @Nullable Throwable causeOf(Throwable failure, Class<? extends Throwable> type) {
    Throwable cause = failure;
    for (int i = 0; i < MAX_CAUSES && cause != null; i++) {
      if (type.isInstance(cause)) {
        return cause;
      }
      cause = cause.getCause();
    }
    return null;
  }

  /** Returns what went wrong. */
  public Reason reason() {
    return reason;
  }
}
