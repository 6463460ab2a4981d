/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.harness;

import java.io.IOException;
import java.io.Serial;

/** Something did not happen before its deadline. */
public final class TimedOutException extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  /** Says what did not happen. */
  public TimedOutException(String message) {
    super(message);
  }
}
