/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Congestion control of one transport: what is said on the wire of packets and their arrival, and
 * how fast to send. No sockets, no threads, no clocks: times are handed in, in nanoseconds of a
 * monotonic clock such as {@link System#nanoTime}. Nothing here is thread-safe.
 *
 * <pre>
 *   wire      {@link org.perc4j.endpoint.congestion.TransportSequenceCodec}, {@link
 *             org.perc4j.endpoint.congestion.TransportFeedbackCodec}; where the peer has only that,
 *             {@link org.perc4j.endpoint.congestion.AbsoluteSendTimeCodec}, {@link
 *             org.perc4j.endpoint.congestion.ReceiverEstimateCodec}
 *   receiver  {@link org.perc4j.endpoint.congestion.ArrivalRecorder}    takes arrivals down, makes feedback
 *             {@link org.perc4j.endpoint.congestion.ReceiverEstimator}  estimates itself (REMB)
 *   sender    {@link org.perc4j.endpoint.congestion.SendHistory}        numbers packets, matches feedback
 *             {@link org.perc4j.endpoint.congestion.SendRateEstimator}  says how fast to send
 *             {@link org.perc4j.endpoint.congestion.ProbeController}    finds out whether there is more
 *             {@link org.perc4j.endpoint.congestion.EncodingLadder}     chooses what to leave out
 *             {@link org.perc4j.endpoint.congestion.Pacer}              spreads packets over time
 * </pre>
 *
 * <p>The estimator is that of draft-ietf-rmcat-gcc-02, a class for each of its parts; each says
 * what it takes from which section, and where it departs. The draft has no probing.
 */
@NullMarked
@CheckReturnValue
package org.perc4j.endpoint.congestion;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
