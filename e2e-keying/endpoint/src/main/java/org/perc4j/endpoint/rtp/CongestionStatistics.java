/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.rtp;

import org.perc4j.endpoint.signalling.CongestionFeedback;

/**
 * What congestion control knows of a transport, from its first packet on. Counts of packets are of
 * those that have a number of the transport; a bridge may give none to audio.
 *
 * @param feedback what was agreed on; without, all else but padding says nothing
 * @param packetsSent so far
 * @param octetsSent of these, as SRTP
 * @param packetsAcknowledged of these, which the bridge says have arrived
 * @param packetsLost of these, which the bridge says have not arrived
 * @param unknownReports how often the bridge spoke of a packet that was not sent, or long ago
 * @param feedbackReceived messages in which the bridge told of arrivals, or what it can have
 * @param estimateBps what may be sent, in bits per second
 * @param acknowledgedBps what arrived lately, in bits per second; 0 if it cannot be told
 * @param roundTripMillis from sending to feedback, in milliseconds
 * @param probes how often it was tried whether more gets through
 * @param packetsReceived so far, each number once
 * @param octetsReceived of these, as SRTP
 * @param packetsMissing numbers in between that did not arrive so far
 * @param packetsRepeated which came under a number that was there before
 * @param feedbackSent messages in which the bridge was told so
 * @param receiverEstimateBps what the bridge may send, where the endpoint estimates that
 * @param paddingPackets of the bridge's own that came, numbered or not: without inner layer, or, on
 *     a plain transport, with nothing but padding
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
    double estimateBps,
    double acknowledgedBps,
    double roundTripMillis,
    long probes,
    long packetsReceived,
    long octetsReceived,
    long packetsMissing,
    long packetsRepeated,
    long feedbackSent,
    double receiverEstimateBps,
    long paddingPackets,
    long paddingOctets) {}
