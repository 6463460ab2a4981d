/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.deployment;

import org.perc4j.endpoint.web.WebException;

/** A meeting's servers could not be found. The message is one line for people. */
public final class DeploymentException extends Exception {
  /** What went wrong. */
  public enum Reason {
    /** An address of the deployment's is not {@code https} or {@code wss}. */
    NOT_SECURE,
    /** The host's name has no address. */
    NO_SUCH_HOST,
    /** Nobody accepts connections there. */
    UNREACHABLE,
    /** No answer in time. */
    TIMEOUT,
    /** The certificate is of another host. */
    CERTIFICATE_FOR_ANOTHER_HOST,
    /** The certificate's time is over, or this machine's clock is wrong. */
    CERTIFICATE_EXPIRED,
    /** The certificate's time has not come, or this machine's clock is wrong. */
    CERTIFICATE_NOT_YET_VALID,
    /** The certificate leads to no authority that is trusted. */
    CERTIFICATE_UNTRUSTED,
    /** No TLS could be agreed on. */
    TLS_FAILED,
    /** There is a web server, but not one of Jitsi Meet. */
    NO_JITSI,
    /** The web server says no, or that it has a problem. */
    REFUSED,
    /** The web server leads to another host, or in circles. */
    REDIRECTED,
    /** The configuration is longer than any is. */
    TOO_LARGE,
    /** The configuration, or the protocol, is malformed. */
    MALFORMED,
    /** The connection was cut. */
    CLOSED
  }

  private final Reason reason;

  DeploymentException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  private DeploymentException(Reason reason, WebException cause) {
    super(cause.getMessage(), cause);
    this.reason = reason;
  }

  /** There is a web server, but not one of Jitsi Meet. */
  static DeploymentException noJitsi(MeetingUrl url, String why) {
    return new DeploymentException(
        Reason.NO_JITSI, "there is no Jitsi Meet at " + url.host() + ": " + why);
  }

  static DeploymentException of(WebException cause) {
    Reason reason =
        switch (cause.reason()) {
          case NOT_SECURE -> Reason.NOT_SECURE;
          case NO_SUCH_HOST -> Reason.NO_SUCH_HOST;
          case UNREACHABLE -> Reason.UNREACHABLE;
          case TIMEOUT -> Reason.TIMEOUT;
          case CERTIFICATE_FOR_ANOTHER_HOST -> Reason.CERTIFICATE_FOR_ANOTHER_HOST;
          case CERTIFICATE_EXPIRED -> Reason.CERTIFICATE_EXPIRED;
          case CERTIFICATE_NOT_YET_VALID -> Reason.CERTIFICATE_NOT_YET_VALID;
          case CERTIFICATE_UNTRUSTED -> Reason.CERTIFICATE_UNTRUSTED;
          case TLS_FAILED -> Reason.TLS_FAILED;
          case REFUSED -> Reason.REFUSED;
          case MALFORMED -> Reason.MALFORMED;
          case TOO_LARGE -> Reason.TOO_LARGE;
          case CLOSED -> Reason.CLOSED;
        };
    return new DeploymentException(reason, cause);
  }

  /** Returns what went wrong. */
  public Reason reason() {
    return reason;
  }
}
