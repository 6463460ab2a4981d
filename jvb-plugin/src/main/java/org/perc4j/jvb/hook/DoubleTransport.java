/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.hook;

/** Added, with a field, to the bridge's classes that belong to one transport: is it double? */
public interface DoubleTransport {
  /** Whether a double profile was negotiated; false until the handshake is over. */
  boolean perc4jDouble();

  /** Says so. */
  void perc4jDouble(boolean isDouble);
}
