/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.transport;

import java.io.IOException;
import java.io.Serial;

/** No pair of addresses led to the other side (RFC 8445, section 8). */
public final class IceFailedException extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  IceFailedException(String message) {
    super(message);
  }
}
