/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.congestion;

/** What the delay of packets tells of the queues on their way (draft-ietf-rmcat-gcc-02, 5.4). */
public enum LinkUsage {
  /** Queues stay as they are. */
  NORMAL,
  /** Queues grow. */
  OVERUSE,
  /** Queues become shorter. */
  UNDERUSE
}
