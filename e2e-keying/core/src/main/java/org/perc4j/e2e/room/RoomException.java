/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.e2e.room;

import java.io.IOException;

/** The room cannot be reached, or does not take what it was to carry. */
public class RoomException extends IOException {
  private static final long serialVersionUID = 1;

  /** With what went wrong. */
  public RoomException(String message) {
    super(message);
  }

  /** With what went wrong and why. */
  public RoomException(String message, Throwable cause) {
    super(message, cause);
  }
}
