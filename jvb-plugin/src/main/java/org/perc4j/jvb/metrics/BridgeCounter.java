/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.jvb.metrics;

import java.util.Locale;

/** What the plugin counts. The lower-case name, after {@code perc_}, is the name of the metric. */
public enum BridgeCounter {
  DOUBLE_TRANSPORTS("Transports that negotiated a double SRTP profile"),
  DOUBLE_PACKETS_RECEIVED("Double packets that passed the outer layer"),
  DOUBLE_PACKETS_SENT("Double packets sent under a receiver's outer key"),
  DROPPED_MALFORMED(
      "Packets dropped: header or original header block malformed, or too short for an inner tag"),
  DROPPED_FOREIGN_SSRC("Double packets dropped: sent under the SSRC of another endpoint"),
  DROPPED_NOT_DOUBLE(
      "Packets dropped: without inner protection on their way to a double transport"),
  DROPPED_TO_PLAIN("Double packets dropped on their way to a plain transport"),
  DROPPED_OUTER_INDEX_REUSE("Packets dropped: their outer SRTP index had been used already"),
  DROPPED_TOO_MANY_SSRCS(
      "Packets dropped: under their outer key there were too many SSRCs already to take one more"),
  DROPPED_HOOK_FAILURE("Packets dropped: an exception inside the plugin"),
  KEPT_APART("Packets not forwarded between double and plain participants"),
  SSRC_REWRITING_SKIPPED(
      "Double packets that kept their SSRC although the receiver asked for rewriting"),
  MALFORMED_MARKINGS(
      "Double packets whose frame marking or dependency descriptor could not be read"),
  KEY_FRAME_REQUESTS("Key frames of double streams asked for to change what a receiver is sent"),
  PADDING_SENT("Packets of padding sent to double transports, to probe their bandwidth"),
  HOOK_FAILURES("Exceptions inside the plugin");

  private final String help;

  BridgeCounter(String help) {
    this.help = help;
  }

  /** A sentence for the metrics page. */
  public String help() {
    return help;
  }

  /** The name in metrics and debug output, for example {@code perc_kept_apart}. */
  public String metricName() {
    return "perc_" + name().toLowerCase(Locale.ROOT);
  }
}
