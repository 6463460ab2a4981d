/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.signalling;

import java.io.IOException;
import java.io.Serial;

/** A bridge refused a request, or answered something else than expected. */
public final class SignallingException extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  private final int status;

  /** Says what went wrong, where it was not the bridge that said so. */
  public SignallingException(String message) {
    this(message, 0);
  }

  /** Says what went wrong, with the status by which the bridge said so. */
  public SignallingException(String message, int status) {
    super(message);
    this.status = status;
  }

  /** Returns the HTTP status, or 0 if there is none. */
  public int status() {
    return status;
  }
}
