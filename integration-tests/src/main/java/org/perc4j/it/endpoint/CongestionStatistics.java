/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.it.endpoint;

import org.perc4j.it.bridge.CongestionFeedback;

/**
 * What congestion control knows of a transport, from its first packet on. Counts of packets are of
 * those that have a number of the transport; a bridge may give none to audio.
 *
 * @param feedback what was agreed on; without, all else is 0 but padding
 * @param packetsSent so far
 * @param octetsSent of these, as SRTP
 * @param packetsAcknowledged of these, which the bridge says have arrived
 * @param packetsLost of these, which the bridge says have not arrived
 * @param unknownReports how often the bridge spoke of a packet that was not sent, or long ago
 * @param feedbackReceived messages in which the bridge told of arrivals
 * @param packetsReceived so far, each number once
 * @param octetsReceived of these, as SRTP
 * @param packetsMissing numbers in between that did not arrive so far
 * @param packetsRepeated which came under a number that was there before
 * @param feedbackSent messages in which the bridge was told of arrivals
 * @param paddingPackets of the bridge's own, without inner layer, that came, numbered or not
 * @param paddingOctets of these, as SRTP
 */
public record CongestionStatistics(
    CongestionFeedback feedback,
    long packetsSent,
    long octetsSent,
    long packetsAcknowledged,
    long packetsLost,
    long unknownReports,
    long feedbackReceived,
    long packetsReceived,
    long octetsReceived,
    long packetsMissing,
    long packetsRepeated,
    long feedbackSent,
    long paddingPackets,
    long paddingOctets) {}
