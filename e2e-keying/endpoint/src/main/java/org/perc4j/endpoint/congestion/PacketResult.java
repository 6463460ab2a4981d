/* SPDX-License-Identifier: Apache-2.0 */
package org.perc4j.endpoint.congestion;

/**
 * What became of a packet that was sent.
 *
 * @param number transport-wide, without wraps
 * @param octets of the packet as it was sent
 * @param sentNanos by the own clock
 * @param probing whether it was sent faster than the estimate allows, to try that
 * @param received whether it arrived; if it was said to be lost before, this is what counts
 * @param arrivalNanos by the peer's clock, whose zero is unknown; 0 if it did not arrive
 */
public record PacketResult(
    long number,
    int octets,
    long sentNanos,
    boolean probing,
    boolean received,
    long arrivalNanos) {}
