/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.signalling;

/** How the two ends of a transport tell each other of its congestion. */
public enum CongestionFeedback {
  /** Not at all, apart from receiver reports. */
  NONE,
  /**
   * Each packet has a number of the transport, and the receiver says when which arrived
   * (draft-holmer-rmcat-transport-wide-cc-extensions-01).
   */
  TRANSPORT_WIDE,
  /**
   * Each packet says when it was sent, and the receiver says how much it can have (REMB,
   * draft-alvestrand-rmcat-remb-03).
   */
  RECEIVER_ESTIMATE
}
