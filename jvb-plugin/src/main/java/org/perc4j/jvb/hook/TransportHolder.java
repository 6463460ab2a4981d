/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

import org.jspecify.annotations.Nullable;
import org.perc4j.jvb.signalling.TransportKind;

/** Added, with a field, to the bridge's classes that belong to one transport. */
public interface TransportHolder {
  /** What was negotiated; null until the handshake is over. */
  @Nullable TransportKind perc4jKind();

  /** Says so. */
  void perc4jKind(TransportKind kind);
}
