/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.relay;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A relay can not be used. The message is one line for people, without secrets. */
public final class RelayException extends IOException {
  private static final long serialVersionUID = 1;

  /** What went wrong. */
  public enum Reason {
    /** The name has no address. */
    NO_SUCH_HOST,
    /** Nobody accepts connections there, or the way to it was cut. */
    UNREACHABLE,
    /** No answer in time. */
    TIMEOUT,
    /** The certificate is of another host, or of an authority that is not trusted, or expired. */
    CERTIFICATE,
    /** No TLS could be agreed on. */
    TLS_FAILED,
    /** User name and password are not accepted. */
    CREDENTIALS,
    /** The server says no for another reason. */
    REFUSED,
    /** What the server sent is not what the protocol has. */
    MALFORMED,
    /** This kind of service is not supported here. */
    UNSUPPORTED
  }

  private final Reason reason;

  RelayException(Reason reason, String message) {
    this(reason, message, null);
  }

  RelayException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** Returns what went wrong. */
  public Reason reason() {
    return reason;
  }
}
